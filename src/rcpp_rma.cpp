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
SEXP cpp_rma(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
             const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights, SEXP spec,
             SEXP rest, SEXP shape) {
  return run_core([&]() -> SEXP {
    SEXP names = Rf_getAttrib(X, R_DimNamesSymbol);
    SEXP columns = Rf_isNull(names) ? R_NilValue : VECTOR_ELT(names, 1);
    return wrap_fit(
        fit_rma(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec)),
        columns, rest, shape);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_tau2(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
              const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
              SEXP spec) {
  return run_core([&]() -> SEXP {
    return Rcpp::wrap(
        estimate_tau2(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_independent_columns(const Rcpp::NumericMatrix& X) {
  return run_core([&]() -> SEXP { return Rcpp::wrap(independent_columns(map_mat(X))); });
}
