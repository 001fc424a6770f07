#include <cmath>

#include "catch.h"
#include "core/model/common_effect.hpp"

using namespace metaparity;

TEST_CASE("heterogeneity and likelihood about a given estimate") {
  CommonFit f;
  f.yi.resize(3);
  f.vi.resize(3);
  f.yi << 1.0, 3.0, kNaN;
  f.vi << 1.0, 1.0, kNaN;
  f.beta = 2.0;
  f.se = std::sqrt(0.5);
  complete_fit(f, 0.95);
  CHECK(f.k_yi == 2);
  CHECK(f.QE == Approx(2.0));
  CHECK(f.I2 == Approx(50.0));
  CHECK(f.H2 == Approx(2.0));
  CHECK(f.ml.ll == Approx(-std::log(2.0 * std::acos(-1.0)) - 1.0).epsilon(1e-14));
  CHECK(f.zval == Approx(2.0 / std::sqrt(0.5)));
  CHECK(f.ci_ub - f.ci_lb == Approx(2.0 * 1.959963984540054 * std::sqrt(0.5)).epsilon(1e-12));
}

TEST_CASE("one study has no heterogeneity") {
  CommonFit f;
  f.yi = Vec::Constant(1, 0.3);
  f.vi = Vec::Constant(1, 0.1);
  f.beta = 0.5;
  f.se = 0.2;
  complete_fit(f, 0.95);
  CHECK(f.QE == 0.0);
  CHECK(f.QEp == 1.0);
  CHECK(f.H2 == 1.0);
}
