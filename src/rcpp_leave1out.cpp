#include "core/leave1out.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_leave1out(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                   const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
                   const Rcpp::List& spec, const Rcpp::IntegerVector& cluster, int n) {
  return run_core([&]() -> SEXP {
    std::vector<int> groups(cluster.begin(), cluster.end());
    for (int& g : groups) --g;
    return wrap_fit_table(leave_one_out(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights),
                                        as_model_spec(spec), groups, n));
  });
}
