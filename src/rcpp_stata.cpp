// Glue of the models and corrections that Stata's commands have beyond rma().
#include "core/model/fixed_weights.hpp"
#include "core/model/gamma_models.hpp"
#include "core/model/heterogeneity.hpp"
#include "core/model/kenward_roger.hpp"
#include "core/model/profile_mean.hpp"
#include "core/model/profile_tests.hpp"
#include "core/ranges.hpp"
#include "core/stata/continuity.hpp"
#include "core/stata/metaan.hpp"
#include "core/stata/metan.hpp"
#include "core/stata/metareg_permute.hpp"
#include "core/stata/proportion.hpp"
#include "core/tau2/q_interval.hpp"
#include "core/tau2/tau2_moments.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_cornfield(const Rcpp::NumericMatrix& cells, double level) {
  return run_core([&]() -> SEXP {
    const ConstMatMap x = map_mat(cells);
    const OddsLimits out = cornfield_limits(x.col(0), x.col(1), x.col(2), x.col(3), level);
    return Rcpp::List::create(Rcpp::_["lb"] = wrap_vec(out.lb), Rcpp::_["ub"] = wrap_vec(out.ub));
  });
}

// [[Rcpp::export(rng = false)]]
double cpp_q_around(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double centre) {
  return q_around(map_vec(yi), map_vec(vi), centre);
}

using Rcpp::_;

static Rcpp::List wrap_interval(const Interval& x) {
  return Rcpp::List::create(_["lb"] = na(x.lb), _["ub"] = na(x.ub));
}

static LikelihoodTest as_likelihood_test(const std::string& type) {
  if (type == "bartlett") return LikelihoodTest::Bartlett;
  return type == "skovgaard" ? LikelihoodTest::Skovgaard : LikelihoodTest::Plain;
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_tau2_start(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                    const std::string& method, double start) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const ConstVecMap y = map_vec(yi), v = map_vec(vi);
    const Mat X = Mat::Ones(y.size(), 1);
    if (method == "B0") return Rcpp::wrap(rukhin_b0(y, v, start));
    if (method == "DK2S") return Rcpp::wrap(dersimonian_kacker(y, v, X, start));
    return Rcpp::wrap(sidik_jonkman_from(y, v, X, start));
  });
}

// kind: "noncentral", "gamma" or "test".
// [[Rcpp::export(rng = false)]]
SEXP cpp_q_interval(double Q, const Rcpp::NumericVector& vi, double level,
                    const std::string& kind) {
  return run_core([&]() -> SEXP {
    const double df = static_cast<double>(vi.size() - 1);
    if (kind == "gamma") return wrap_interval(q_interval_gamma(Q, map_vec(vi), level));
    return wrap_interval(kind == "test" ? q_interval_test(Q, df, level)
                                        : q_interval_noncentral(Q, df, level));
  });
}

// [[Rcpp::export(rng = false)]]
double cpp_q_scale(const Rcpp::NumericVector& vi) { return q_scale(map_vec(vi)); }

