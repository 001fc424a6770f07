// Glue of the location-scale models: studies and choices in, one list of numbers out.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/model/likelihood_tests.hpp"
#include "core/model/location_scale.hpp"
#include "core/model/random_coefficients.hpp"
#include "core/model/random_effects.hpp"
#include "core/ranges.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

LocationScaleData as_ls_data(const Rcpp::List& data) {
  const Rcpp::NumericVector yi = data["yi"], vi = data["vi"];
  const Rcpp::NumericMatrix X = data["X"], Z = data["Z"];
  return {map_vec(yi), map_vec(vi), map_mat(X), map_mat(Z)};
}

// spec: link, restricted, reml_design, joint, alpha, beta (NA: free) and alpha.init (may be of length 0).
LocationScaleSpec as_ls_spec(const Rcpp::List& spec) {
  const Rcpp::NumericVector alpha = spec["alpha"], start = spec["alpha.init"], beta = spec["beta"];
  LocationScaleSpec out;
  out.link = Rcpp::as<std::string>(spec["link"]) == "log" ? ScaleLink::Log : ScaleLink::Identity;
  out.restricted = Rcpp::as<bool>(spec["restricted"]);
  out.reml_design = Rcpp::as<bool>(spec["reml_design"]);
  out.alpha = map_vec(alpha);
  out.alpha_start = map_vec(start);
  out.beta = map_vec(beta);
  out.joint = Rcpp::as<bool>(spec["joint"]);
  return out;
}

double variance_factor(const std::string& test, double rss, double df) {
  if (test == "z" || test == "t") return 1.0;
  const double s2w = df > 0.0 ? rss / df : kNaN;
  return test == "adhoc" ? std::max(1.0, s2w) : s2w;
}

Rcpp::NumericVector wrap_criteria(const FitStats& s) {
  return Rcpp::NumericVector::create(s.ll, s.dev, s.AIC, s.BIC, s.AICc);
}

Rcpp::List wrap_tests(const WaldTable& t, const Omnibus& q) {
  using Rcpp::_;
  return Rcpp::List::create(_["se"] = wrap_vec(t.se), _["zval"] = wrap_vec(t.stat),
                            _["pval"] = wrap_vec(t.pval), _["ci.lb"] = wrap_vec(t.ci_lb),
                            _["ci.ub"] = wrap_vec(t.ci_ub), _["Q"] = na(q.stat),
                            _["Qp"] = na(q.pval));
}

// How many of n parameters are free.
double free_of(const Vec& given, double n) {
  return given.size() == 0 ? n : static_cast<double>(given.array().isNaN().count());
}

}  // namespace

