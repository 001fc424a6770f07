#include <cmath>

#include "catch.h"
#include "core/effect/effect_rates.hpp"
#include "core/errors.hpp"

using namespace metaparity;

TEST_CASE("rates by hand, with events added where there are none") {
  Vec x1(2), x2(2), t1(2), t2(2);
  x1 << 3, 0;
  x2 << 4, 2;
  t1 << 30, 40;
  t2 << 30, 50;
  const PersonTime data{x1, x2, t1, t2};
  const Effects irr = effect_rates(data, RateMeasure::IRR, EffectSpec{});
  CHECK(irr.yi(0) == Approx(std::log(0.75)).epsilon(1e-14));
  CHECK(irr.vi(1) == Approx(1.0 / 0.5 + 1.0 / 2.5).epsilon(1e-14));
  const Effects ird = effect_rates(data, RateMeasure::IRD, EffectSpec{});
  CHECK(ird.yi(0) == Approx(3.0 / 30 - 4.0 / 30).epsilon(1e-13));
  t1(0) = 0.0;
  CHECK_THROWS_AS(effect_rates(data, RateMeasure::IRR, EffectSpec{}), InvalidStudies);
}
