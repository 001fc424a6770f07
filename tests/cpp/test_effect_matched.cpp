// Reference: the delta method with numeric derivatives from the four counts of pairs; the margins against the pairs
// that they came from.
#include "core/effect/effect_matched.hpp"

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

Effects pairs(const Vec& x, MatchedMeasure m, const EffectSpec& spec = EffectSpec{}) {
  const Vec a = x.segment(0, 1), b = x.segment(1, 1), c = x.segment(2, 1), d = x.segment(3, 1);
  return effect_matched({a, b, c, d}, m, spec);
}

const std::vector<Vec> kTables{values({20, 8, 15, 40}), values({3, 30, 2, 9}),
                               values({7, 7, 7, 7})};

double risk(double x, double n) { return std::log(x / (n - x)); }

}  // namespace

TEST_CASE("matched: the delta method from the four kinds of pairs") {
  const auto rd = [](const Vec& x) { return (x[1] - x[2]) / x.sum(); };
  const auto rr = [](const Vec& x) { return std::log((x[0] + x[1]) / (x[0] + x[2])); };
  const auto odds = [](const Vec& x) {
    return risk(x[0] + x[1], x.sum()) - risk(x[0] + x[2], x.sum());
  };
  const auto conditional = [](const Vec& x) { return std::log(x[1] / x[2]); };
  const auto check = [](const Vec& x, MatchedMeasure m, auto&& f) {
    const Effects e = pairs(x, m);
    CHECK(e.yi(0) == rel(f(x), 1e-12).margin(1e-15));
    CHECK(e.vi(0) == rel(delta_variance(f, x, multinomial(x)), 1e-8));
    CHECK(e.ni(0) == x.sum());
  };
  for (const Vec& x : kTables) {
    check(x, MatchedMeasure::MPRD, rd);
    check(x, MatchedMeasure::MPRR, rr);
    check(x, MatchedMeasure::MPOR, odds);
    check(x, MatchedMeasure::MPORC, conditional);
  }
}

TEST_CASE("matched: Peto's log odds ratio is a score, O - E = (b - c) / 2 over V = (b + c) / 4") {
  const Effects e = pairs(kTables[0], MatchedMeasure::MPPETO);
  CHECK(e.yi(0) == rel(-3.5 / (23.0 / 4), 1e-14));
  CHECK(e.vi(0) == rel(4.0 / 23, 1e-14));
}

TEST_CASE("matched: treatments changing places change the sign alone") {
  for (const auto m : {MatchedMeasure::MPRD, MatchedMeasure::MPRR, MatchedMeasure::MPOR,
                       MatchedMeasure::MPORC, MatchedMeasure::MPPETO}) {
    for (const Vec& x : kTables) {
      const Effects e = pairs(x, m), s = pairs(values({x[0], x[2], x[1], x[3]}), m);
      CHECK(s.yi(0) == rel(-e.yi(0), 1e-12).margin(1e-15));
      CHECK(s.vi(0) == rel(e.vi(0), 1e-12));
      CHECK(std::isnan(pairs(values({1, kNaN, 2, 3}), m).yi(0)));
    }
  }
}

TEST_CASE("matched: the margins and the share of double events tell what the pairs tell") {
  EffectSpec plain;
  plain.to = AddTo::None;
  for (const Vec& x : kTables) {
    const double n = x.sum();
    const Vec a = values({x[0] + x[1]}), b = values({x[2] + x[3]}), c = values({x[0] + x[2]}),
              d = values({x[1] + x[3]}), share = values({x[0] / n}), none;
    const Effects own = pairs(x, MatchedMeasure::MPOR);
    const Effects e = effect_matched_margins({a, b, c, d}, none, share, plain);
    CHECK(e.yi(0) == rel(own.yi(0), 1e-12).margin(1e-15));
    CHECK(e.vi(0) == rel(own.vi(0), 1e-12));
    CHECK(e.ni(0) == n);
    const double p1 = a[0] / n, p2 = c[0] / n;
    const Vec r = values({(x[0] / n - p1 * p2) / std::sqrt(p1 * (1 - p1) * p2 * (1 - p2))});
    CHECK(effect_matched_margins({a, b, c, d}, r, none, plain).vi(0) == rel(own.vi(0), 1e-11));
  }
}

TEST_CASE("matched: without correlation the margins are an ordinary odds ratio") {
  const Vec a = values({10, 30}), b = values({40, 20}), c = values({15, 25}), d = values({35, 25}),
            r = values({0, 0}), none;
  const TwoByTwo table{a, b, c, d};
  const Effects e = effect_matched_margins(table, r, none, EffectSpec{});
  CHECK(e.vi(0) == rel(1.0 / 10 + 1.0 / 40 + 1.0 / 15 + 1.0 / 35, 1e-13));
  // Average risks, weighted by the groups: 40 / 100 and 40 / 100.
  const Effects av = effect_matched_margins(table, r, none, with(VarType::AV));
  CHECK(av.vi(0) == rel(2 / (50 * 0.4 * 0.6), 1e-13));
  CHECK(av.vi(1) == rel(av.vi(0), 1e-14));
  const Effects h0 = effect_matched_margins(table, r, none, with(VarType::H0));
  CHECK(h0.vi(0) == rel(2 / (50 * 0.25 * 0.75), 1e-13));
  CHECK_THROWS_AS(effect_matched_margins(table, r, none, with(VarType::UB)), InvalidInput);
}

TEST_CASE("matched: shares that no pairs can have leave no variance; wrong ones are refused") {
  const Vec a = values({10}), b = values({40}), c = values({45}), d = values({5}), none;
  const TwoByTwo table{a, b, c, d};
  CHECK(std::isnan(effect_matched_margins(table, none, values({1.0}), EffectSpec{}).vi(0)));
  CHECK(std::isnan(effect_matched_margins(table, none, none, EffectSpec{}).vi(0)));
  CHECK_THROWS_AS(effect_matched_margins(table, values({1.5}), none, EffectSpec{}), InvalidStudies);
  CHECK_THROWS_AS(effect_matched_margins(table, none, values({-0.1}), EffectSpec{}),
                  InvalidStudies);
  EffectSpec plain;
  plain.to = AddTo::None;
  CHECK(std::isnan(pairs(values({5, 0, 3, 9}), MatchedMeasure::MPORC, plain).yi(0)));
  CHECK(std::isnan(pairs(values({5, 0, 0, 9}), MatchedMeasure::MPPETO, plain).yi(0)));
  CHECK(pairs(values({5, 0, 0, 9}), MatchedMeasure::MPRD, plain).yi(0) == 0.0);
}
