#include "core/subgroup.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_test_between(const Rcpp::NumericVector& estimate, const Rcpp::NumericVector& se) {
  return run_core([&]() -> SEXP {
    const BetweenTest test = test_between(map_vec(estimate), map_vec(se));
    return Rcpp::NumericVector::create(na(test.Q), test.df, na(test.pval));
  });
}
