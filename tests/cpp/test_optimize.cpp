// Roots and minima with closed forms.
#include "core/linalg/optimize.hpp"

#include <cmath>

#include "catch.h"

using namespace metaparity;

TEST_CASE("roots of smooth, flat and steep functions to the last digits") {
  const auto root = [](auto f, double lo, double hi) {
    return find_root<double>(f, lo, f(lo), hi, f(hi), root_resolution<double>());
  };
  CHECK(root([](double x) { return x * x - 2.0; }, 0.0, 2.0) ==
        Approx(std::sqrt(2.0)).epsilon(1e-15));
  CHECK(root([](double x) { return std::pow(x - 1.0, 3.0); }, 0.0, 3.0) ==
        Approx(1.0).epsilon(1e-5));
  CHECK(root([](double x) { return std::exp(x) - 1e-8; }, -30.0, 5.0) ==
        Approx(std::log(1e-8)).epsilon(1e-14));
  CHECK(root([](double x) { return x < 0.3 ? -1.0 : 1.0; }, 0.0, 1.0) ==
        Approx(0.3).epsilon(1e-14));
  CHECK(root([](double x) { return x; }, 0.0, 1.0) == 0.0);
}

TEST_CASE("golden section finds the minimum inside and at the ends") {
  const auto close = [](double lo, double hi) { return hi - lo <= 1e-8; };
  CHECK(golden_section([](double x) { return (x - 0.3) * (x - 0.3); }, 0.0, 1.0, 100, close) ==
        Approx(0.3).epsilon(1e-7));
  CHECK(golden_section([](double x) { return x; }, 0.0, 1.0, 100, close) ==
        Approx(0.0).margin(1e-7));
  CHECK(golden_section([](double x) { return -x; }, 0.0, 1.0, 100, close) ==
        Approx(1.0).epsilon(1e-7));
  const auto never = [](double, double) { return false; };
  CHECK(golden_section([](double x) { return x; }, 0.0, 1.0, 0, never) == 0.5);
}
