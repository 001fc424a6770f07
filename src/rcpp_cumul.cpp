#include "core/cumul.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_cumul(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
               const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
               const Rcpp::List& spec, const std::vector<int>& ends) {
  return run_core([&]() -> SEXP {
    return wrap_fit_table(cumulative(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights),
                                     as_model_spec(spec), ends));
  });
}
