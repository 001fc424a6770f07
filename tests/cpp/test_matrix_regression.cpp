// Regression from covariances against least squares of data; the delta method against differences.
#include "core/model/matrix_regression.hpp"

#include "catch.h"
#include "core/errors.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "hard_data.hpp"

using namespace metaparity;

TEST_CASE("coefficients from covariances are those of the data") {
  stress::Random r(9);
  const Index n = 20;
  Mat D(n, 3);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < 3; ++j) D(i, j) = r.normal() + (j > 0 ? 0.5 * D(i, 0) : 0.0);
  }
  const Vec mean = D.colwise().mean();
  const Mat centred = D.rowwise() - mean.transpose();
  const Mat S = centred.transpose() * centred / static_cast<double>(n - 1);
  const MatrixRegression fit = matrix_regression(S, 0, {1, 2}, static_cast<double>(n), true, mean);
  Mat X = Mat::Ones(n, 3);
  X.rightCols(2) = D.rightCols(2);
  const WlsFit ls = weighted_ls(D.col(0), X, Vec::Ones(n));
  CHECK((fit.beta - ls.beta).norm() < 1e-10);
  CHECK((fit.vb - ls.rss / 17.0 * ls.inv).norm() < 1e-10);
  CHECK(fit.rss == Approx(ls.rss));
  CHECK_THROWS_AS(matrix_regression(Mat::Ones(3, 3), 0, {1, 2}, 20.0, false, Vec()), InvalidInput);
}

TEST_CASE("pooled correlations: the delta method") {
  Mat R(3, 3);
  R << 1.0, 0.2, 0.3, 0.2, 1.0, 0.4, 0.3, 0.4, 1.0;
  const Mat V = 0.01 * Mat::Identity(3, 3);
  const MatrixRegression fit = pooled_regression(R, 0, {1, 2}, V);
  Mat J(2, 3);
  const Index at[3][2] = {{1, 0}, {2, 0}, {2, 1}};
  for (Index k = 0; k < 3; ++k) {
    const double h = 1e-6;
    Mat up = R, down = R;
    up(at[k][0], at[k][1]) = up(at[k][1], at[k][0]) += h;
    down(at[k][0], at[k][1]) = down(at[k][1], at[k][0]) -= h;
    J.col(k) =
        (pooled_regression(up, 0, {1, 2}, V).beta - pooled_regression(down, 0, {1, 2}, V).beta) /
        (2.0 * h);
  }
  CHECK((J * V * J.transpose() - fit.vb).norm() < 1e-9);
}

TEST_CASE("pooled covariances: the diagonal has variances too, the intercept those of the slopes") {
  Mat S(3, 3);
  S << 2.0, 0.4, 0.6, 0.4, 1.5, 0.5, 0.6, 0.5, 3.0;
  Mat V = 0.01 * Mat::Identity(6, 6);
  V(0, 1) = V(1, 0) = 0.004;
  V(3, 5) = V(5, 3) = -0.002;
  const Vec means = (Vec(3) << 1.0, -2.0, 0.5).finished();
  const PooledKind kind{true, false, means};
  const MatrixRegression fit = pooled_regression(S, 0, {1, 2}, V, kind);
  Mat J(3, 6);
  Index k = 0;
  for (Index j = 0; j < 3; ++j) {
    for (Index i = j; i < 3; ++i, ++k) {
      const double h = 1e-6;
      Mat up = S, down = S;
      up(i, j) += h;
      down(i, j) -= h;
      if (i != j) {
        up(j, i) += h;
        down(j, i) -= h;
      }
      J.col(k) = (pooled_regression(up, 0, {1, 2}, V, kind).beta -
                  pooled_regression(down, 0, {1, 2}, V, kind).beta) /
                 (2.0 * h);
    }
  }
  CHECK((J * V * J.transpose() - fit.vb).norm() < 1e-9);
  CHECK(fit.beta[0] == Approx(1.0 - fit.beta[1] * -2.0 - fit.beta[2] * 0.5));
}
