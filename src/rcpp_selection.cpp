// Glue of the selection models: studies and choices in, one list of numbers out.
#include <string>
#include <utility>
#include <vector>

#include "core/bias/selection_model.hpp"
#include "core/model/likelihood_tests.hpp"
#include "core/ranges.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

constexpr std::array<std::pair<const char*, SelectionType>, 9> kTypes{
    {{"beta", SelectionType::Beta},
     {"halfnorm", SelectionType::HalfNormal},
     {"negexp", SelectionType::NegExp},
     {"logistic", SelectionType::Logistic},
     {"power", SelectionType::Power},
     {"negexppow", SelectionType::NegExpPower},
     {"stepfun", SelectionType::Step},
     {"trunc", SelectionType::Truncated},
     {"truncest", SelectionType::TruncatedAt}}};

constexpr std::array<std::pair<const char*, SelectionSide>, 3> kSides{
    {{"greater", SelectionSide::Greater},
     {"less", SelectionSide::Less},
     {"two.sided", SelectionSide::TwoSided}}};

std::string word(const Rcpp::List& x, const char* name) { return Rcpp::as<std::string>(x[name]); }

Vec numbers(SEXP x) {
  const Rcpp::Shield<SEXP> real(as_real(x));
  return real_vec(real);
}

// data: yi, vi, X, affected, precision (NULL: 1).
SelectionData as_selection_data(const Rcpp::List& data) {
  SelectionData out;
  out.yi = numbers(data["yi"]);
  out.vi = numbers(data["vi"]);
  const Rcpp::NumericMatrix X = data["X"];
  out.X = map_mat(X);
  out.affected = Rcpp::as<std::vector<bool>>(data["affected"]);
  out.precision = numbers(data["precision"]);
  return out;
}

SelectionSpec as_selection_spec(const Rcpp::List& spec) {
  SelectionSpec out;
  out.type = match_choice(kTypes, word(spec, "type").c_str(), "type");
  out.side = match_choice(kSides, word(spec, "alternative").c_str(), "alternative");
  out.steps = numbers(spec["steps"]);
  out.decreasing = Rcpp::as<bool>(spec["decreasing"]);
  out.pval_min = Rcpp::as<double>(spec["pval.min"]);
  out.delta = numbers(spec["delta"]);
  out.delta_min = numbers(spec["delta.min"]);
  out.delta_max = numbers(spec["delta.max"]);
  out.delta_start = numbers(spec["delta.init"]);
  out.tau2 = Rcpp::as<double>(spec["tau2"]);
  out.tau2_max = Rcpp::as<double>(spec["tau2.max"]);
  out.level = Rcpp::as<double>(spec["level"]);
  return out;
}

Rcpp::List wrap_table(const Vec& estimate, const WaldTable& t) {
  using Rcpp::_;
  return Rcpp::List::create(_["estimate"] = wrap_vec(estimate), _["se"] = wrap_vec(t.se),
                            _["zval"] = wrap_vec(t.stat), _["pval"] = wrap_vec(t.pval),
                            _["ci.lb"] = wrap_vec(t.ci_lb), _["ci.ub"] = wrap_vec(t.ci_ub));
}

SelectionFit as_selection_fit(const Rcpp::List& fit) {
  SelectionFit out;
  out.beta = numbers(fit["beta"]);
  out.tau2 = Rcpp::as<double>(fit["tau2"]);
  out.delta = numbers(fit["delta"]);
  out.ll = Rcpp::as<double>(fit["ll"]);
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_selmodel_p_values(Rcpp::List data, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    SelectionData studies;
    studies.yi = numbers(data["yi"]);
    studies.vi = numbers(data["vi"]);
    return wrap_vec(selection_p_values(studies, as_selection_spec(spec)));
  });
}

