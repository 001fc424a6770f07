// Glue of the tests and adjustments for small-study effects.
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "core/bias/alpha_spending.hpp"
#include "core/bias/begg.hpp"
#include "core/bias/egger.hpp"
#include "core/bias/excess_significance.hpp"
#include "core/bias/extended_funnel.hpp"
#include "core/bias/fail_safe.hpp"
#include "core/bias/hettest.hpp"
#include "core/bias/trimfill.hpp"
#include "core/linalg/distributions.hpp"
#include "core/model/random_effects.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

Rcpp::List wrap_coefficient(const Coefficient& c) {
  using Rcpp::_;
  return Rcpp::List::create(_["est"] = na(c.est), _["se"] = na(c.se), _["tval"] = na(c.tval),
                            _["pval"] = na(c.pval), _["ci.lb"] = na(c.ci_lb),
                            _["ci.ub"] = na(c.ci_ub));
}

Rcpp::List wrap_line(const LineFit& f, const std::vector<int>& excluded = {}) {
  using Rcpp::_;
  Rcpp::IntegerVector rows(excluded.begin(), excluded.end());
  for (auto& row : rows) ++row;
  return Rcpp::List::create(_["slope"] = wrap_coefficient(f.intercept),
                            _["bias"] = wrap_coefficient(f.slope),
                            _["covariance"] = na(f.covariance), _["rmse"] = na(f.rmse),
                            _["df"] = f.df, _["k"] = f.k, _["excluded"] = rows);
}

