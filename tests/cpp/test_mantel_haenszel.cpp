// Reference values: metafor 5.2 on the BCG trials; identities that hold for any
// table.
#include <cmath>

#include "catch.h"
#include "core/model/mantel_haenszel.hpp"

using namespace metaparity;

namespace {
struct Bcg {
  Vec a{13}, b{13}, c{13}, d{13};
  Bcg() {
    a << 4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27;
    b << 119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886;
    c << 11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29;
    d << 128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825;
  }
  TwoByTwo table() const { return {a, b, c, d}; }
};
}  // namespace

TEST_CASE("odds ratio of the BCG trials with all its tests") {
  const Bcg x;
  const MhFit f = fit_mh(x.table(), MhMeasure::OR, EffectSpec{}, MhSpec{});
  CHECK(f.beta == Approx(-0.473410988388585).epsilon(1e-12));
  CHECK(f.se == Approx(0.0410077784042314).epsilon(1e-12));
  CHECK(f.QE == Approx(163.942579569193).epsilon(1e-12));
  CHECK(f.I2 == Approx(92.6803640448177).epsilon(1e-12));
  CHECK(f.CO == Approx(135.70871485512).epsilon(1e-11));
  CHECK(f.MH == Approx(135.688943723906).epsilon(1e-11));
  CHECK(f.BD == Approx(171.765366579396).epsilon(1e-11));
  CHECK(f.TA == Approx(171.756672993871).epsilon(1e-11));
  CHECK(f.ml.ll == Approx(-76.4178103455401).epsilon(1e-12));
  CHECK(f.reml.ll == Approx(-77.3801822797008).epsilon(1e-12));
  CHECK(f.k == 13);
  CHECK(f.k_pos == 13);
}

TEST_CASE("risk ratio and risk difference of the BCG trials") {
  const Bcg x;
  const MhFit rr = fit_mh(x.table(), MhMeasure::RR, EffectSpec{}, MhSpec{});
  CHECK(rr.beta == Approx(-0.453709604683754).epsilon(1e-12));
  CHECK(rr.se == Approx(0.0393373668712944).epsilon(1e-12));
  const MhFit rd = fit_mh(x.table(), MhMeasure::RD, EffectSpec{}, MhSpec{});
  CHECK(rd.beta == Approx(-0.003288181832613).epsilon(1e-11));
  CHECK(rd.se == Approx(0.000286656748527374).epsilon(1e-11));
}

TEST_CASE("changing places of the groups changes the sign only") {
  const Bcg x;
  const TwoByTwo turned{x.c, x.d, x.a, x.b};
  for (auto m : {MhMeasure::OR, MhMeasure::RR, MhMeasure::RD}) {
    const MhFit one = fit_mh(x.table(), m, EffectSpec{}, MhSpec{});
    const MhFit two = fit_mh(turned, m, EffectSpec{}, MhSpec{});
    CHECK(two.beta == Approx(-one.beta).epsilon(1e-11));
    CHECK(two.se == Approx(one.se).epsilon(1e-9));
  }
}

TEST_CASE(
    "tables of one odds ratio are homogeneous, and the pooled estimate "
    "is theirs") {
  Vec a(3), b(3), c(3), d(3);
  a << 10, 20, 30;
  b << 20, 40, 60;
  c << 5, 9, 12;
  d << 40, 72, 96;
  const MhFit f = fit_mh({a, b, c, d}, MhMeasure::OR, EffectSpec{}, MhSpec{});
  CHECK(f.beta == Approx(std::log(4.0)).epsilon(1e-14));
  CHECK(f.BD == Approx(0.0).margin(1e-20));
  CHECK(f.QE == Approx(0.0).margin(1e-20));
}

TEST_CASE("no events in one group leaves no estimate") {
  Vec a(2), b(2), c(2), d(2);
  a << 0, 0;
  b << 7, 8;
  c << 5, 2;
  d << 11, 10;
  const MhFit f = fit_mh({a, b, c, d}, MhMeasure::OR, EffectSpec{}, MhSpec{});
  CHECK(std::isnan(f.beta));
  CHECK(std::isnan(f.BD));
  CHECK(f.MH == Approx(2.51254545).epsilon(1e-8));
  CHECK(f.k_yi == 2);
}

TEST_CASE("cells near the largest integers do not overflow") {
  const Vec big = Vec::Constant(1000, 2e9);
  const MhFit f = fit_mh({big, big, big, big}, MhMeasure::OR, EffectSpec{}, MhSpec{});
  CHECK(f.beta == Approx(0.0).margin(1e-12));
  CHECK(std::isfinite(f.se));
  CHECK(std::isfinite(f.TA));
}

TEST_CASE("rates") {
  Vec x1(3), x2(3), t1(3), t2(3);
  x1 << 3, 0, 7;
  x2 << 4, 2, 5;
  t1 << 30, 40, 20;
  t2 << 30, 50, 22;
  const PersonTime data{x1, x2, t1, t2};
  const MhFit irr = fit_mh_rates(data, RateMeasure::IRR, EffectSpec{}, MhSpec{});
  CHECK(irr.beta == Approx(-0.0197725072678645).epsilon(1e-11));
  CHECK(irr.se == Approx(0.438569384635375).epsilon(1e-12));
  CHECK(irr.MH == Approx(0.0300686768579437).epsilon(1e-11));
  const MhFit ird = fit_mh_rates(data, RateMeasure::IRD, EffectSpec{}, MhSpec{});
  CHECK(ird.beta == Approx(-0.0021630615640599).epsilon(1e-10));
  CHECK(ird.se == Approx(0.0478053140059677).epsilon(1e-12));
}

TEST_CASE("RevMan's variance of a risk difference: corrected cells over the weights of raw ones") {
  Vec a(2), b(2), c(2), d(2);
  a << 0, 5;
  b << 20, 15;
  c << 3, 8;
  d << 22, 17;
  EffectSpec effects;
  effects.rd_uncorrected = true;
  MhSpec spec;
  spec.add = 0.5;
  spec.to = AddTo::Only0;
  spec.rd_variance = RdVariance::RevMan;
  const MhFit f = fit_mh({a, b, c, d}, MhMeasure::RD, effects, spec);
  const double w = 20.0 * 25.0 / 45.0, wide = 21.0 * 26.0 / 47.0;
  const double v1 = 0.5 * 20.5 / std::pow(21.0, 3) + 3.5 * 22.5 / std::pow(26.0, 3);
  const double v2 = 5.0 * 15.0 / std::pow(20.0, 3) + 8.0 * 17.0 / std::pow(25.0, 3);
  const double se = std::sqrt(wide * wide * v1 + w * w * v2) / (2.0 * w);
  CHECK(f.beta == Approx((-0.12 + 0.25 - 0.32) / 2.0).epsilon(1e-12).scale(0));
  CHECK(f.se == Approx(se).epsilon(1e-12).scale(0));
}
