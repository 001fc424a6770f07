#include "core/transforms.hpp"

#include "core/transform_moments.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_transform(const std::string& name, const Rcpp::NumericVector& x,
                   const Rcpp::NumericVector& a, const Rcpp::NumericVector& b) {
  return run_core([&]() -> SEXP {
    const Vec out = transform_values(name, map_vec(x), map_vec(a), map_vec(b));
    return Rcpp::NumericVector(out.data(), out.data() + out.size());
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_transform_mean(const std::string& name, const Rcpp::NumericVector& x, double tau2,
                        double lower, double upper) {
  return run_core(
      [&]() -> SEXP { return wrap_vec(transform_mean(name, map_vec(x), tau2, lower, upper)); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_transform_mode(const std::string& name, const Rcpp::NumericVector& x, double tau2) {
  return run_core([&]() -> SEXP { return wrap_vec(transform_mode(name, map_vec(x), tau2)); });
}
