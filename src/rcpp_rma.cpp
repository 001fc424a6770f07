// Glue of the fits and what is asked of one: columns and choices in, one list of numbers out.
#include "core/linalg/tails.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/heterogeneity.hpp"
#include "core/model/heterogeneity_interval.hpp"
#include "core/model/mantel_haenszel.hpp"
#include "core/model/peto.hpp"
#include "core/model/predict.hpp"
#include "core/model/random_effects.hpp"
#include "core/model/subgroup.hpp"
#include "core/tau2/tau2.hpp"
#include "core/tau2/tau2_interval.hpp"
#include "core/tau2/tau2_rules.hpp"
#include "rcpp_common_effect.h"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// The methods that `rma(method =)` takes.
// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector cpp_tau2_methods() { return Rcpp::wrap(tau2_method_names()); }

// Upper tails: of chi-squared on df1 degrees of freedom where df2 is NA, of F elsewhere.
// [[Rcpp::export(rng = false)]]
SEXP cpp_upper_tail(const Rcpp::NumericVector& x, const Rcpp::NumericVector& df1,
                    const Rcpp::NumericVector& df2) {
  return run_core(
      [&]() -> SEXP { return wrap_vec(upper_tails(map_vec(x), map_vec(df1), map_vec(df2))); });
}

// Two-sided p values of z, or of t on df degrees of freedom.
// [[Rcpp::export(rng = false)]]
SEXP cpp_two_sided(const Rcpp::NumericVector& z, const Rcpp::NumericVector& df) {
  return run_core([&]() -> SEXP { return wrap_vec(two_sided_tails(map_vec(z), map_vec(df))); });
}

