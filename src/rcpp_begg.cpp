#include "core/begg.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_rank_test(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, bool exact) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const RankTest r = rank_test(map_vec(yi), map_vec(vi), exact);
    return Rcpp::List::create(_["tau"] = na(r.tau), _["pval"] = na(r.pval), _["exact"] = r.exact,
                              _["score"] = static_cast<double>(r.score), _["sd"] = na(r.sd),
                              _["z"] = na(r.z), _["p_z"] = na(r.p_z), _["z_cc"] = na(r.z_cc),
                              _["p_cc"] = na(r.p_cc), _["ties"] = r.ties, _["k"] = r.k);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_pool_scores(const Rcpp::NumericVector& score, const Rcpp::NumericVector& sd) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const PooledScore p = pool_scores(map_vec(score), map_vec(sd));
    return Rcpp::List::create(_["score"] = p.score, _["sd"] = na(p.sd), _["z"] = na(p.z),
                              _["p_z"] = na(p.p_z), _["z_cc"] = na(p.z_cc), _["p_cc"] = na(p.p_cc));
  });
}
