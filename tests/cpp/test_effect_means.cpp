// Reference values: the formulas by hand, and d recovered from its own test
// statistic.
#include <cmath>

#include "catch.h"
#include "core/effect/effect_means.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

namespace {
struct Data {
  Vec n1{1}, n2{1}, m1{1}, m2{1}, s1{1}, s2{1}, none{0};
  Data() {
    n1 << 10;
    n2 << 12;
    m1 << 3;
    m2 << 2;
    s1 << 1;
    s2 << 1.1;
  }
  TwoMeans groups() const { return {n1, n2, m1, m2, s1, s2, none}; }
};
const double kPooled = std::sqrt((9.0 * 1.0 + 11.0 * 1.21) / 20.0);
}  // namespace

TEST_CASE("differences of means") {
  const Data x;
  EffectSpec spec;
  Effects e = effect_means(x.groups(), MeansMeasure::MD, spec);
  CHECK(e.yi(0) == 1.0);
  CHECK(e.vi(0) == Approx(1.0 / 10 + 1.21 / 12).epsilon(1e-14));
  spec.vtype = {VarType::HO};
  e = effect_means(x.groups(), MeansMeasure::MD, spec);
  CHECK(e.vi(0) == Approx(kPooled * kPooled * (1.0 / 10 + 1.0 / 12)).epsilon(1e-14));
  spec.vtype = {VarType::Glass};
  CHECK_THROWS_AS(effect_means(x.groups(), MeansMeasure::MD, spec), InvalidInput);
}

TEST_CASE("each variance of a standardised difference") {
  const Data x;
  const double d = 1.0 / kPooled, j = small_sample_factor(20.0, SmallSample::Exact), g = j * d;
  const double base = 1.0 / 10 + 1.0 / 12;
  const auto vi = [&](VarType type) {
    EffectSpec spec;
    spec.vtype = {type};
    return effect_means(x.groups(), MeansMeasure::SMD, spec).vi(0);
  };
  CHECK(vi(VarType::LS) == Approx(base + g * g / 44.0).epsilon(1e-14));
  CHECK(vi(VarType::LS2) == Approx(j * j * (base + d * d / 44.0)).epsilon(1e-14));
  CHECK(vi(VarType::LS3) == Approx(base + g * g / (2.0 * 18.06)).epsilon(1e-14));
  CHECK(vi(VarType::UB) == Approx(base + (1.0 - 18.0 / (20.0 * j * j)) * g * g).epsilon(1e-13));
  CHECK(vi(VarType::Cohen) == Approx(base + g * g / 40.0).epsilon(1e-14));
  CHECK(vi(VarType::Glass) == Approx(base + g * g / 22.0).epsilon(1e-14));
}

TEST_CASE("the control group's standard deviation, and no correction") {
  const Data x;
  EffectSpec spec;
  spec.standardiser = Standardiser::Control;
  spec.j = SmallSample::None;
  CHECK(effect_means(x.groups(), MeansMeasure::SMD, spec).yi(0) ==
        Approx(1.0 / 1.1).epsilon(1e-14));
}

TEST_CASE("d from t, from p and from a correlation is the same d") {
  const Data x;
  const double d = 1.0 / kPooled, t = d / std::sqrt(1.0 / 10 + 1.0 / 12);
  Vec v(1);
  v << t;
  CHECK(d_from_t(v, x.n1, x.n2)(0) == Approx(d).epsilon(1e-14));
  v << -t_two_sided(t, 20.0);
  CHECK(d_from_p(v, x.n1, x.n2)(0) == Approx(-d).epsilon(1e-10));
  v << t / std::sqrt(t * t + 20.0);
  CHECK(d_from_r(v, x.n1, x.n2)(0) == Approx(d).epsilon(1e-12));
}

TEST_CASE("ratio of means and its bias") {
  const Data x;
  EffectSpec spec;
  const double c1 = 1.0 / 9 / 10, c2 = 1.21 / 4 / 12;
  Effects e = effect_means(x.groups(), MeansMeasure::ROM, spec);
  CHECK(e.yi(0) == Approx(std::log(1.5) + 0.5 * (c1 - c2)).epsilon(1e-14));
  CHECK(e.vi(0) == Approx(c1 + c2).epsilon(1e-14));
  spec.correct = false;
  e = effect_means(x.groups(), MeansMeasure::ROM, spec);
  CHECK(e.yi(0) == Approx(std::log(1.5)).epsilon(1e-14));
}

TEST_CASE("group sizes and standard deviations are checked") {
  Data x;
  x.n1 << 0;
  CHECK_THROWS_AS(effect_means(x.groups(), MeansMeasure::MD, EffectSpec{}), InvalidStudies);
  x.n1 << 10;
  x.s2 << -1;
  CHECK_THROWS_AS(effect_means(x.groups(), MeansMeasure::MD, EffectSpec{}), InvalidStudies);
}
