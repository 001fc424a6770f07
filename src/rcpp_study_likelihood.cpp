#include "core/study_likelihood.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

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
