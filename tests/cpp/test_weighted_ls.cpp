// Against the normal equations solved by hand for two coefficients, and identities of P.
#include "catch.h"
#include "core/linalg/weighted_ls.hpp"

using namespace metaparity;

TEST_CASE("coefficients, residuals and leverages satisfy their identities") {
  Vec y(6), w(6);
  y << 1.0, 2.0, 2.5, 4.5, 5.0, 7.5;
  w << 1e8, 1.0, 2.0, 1e-4, 3.0, 0.5;
  Mat X(6, 2);
  X.col(0).setOnes();
  X.col(1) << 0, 1, 2, 3, 4, 6;
  const WlsFit fit = weighted_ls(y, X, w);
  const Vec normal = X.transpose() * (w.asDiagonal() * fit.resid);
  CHECK(normal.cwiseAbs().maxCoeff() < 1e-6);
  CHECK(fit.hat.sum() == Approx(2.0).epsilon(1e-12));
  const Mat P = Mat(w.asDiagonal()) - w.asDiagonal() * X * fit.inv * X.transpose() * w.asDiagonal();
  const Vec one = Vec::Ones(6);
  CHECK(trace_pd(fit, w, w.cwiseInverse()) == Approx(4.0).epsilon(1e-10));
  CHECK(trace_pdpe(fit, w, w.cwiseInverse(), w.cwiseInverse()) == Approx(4.0).epsilon(1e-8));
  CHECK(fit.rss == Approx(y.dot(P * y)).epsilon(1e-6));
}

TEST_CASE("dependent columns are found") {
  Mat X(4, 4);
  X.col(0).setOnes();
  X.col(1) << 1, 2, 3, 4;
  X.col(2) = 2.0 * X.col(0) - X.col(1);
  X.col(3) << 1, 0, 0, 1;
  CHECK((independent_columns(X) == std::vector<int>{1, 2, 4}));
}

TEST_CASE("the heaviest study keeps its residual") {
  Vec y(3), w(3);
  y << 1.0, 2.0, 4.0;
  w << 1e16, 1.0, 1.0;
  const WlsFit fit = weighted_ls(y, Mat::Ones(3, 1), w);
  CHECK(fit.resid[0] == Approx(-4e-16).epsilon(1e-12));
  CHECK(fit.one_minus_hat[0] == Approx(2e-16).epsilon(1e-12));
}
