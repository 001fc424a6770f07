// Reference value: metafor 5.2 on three of the BCG trials' tables is matched
// through the sums by hand.
#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "core/model/peto.hpp"

using namespace metaparity;

TEST_CASE("Peto's estimate is the sum of O - E over the sum of V") {
  Vec a(2), b(2), c(2), d(2);
  a << 4, 6;
  b << 119, 300;
  c << 11, 29;
  d << 128, 274;
  const PetoFit f = fit_peto({a, b, c, d}, EffectSpec{}, PetoSpec{});
  const double v1 = 123.0 * 139 * 15 * 247 / (262.0 * 262 * 261),
               v2 = 306.0 * 303 * 35 * 574 / (609.0 * 609 * 608);
  const double s = 4.0 - 123.0 * 15 / 262 + 6.0 - 306.0 * 35 / 609;
  CHECK(f.beta == Approx(s / (v1 + v2)).epsilon(1e-13));
  CHECK(f.se == Approx(1.0 / std::sqrt(v1 + v2)).epsilon(1e-13));
  CHECK(f.k_pos == 2);
  CHECK(f.weights(0) == Approx(v1).epsilon(1e-13));
}

TEST_CASE("tables without both outcomes carry nothing, and alone are an error") {
  Vec a(2), b(2), c(2), d(2);
  a << 0, 3;
  b << 7, 8;
  c << 0, 2;
  d << 11, 10;
  EffectSpec effects;
  effects.drop00 = true;
  const PetoFit f = fit_peto({a, b, c, d}, effects, PetoSpec{});
  CHECK(f.k == 2);
  CHECK(f.k_pos == 1);
  CHECK(f.k_yi == 1);
  CHECK(f.QEp == 1.0);
  a << 0, 0;
  c << 0, 0;
  CHECK_THROWS_AS(fit_peto({a, b, c, d}, effects, PetoSpec{}), InvalidInput);
}
