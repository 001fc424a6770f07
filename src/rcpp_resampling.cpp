// Glue of what refits without, up to or with chosen studies, and of the likelihoods of each.
#include "core/batch/cumul.hpp"
#include "core/batch/gosh.hpp"
#include "core/batch/leave1out.hpp"
#include "core/batch/permutest.hpp"
#include "core/model/hat_matrix.hpp"
#include "core/model/influence.hpp"
#include "core/model/study_likelihood.hpp"
#include "core/ranges.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_residuals(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                   const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights, double tau2,
                   bool weighted) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
    const Residuals r =
        residuals(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), tau2, weighted);
    return Rcpp::List::create(Rcpp::_["resid"] = wrap_vec(r.resid), Rcpp::_["se"] = wrap_vec(r.se),
                              Rcpp::_["z"] = wrap_vec(r.z),
                              Rcpp::_["pearson"] = wrap_vec(r.pearson),
                              Rcpp::_["hat"] = wrap_vec(r.hat));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_conditional_residuals(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                               const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
                               double tau2, bool weighted) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
    const Residuals r = conditional_residuals(map_vec(yi), map_vec(vi), map_mat(X),
                                              map_vec(weights), tau2, weighted);
    return Rcpp::List::create(Rcpp::_["resid"] = wrap_vec(r.resid), Rcpp::_["se"] = wrap_vec(r.se),
                              Rcpp::_["z"] = wrap_vec(r.z));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_influence(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                   const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
                   const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
    const Influence f =
        influence(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), as_model_spec(spec));
    return Rcpp::List::create(
        Rcpp::_["resid"] = wrap_vec(f.resid), Rcpp::_["se"] = wrap_vec(f.se),
        Rcpp::_["z"] = wrap_vec(f.z), Rcpp::_["dffits"] = wrap_vec(f.dffits),
        Rcpp::_["cook.d"] = wrap_vec(f.cook), Rcpp::_["cov.r"] = wrap_vec(f.cov_r),
        Rcpp::_["tau2.del"] = wrap_vec(f.tau2), Rcpp::_["QE.del"] = wrap_vec(f.QE),
        Rcpp::_["hat"] = wrap_vec(f.hat), Rcpp::_["fit.shift"] = wrap_vec(f.fit_shift),
        Rcpp::_["dfbetas"] = wrap_mat(f.dfbetas));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_fitted(const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& beta) {
  return run_core([&]() -> SEXP {
    check_fits(X.ncol() == beta.size(), "x");
    return wrap_vec(fitted_values(map_mat(X), map_vec(beta)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_hat_matrix(const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& w) {
  return run_core([&]() -> SEXP {
    check_fits(X.nrow() == w.size(), "x");
    return wrap_mat(hat_matrix(map_mat(X), map_vec(w)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_residuals_of(const Rcpp::NumericMatrix& Y, const Rcpp::NumericMatrix& X,
                      const Rcpp::NumericVector& w) {
  return run_core(
      [&]() -> SEXP { return wrap_mat(residuals_of(map_mat(Y), map_mat(X), map_vec(w))); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_covariance_along(const Rcpp::NumericMatrix& X, const Rcpp::NumericMatrix& V) {
  return run_core([&]() -> SEXP {
    check_fits(X.ncol() == V.nrow() && X.ncol() == V.ncol(), "x");
    return wrap_mat(covariance_along(map_mat(X), map_mat(V)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_spread_along(const Rcpp::NumericMatrix& X, const Rcpp::NumericMatrix& V) {
  return run_core([&]() -> SEXP {
    check_fits(X.ncol() == V.nrow() && X.ncol() == V.ncol(), "x");
    return wrap_vec(spread_along(map_mat(X), map_mat(V)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_residual_covariance(const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& w,
                             const Rcpp::NumericVector& m) {
  return run_core(
      [&]() -> SEXP { return wrap_mat(residual_covariance(map_mat(X), map_vec(w), map_vec(m))); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_cluster_products(const Rcpp::NumericVector& e, const Rcpp::IntegerVector& cluster) {
  return run_core([&]() -> SEXP {
    return wrap_mat(cluster_products(map_vec(e), {cluster.begin(), cluster.end()}));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_weights(const Rcpp::NumericVector& vi, const Rcpp::NumericVector& weights, double tau2,
                 bool weighted, bool percent) {
  return run_core([&]() -> SEXP {
    const auto v = map_vec(vi);
    const auto w = map_vec(weights);
    return wrap_vec(percent ? percent_weights(v, w, tau2, weighted)
                            : model_weights(v, w, tau2, weighted));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_leave1out(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                   const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
                   const Rcpp::List& spec, const Rcpp::IntegerVector& cluster, int n) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
    std::vector<int> groups(cluster.begin(), cluster.end());
    for (int& g : groups) {
      if (g < 1 || g > n) throw InvalidInput("cluster", "must number its groups from 1");
      --g;
    }
    check_lengths(yi.size(), static_cast<R_xlen_t>(groups.size()), X.nrow(), 0);
    return wrap_fit_table(leave_one_out(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights),
                                        as_model_spec(spec), groups, n));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_cumul(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
               const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& weights,
               const Rcpp::List& spec, const std::vector<int>& ends) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
    for (const int end : ends) {
      if (end < 1 || end > yi.size()) throw InvalidInput("order", "must stay within the studies");
    }
    return wrap_fit_table(cumulative(map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights),
                                     as_model_spec(spec), ends));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_gosh(const Rcpp::List& data, const Rcpp::List& spec, const Rcpp::LogicalMatrix& include,
              int from, int n, int threads) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector yi = data["yi"], vi = data["vi"], weights = data["weights"];
    const Rcpp::NumericMatrix X = data["X"];
    check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
    if (include.ncol() != yi.size()) throw InvalidInput("subsets", "must have a column per study");
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

namespace {

// data: list with yi, vi, X, weights, spec, exact and two halves of the seed.
PermutationTester as_tester(const Rcpp::List& data) {
  const Rcpp::NumericVector yi = data["yi"], vi = data["vi"], weights = data["weights"],
                            seed = data["seed"];
  const Rcpp::NumericMatrix X = data["X"];
  check_lengths(yi.size(), vi.size(), X.nrow(), weights.size());
  const auto half = [&](int i) { return static_cast<std::uint64_t>(seed[i]); };
  PermutationScheme scheme;
  scheme.exact = data["exact"];
  scheme.seed = half(0) << 31 | half(1);
  if (data.containsElementNamed("given")) {
    const Rcpp::IntegerMatrix given = data["given"];
    scheme.given = Eigen::Map<const Eigen::MatrixXi>(given.begin(), given.nrow(), given.ncol());
    scheme.first = data["first"];
  }
  return PermutationTester({map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights)},
                           as_model_spec(data["spec"]), scheme);
}

}  // namespace

// [[Rcpp::export(rng = false)]]
double cpp_count_permutations(const Rcpp::NumericMatrix& X, bool signs) {
  return count_permutations(map_mat(X), signs);
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_permutest(const Rcpp::List& data, double from, int n, int threads) {
  return run_core([&]() -> SEXP {
    const PermutationTester tester = as_tester(data);
    const Rcpp::NumericVector yi = data["yi"];
    const PermutationFits f = tester.fits(Vec::Zero(yi.size()), from, n, threads);
    return Rcpp::List::create(Rcpp::_["zval"] = wrap_mat(f.zval),
                              Rcpp::_["beta"] = wrap_mat(f.beta), Rcpp::_["QM"] = wrap_vec(f.QM));
  });
}

// search: tail, start, reach, slack.
// [[Rcpp::export(rng = false)]]
SEXP cpp_permutation_end(const Rcpp::List& data, int j, bool upper,
                         const Rcpp::NumericVector& search, int n, int threads) {
  return run_core([&]() -> SEXP {
    return Rcpp::wrap(na(as_tester(data).interval_end(j - 1, upper, search[0], search[1], search[2],
                                                      search[3], n, threads)));
  });
}

namespace {

SEXP finished(Eigen::MatrixXd likelihood, const Rcpp::NumericVector& at, bool scale) {
  if (scale && at.size() > 1) scale_to_unit_area(likelihood, at[1] - at[0]);
  return wrap_mat(likelihood);
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_normal_likelihood(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                           const Rcpp::NumericVector& at, bool scale) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), vi.size(), yi.size(), 0);
    return finished(normal_likelihood(map_vec(yi), map_vec(vi), map_vec(at)), at, scale);
  });
}

// `cells`: columns ai, ci, n1i, n2i.
// [[Rcpp::export(rng = false)]]
SEXP cpp_table_likelihood(const Rcpp::NumericMatrix& cells, const Rcpp::NumericVector& at,
                          bool scale) {
  return run_core([&]() -> SEXP {
    std::vector<TableCounts> tables;
    for (int i = 0; i < cells.nrow(); ++i)
      tables.push_back({cells(i, 0), cells(i, 1), cells(i, 2), cells(i, 3)});
    return finished(table_likelihood(tables, map_vec(at)), at, scale);
  });
}
