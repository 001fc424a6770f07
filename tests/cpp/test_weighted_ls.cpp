// Against the normal equations solved by hand for two coefficients, and identities of P.
#include "catch.h"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/predict.hpp"

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

TEST_CASE("predictions need a value for each coefficient") {
  const Prediction p =
      predict_rma(Mat::Ones(1, 1), Vec::Ones(1), Mat::Constant(1, 1, 0.04), 0.05, 0.95, kNaN, 3.0);
  CHECK(p.se[0] == Approx(0.2).epsilon(1e-14));
  CHECK(p.pi_se[0] == Approx(0.3).epsilon(1e-14));
  CHECK(p.pi_ub[0] == Approx(1.0 + 3.182446305284263 * 0.3).epsilon(1e-12));
  CHECK_THROWS(predict_rma(Mat::Ones(1, 2), Vec::Ones(1), Mat::Ones(1, 1), 0, 0.95, kNaN, kNaN));
  const Prediction simple =
      predict_rma(Mat::Ones(1, 1), Vec::Ones(1), Mat::Constant(1, 1, 0.04),
                  {0.95, Vec::Ones(1), Vec::Constant(1, kNaN), Vec::Constant(1, kNaN), true});
  CHECK(simple.pi_se[0] == Approx(1.0).epsilon(1e-14));
  const Vec above = predictive_share(simple, Vec::Constant(1, kNaN), Vec::Zero(1), {true});
  CHECK(above[0] == Approx(0.8413447460685429).epsilon(1e-13));
}