// In percent.
// [[Rcpp::export(rng = false)]]
SEXP cpp_i2_from_q(const Rcpp::NumericVector& Q, const Rcpp::NumericVector& df) {
  return run_core([&]() -> SEXP { return wrap_vec(i2_from_q(map_vec(Q), map_vec(df))); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_critical_value(const Rcpp::NumericVector& level, const Rcpp::NumericVector& df) {
  return run_core([&]() -> SEXP { return wrap_vec(critical_values(map_vec(level), map_vec(df))); });
}

// The fitted object whole: see wrap_fit().
// [[Rcpp::export(rng = false)]]
SEXP cpp_rma(SEXP used, SEXP spec, SEXP sources, SEXP shape) {
  return run_core([&]() -> SEXP {
    const Rcpp::Shield<SEXP> yi(as_real(element(used, "yi"))), vi(as_real(element(used, "vi"))),
        X(as_real(element(used, "X"))), weights(as_real(element(used, "weights")));
    SEXP names = Rf_getAttrib(X, R_DimNamesSymbol);
    return wrap_fit(
        fit_rma(real_vec(yi), real_vec(vi), real_mat(X), real_vec(weights), as_model_spec(spec)),
        Rf_isNull(names) ? R_NilValue : VECTOR_ELT(names, 1), sources, shape);
  });
}

// What an analysis needs of a fit of its own: coefficients and tau2.
// [[Rcpp::export(rng = false)]]
SEXP cpp_fit_numbers(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                     const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights, SEXP spec) {
  return run_core([&]() -> SEXP {
    const RmaFit fit =
        fit_rma(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec));
    return Rcpp::List::create(Rcpp::_["beta"] = wrap_vec(fit.beta), Rcpp::_["tau2"] = na(fit.tau2));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_tau2(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
              const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights, SEXP spec) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
    return Rcpp::wrap(
        estimate_tau2(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_independent_columns(const Rcpp::NumericMatrix& X) {
  return run_core([&]() -> SEXP { return Rcpp::wrap(independent_columns(map_mat(X))); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_test_between(const Rcpp::NumericVector& estimate, const Rcpp::NumericVector& se) {
  return run_core([&]() -> SEXP {
    const BetweenTest test = test_between(map_vec(estimate), map_vec(se));
    return Rcpp::List::create(Rcpp::_["Q"] = na(test.Q), Rcpp::_["df"] = static_cast<int>(test.df),
                              Rcpp::_["pval"] = na(test.pval));
  });
}

static SEXP wrap_mh(const MhFit& f) {
  Rcpp::List out = wrap_common(f, f.k_pos);
  using Rcpp::_;
  out["tests"] = Rcpp::List::create(_["CO"] = na(f.CO), _["COp"] = na(f.COp), _["MH"] = na(f.MH),
                                    _["MHp"] = na(f.MHp), _["BD"] = na(f.BD), _["BDp"] = na(f.BDp),
                                    _["TA"] = na(f.TA), _["TAp"] = na(f.TAp));
  return out;
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_mh(Rcpp::List columns, std::string measure, Rcpp::List effects, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector a = columns["ai"], b = columns["bi"], c = columns["ci"],
                              d = columns["di"];
    const TwoByTwo table{map_vec(a), map_vec(b), map_vec(c), map_vec(d)};
    const MhMeasure m =
        measure == "OR" ? MhMeasure::OR : (measure == "RR" ? MhMeasure::RR : MhMeasure::RD);
    return wrap_mh(fit_mh(table, m, as_effect_spec(effects), as_mh_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_mh_rates(Rcpp::List columns, std::string measure, Rcpp::List effects, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector x1 = columns["x1i"], x2 = columns["x2i"], t1 = columns["t1i"],
                              t2 = columns["t2i"];
    const PersonTime data{map_vec(x1), map_vec(x2), map_vec(t1), map_vec(t2)};
    const RateMeasure m = measure == "IRR" ? RateMeasure::IRR : RateMeasure::IRD;
    return wrap_mh(fit_mh_rates(data, m, as_effect_spec(effects), as_mh_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_peto(Rcpp::List columns, Rcpp::List effects, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector a = columns["ai"], b = columns["bi"], c = columns["ci"],
                              d = columns["di"];
    const TwoByTwo table{map_vec(a), map_vec(b), map_vec(c), map_vec(d)};
    const PetoFit f = fit_peto(table, as_effect_spec(effects), as_peto_spec(spec));
    return wrap_common(f, f.k_pos);
  });
}

// spec: level, tau2, ddf, pi_df, simple, and `cutoff` (none, or one for each row) with `above`.
// [[Rcpp::export(rng = false)]]
SEXP cpp_predict(const Rcpp::NumericMatrix& x_new, const Rcpp::NumericVector& beta,
                 const Rcpp::NumericMatrix& vb, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector tau2 = spec["tau2"], ddf = spec["ddf"], pi_df = spec["pi_df"],
                              cutoff = spec["cutoff"];
    const Prediction p = predict_rma(map_mat(x_new), map_vec(beta), map_mat(vb),
                                     {Rcpp::as<double>(spec["level"]), map_vec(tau2), map_vec(ddf),
                                      map_vec(pi_df), Rcpp::as<bool>(spec["simple"])});
    Rcpp::List out = Rcpp::List::create(
        Rcpp::_["pred"] = wrap_vec(p.pred), Rcpp::_["se"] = wrap_vec(p.se),
        Rcpp::_["ci.lb"] = wrap_vec(p.ci_lb), Rcpp::_["ci.ub"] = wrap_vec(p.ci_ub),
        Rcpp::_["pi.lb"] = wrap_vec(p.pi_lb), Rcpp::_["pi.ub"] = wrap_vec(p.pi_ub),
        Rcpp::_["pi.se"] = wrap_vec(p.pi_se));
    if (cutoff.size() > 0) {
      out["prob"] = wrap_vec(predictive_share(p, map_vec(pi_df), map_vec(cutoff),
                                              Rcpp::as<std::vector<bool>>(spec["above"])));
    }
    return out;
  });
}

// type: index in the order of tau2_interval_types in R.
// [[Rcpp::export(rng = false)]]
SEXP cpp_tau2_interval(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                       const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights, SEXP spec,
                       double tau2, double se, int type) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
    const Tau2Interval out =
        tau2_interval(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec),
                      tau2, se, static_cast<IntervalType>(type - 1));
    return Rcpp::List::create(Rcpp::_["lb"] = na(out.lb), Rcpp::_["ub"] = na(out.ub),
                              Rcpp::_["empty"] = out.empty);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_heterogeneity_interval(double Q, double df, double level, bool noncentral) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const HeterogeneityInterval h = heterogeneity_interval(
        Q, df, level, noncentral ? HMethod::NoncentralChisq : HMethod::TestBased);
    return Rcpp::List::create(_["H"] = na(h.H), _["H.lb"] = na(h.H_lb), _["H.ub"] = na(h.H_ub),
                              _["I2"] = na(h.I2), _["I2.lb"] = na(h.I2_lb),
                              _["I2.ub"] = na(h.I2_ub));
  });
}
