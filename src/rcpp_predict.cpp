#include "core/predict.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_predict(const Rcpp::NumericMatrix& x_new, const Rcpp::NumericVector& beta,
                 const Rcpp::NumericMatrix& vb, double tau2, double level,
                 const Rcpp::NumericVector& ddf, const Rcpp::NumericVector& pi_df) {
  return run_core([&]() -> SEXP {
    const Prediction p = predict_rma(map_mat(x_new), map_vec(beta), map_mat(vb), tau2, level,
                                     map_vec(ddf), map_vec(pi_df));
    return Rcpp::List::create(
        Rcpp::_["pred"] = wrap_vec(p.pred), Rcpp::_["se"] = wrap_vec(p.se),
        Rcpp::_["ci.lb"] = wrap_vec(p.ci_lb), Rcpp::_["ci.ub"] = wrap_vec(p.ci_ub),
        Rcpp::_["pi.lb"] = wrap_vec(p.pi_lb), Rcpp::_["pi.ub"] = wrap_vec(p.pi_ub),
        Rcpp::_["pi.se"] = wrap_vec(p.pi_se));
  });
}
