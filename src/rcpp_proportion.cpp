#include "core/proportion.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_proportion_effects(const Rcpp::NumericVector& xi, const Rcpp::NumericVector& ni,
                            bool freeman_tukey) {
  return run_core([&]() -> SEXP {
    const ProportionEffects e = proportion_effects(map_vec(xi), map_vec(ni), freeman_tukey);
    return Rcpp::List::create(Rcpp::_["yi"] = wrap_vec(e.yi), Rcpp::_["vi"] = wrap_vec(e.vi));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_proportion_intervals(const Rcpp::NumericVector& xi, const Rcpp::NumericVector& ni,
                              double level, const std::string& method) {
  return run_core([&]() -> SEXP {
    const ProportionInterval type = method == "exact"      ? ProportionInterval::Exact
                                    : method == "wald"     ? ProportionInterval::Wald
                                    : method == "agresti"  ? ProportionInterval::Agresti
                                    : method == "jeffreys" ? ProportionInterval::Jeffreys
                                                           : ProportionInterval::Score;
    const ProportionLimits out = proportion_intervals(map_vec(xi), map_vec(ni), level, type);
    return Rcpp::List::create(Rcpp::_["lb"] = wrap_vec(out.lb), Rcpp::_["ub"] = wrap_vec(out.ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_freeman_tukey_inverse(const Rcpp::NumericVector& t, const Rcpp::NumericVector& ni) {
  return run_core([&]() -> SEXP {
    const double n = harmonic_mean(map_vec(ni));
    return Rcpp::List::create(Rcpp::_["p"] = wrap_vec(freeman_tukey_inverse(map_vec(t), n)),
                              Rcpp::_["zero"] = freeman_tukey_zero(n), Rcpp::_["n"] = n);
  });
}
