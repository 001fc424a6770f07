// Effect sizes and the pooling of tables under random inputs.
#include "core/effect/effect_binary.hpp"
#include "core/effect/effect_generic.hpp"
#include "core/effect/effect_means.hpp"
#include "core/effect/effect_proportion.hpp"
#include "core/model/common_effect.hpp"
#include "core/model/mantel_haenszel.hpp"
#include "core/model/peto.hpp"
#include "core/stata/metan.hpp"
#include "fuzz.hpp"

using namespace metaparity;
using namespace fuzz;

namespace {

EffectSpec any_effect_spec(Random& r) {
  EffectSpec spec;
  spec.add = r.below(3) ? 0.5 : r.uniform(0.0, 2.0);
  spec.to = static_cast<AddTo>(r.below(4));
  spec.drop00 = r.below(2) == 0;
  spec.vtype = {static_cast<VarType>(r.below(static_cast<int>(VarType::Glass) + 1))};
  spec.j = static_cast<SmallSample>(r.below(3));
  spec.correct = r.below(2) == 0;
  spec.standardiser = static_cast<Standardiser>(r.below(2));
  spec.rd_uncorrected = r.below(2) == 0;
  return spec;
}

void judge_effects(Judge& judge, const Effects& out, Index k) {
  judge.holds("sizes", out.yi.size() == k && out.vi.size() == k);
  judge.numbers("yi", out.yi);
  judge.numbers("vi", out.vi);
  for (Index i = 0; i < k; ++i) judge.holds("a negative variance", !(out.vi[i] < 0.0));
}

struct Table {
  Vec a, b, c, d;
};
Table any_table(Random& r) {
  Values values(r);
  const int k = r.between(0, 8);
  return {values.counts(k), values.counts(k), values.counts(k), values.counts(k)};
}

void judge_pooled(Judge& judge, const CommonFit& fit) {
  judge.number("beta", fit.beta);
  judge.holds("p-value outside [0, 1]", !(fit.pval < 0.0 || fit.pval > 1.0));
  judge.holds("p-value of QE outside [0, 1]", !(fit.QEp < 0.0 || fit.QEp > 1.0));
}

}  // namespace

TEST_CASE("fuzz: effect_binary") {
  run([](Random& r, Judge& judge) {
    const Table x = any_table(r);
    const TwoByTwo table{x.a, x.b, x.c, x.d};
    judge_effects(judge,
                  effect_binary(table, static_cast<BinaryMeasure>(r.below(5)), any_effect_spec(r)),
                  x.a.size());
  });
}

TEST_CASE("fuzz: effect_means") {
  run([](Random& r, Judge& judge) {
    Values values(r);
    const int k = r.between(0, 8);
    const Vec n1 = values.counts(k), n2 = values.counts(k), m1 = values.reals(k),
              m2 = values.reals(k), sd1 = values.positives(k), sd2 = values.positives(k),
              d = r.below(3) ? Vec() : values.reals(k);
    const TwoMeans data{n1, n2, m1, m2, sd1, sd2, d};
    judge_effects(judge,
                  effect_means(data, static_cast<MeansMeasure>(r.below(4)), any_effect_spec(r)), k);
  });
}

TEST_CASE("fuzz: standardised differences from tests") {
  run(
      [](Random& r, Judge& judge) {
        Values values(r);
        const int k = r.between(0, 8);
        const Vec n1 = values.counts(k), n2 = values.counts(k), x = values.reals(k);
        judge.holds("sizes", d_from_t(x, n1, n2).size() == k && d_from_p(x, n1, n2).size() == k &&
                                 d_from_r(x, n1, n2).size() == k);
      },
      false);
}

TEST_CASE("fuzz: effect_proportion") {
  run([](Random& r, Judge& judge) {
    Values values(r);
    const int k = r.between(0, 8);
    const Vec x = values.counts(k), m = values.counts(k);
    const OneProportion data{x, m};
    judge_effects(
        judge,
        effect_proportion(data, static_cast<ProportionMeasure>(r.below(6)), any_effect_spec(r)), k);
  });
}

TEST_CASE("fuzz: effects given by the user") {
  run([](Random& r, Judge& judge) {
    Values values(r);
    const int k = r.between(0, 8);
    const Vec y = values.reals(k), v = values.positives(k), lb = values.reals(k),
              ub = values.reals(k);
    std::vector<int> asymmetric;
    switch (r.below(3)) {
      case 0:
        return judge_effects(judge, effect_from_variance(y, v), k);
      case 1:
        return judge_effects(judge, effect_from_se(y, v), k);
      default:
        judge_effects(
            judge,
            effect_from_limits(r.below(2) ? y : Vec(), lb, ub, r.uniform(0.5, 0.999), asymmetric),
            k);
    }
  });
}

TEST_CASE("fuzz: Mantel-Haenszel and Peto") {
  run([](Random& r, Judge& judge) {
    const Table x = any_table(r);
    const TwoByTwo table{x.a, x.b, x.c, x.d};
    MhSpec spec;
    spec.to = static_cast<AddTo>(r.below(4));
    spec.add = r.below(2) ? 0.0 : 0.5;
    spec.drop00 = r.below(2) == 0;
    spec.correct = r.below(2) == 0;
    spec.rd_variance = static_cast<RdVariance>(r.below(2));
    PetoSpec peto;
    peto.to = spec.to;
    peto.add = spec.add;
    peto.drop00 = spec.drop00;
    if (r.below(3) == 0) return judge_pooled(judge, fit_peto(table, any_effect_spec(r), peto));
    judge_pooled(judge,
                 fit_mh(table, static_cast<MhMeasure>(r.below(3)), any_effect_spec(r), spec));
  });
}

TEST_CASE("fuzz: rates") {
  run([](Random& r, Judge& judge) {
    Values values(r);
    const int k = r.between(0, 8);
    const auto time = [&] { return r.below(30) ? r.power10(-3.0, 6.0) : r.between(-1, 1); };
    const Vec x1 = values.counts(k), x2 = values.counts(k), t1 = values.fill(k, time),
              t2 = values.fill(k, time);
    const PersonTime data{x1, x2, t1, t2};
    judge_pooled(judge, fit_mh_rates(data, static_cast<RateMeasure>(r.below(2)), any_effect_spec(r),
                                     MhSpec()));
  });
}

TEST_CASE("fuzz: Cornfield's limits") {
  run(
      [](Random& r, Judge& judge) {
        const int k = r.between(1, 4);
        Values values(r);
        const auto cells = [&] {
          return values.fill(k,
                             [&] { return r.below(2) ? r.between(1, 5) : r.between(1, 1000000); });
        };
        const Vec a = cells(), b = cells(), c = cells(), d = cells();
        const OddsLimits out = cornfield_limits(a, b, c, d, r.uniform(0.5, 0.999));
        for (int i = 0; i < k; ++i)
          judge.holds("limits",
                      out.lb[i] > 0.0 && out.lb[i] < out.ub[i] && std::isfinite(out.ub[i]));
      },
      false);
}
