// Glue of what is dependent: variances and covariances of sampling errors and of correlations, of doses against one
// reference, regression from matrices.
#include "core/effect/dependence.hpp"
#include "core/effect/dose_response.hpp"
#include "core/effect/effect_common.hpp"
#include "core/model/matrix_regression.hpp"
#include "core/ranges.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

Vec numbers(SEXP x) {
  const Rcpp::Shield<SEXP> real(as_real(x));
  return real_vec(real);
}

std::vector<int> codes(SEXP x) {
  if (Rf_isNull(x)) return {};
  return from_one(Rcpp::as<std::vector<int>>(x), "x");
}

PairCorrelation pairs(SEXP x) {
  PairCorrelation out;
  if (Rf_isNull(x)) return out;
  if (Rf_isMatrix(x)) {
    const Rcpp::Shield<SEXP> real(as_real(x));
    out.by_level = real_mat(real);
  } else {
    out.value = Rcpp::as<double>(x);
  }
  return out;
}

Dependence as_dependence(SEXP in) {
  Dependence d;
  d.obs = codes(element(in, "obs"));
  d.type = codes(element(in, "type"));
  d.grp1 = codes(element(in, "grp1"));
  d.grp2 = codes(element(in, "grp2"));
  d.time1 = numbers(element(in, "time1"));
  d.time2 = numbers(element(in, "time2"));
  d.w1 = numbers(element(in, "w1"));
  d.w2 = numbers(element(in, "w2"));
  d.of_obs = pairs(element(in, "rho_obs"));
  d.of_type = pairs(element(in, "rho_type"));
  d.phi = Rcpp::as<double>(element(in, "phi"));
  return d;
}

DoseDesign as_design(const std::string& name) {
  if (name == "cc") return DoseDesign::case_control;
  return name == "ir" ? DoseDesign::incidence_rate : DoseDesign::cumulative_incidence;
}

std::vector<Index> indices(SEXP x) {
  std::vector<Index> out;
  for (const int i : from_one(Rcpp::as<std::vector<int>>(x), "x")) out.push_back(i);
  return out;
}

SEXP wrap_regression(const MatrixRegression& r) {
  using Rcpp::_;
  return Rcpp::List::create(_["beta"] = wrap_vec(r.beta), _["vb"] = wrap_mat(r.vb),
                            _["R2"] = na(r.R2), _["rss"] = na(r.rss), _["ml"] = na(r.ml),
                            _["reml"] = na(r.reml));
}

}  // namespace

// The block of each set of rows.
// [[Rcpp::export(rng = false)]]
SEXP cpp_dependent_variances(SEXP dependence, const Rcpp::NumericVector& vi,
                             const Rcpp::List& sets) {
  return run_core([&]() -> SEXP {
    const Dependence d = as_dependence(dependence);
    Rcpp::List out(sets.size());
    for (R_xlen_t i = 0; i < sets.size(); ++i)
      out[i] = wrap_mat(dependent_variances(d, map_vec(vi), indices(sets[i])));
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_correlation_covariances(const Rcpp::NumericVector& r, const Rcpp::IntegerVector& first,
                                 const Rcpp::IntegerVector& second, int variables, double n,
                                 bool rtoz) {
  return run_core([&]() -> SEXP {
    return wrap_mat(
        correlation_covariances(map_vec(r), codes(first), codes(second), variables, n, rtoz));
  });
}

// means of length 0: without an intercept.
// [[Rcpp::export(rng = false)]]
SEXP cpp_matrix_regression(const Rcpp::NumericMatrix& S, int y, SEXP x, double n,
                           const Rcpp::NumericVector& means) {
  return run_core([&]() -> SEXP {
    return wrap_regression(
        matrix_regression(map_mat(S), y - 1, indices(x), n, means.size() > 0, map_vec(means)));
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_small_sample_factor(const Rcpp::NumericVector& m, bool exact) {
  Rcpp::NumericVector out(m.size());
  for (R_xlen_t i = 0; i < m.size(); ++i)
    out[i] = small_sample_factor(m[i], exact ? SmallSample::Exact : SmallSample::Approx);
  return out;
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_pooled_regression(const Rcpp::NumericMatrix& R, int y, SEXP x,
                           const Rcpp::NumericMatrix& V, bool covariances, bool ztor,
                           const Rcpp::NumericVector& means) {
  return run_core([&]() -> SEXP {
    return wrap_regression(pooled_regression(map_mat(R), y - 1, indices(x), map_mat(V),
                                             {covariances, ztor, map_vec(means)}));
  });
}

// One study of doses against row `reference`.
// [[Rcpp::export(rng = false)]]
SEXP cpp_dose_covariance(const std::string& design, const Rcpp::NumericVector& cases,
                         const Rcpp::NumericVector& size, const Rcpp::NumericVector& estimate,
                         const Rcpp::NumericVector& error, int reference, bool hamling) {
  return run_core([&]() -> SEXP {
    check_index(reference - 1, cases.size(), "reference");
    const auto method = hamling ? hamling_covariance : dose_covariance;
    const DoseCovariance d = method(as_design(design), map_vec(cases), map_vec(size),
                                    map_vec(estimate), map_vec(error), reference - 1);
    using Rcpp::_;
    return Rcpp::List::create(_["cases"] = wrap_vec(d.cases),
                              _["correlation"] = wrap_mat(d.correlation),
                              _["covariance"] = wrap_mat(d.covariance));
  });
}
