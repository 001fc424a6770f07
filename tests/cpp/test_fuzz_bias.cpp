// Small-study effects, sensitivity and influence under random inputs.
#include "core/batch/cumul.hpp"
#include "core/batch/leave1out.hpp"
#include "core/bias/begg.hpp"
#include "core/bias/egger.hpp"
#include "core/bias/trimfill.hpp"
#include "core/model/influence.hpp"
#include "core/model/random_effects.hpp"
#include "core/model/subgroup.hpp"
#include "fuzz.hpp"

using namespace metaparity;
using namespace fuzz;

namespace {

bool probability(double p) { return !(p < 0.0 || p > 1.0); }

// Data that have passed the entry's own check.
Case checked_case(Random& r) {
  Case c = any_case(r);
  check_study_data(c.y, c.v, c.X, c.weights);
  return c;
}

}  // namespace

TEST_CASE("fuzz: regression tests") {
  run(
      [](Random& r, Judge& judge) {
        Values values(r);
        const int k = r.between(0, 8);
        const Vec y = values.reals(k), s = values.positives(k), w = values.positives(k);
        const LineFit line =
            r.below(2) ? egger_line(y, s, 0.95) : fit_line(y, s, w, 0.95, r.below(2) == 0);
        judge.holds("p-values", probability(line.slope.pval) && probability(line.intercept.pval));
      },
      false);
}

TEST_CASE("fuzz: Harbord and Peters") {
  run(
      [](Random& r, Judge& judge) {
        Values values(r);
        const int k = r.between(0, 8);
        const Vec a = values.counts(k), b = values.counts(k), c = values.counts(k),
                  d = values.counts(k);
        const TwoByTwoRef cells{a, b, c, d};
        const LineFit line =
            r.below(2) ? peters_line(values.reals(k), cells, 0.95)
                       : harbord_line(cells, static_cast<ScoreMeasure>(r.below(2)), 0.95).line;
        judge.holds("p-values", probability(line.slope.pval) && probability(line.intercept.pval));
      },
      false);
}

TEST_CASE("fuzz: rank test") {
  run(
      [](Random& r, Judge& judge) {
        Values values(r);
        const int k = r.between(0, 8);
        const RankTest out = rank_test(values.reals(k), values.variances(k), r.below(2) == 0);
        judge.holds("p-values",
                    probability(out.pval) && probability(out.p_z) && probability(out.p_cc));
        judge.holds("tau outside [-1, 1]", !(std::fabs(out.tau) > 1.0 + 1e-12));
      },
      false);
}

TEST_CASE("fuzz: exact distribution of Kendall's score") {
  run(
      [](Random& r, Judge& judge) {
        const int n = r.between(0, 60);
        const int pairs = n * (n - 1) / 2;
        judge.holds("p-value",
                    probability(kendall_exact_two_sided(pairs ? r.between(-pairs, pairs) : 0, n)));
      },
      false);
}

TEST_CASE("fuzz: trim and fill") {
  run([](Random& r, Judge& judge) {
    const Case c = any_case(r);
    TrimFillSpec spec =
        r.below(3) ? TrimFillSpec() : metatrim_spec(TrimEstimator::L0, r.below(2) == 0);
    spec.estimator = static_cast<TrimEstimator>(r.below(3));
    spec.side = static_cast<TrimSide>(r.below(3));
    const TrimFill out = trim_and_fill(c.y, c.v, c.weights, c.spec, spec);
    judge.holds("k0", out.k0 >= 0 && out.k0 < std::max<Index>(c.y.size(), 1));
    const FilledData filled = fill(c.y, c.v, c.weights, out);
    judge.holds("sizes",
                filled.yi.size() == c.y.size() + out.k0 && filled.vi.size() == filled.yi.size());
  });
}

TEST_CASE("fuzz: leave one out and cumulative") {
  run([](Random& r, Judge& judge) {
    const Case c = checked_case(r);
    const int k = static_cast<int>(c.y.size());
    std::vector<int> each, ends;
    for (int i = 0; i < k; ++i) each.push_back(i);
    for (int i = 1; i <= k; ++i) ends.push_back(i);
    const bool drop = r.below(2) == 0;
    const FitTable out = drop ? leave_one_out(c.y, c.v, c.X, c.weights, c.spec, each, k)
                              : cumulative(c.y, c.v, c.X, c.weights, c.spec, ends);
    judge.holds("sizes", out.estimate.rows() == k);
    for (int i = 0; i < k; ++i) judge.holds("tau2 is negative", !(out.tau2[i] < 0.0));
  });
}

TEST_CASE("fuzz: residuals and influence") {
  run([](Random& r, Judge& judge) {
    const Case c = checked_case(r);
    const RmaFit fit = fit_rma(c.y, c.v, c.X, c.weights, c.spec);
    const Residuals res = residuals(c.y, c.v, c.X, c.weights, fit.tau2, c.spec.weighted);
    judge.numbers("resid", res.resid);
    const Influence out = influence(c.y, c.v, c.X, c.weights, c.spec);
    judge.holds("sizes", out.cook.size() == c.y.size());
  });
}

TEST_CASE("fuzz: test between subgroups") {
  run(
      [](Random& r, Judge& judge) {
        Values values(r);
        const int k = r.between(0, 6);
        judge.holds("p-value",
                    probability(test_between(values.reals(k), values.positives(k)).pval));
      },
      false);
}
