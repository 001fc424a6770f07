// The entries the glue calls, and the helpers they stand on, under random inputs.
#include "core/linalg/distributions.hpp"
#include "core/linalg/quadform.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/heterogeneity.hpp"
#include "core/model/predict.hpp"
#include "core/model/random_effects.hpp"
#include "core/tau2/tau2.hpp"
#include "core/tau2/tau2_interval.hpp"
#include "fuzz.hpp"

using namespace metaparity;
using namespace fuzz;

namespace {

double any_df(Random& r) {
  switch (r.below(6)) {
    case 0:
      return kNaN;
    case 1:
      return kInf;
    case 2:
      return r.between(-1, 0);
    case 3:
      return r.power10(0.0, 7.0);
    default:
      return r.between(1, 300);
  }
}

void judge_fit(Judge& judge, const RmaFit& fit) {
  judge.numbers("beta", fit.beta);
  judge.numbers("se", fit.se);
  judge.numbers("ci_lb", fit.ci_lb);
  judge.numbers("ci_ub", fit.ci_ub);
  judge.number("tau2", fit.tau2);
  judge.number("se_tau2", fit.se_tau2);
  judge.number("QE", fit.QE);
  judge.number("I2", fit.I2);
  judge.holds("tau2 is negative or NaN", fit.tau2 >= 0.0);
  judge.holds("beta is NaN", fit.beta.allFinite());
  judge.holds("I2 is outside [0, 100]", !(fit.I2 < 0.0 || fit.I2 > 100.0));
  for (Index i = 0; i < fit.pval.size(); ++i) {
    judge.holds("a p-value is outside [0, 1]", !(fit.pval[i] < 0.0 || fit.pval[i] > 1.0));
  }
}

}  // namespace

TEST_CASE("fuzz: fit_rma") {
  run([](Random& r, Judge& judge) {
    const Case c = any_case(r);
    judge_fit(judge, fit_rma(c.y, c.v, c.X, c.weights, c.spec));
  });
}

TEST_CASE("fuzz: tau2_interval") {
  run([](Random& r, Judge& judge) {
    const Case c = any_case(r);
    const RmaFit fit = fit_rma(c.y, c.v, c.X, c.weights, c.spec);
    const auto type =
        static_cast<IntervalType>(r.below(static_cast<int>(IntervalType::WaldSqrt) + 1));
    const Tau2Interval out =
        tau2_interval(c.y, c.v, c.X, c.weights, c.spec, fit.tau2, fit.se_tau2, type);
    judge.number("lb", out.lb);
    judge.holds("the lower end is above the upper", !(out.lb > out.ub));
  });
}

TEST_CASE("fuzz: predict_rma") {
  run(
      [](Random& r, Judge& judge) {
        Values values(r);
        const int p = r.between(1, 3), rows = r.between(0, 3);
        Mat x(rows, p), a(p, p);
        for (int j = 0; j < p; ++j) {
          x.col(j) = values.reals(rows);
          a.col(j) = values.reals(p);
        }
        const Mat vb = a * a.transpose();
        const Prediction out =
            predict_rma(x, values.reals(p), vb, values.positive(), r.uniform(0.5, 0.999),
                        r.below(2) ? kNaN : r.between(0, 10), r.below(2) ? kNaN : r.between(0, 10));
        judge.holds("sizes", out.pred.size() == rows && out.pi_ub.size() == rows);
      },
      false);
}

TEST_CASE("fuzz: least squares and quadratic forms") {
  run(
      [](Random& r, Judge& judge) {
        const int k = r.between(1, 8), p = r.between(1, std::min(k, 3));
        Mat X = Mat::Ones(k, p);
        for (int j = 1; j < p; ++j) {
          for (int i = 0; i < k; ++i) X(i, j) = r.below(3) ? r.normal() : r.between(0, 1);
        }
        const std::vector<int> kept = independent_columns(X);
        judge.holds("columns", kept.size() >= 1 && kept.size() <= static_cast<std::size_t>(p));
        if (kept.size() != static_cast<std::size_t>(p)) return;
        Vec w(k), s(k), y(k);
        for (int i = 0; i < k; ++i) {
          w[i] = r.power10(-3.0, 3.0);
          s[i] = r.power10(-3.0, 3.0);
          y[i] = r.normal();
        }
        const WlsFit fit = weighted_ls(y, X, w);
        judge.holds("least squares", fit.beta.allFinite() && fit.rss >= 0.0);
        const double upper = quadform_upper(fit.rss * r.power10(-2.0, 2.0), w, s, X);
        judge.holds("tail outside [0, 1]", !(upper < 0.0 || upper > 1.0));
      },
      false);
}

TEST_CASE("fuzz: distributions") {
  run(
      [](Random& r, Judge& judge) {
        const double x = wild(r), df = any_df(r), df2 = any_df(r),
                     prob = r.below(2) ? wild(r) : r.uniform();
        for (double tail : {normal_upper(x), normal_two_sided(x), t_two_sided(x, df),
                            chisq_upper(x, df), f_upper(x, df, df2), two_sided(x, df)}) {
          judge.holds("tail outside [0, 1]", !(tail < 0.0 || tail > 1.0));
        }
        for (double quantile :
             {normal_quantile(prob), t_quantile(prob, df), chisq_quantile(prob, df)}) {
          judge.holds("infinite quantile inside (0, 1)",
                      !std::isinf(quantile) || !(prob > 1e-10 && prob < 1.0));
        }
      },
      false);
}

TEST_CASE("fuzz: heterogeneity") {
  run(
      [](Random& r, Judge& judge) {
        const Heterogeneity a =
            heterogeneity_from_tau2(std::fabs(r.normal()), r.power10(-300.0, 100.0));
        const Heterogeneity b = heterogeneity_from_q(wild(r), r.between(0, 8), wild(r));
        judge.holds("I2 outside [0, 100]",
                    a.I2 >= 0.0 && a.I2 <= 100.0 && !(b.I2 < 0.0 || b.I2 > 100.0));
      },
      false);
}
