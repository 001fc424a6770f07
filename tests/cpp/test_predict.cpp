// Reference: quadratic forms written out; tails of the predictive distribution.
#include "core/model/predict.hpp"

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

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

TEST_CASE("predict: each row has its moderators, heterogeneity and degrees of freedom") {
  Mat x(3, 2), vb(2, 2);
  x << 1, 0, 1, 2, 1, -3;
  vb << 0.04, -0.01, -0.01, 0.02;
  const Vec beta = values({0.5, -0.2}), tau2 = values({0.0, 0.1, 0.3}), ddf = values({kNaN, 5, 9}),
            pi_df = values({4, kNaN, 7});
  const Prediction p = predict_rma(x, beta, vb, {0.9, tau2, ddf, pi_df, false});
  for (Index i = 0; i < 3; ++i) {
    const double at = beta[0] + x(i, 1) * beta[1];
    const double v = 0.04 - 0.02 * x(i, 1) + 0.02 * x(i, 1) * x(i, 1);
    CHECK(p.pred(i) == rel(at, 1e-13));
    CHECK(p.se(i) == rel(std::sqrt(v), 1e-13));
    CHECK(p.pi_se(i) == rel(std::sqrt(v + tau2[i]), 1e-13));
    const auto reach = [](double df) {
      return std::isnan(df) ? normal_quantile(0.95) : std::fabs(t_quantile(0.95, df));
    };
    CHECK(p.ci_ub(i) - at == rel(reach(ddf[i]) * std::sqrt(v), 1e-10));
    CHECK(at - p.pi_lb(i) == rel(reach(pi_df[i]) * std::sqrt(v + tau2[i]), 1e-10));
    CHECK(p.ci_lb(i) + p.ci_ub(i) == rel(2 * at, 1e-12));
  }
}

TEST_CASE("predict: no rows, no predictions; columns of other lengths are refused") {
  const Vec none, beta = values({1.0});
  const Mat vb = Mat::Ones(1, 1);
  CHECK(predict_rma(Mat(0, 1), beta, vb, {0.95, none, none, none, false}).pred.size() == 0);
  CHECK_THROWS_AS(predict_rma(Mat::Ones(2, 1), beta, vb,
                              {0.95, Vec::Ones(1), Vec::Ones(2), Vec::Ones(2), false}),
                  InvalidInput);
}

TEST_CASE("predict: shares above and below a cutoff are the tails of the predictive distribution") {
  const Vec tau2 = Vec::Constant(4, 0.05), df = values({kNaN, 3, 3, 0});
  const Prediction p = predict_rma(Mat::Ones(4, 1), values({0.2}), Mat::Constant(1, 1, 0.04),
                                   {0.95, tau2, df, df, false});
  const Vec cut = values({0.2, 0.5, -0.4, 0.1});
  const Vec above = predictive_share(p, df, cut, {true, true, true, true}),
            below = predictive_share(p, df, cut, {false, false, false, false});
  CHECK(above(0) == rel(0.5, 1e-14));
  CHECK(above(1) == rel(0.5 * t_two_sided(1.0, 3), 1e-12));
  CHECK(below(2) == rel(0.5 * t_two_sided(2.0, 3), 1e-12));
  for (Index i = 0; i < 3; ++i) CHECK(above(i) + below(i) == rel(1.0, 1e-14));
  CHECK(std::isnan(above(3)));
  CHECK(std::isnan(predictive_share(p, df, Vec::Constant(4, kNaN), {true, true, true, true})(1)));
  // At the limits of the prediction interval 2.5 % lie beyond.
  CHECK(predictive_share(p, df, p.pi_ub, {true, true, true, true})(1) == rel(0.025, 1e-9));
}