// [[Rcpp::export(rng = false)]]
SEXP cpp_gamma_tau2_interval(double Q, const Rcpp::NumericVector& vi, double level) {
  return run_core(
      [&]() -> SEXP { return wrap_interval(gamma_tau2_interval(Q, map_vec(vi), level)); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_kenward_roger(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double tau2,
                       bool observed) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const KenwardRoger out = kenward_roger(map_vec(yi), map_vec(vi), tau2, observed);
    return Rcpp::List::create(_["se"] = na(out.se), _["df"] = na(out.df));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_likelihood(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double est,
                    double tau2, double level, const std::string& type) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const LikelihoodTest t = as_likelihood_test(type);
    const LikelihoodStatistic s = likelihood_test(map_vec(yi), map_vec(vi), est, tau2, 0.0, t);
    const Interval ci = likelihood_interval(map_vec(yi), map_vec(vi), est, tau2, level, t);
    return Rcpp::List::create(_["z"] = na(s.z), _["lr"] = na(s.lr), _["lb"] = na(ci.lb),
                              _["ub"] = na(ci.ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_biggerstaff_tweedie(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                             double tau2) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const BiggerstaffTweedie out = biggerstaff_tweedie(map_vec(yi), map_vec(vi), tau2);
    return Rcpp::List::create(_["est"] = na(out.est), _["se"] = na(out.se),
                              _["weight"] = wrap_vec(out.weights));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_henmi_copas(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double tau2,
                     double level) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const HenmiCopas x = henmi_copas(map_vec(yi), map_vec(vi), tau2, level);
    return Rcpp::List::create(_["est"] = na(x.est), _["se"] = na(x.se), _["lb"] = na(x.lb),
                              _["ub"] = na(x.ub), _["p"] = na(x.p));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_weighted_mean(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                       const Rcpp::NumericVector& weights, double tau2) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), weights.size());
    const WeightedMean out = weighted_mean(map_vec(yi), map_vec(vi), map_vec(weights), tau2);
    return Rcpp::List::create(_["est"] = na(out.est), _["se"] = na(out.se));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_quality_weights(const Rcpp::NumericVector& vi, const Rcpp::NumericVector& quality) {
  return run_core(
      [&]() -> SEXP { return wrap_vec(quality_weights(map_vec(vi), map_vec(quality))); });
}

// [[Rcpp::export(rng = false)]]
double cpp_hksj_factor(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double est,
                       double tau2) {
  return na(hksj_factor(map_vec(yi), map_vec(vi), est, tau2));
}

// [[Rcpp::export(rng = false)]]
double cpp_robust_se(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double est,
                     double tau2) {
  return na(robust_se(map_vec(yi), map_vec(vi), est, tau2));
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_correct_tables(const Rcpp::NumericMatrix& cells, double amount, const std::string& rule,
                        double ratio, bool all) {
  return run_core([&]() -> SEXP {
    const Continuity how = rule == "opposite"    ? Continuity::Opposite
                           : rule == "empirical" ? Continuity::Empirical
                                                 : Continuity::Constant;
    const CorrectedTables x = correct_tables(map_mat(cells), amount, how, ratio, all);
    Rcpp::IntegerVector rows(x.corrected.begin(), x.corrected.end());
    for (auto& row : rows) ++row;
    return Rcpp::List::create(_["a"] = wrap_vec(x.ai), _["b"] = wrap_vec(x.bi),
                              _["c"] = wrap_vec(x.ci), _["d"] = wrap_vec(x.di), _["rows"] = rows);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_profile_mean(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double mu,
                      double tau2, double level) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const Interval out = profile_mean_interval(map_vec(yi), map_vec(vi), mu, tau2, level);
    return Rcpp::List::create(Rcpp::_["lb"] = na(out.lb), Rcpp::_["ub"] = na(out.ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_permutation_interval(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                              double level, int reps, int seed) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    const Interval out = permutation_interval(map_vec(yi), map_vec(vi), level, reps,
                                              static_cast<std::uint64_t>(seed));
    return Rcpp::List::create(Rcpp::_["lb"] = na(out.lb), Rcpp::_["ub"] = na(out.ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_bootstrap_tau2(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, int reps,
                        int seed) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    return Rcpp::wrap(
        bootstrap_tau2(map_vec(yi), map_vec(vi), reps, static_cast<std::uint64_t>(seed)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_profile_log_likelihood(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                                const Rcpp::NumericVector& grid, bool of_tau2) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    return wrap_vec(profile_log_likelihood(map_vec(yi), map_vec(vi), map_vec(grid), of_tau2));
  });
}

namespace {

PermutationPlan as_plan(const Rcpp::List& plan) {
  PermutationPlan out;
  out.reps = Rcpp::as<int>(plan["reps"]);
  out.intercept = Rcpp::as<bool>(plan["intercept"]);
  out.univariable = Rcpp::as<bool>(plan["univariable"]);
  out.seed = static_cast<std::uint64_t>(Rcpp::as<int>(plan["seed"]));
  const Rcpp::List joint = plan["joint"];
  for (R_xlen_t i = 0; i < joint.size(); ++i) {
    out.joint.push_back(from_one(Rcpp::as<std::vector<int>>(joint[i]), "joint"));
  }
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_permute_metareg(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                         const Rcpp::NumericMatrix& X, SEXP spec, const Rcpp::List& plan) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), X.nrow(), 0);
    using Rcpp::_;
    const PermutationPlan how = as_plan(plan);
    for (const std::vector<int>& set : how.joint) check_indices(set, X.ncol(), "joint");
    const PermutationTest t =
        permute_metareg(map_vec(yi), map_vec(vi), map_mat(X), as_model_spec(spec), how);
    return Rcpp::List::create(_["p"] = wrap_vec(t.p), _["p_adjusted"] = wrap_vec(t.p_adjusted),
                              _["se"] = wrap_vec(t.se), _["p_joint"] = wrap_vec(t.p_joint),
                              _["se_max"] = na(t.se_max));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_proportion_effects(const Rcpp::NumericVector& xi, const Rcpp::NumericVector& ni,
                            bool freeman_tukey) {
  return run_core([&]() -> SEXP {
    const ProportionEffects e = proportion_effects(map_vec(xi), map_vec(ni), freeman_tukey);
    return Rcpp::List::create(Rcpp::_["yi"] = wrap_vec(e.yi), Rcpp::_["vi"] = wrap_vec(e.vi));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_proportion_intervals(const Rcpp::NumericVector& xi, const Rcpp::NumericVector& ni,
                              double level, const std::string& method) {
  return run_core([&]() -> SEXP {
    const ProportionInterval type = method == "exact"      ? ProportionInterval::Exact
                                    : method == "wald"     ? ProportionInterval::Wald
                                    : method == "agresti"  ? ProportionInterval::Agresti
                                    : method == "jeffreys" ? ProportionInterval::Jeffreys
                                                           : ProportionInterval::Score;
    const ProportionLimits out = proportion_intervals(map_vec(xi), map_vec(ni), level, type);
    return Rcpp::List::create(Rcpp::_["lb"] = wrap_vec(out.lb), Rcpp::_["ub"] = wrap_vec(out.ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_freeman_tukey_inverse(const Rcpp::NumericVector& t, const Rcpp::NumericVector& ni) {
  return run_core([&]() -> SEXP {
    const double n = harmonic_mean(map_vec(ni));
    return Rcpp::List::create(Rcpp::_["p"] = wrap_vec(freeman_tukey_inverse(map_vec(t), n)),
                              Rcpp::_["zero"] = freeman_tukey_zero(n), Rcpp::_["n"] = n);
  });
}
