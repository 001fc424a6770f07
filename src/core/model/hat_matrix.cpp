#include "core/model/hat_matrix.hpp"

#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/weighted_ls.hpp"

namespace metaparity {
namespace {

void check_columns(const MatRef& X, Index columns) {
  if (X.cols() != columns) throw InvalidInput("X", "must have one column for each coefficient");
}

// (X'WX)^-1 X'W.
Mat coefficients_of(const MatRef& X, const VecRef& w) {
  if (w.size() != X.rows()) throw InvalidInput("weights", "must be as long as `yi`");
  const WlsFit fit = weighted_ls(Vec::Zero(X.rows()), X, w);
  return product(fit.inv, X.transpose() * w.asDiagonal());
}

}  // namespace

Vec fitted_values(const MatRef& X, const VecRef& beta) {
  check_columns(X, beta.size());
  return X * beta;
}

Mat hat_matrix(const MatRef& X, const VecRef& w) { return product(X, coefficients_of(X, w)); }

Mat residuals_of(const MatRef& Y, const MatRef& X, const VecRef& w) {
  if (Y.rows() != X.rows()) throw InvalidInput("yi", "must have as many rows as `X`");
  return Y - product(X, product(coefficients_of(X, w), Y));
}

Mat covariance_along(const MatRef& X, const MatRef& V) {
  check_columns(X, V.rows());
  return product(X, V, X.transpose());
}

Vec spread_along(const MatRef& X, const MatRef& V) {
  check_columns(X, V.rows());
  return product(X, V).cwiseProduct(X).rowwise().sum().cwiseMax(0.0).cwiseSqrt();
}

Mat residual_covariance(const MatRef& X, const VecRef& w, const VecRef& m) {
  const Mat left = Mat::Identity(X.rows(), X.rows()) - hat_matrix(X, w);
  return product(left, m.asDiagonal() * left.transpose());
}

Mat cluster_products(const VecRef& e, const std::vector<int>& cluster) {
  if (static_cast<Index>(cluster.size()) != e.size())
    throw InvalidInput("cluster", "must have one value for each study");
  Mat out = Mat::Zero(e.size(), e.size());
  for (Index i = 0; i < e.size(); ++i) {
    for (Index j = 0; j < e.size(); ++j) {
      const bool together =
          cluster[static_cast<std::size_t>(i)] == cluster[static_cast<std::size_t>(j)];
      if (together) out(i, j) = e[i] * e[j];
    }
  }
  return out;
}

}  // namespace metaparity
