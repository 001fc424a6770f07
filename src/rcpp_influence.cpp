#include "core/influence.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_residuals(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                   const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights, double tau2,
                   bool weighted) {
  return run_core([&]() -> SEXP {
    const Residuals r =
        residuals(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), tau2, weighted);
    return Rcpp::List::create(Rcpp::_["resid"] = wrap_vec(r.resid), Rcpp::_["se"] = wrap_vec(r.se),
                              Rcpp::_["z"] = wrap_vec(r.z),
                              Rcpp::_["pearson"] = wrap_vec(r.pearson),
                              Rcpp::_["hat"] = wrap_vec(r.hat));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_conditional_residuals(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                               const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
                               double tau2, bool weighted) {
  return run_core([&]() -> SEXP {
    const Residuals r = conditional_residuals(map_vec(yi), map_vec(vi), map_mat(X),
                                              map_vec(weights), tau2, weighted);
    return Rcpp::List::create(Rcpp::_["resid"] = wrap_vec(r.resid), Rcpp::_["se"] = wrap_vec(r.se),
                              Rcpp::_["z"] = wrap_vec(r.z));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_influence(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                   const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
                   const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    const Influence f =
        influence(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec));
    return Rcpp::List::create(
        Rcpp::_["resid"] = wrap_vec(f.resid), Rcpp::_["se"] = wrap_vec(f.se),
        Rcpp::_["z"] = wrap_vec(f.z), Rcpp::_["dffits"] = wrap_vec(f.dffits),
        Rcpp::_["cook.d"] = wrap_vec(f.cook), Rcpp::_["cov.r"] = wrap_vec(f.cov_r),
        Rcpp::_["tau2.del"] = wrap_vec(f.tau2), Rcpp::_["QE.del"] = wrap_vec(f.QE),
        Rcpp::_["hat"] = wrap_vec(f.hat), Rcpp::_["fit.shift"] = wrap_vec(f.fit_shift),
        Rcpp::_["dfbetas"] = wrap_mat(f.dfbetas));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_weights(const Rcpp::NumericVector& vi, const Rcpp::NumericVector& weights, double tau2,
                 bool weighted, bool percent) {
  return run_core([&]() -> SEXP {
    const auto v = map_vec(vi);
    const auto w = map_vec(weights);
    return wrap_vec(percent ? percent_weights(v, w, tau2, weighted)
                            : model_weights(v, w, tau2, weighted));
  });
}
