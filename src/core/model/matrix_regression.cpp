#include "core/model/matrix_regression.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/ranges.hpp"

namespace metaparity {

namespace {

struct Parts {
  Mat inverse;
  Vec xy, b;
  double log_det = 0.0;
};

Parts parts_of(const MatRef& S, Index y, const std::vector<Index>& x) {
  const Index m = static_cast<Index>(x.size());
  check_fits(S.rows() == S.cols(), "R");
  check_index(y, S.rows(), "y");
  check_indices(x, S.rows(), "x");
  Mat xx(m, m);
  Parts out;
  out.xy.resize(m);
  for (Index i = 0; i < m; ++i) {
    out.xy[i] = S(x[at(i)], y);
    for (Index j = 0; j < m; ++j) xx(i, j) = S(x[at(i)], x[at(j)]);
  }
  const Eigen::LLT<Mat> llt(xx);
  if (llt.info() != Eigen::Success ||
      !(llt.matrixLLT().diagonal().minCoeff() > 1e-8 * std::sqrt(xx.diagonal().maxCoeff())))
    throw InvalidInput("R", "must have a part of the predictors that can be inverted");
  out.inverse = llt.solve(Mat::Identity(m, m));
  out.b = llt.solve(out.xy);
  out.log_det = 2.0 * llt.matrixLLT().diagonal().array().log().sum();
  return out;
}

}  // namespace

MatrixRegression matrix_regression(const MatRef& S, Index y, const std::vector<Index>& x, double n,
                                   bool intercept, const VecRef& means) {
  const Parts p = parts_of(S, y, x);
  const Index m = p.b.size(), extra = intercept ? 1 : 0;
  const double df = n - static_cast<double>(m + extra);
  if (!(df > 0.0)) throw InvalidInput("n", "must be larger than the number of coefficients");
  check_fits(!intercept || means.size() == S.rows(), "means");
  MatrixRegression out;
  const double explained = p.b.dot(p.xy);
  out.R2 = explained / S(y, y);
  out.rss = (n - 1.0) * (S(y, y) - explained);
  const double s2 = out.rss / df;
  out.beta.resize(m + extra);
  out.vb.resize(m + extra, m + extra);
  const Mat slopes = s2 / (n - 1.0) * p.inverse;
  out.beta.tail(m) = p.b;
  out.vb.bottomRightCorner(m, m) = slopes;
  if (intercept) {
    Vec mean(m);
    for (Index i = 0; i < m; ++i) mean[i] = means[x[at(i)]];
    out.beta[0] = means[y] - p.b.dot(mean);
    const Vec with = -(slopes * mean);
    out.vb(0, 0) = s2 / n + mean.dot(slopes * mean);
    out.vb.block(1, 0, m, 1) = with;
    out.vb.block(0, 1, 1, m) = with.transpose();
  }
  out.ml = -0.5 * n * (kLog2Pi + std::log(out.rss / n) + 1.0);
  // log |X'X| of the centred columns, and log n of the intercept.
  const double log_det =
      static_cast<double>(m) * std::log(n - 1.0) + p.log_det + (intercept ? std::log(n) : 0.0);
  out.reml = -0.5 * (df * (kLog2Pi + std::log(s2) + 1.0) + log_det);
  return out;
}

namespace {

// Derivatives of the slopes by the lower triangle of S, column by column; place: number of the predictor, or -1.
Mat slope_derivatives(const Parts& p, Index q, Index y, const std::vector<Index>& place,
                      bool diagonal) {
  Mat J = Mat::Zero(p.b.size(), q * (q + (diagonal ? 1 : -1)) / 2);
  Index column = 0;
  for (Index j = 0; j < q; ++j) {
    for (Index i = j + (diagonal ? 0 : 1); i < q; ++i, ++column) {
      const Index a = place[at(i)], b = place[at(j)];
      if (a >= 0 && b >= 0) {
        J.col(column) = -p.inverse.col(a) * p.b[b];
        if (i != j) J.col(column) -= p.inverse.col(b) * p.b[a];
      } else if ((i == y && b >= 0) || (j == y && a >= 0)) {
        J.col(column) = p.inverse.col(i == y ? b : a);
      }
    }
  }
  return J;
}

// The intercept goes before slopes whose means are known.
void add_intercept(MatrixRegression& fit, double mean_y, const Vec& mean) {
  const Index m = mean.size();
  Vec beta(m + 1);
  beta << mean_y - fit.beta.dot(mean), fit.beta;
  const Vec with = -(fit.vb * mean);
  Mat vb(m + 1, m + 1);
  vb << -with.dot(mean), with.transpose(), with, fit.vb;
  fit.beta = beta;
  fit.vb = vb;
}

}  // namespace

MatrixRegression pooled_regression(const MatRef& R, Index y, const std::vector<Index>& x,
                                   const MatRef& V, const PooledKind& kind) {
  const Index q = R.rows(), m = static_cast<Index>(x.size());
  Mat S = kind.ztor ? Mat(R.array().tanh()) : Mat(R);
  if (!kind.covariances) S.diagonal().setOnes();
  const Parts p = parts_of(S, y, x);
  std::vector<Index> place(at(q), -1);
  for (Index i = 0; i < m; ++i) place[at(x[at(i)])] = i;
  Mat J = slope_derivatives(p, q, y, place, kind.covariances);
  if (kind.ztor) {
    Index column = 0;
    for (Index j = 0; j < q; ++j)
      for (Index i = j + 1; i < q; ++i, ++column) J.col(column) *= 1.0 - S(i, j) * S(i, j);
  }
  check_fits(V.rows() == J.cols() && V.cols() == J.cols(), "V");
  check_fits(!kind.covariances || kind.means.size() == q, "means");
  MatrixRegression out;
  out.beta = p.b;
  out.vb = J * V * J.transpose();
  out.R2 = p.b.dot(p.xy) / S(y, y);
  if (kind.covariances) {
    Vec mean(m);
    for (Index i = 0; i < m; ++i) mean[i] = kind.means[x[at(i)]];
    add_intercept(out, kind.means[y], mean);
  }
  return out;
}

}  // namespace metaparity
