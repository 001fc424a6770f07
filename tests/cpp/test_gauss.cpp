// Moments of the uniform and of the normal distribution, which the rules integrate exactly.
#include "core/linalg/gauss.hpp"

#include <cmath>

#include "catch.h"
#include "core/constants.hpp"

using namespace metaparity;

TEST_CASE("Legendre rules are exact for polynomials up to 2n - 1") {
  for (const Index n : {1, 2, 5, 24, 80}) {
    const Quadrature rule = gauss_legendre(n, -1.0, 3.0);
    for (int power = 0; power < std::min<int>(2 * static_cast<int>(n), 12); ++power) {
      const double exact = (std::pow(3.0, power + 1) - std::pow(-1.0, power + 1)) / (power + 1);
      const double sum = rule.weight.dot(rule.node.array().pow(power).matrix());
      CHECK(sum == Approx(exact).epsilon(1e-12).scale(0));
    }
  }
}

TEST_CASE("Hermite rules have the moments of the normal distribution") {
  for (const Index n : {1, 2, 7, 15, 41, 80}) {
    const Quadrature rule = gauss_hermite(n);
    CHECK(rule.weight.sum() == Approx(std::sqrt(kPi)).epsilon(1e-12).scale(0));
    CHECK(rule.node.sum() == Approx(0.0).margin(1e-11));
    if (n < 7) continue;
    const double fourth = rule.weight.dot(rule.node.array().pow(4).matrix());
    CHECK(fourth == Approx(0.75 * std::sqrt(kPi)).epsilon(1e-11).scale(0));
  }
}
