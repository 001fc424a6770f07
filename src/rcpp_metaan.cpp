#include "core/metaan.hpp"
#include "core/profile_mean.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_profile_mean(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double mu,
                      double tau2, double level) {
  return run_core([&]() -> SEXP {
    const Interval out = profile_mean_interval(map_vec(yi), map_vec(vi), mu, tau2, level);
    return Rcpp::List::create(Rcpp::_["lb"] = na(out.lb), Rcpp::_["ub"] = na(out.ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_permutation_interval(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                              double level, int reps, int seed) {
  return run_core([&]() -> SEXP {
    const Interval out = permutation_interval(map_vec(yi), map_vec(vi), level, reps,
                                              static_cast<std::uint64_t>(seed));
    return Rcpp::List::create(Rcpp::_["lb"] = na(out.lb), Rcpp::_["ub"] = na(out.ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_bootstrap_tau2(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, int reps,
                        int seed) {
  return run_core([&]() -> SEXP {
    return Rcpp::wrap(
        bootstrap_tau2(map_vec(yi), map_vec(vi), reps, static_cast<std::uint64_t>(seed)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_profile_log_likelihood(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                                const Rcpp::NumericVector& grid, bool of_tau2) {
  return run_core([&]() -> SEXP {
    return wrap_vec(profile_log_likelihood(map_vec(yi), map_vec(vi), map_vec(grid), of_tau2));
  });
}