// null: values of delta without selection; btt from 1.
// [[Rcpp::export(rng = false)]]
SEXP cpp_selmodel(Rcpp::List data, Rcpp::List spec, const Rcpp::NumericVector& null,
                  std::vector<int> btt) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const SelectionData studies = as_selection_data(data);
    const SelectionSpec choices = as_selection_spec(spec);
    const SelectionFit fit = fit_selection(studies, choices);
    const Index p = fit.beta.size(), d = fit.delta.size();
    check_fits(null.size() == d, "delta");
    const Mat vb = fit.vcov.topLeftCorner(p, p);
    const Omnibus omnibus = omnibus_test(fit.beta, vb, from_one(std::move(btt), "btt"), kNaN);
    const bool random = std::isnan(choices.tau2);
    const double free_deltas = static_cast<double>(choices.delta.array().isNaN().count());
    const double ll0 = unselected_ll(studies, choices);
    const LikelihoodRatio selection = likelihood_ratio(fit.ll, ll0, free_deltas);
    LikelihoodRatio heterogeneity;
    if (random) {
      SelectionSpec common = choices;
      common.tau2 = 0.0;
      const double without = fit.tau2 == 0.0 ? fit.ll : fit_selection_from(studies, common, fit).ll;
      heterogeneity = likelihood_ratio(fit.ll, without, 1.0);
    }
    const double parms = static_cast<double>(p) + (random ? 1.0 : 0.0) + free_deltas;
    const FitStats stats =
        likelihood_criteria(fit.ll, 0.0, static_cast<double>(studies.yi.size()), parms);
    const Vec tau2 = Vec::Constant(1, fit.tau2);
    Rcpp::List out = Rcpp::List::create(
        _["beta"] = wrap_table(
            fit.beta, wald_table(fit.beta, vb.diagonal(), Vec::Zero(p), choices.level, kNaN)),
        _["tau2"] = wrap_table(tau2, wald_table(tau2, fit.vcov.diagonal().segment(p, 1),
                                                Vec::Zero(1), choices.level, kNaN)),
        _["delta"] = wrap_table(fit.delta, wald_table(fit.delta, fit.vcov.diagonal().tail(d),
                                                      map_vec(null), choices.level, kNaN)),
        _["vb"] = wrap_mat(vb), _["vd"] = wrap_mat(fit.vcov.bottomRightCorner(d, d)),
        _["hessian"] = wrap_mat(fit.hessian), _["gradient"] = wrap_vec(fit.gradient),
        _["ll"] = fit.ll, _["ll0"] = ll0,
        _["LRT"] = Rcpp::List::create(_["stat"] = selection.stat, _["pval"] = na(selection.pval)),
        _["LRT.tau2"] = Rcpp::List::create(_["stat"] = na(heterogeneity.stat),
                                           _["pval"] = na(heterogeneity.pval)),
        _["QM"] = Rcpp::List::create(_["stat"] = na(omnibus.stat), _["pval"] = na(omnibus.pval)),
        _["stats"] =
            Rcpp::NumericVector::create(stats.ll, stats.dev, stats.AIC, stats.BIC, stats.AICc),
        _["parms"] = parms);
    out["maxima"] = fit.maxima;
    out["singular"] = fit.singular;
    out["starts"] = fit.starts;
    out["iterations"] = fit.iterations;
    return out;
  });
}

// fit: beta, tau2, delta, ll; which: 0 for tau2, else the number of a delta.
// [[Rcpp::export(rng = false)]]
SEXP cpp_selmodel_profile(Rcpp::List data, Rcpp::List spec, Rcpp::List fit, int which,
                          const Rcpp::NumericVector& values) {
  return run_core([&]() -> SEXP {
    Mat beta, se;
    check_index(which, numbers(spec["delta"]).size() + 1, "delta");
    const Vec ll = selection_profile(as_selection_data(data), as_selection_spec(spec),
                                     as_selection_fit(fit), which - 1, map_vec(values), &beta, &se);
    return Rcpp::List::create(Rcpp::_["ll"] = wrap_vec(ll), Rcpp::_["beta"] = wrap_mat(beta),
                              Rcpp::_["se"] = wrap_mat(se));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_selmodel_interval(Rcpp::List data, Rcpp::List spec, Rcpp::List fit, int which,
                           double level) {
  return run_core([&]() -> SEXP {
    check_index(which, numbers(spec["delta"]).size() + 1, "delta");
    const SelectionInterval i = selection_interval(as_selection_data(data), as_selection_spec(spec),
                                                   as_selection_fit(fit), which - 1, level);
    return Rcpp::List::create(Rcpp::_["lb"] = na(i.lb), Rcpp::_["ub"] = na(i.ub),
                              Rcpp::_["below"] = i.below, Rcpp::_["above"] = i.above);
  });
}

// Weights at p values, a column for each row of delta; `slope`: their derivatives at the first.
// [[Rcpp::export(rng = false)]]
SEXP cpp_selmodel_curve(Rcpp::List spec, const Rcpp::NumericVector& p,
                        const Rcpp::NumericMatrix& delta, double precision, double sd) {
  return run_core([&]() -> SEXP {
    const SelectionCurve c =
        selection_curve(as_selection_spec(spec), map_vec(p), map_mat(delta), precision, sd);
    return Rcpp::List::create(Rcpp::_["weight"] = wrap_mat(c.weight),
                              Rcpp::_["slope"] = wrap_mat(c.slope));
  });
}
