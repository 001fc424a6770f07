// Glue of the generalised linear mixed models: counts and choices in, one list of numbers out.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/linalg/distributions.hpp"
#include "core/model/glmm.hpp"
#include "core/model/likelihood_tests.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

constexpr std::array<std::pair<const char*, GlmmMeasure>, 4> kGlmmMeasures{
    {{"OR", GlmmMeasure::OR},
     {"IRR", GlmmMeasure::IRR},
     {"PLO", GlmmMeasure::PLO},
     {"IRLN", GlmmMeasure::IRLN}}};

constexpr std::array<std::pair<const char*, GlmmKind>, 4> kKinds{
    {{"UM.FS", GlmmKind::FixedStudies},
     {"UM.RS", GlmmKind::RandomStudies},
     {"CM.AL", GlmmKind::ConditionalApproximate},
     {"CM.EL", GlmmKind::ConditionalExact}}};

GlmmData as_glmm_data(const Rcpp::List& data) {
  const Rcpp::NumericMatrix X = data["X"];
  return {column(data, "events1"), column(data, "size1"), column(data, "events2"),
          column(data, "size2"), map_mat(X)};
}

GlmmSpec as_glmm_spec(const Rcpp::List& spec) {
  GlmmSpec out;
  out.measure =
      match_choice(kGlmmMeasures, Rcpp::as<std::string>(spec["measure"]).c_str(), "measure");
  out.kind = match_choice(kKinds, Rcpp::as<std::string>(spec["model"]).c_str(), "model");
  out.random = Rcpp::as<bool>(spec["random"]);
  out.correlated = Rcpp::as<bool>(spec["cor"]);
  out.coding = Rcpp::as<double>(spec["coding"]);
  out.points = Rcpp::as<int>(spec["points"]);
  out.tau2 = Rcpp::as<double>(spec["tau2"]);
  return out;
}

}  // namespace

// spec: also level, btt (from 1), ddf (NA: normal), df (of the tests of heterogeneity), n (of the criteria).
// [[Rcpp::export(rng = false)]]
SEXP cpp_glmm(Rcpp::List data, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const GlmmFit fit = fit_glmm(as_glmm_data(data), as_glmm_spec(spec));
    const double ddf = spec["ddf"], level = spec["level"], df = spec["df"], n = spec["n"];
    const std::vector<int> btt = from_one(spec["btt"], "btt");
    const WaldTable t =
        wald_table(fit.beta, fit.vb.diagonal(), Vec::Zero(fit.beta.size()), level, ddf);
    const Omnibus q = omnibus_test(fit.beta, fit.vb, btt, ddf);
    const FitStats s = likelihood_criteria(fit.ll, fit.ll_saturated, n, fit.parameters);
    const auto tail = [&](double x) {
      return df > 0.0 && std::isfinite(x) ? chisq_upper(x, df) : (df > 0.0 ? kNaN : 1.0);
    };
    Rcpp::List out = Rcpp::List::create(
        _["beta"] = wrap_vec(fit.beta), _["vb"] = wrap_mat(fit.vb), _["se"] = wrap_vec(t.se),
        _["zval"] = wrap_vec(t.stat), _["pval"] = wrap_vec(t.pval), _["ci.lb"] = wrap_vec(t.ci_lb),
        _["ci.ub"] = wrap_vec(t.ci_ub), _["tau2"] = fit.tau2, _["se.tau2"] = na(fit.se_tau2),
        _["sigma2"] = na(fit.sigma2), _["rho"] = na(fit.rho),
        _["QE.Wld"] =
            Rcpp::List::create(_["stat"] = na(fit.QE_wald), _["pval"] = na(tail(fit.QE_wald))),
        _["QE.LRT"] =
            Rcpp::List::create(_["stat"] = na(fit.QE_lrt), _["pval"] = na(tail(fit.QE_lrt))),
        _["QM"] = Rcpp::List::create(_["stat"] = na(q.stat), _["pval"] = na(q.pval)),
        _["stats"] = Rcpp::NumericVector::create(s.ll, na(s.dev), s.AIC, s.BIC, s.AICc));
    out["ll"] = fit.ll;
    out["ll.common"] = fit.ll_common;
    out["ll.saturated"] = na(fit.ll_saturated);
    out["parms"] = fit.parameters;
    out["points"] = static_cast<int>(fit.points);
    out["singular"] = fit.singular;
    out["hessian"] = wrap_mat(fit.hessian);
    out["effect"] = Rcpp::List::create(_["mean"] = wrap_vec(fit.effect_mean),
                                       _["sd"] = wrap_vec(fit.effect_sd));
    out["study"] =
        Rcpp::List::create(_["mean"] = wrap_vec(fit.level_mean), _["sd"] = wrap_vec(fit.level_sd));
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_glmm_profile(Rcpp::List data, Rcpp::List spec, const Rcpp::NumericVector& values) {
  return run_core([&]() -> SEXP {
    Mat beta, se;
    const Vec ll =
        glmm_profile(as_glmm_data(data), as_glmm_spec(spec), map_vec(values), &beta, &se);
    return Rcpp::List::create(Rcpp::_["ll"] = wrap_vec(ll), Rcpp::_["beta"] = wrap_mat(beta),
                              Rcpp::_["se"] = wrap_mat(se));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_glmm_interval(Rcpp::List data, Rcpp::List spec, double level) {
  return run_core([&]() -> SEXP {
    const GlmmData studies = as_glmm_data(data);
    const GlmmSpec choices = as_glmm_spec(spec);
    const Interval i = glmm_interval(studies, choices, fit_glmm(studies, choices), level);
    return Rcpp::NumericVector::create(na(i.lb), na(i.ub));
  });
}
