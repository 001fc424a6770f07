#include "core/gosh.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_gosh(const Rcpp::List& data, const Rcpp::List& spec, const Rcpp::LogicalMatrix& include,
              int from, int n, int threads) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector yi = data["yi"], vi = data["vi"], weights = data["weights"];
    const Rcpp::NumericMatrix X = data["X"];
    const Eigen::Map<const Eigen::MatrixXi> rows(include.begin(), include.nrow(), include.ncol());
    const Gosh g = gosh(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec),
                        rows, from, n, threads);
    return Rcpp::List::create(Rcpp::_["k"] = Rcpp::wrap(g.k), Rcpp::_["QE"] = wrap_vec(g.QE),
                              Rcpp::_["I2"] = wrap_vec(g.I2), Rcpp::_["H2"] = wrap_vec(g.H2),
                              Rcpp::_["tau2"] = wrap_vec(g.tau2),
                              Rcpp::_["beta"] = wrap_mat(g.beta));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_all_subsets(int k, int smallest) {
  return run_core([&]() -> SEXP {
    const Eigen::MatrixXi sets = all_subsets(k, smallest);
    Rcpp::LogicalMatrix out(Rcpp::no_init(static_cast<int>(sets.rows()), k));
    std::copy(sets.data(), sets.data() + sets.size(), out.begin());
    return out;
  });
}

// Subsets of the given sizes, each as sample(k, size) draws it: R's generator, on R's thread.
// [[Rcpp::export]]
Rcpp::LogicalMatrix cpp_draw_subsets(const Rcpp::IntegerVector& sizes, int k) {
  Rcpp::LogicalMatrix out(static_cast<int>(sizes.size()), k);
  std::vector<int> pool(static_cast<std::size_t>(k));
  for (int i = 0; i < sizes.size(); ++i) {
    for (int j = 0; j < k; ++j) pool[static_cast<std::size_t>(j)] = j;
    for (int drawn = 0, left = k; drawn < sizes[i]; ++drawn) {
      const auto at = static_cast<std::size_t>(R_unif_index(left));
      out(i, pool[at]) = TRUE;
      pool[at] = pool[static_cast<std::size_t>(--left)];
    }
  }
  return out;
}
