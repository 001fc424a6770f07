// Reference values: tabulated expected ranges (Tippett 1925), analytic derivatives.
#include <cmath>

#include "catch.h"
#include "core/effect/five_numbers.hpp"
#include "core/effect/wald_variance.hpp"
#include "core/linalg/derivative.hpp"

using namespace metaparity;

TEST_CASE("expected_range: closed forms and table") {
  REQUIRE(expected_range(2.0) == Approx(2.0 / std::sqrt(std::acos(-1.0))).epsilon(1e-12).scale(0));
  REQUIRE(expected_range(3.0) == Approx(3.0 / std::sqrt(std::acos(-1.0))).epsilon(1e-12).scale(0));
  REQUIRE(expected_range(10.0) == Approx(3.07751).epsilon(1e-5).scale(0));
  REQUIRE(expected_range(1000.0) == Approx(6.48287).epsilon(1e-5).scale(0));
}

TEST_CASE("richardson_derivative: exact for polynomials of degree 8") {
  Mat values(1, 8);
  const double x = 1.5, h = 0.3;
  for (int j = 0; j < 8; ++j)
    values(0, j) = std::pow(x + h * kDerivativeNodes[static_cast<std::size_t>(j)], 8);
  REQUIRE(richardson_derivative(values, Vec::Constant(1, h))(0) ==
          Approx(8.0 * std::pow(x, 7)).epsilon(1e-12).scale(0));
}

TEST_CASE("wald_variance: what is missing gives way") {
  REQUIRE(wald_variance({1.0, kNaN, kNaN, 2.0, 0.5, 0.95}) == Approx(0.25));
  REQUIRE(std::isnan(wald_variance({1.0, kNaN, kNaN, kNaN, kNaN, 0.95})));
}
