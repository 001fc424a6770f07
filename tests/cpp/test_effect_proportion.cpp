// Reference values: the formulas by hand.
#include <cmath>

#include "catch.h"
#include "core/effect/effect_proportion.hpp"
#include "core/errors.hpp"

using namespace metaparity;

TEST_CASE("one proportion by hand") {
  Vec x(2), m(2);
  x << 3, 0;
  m << 7, 15;
  const OneProportion data{x, m};
  EffectSpec spec;
  Effects e = effect_proportion(data, ProportionMeasure::PR, spec);
  CHECK(e.yi(0) == Approx(0.3));
  CHECK(e.vi(0) == Approx(0.021).epsilon(1e-14));
  CHECK(e.yi(1) == Approx(0.5 / 16).epsilon(1e-14));
  e = effect_proportion(data, ProportionMeasure::PLO, spec);
  CHECK(e.yi(0) == Approx(std::log(3.0 / 7)).epsilon(1e-14));
  CHECK(e.vi(0) == Approx(1.0 / 3 + 1.0 / 7).epsilon(1e-14));
  e = effect_proportion(data, ProportionMeasure::PLN, spec);
  CHECK(e.vi(0) == Approx(1.0 / 3 - 1.0 / 10).epsilon(1e-14));
  spec.add = 0.0;
  e = effect_proportion(data, ProportionMeasure::PFT, spec);
  CHECK(e.yi(0) == Approx(0.5 * (std::asin(std::sqrt(3.0 / 11)) + std::asin(std::sqrt(4.0 / 11))))
                       .epsilon(1e-14));
  CHECK(e.vi(1) == Approx(1.0 / 62).epsilon(1e-14));
  e = effect_proportion(data, ProportionMeasure::PRZ, spec);
  CHECK(e.infinite == std::vector<int>{1});
}

TEST_CASE("half of the subjects is zero on the symmetric scales") {
  Vec x(1), m(1);
  x << 9;
  m << 9;
  for (auto measure : {ProportionMeasure::PLO, ProportionMeasure::PRZ}) {
    CHECK(effect_proportion({x, m}, measure, EffectSpec{}).yi(0) == Approx(0.0).margin(1e-15));
  }
  EffectSpec spec;
  spec.vtype = {VarType::HO};
  CHECK_THROWS_AS(effect_proportion({x, m}, ProportionMeasure::PR, spec), InvalidInput);
}
