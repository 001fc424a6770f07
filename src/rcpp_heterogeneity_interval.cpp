#include "core/heterogeneity_interval.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_heterogeneity_interval(double Q, double df, double level, bool noncentral) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const HeterogeneityInterval h = heterogeneity_interval(
        Q, df, level, noncentral ? HMethod::NoncentralChisq : HMethod::TestBased);
    return Rcpp::List::create(_["H"] = na(h.H), _["H.lb"] = na(h.H_lb), _["H.ub"] = na(h.H_ub),
                              _["I2"] = na(h.I2), _["I2.lb"] = na(h.I2_lb),
                              _["I2.ub"] = na(h.I2_ub));
  });
}
