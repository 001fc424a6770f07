#include "core/distributions.hpp"
#include "core/random_effects.hpp"
#include "core/tau2.hpp"
#include "core/weighted_ls.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
double cpp_critical_value(double level, double df) { return critical_value(level, df); }

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

// [[Rcpp::export(rng = false)]]
SEXP cpp_tau2(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
              const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights, SEXP spec) {
  return run_core([&]() -> SEXP {
    return Rcpp::wrap(
        estimate_tau2(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_independent_columns(const Rcpp::NumericMatrix& X) {
  return run_core([&]() -> SEXP { return Rcpp::wrap(independent_columns(map_mat(X))); });
}
