// Against tables written out by hand.
#include "core/model/likelihood_tests.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"

using namespace metaparity;

TEST_CASE("Wald tests, omnibus tests and criteria") {
  const Vec b = Eigen::Vector2d(1.0, 2.0), v = Eigen::Vector2d(0.25, kNaN);
  const WaldTable t = wald_table(b, v, Vec::Zero(2), 0.95, kNaN);
  CHECK(t.stat[0] == Approx(2.0));
  CHECK(t.pval[0] == Approx(0.04550026389635842).epsilon(1e-12));
  CHECK(t.ci_lb[0] == Approx(1.0 - 0.5 * 1.959963984540054).epsilon(1e-12));
  CHECK(std::isnan(t.se[1]));
  CHECK(std::isnan(t.pval[1]));
  Mat vb(2, 2);
  vb << 0.25, 0.0, 0.0, 1.0;
  const Omnibus q = omnibus_test(b, vb, {0, 1}, kNaN);
  CHECK(q.stat == Approx(8.0));
  CHECK(q.pval == Approx(std::exp(-4.0)).epsilon(1e-12));
  CHECK(omnibus_test(b, vb, {0, 1}, 10.0).stat == Approx(4.0));
  const FitStats s = likelihood_criteria(-10.0, 0.0, 20.0, 3.0);
  CHECK(s.AIC == Approx(26.0));
  CHECK(s.BIC == Approx(20.0 + 3.0 * std::log(20.0)));
  CHECK(s.AICc == Approx(20.0 + 2.0 * 3.0 * 20.0 / 16.0));
  CHECK(likelihood_ratio(-1.0, -3.0, 2.0).pval == Approx(std::exp(-2.0)).epsilon(1e-12));
  CHECK(likelihood_ratio(-3.0, -1.0, 1.0).stat == 0.0);
}

TEST_CASE("An omnibus test looks at the numbers of its coefficients") {
  const Vec b = Eigen::Vector2d(1.0, 2.0);
  CHECK_THROWS_AS(omnibus_test(b, Mat::Identity(2, 2), {0, 2}, kNaN), InvalidInput);
  CHECK_THROWS_AS(omnibus_test(b, Mat::Identity(2, 2), {-1}, kNaN), InvalidInput);
}
