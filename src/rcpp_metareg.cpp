#include "core/metareg_permute.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

PermutationPlan as_plan(const Rcpp::List& plan) {
  PermutationPlan out;
  out.reps = Rcpp::as<int>(plan["reps"]);
  out.intercept = Rcpp::as<bool>(plan["intercept"]);
  out.univariable = Rcpp::as<bool>(plan["univariable"]);
  out.seed = static_cast<std::uint64_t>(Rcpp::as<int>(plan["seed"]));
  const Rcpp::List joint = plan["joint"];
  for (R_xlen_t i = 0; i < joint.size(); ++i) {
    std::vector<int> set = Rcpp::as<std::vector<int>>(joint[i]);
    for (int& j : set) --j;
    out.joint.push_back(set);
  }
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_permute_metareg(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                         const Rcpp::NumericMatrix& X, SEXP spec, const Rcpp::List& plan) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const PermutationTest t =
        permute_metareg(map_vec(yi), map_vec(vi), map_mat(X), as_model_spec(spec), as_plan(plan));
    return Rcpp::List::create(_["p"] = wrap_vec(t.p), _["p_adjusted"] = wrap_vec(t.p_adjusted),
                              _["se"] = wrap_vec(t.se), _["p_joint"] = wrap_vec(t.p_joint),
                              _["se_max"] = na(t.se_max));
  });
}
