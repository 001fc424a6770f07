#include "core/tau2_interval.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// type: index in the order of tau2_interval_types in R.
// [[Rcpp::export(rng = false)]]
SEXP cpp_tau2_interval(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                       const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights, SEXP spec,
                       double tau2, double se, int type) {
  return run_core([&]() -> SEXP {
    const Tau2Interval out =
        tau2_interval(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec),
                      tau2, se, static_cast<IntervalType>(type - 1));
    return Rcpp::List::create(Rcpp::_["lb"] = na(out.lb), Rcpp::_["ub"] = na(out.ub),
                              Rcpp::_["empty"] = out.empty);
  });
}