// Rows of the matrix are studies, columns ai, bi, ci, di.
TwoByTwoRef cells_of(const ConstMatMap& cells) {
  return {cells.col(0), cells.col(1), cells.col(2), cells.col(3)};
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_egger_line(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& sei, double level) {
  return run_core(
      [&]() -> SEXP { return wrap_line(egger_line(map_vec(yi), map_vec(sei), level)); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_harbord_line(const Rcpp::NumericMatrix& cells, bool odds_ratio, double level) {
  return run_core([&]() -> SEXP {
    const ScoreFit f = harbord_line(cells_of(map_mat(cells)),
                                    odds_ratio ? ScoreMeasure::OR : ScoreMeasure::RR, level);
    Rcpp::List out = wrap_line(f.line, f.excluded);
    out["x"] = wrap_vec(f.x);
    out["y"] = wrap_vec(f.y);
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_peters_line(const Rcpp::NumericVector& yi, const Rcpp::NumericMatrix& cells,
                     double level) {
  return run_core([&]() -> SEXP {
    return wrap_line(peters_line(map_vec(yi), cells_of(map_mat(cells)), level));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_regression_lm(const Rcpp::NumericVector& yi, const Rcpp::NumericMatrix& X,
                       const Rcpp::NumericVector& weights, double level) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), yi.size(), X.nrow(), weights.size());
    using Rcpp::_;
    const LmFit f = fit_lm(map_vec(yi), map_mat(X), map_vec(weights), level);
    return Rcpp::List::create(_["beta"] = wrap_vec(f.beta), _["se"] = wrap_vec(f.se),
                              _["tval"] = wrap_vec(f.tval), _["pval"] = wrap_vec(f.pval),
                              _["ci.lb"] = wrap_vec(f.ci_lb), _["ci.ub"] = wrap_vec(f.ci_ub),
                              _["sigma"] = na(f.rmse), _["df.residual"] = f.df,
                              _["vb"] = wrap_mat(f.vb));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_pool_bias(const Rcpp::NumericVector& bias, const Rcpp::NumericVector& se) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const PooledBias p = pool_bias(map_vec(bias), map_vec(se));
    return Rcpp::List::create(_["bias"] = na(p.bias), _["se"] = na(p.se), _["zval"] = na(p.zval),
                              _["pval"] = na(p.pval));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_rank_test(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, bool exact) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    using Rcpp::_;
    const RankTest r = rank_test(map_vec(yi), map_vec(vi), exact);
    return Rcpp::List::create(_["tau"] = na(r.tau), _["pval"] = na(r.pval), _["exact"] = r.exact,
                              _["score"] = static_cast<double>(r.score), _["sd"] = na(r.sd),
                              _["z"] = na(r.z), _["p_z"] = na(r.p_z), _["z_cc"] = na(r.z_cc),
                              _["p_cc"] = na(r.p_cc), _["ties"] = r.ties, _["k"] = r.k);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_pool_scores(const Rcpp::NumericVector& score, const Rcpp::NumericVector& sd) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const PooledScore p = pool_scores(map_vec(score), map_vec(sd));
    return Rcpp::List::create(_["score"] = p.score, _["sd"] = na(p.sd), _["z"] = na(p.z),
                              _["p_z"] = na(p.p_z), _["z_cc"] = na(p.z_cc), _["p_cc"] = na(p.p_cc));
  });
}

namespace {

TrimEstimator estimator_of(const std::string& name) {
  if (name == "L0") return TrimEstimator::L0;
  if (name == "R0") return TrimEstimator::R0;
  return TrimEstimator::Q0;
}

TrimSide side_of(const std::string& name) {
  if (name == "left") return TrimSide::Left;
  return name == "right" ? TrimSide::Right : TrimSide::Auto;
}

Rcpp::List wrap_steps(const std::vector<TrimStep>& steps) {
  const auto n = static_cast<int>(steps.size());
  Rcpp::NumericVector estimate(n), rank_sum(n), change(n);
  Rcpp::IntegerVector k0(n);
  for (int i = 0; i < n; ++i) {
    const TrimStep& step = steps[static_cast<std::size_t>(i)];
    estimate[i] = step.estimate;
    rank_sum[i] = step.rank_sum;
    change[i] = step.rank_change;
    k0[i] = step.k0;
  }
  // Built by hand: DataFrame::create() calls back into R and takes longer than the analysis.
  using Rcpp::_;
  Rcpp::List out = Rcpp::List::create(_["estimate"] = estimate, _["Tn"] = rank_sum, _["k0"] = k0,
                                      _["diff"] = change);
  out.attr("row.names") = Rcpp::IntegerVector::create(NA_INTEGER, -n);
  out.attr("class") = "data.frame";
  return out;
}

Rcpp::List wrap_trimfill(const TrimFill& r) {
  using Rcpp::_;
  Rcpp::IntegerVector source(r.source.begin(), r.source.end());
  for (auto& row : source) ++row;
  return Rcpp::List::create(_["k0"] = r.k0, _["se.k0"] = na(r.se_k0), _["p.k0"] = na(r.p_k0),
                            _["side"] = r.side == TrimSide::Right ? "right" : "left",
                            _["centre"] = r.centre, _["yi"] = wrap_vec(r.filled_yi),
                            _["source"] = source, _["steps"] = wrap_steps(r.steps),
                            _["converged"] = r.converged, _["cycle"] = Rcpp::wrap(r.cycle));
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_trimfill(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                  const Rcpp::NumericVector& weights, const Rcpp::List& model,
                  const Rcpp::List& options) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), weights.size());
    TrimFillSpec spec;
    spec.estimator = estimator_of(Rcpp::as<std::string>(options["estimator"]));
    spec.side = side_of(Rcpp::as<std::string>(options["side"]));
    spec.maxiter = Rcpp::as<int>(options["maxiter"]);
    const Rcpp::NumericVector limits = options["ilim"];
    spec.limits = {limits[0], limits[1]};
    return wrap_trimfill(
        trim_and_fill(map_vec(yi), map_vec(vi), map_vec(weights), as_model_spec(model), spec));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_metatrim(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                  const std::string& estimator, bool flip, const Rcpp::List& model) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    return wrap_trimfill(trim_and_fill(map_vec(yi), map_vec(vi), Vec(), as_model_spec(model),
                                       metatrim_spec(estimator_of(estimator), flip)));
  });
}

namespace {

ExcessSpec as_excess_spec(const Rcpp::List& s) {
  ExcessSpec out;
  out.h0 = s["H0"];
  out.alpha = s["alpha"];
  out.tau2 = s["tau2"];
  out.effect_sides = static_cast<Sides>(Rcpp::as<int>(s["alternative"]));
  out.sides = static_cast<Sides>(Rcpp::as<int>(s["tes.alternative"]));
  out.test = static_cast<ExcessTest>(Rcpp::as<int>(s["test"]));
  return out;
}

}  // namespace

// type: 0 Rosenthal, 1 Orwin, 2 Rosenberg; goal: the level or the target.
// [[Rcpp::export(rng = false)]]
SEXP cpp_fail_safe(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, int type,
                   double goal) {
  return run_core([&]() -> SEXP {
    const FileDrawer f = type == 0   ? rosenthal_n(map_vec(yi), map_vec(vi), goal)
                         : type == 1 ? orwin_n(map_vec(yi), map_vec(vi), goal)
                         : type == 3 ? fisher_n(map_vec(yi), map_vec(vi), goal)
                                     : rosenberg_n(map_vec(yi), map_vec(vi), goal);
    return Rcpp::List::create(Rcpp::_["N"] = na(f.N), Rcpp::_["est"] = na(f.est),
                              Rcpp::_["pval"] = na(f.pval));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_with_file_drawer(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, SEXP spec,
                          double N, bool exact, double missing) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const WithDrawer f =
        with_file_drawer(map_vec(yi), map_vec(vi), as_model_spec(spec), N, exact, missing);
    return Rcpp::List::create(Rcpp::_["est"] = na(f.est), Rcpp::_["tau2"] = na(f.tau2),
                              Rcpp::_["pval"] = na(f.pval));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_excess_significance(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                             const Rcpp::NumericVector& theta, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const Excess e =
        excess_significance(map_vec(yi), map_vec(vi), map_vec(theta), as_excess_spec(spec));
    return Rcpp::List::create(
        Rcpp::_["O"] = e.O, Rcpp::_["E"] = e.E, Rcpp::_["X2"] = na(e.X2),
        Rcpp::_["pval"] = na(e.pval), Rcpp::_["power"] = wrap_vec(e.power),
        Rcpp::_["sig"] = Rcpp::LogicalVector(e.significant.begin(), e.significant.end()));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_excess_limit(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double theta,
                      double tes_alpha, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    return Rcpp::wrap(
        na(excess_limit(map_vec(yi), map_vec(vi), theta, tes_alpha, as_excess_spec(spec))));
  });
}

namespace {

HetSpec as_het_spec(const Rcpp::List& s) {
  HetSpec out;
  out.checkpoint = check_interrupt;
  out.reml = s["reml"];
  out.test = static_cast<HetTest>(Rcpp::as<int>(s["test"]));
  out.threshold = s["threshold"];
  out.maxiter = s["maxiter"];
  return out;
}

}  // namespace

// Statistics of the columns of samples.
// [[Rcpp::export(rng = false)]]
SEXP cpp_hettest(const Rcpp::NumericMatrix& samples, const Rcpp::NumericVector& vi,
                 const Rcpp::List& spec, int threads) {
  return run_core([&]() -> SEXP {
    return wrap_vec(het_bootstrap(map_mat(samples), map_vec(vi), as_het_spec(spec), threads));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_saturated(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                   const Rcpp::NumericVector& start, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const Saturated s = fit_saturated(map_vec(yi), map_vec(vi), map_vec(start), as_het_spec(spec));
    return Rcpp::List::create(Rcpp::_["tau2i"] = wrap_vec(s.tau2),
                              Rcpp::_["se.tau2i"] = wrap_vec(s.se),
                              Rcpp::_["converged"] = s.converged);
  });
}

static const std::array<std::pair<const char*, Spending>, 3> kSpending = {{
    {"obrienfleming", Spending::OBrienFleming},
    {"pocock", Spending::Pocock},
    {"power", Spending::Power},
}};

// [[Rcpp::export(rng = false)]]
SEXP cpp_spending_bounds(const Rcpp::NumericVector& time, double alpha, const std::string& kind,
                         double phi) {
  return run_core([&]() -> SEXP {
    const SpendingBounds out = spending_bounds(
        map_vec(time), alpha, match_choice(kSpending, kind.c_str(), "spending"), phi);
    return Rcpp::List::create(Rcpp::_["bound"] = wrap_vec(out.bound),
                              Rcpp::_["spent"] = wrap_vec(out.spent));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_extended_funnel(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                         const Rcpp::NumericVector& effect, const Rcpp::NumericVector& error,
                         bool random) {
  return run_core([&]() -> SEXP {
    const ExtendedFunnel out =
        extended_funnel(map_vec(yi), map_vec(vi), map_vec(effect), map_vec(error), random);
    return Rcpp::List::create(
        Rcpp::_["estimate"] = wrap_mat(out.estimate), Rcpp::_["se"] = wrap_mat(out.se),
        Rcpp::_["tau2"] = wrap_mat(out.tau2), Rcpp::_["I2"] = wrap_mat(out.I2));
  });
}
