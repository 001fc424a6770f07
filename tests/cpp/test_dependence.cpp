// Shared groups by hand, correlations against the formula of overlapping and separate pairs.
#include "core/effect/dependence.hpp"

#include <cmath>

#include "catch.h"

using namespace metaparity;

TEST_CASE("contrasts with a shared group correlate by the share of its variance") {
  Dependence d;
  d.grp1 = {1, 2, 0};
  d.grp2 = {0, 0, 3};
  CHECK(d.correlation(0, 1) == Approx(0.5));
  CHECK(d.correlation(0, 2) == Approx(-0.5));
  d.w1 = (Vec(3) << 10.0, 20.0, 30.0).finished();
  d.w2 = (Vec(3) << 40.0, 40.0, 6.0).finished();
  CHECK(d.correlation(0, 1) == Approx((1.0 / 40.0) / std::sqrt((0.1 + 0.025) * (0.05 + 0.025))));
  Dependence t;
  t.time1 = (Vec(2) << 1.0, 4.0).finished();
  t.phi = 0.8;
  CHECK(t.correlation(0, 1) == Approx(0.512));
}

TEST_CASE("covariances of correlations") {
  const Vec r = (Vec(3) << 0.2, 0.3, 0.4).finished();
  const Mat V = correlation_covariances(r, {0, 0, 1}, {1, 2, 2}, 3, 30.0, false);
  CHECK(V(0, 0) == Approx(std::pow(1.0 - 0.04, 2.0) / 29.0));
  // r_12 with r_13 of three variables (Pearson & Filon 1898).
  const double a = 0.2, b = 0.3, c = 0.4;
  const double overlap = c * (1.0 - a * a - b * b) - 0.5 * a * b * (1.0 - a * a - b * b - c * c);
  CHECK(V(0, 1) == Approx(overlap / 29.0));
  const Mat missing = correlation_covariances(r.head(2), {0, 2}, {1, 3}, 4, 30.0, true);
  CHECK(std::isnan(missing(0, 1)));
  CHECK(missing(0, 0) == Approx(1.0 / 27.0));
}
