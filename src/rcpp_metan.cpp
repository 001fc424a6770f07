#include "core/metan.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_cornfield(const Rcpp::NumericMatrix& cells, double level) {
  return run_core([&]() -> SEXP {
    const ConstMatMap x = map_mat(cells);
    const OddsLimits out = cornfield_limits(x.col(0), x.col(1), x.col(2), x.col(3), level);
    return Rcpp::List::create(Rcpp::_["lb"] = wrap_vec(out.lb), Rcpp::_["ub"] = wrap_vec(out.ub));
  });
}

// [[Rcpp::export(rng = false)]]
double cpp_q_around(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double centre) {
  return q_around(map_vec(yi), map_vec(vi), centre);
}
