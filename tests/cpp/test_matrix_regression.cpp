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
  const MatrixRegression fit = pooled_regression(R, 0, {1, 2}, V, false);
  Mat J(2, 3);
  const Index at[3][2] = {{1, 0}, {2, 0}, {2, 1}};
  for (Index k = 0; k < 3; ++k) {
    const double h = 1e-6;
    Mat up = R, down = R;
    up(at[k][0], at[k][1]) = up(at[k][1], at[k][0]) += h;
    down(at[k][0], at[k][1]) = down(at[k][1], at[k][0]) -= h;
    J.col(k) = (pooled_regression(up, 0, {1, 2}, V, false).beta -
                pooled_regression(down, 0, {1, 2}, V, false).beta) /
               (2.0 * h);
  }
  CHECK((J * V * J.transpose() - fit.vb).norm() < 1e-9);
}