// spec: also level, test, btt, att (from 1).
// [[Rcpp::export(rng = false)]]
SEXP cpp_location_scale(Rcpp::List data, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const LocationScaleData studies = as_ls_data(data);
    const LocationScaleSpec choices = as_ls_spec(spec);
    const LocationScaleFit fit = fit_location_scale(studies, choices);
    const double k = static_cast<double>(studies.yi.size()),
                 p = static_cast<double>(fit.beta.size());
    const double q = static_cast<double>(fit.alpha.size());
    const auto test = Rcpp::as<std::string>(spec["test"]);
    const double level = spec["level"], s2w = variance_factor(test, fit.rss, k - p);
    const double ddf = test == "z" ? kNaN : k - p, ddf_alpha = test == "z" ? kNaN : k - q;
    const Mat vb = fit.vb * s2w;
    ModelSpec common;
    common.method = Tau2Method::FE;
    const RmaFit fixed = fit_rma(studies.yi, studies.vi, studies.X, Vec(), common);
    const double free = free_of(choices.alpha, q) + free_of(choices.beta, p);
    const double saturated = studies.vi.minCoeff() > 0.0 ? fixed.ml.ll + 0.5 * fixed.ml.dev : 0.0;
    Rcpp::List out = Rcpp::List::create(
        _["beta"] = wrap_vec(fit.beta), _["vb"] = wrap_mat(vb), _["alpha"] = wrap_vec(fit.alpha),
        _["va"] = wrap_mat(fit.va), _["tau2"] = wrap_vec(fit.tau2), _["H"] = wrap_mat(fit.hessian),
        _["location"] =
            wrap_tests(wald_table(fit.beta, vb.diagonal(), Vec::Zero(fit.beta.size()), level, ddf),
                       omnibus_test(fit.beta, vb, from_one(spec["btt"], "btt"), ddf)),
        _["scale"] = wrap_tests(
            wald_table(fit.alpha, fit.va.diagonal(), Vec::Zero(fit.alpha.size()), level, ddf_alpha),
            omnibus_test(fit.alpha, fit.va, from_one(spec["att"], "att"), ddf_alpha)),
        _["s2w"] = s2w,
        _["QE"] = Rcpp::List::create(_["stat"] = na(fixed.QE), _["pval"] = na(fixed.QEp)),
        _["vt"] = na(fixed.vt),
        _["ML"] = wrap_criteria(likelihood_criteria(fit.ml, saturated, k, free)),
        _["REML"] = wrap_criteria(likelihood_criteria(fit.reml, 0.0, k - p, free)),
        _["ll"] = fit.ll, _["maxima"] = fit.maxima);
    out["separated"] = fit.separated;
    out["bounded"] = fit.bounded;
    out["singular"] = fit.singular;
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_location_scale_profile(Rcpp::List data, Rcpp::List spec, int which,
                                const Rcpp::NumericVector& values) {
  return run_core([&]() -> SEXP {
    Mat beta, se;
    check_index(which - 1, as_ls_data(data).Z.cols(), "alpha");
    const Vec ll = location_scale_profile(as_ls_data(data), as_ls_spec(spec), which - 1,
                                          map_vec(values), &beta, &se);
    return Rcpp::List::create(Rcpp::_["ll"] = wrap_vec(ll), Rcpp::_["beta"] = wrap_mat(beta),
                              Rcpp::_["se"] = wrap_mat(se));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_location_scale_interval(Rcpp::List data, Rcpp::List spec, int which, double level) {
  return run_core([&]() -> SEXP {
    const LocationScaleData studies = as_ls_data(data);
    const LocationScaleSpec choices = as_ls_spec(spec);
    check_index(which - 1, studies.Z.cols(), "alpha");
    const LocationScaleFit fit = fit_location_scale(studies, choices);
    const Interval i = location_scale_interval(studies, choices, fit, which - 1, level);
    return Rcpp::NumericVector::create(na(i.lb), na(i.ub));
  });
}

// For each column of `order`, the fit with rows of X or Z in that order (rows from 1) or with these signs of the
// estimates: coefficients, their statistics and the omnibus statistic. part: "X", "Z" or "signs".
// [[Rcpp::export(rng = false)]]
SEXP cpp_location_scale_permuted(Rcpp::List data, Rcpp::List spec, const Rcpp::IntegerMatrix& order,
                                 const std::string& part) {
  return run_core([&]() -> SEXP {
    const bool location = part != "Z";
    const LocationScaleData studies = as_ls_data(data);
    const LocationScaleSpec choices = as_ls_spec(spec);
    const double k = static_cast<double>(studies.yi.size());
    const auto test = Rcpp::as<std::string>(spec["test"]);
    const Index columns = location ? studies.X.cols() : studies.Z.cols();
    Mat estimate(order.ncol(), columns), stat(order.ncol(), columns);
    Vec joint(order.ncol());
    check_fits(order.nrow() == studies.yi.size(), "x");
    if (part != "signs")
      check_indices(from_one({order.begin(), order.end()}, "x"), studies.yi.size(), "x");
    for (int c = 0; c < order.ncol(); ++c) {
      if (c % 16 == 0) check_interrupt();
      LocationScaleData mixed = studies;
      for (int i = 0; i < order.nrow(); ++i) {
        if (part == "signs") {
          mixed.yi[i] *= order(i, c);
        } else if (location) {
          mixed.X.row(i) = studies.X.row(order(i, c) - 1);
        } else {
          mixed.Z.row(i) = studies.Z.row(order(i, c) - 1);
        }
      }
      const LocationScaleFit fit = fit_location_scale(mixed, choices);
      const double df = k - static_cast<double>(fit.beta.size());
      const Mat v = location ? Mat(fit.vb * variance_factor(test, fit.rss, df)) : fit.va;
      const Vec& b = location ? fit.beta : fit.alpha;
      const double ddf = test == "z" ? kNaN : k - static_cast<double>(columns);
      estimate.row(c) = b.transpose();
      stat.row(c) = wald_table(b, v.diagonal(), Vec::Zero(columns), 0.95, ddf).stat.transpose();
      joint[c] = omnibus_test(b, v, from_one(spec[location ? "btt" : "att"], "btt"), ddf).stat;
    }
    return Rcpp::List::create(Rcpp::_["estimate"] = wrap_mat(estimate),
                              Rcpp::_["stat"] = wrap_mat(stat), Rcpp::_["joint"] = wrap_vec(joint));
  });
}

static const std::array<std::pair<const char*, CoefficientCovariance>, 4> kCovariances = {{
    {"identity", CoefficientCovariance::Identity},
    {"independent", CoefficientCovariance::Independent},
    {"exchangeable", CoefficientCovariance::Exchangeable},
    {"unstructured", CoefficientCovariance::Unstructured},
}};

// own: the group of each row, from 1.
// [[Rcpp::export(rng = false)]]
SEXP cpp_random_coefficients(const Rcpp::NumericVector& y, const Rcpp::NumericMatrix& X,
                             const Rcpp::NumericMatrix& Z, const Rcpp::IntegerVector& own,
                             const std::string& structure, bool restricted) {
  return run_core([&]() -> SEXP {
    const std::vector<int> group = from_one({own.begin(), own.end()}, "group");
    const RandomCoefficients out = fit_random_coefficients(
        map_vec(y), map_mat(X), map_mat(Z), group,
        match_choice(kCovariances, structure.c_str(), "covariance"), restricted);
    using Rcpp::_;
    return Rcpp::List::create(_["beta"] = wrap_vec(out.beta), _["V"] = wrap_mat(out.vb),
                              _["G"] = wrap_mat(out.G), _["s2_e"] = out.s2, _["ll"] = out.ll,
                              _["ll_c"] = out.ll_0, _["theta"] = wrap_vec(out.theta),
                              _["v_theta"] = wrap_mat(out.v_theta),
                              _["effects"] = wrap_mat(out.effects), _["converged"] = out.converged);
  });
}
