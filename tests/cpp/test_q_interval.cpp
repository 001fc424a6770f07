// Moments of Q as traces of its quadratic form; intervals by their defining probabilities.
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <cmath>

#include "catch.h"
#include "core/tau2/q_interval.hpp"

using namespace metaparity;

namespace {

Vec variances() {
  Vec v(4);
  v << 0.1, 0.4, 0.25, 1.2;
  return v;
}

}  // namespace

TEST_CASE("mean and variance of Q are the traces of its quadratic form") {
  const Vec v = variances(), w = v.cwiseInverse();
  const double tau2 = 0.35;
  const Mat A = Mat(w.asDiagonal()) - w * w.transpose() / w.sum();
  const Mat V = (v.array() + tau2).matrix().asDiagonal();
  const Mat AV = A * V;
  const QMoments m = q_moments(v, tau2);
  CHECK(m.mean == Approx(AV.trace()).epsilon(1e-12));
  CHECK(m.var == Approx(2.0 * (AV * AV).trace()).epsilon(1e-12));
  CHECK(q_scale(v) == Approx(w.sum() - w.squaredNorm() / w.sum()).epsilon(1e-12));
}

TEST_CASE("weights that differ by twenty orders keep positive moments") {
  Vec v(3);
  v << 1e-12, 1e8, 1.0;
  const QMoments m = q_moments(v, 5e5);
  CHECK(m.mean > 2.0);
  CHECK(m.var > 4.0);
  CHECK(q_scale(v) == Approx(2.0 * (1.0 + 1e-8)).epsilon(1e-9));
  CHECK(q_interval_gamma(50.0, v, 0.95).ub > 50.0);
}

TEST_CASE("gamma with the moments of Q") {
  const QMoments m{12.0, 40.0};
  CHECK(gamma_lower(gamma_quantile(0.3, m), m) == Approx(0.3).epsilon(1e-10));
  CHECK(gamma_lower(0.0, m) == 0.0);
  const Interval ci = q_interval_gamma(9.0, variances(), 0.9);
  const QMoments own = q_moments(variances(), (9.0 - 3.0) / q_scale(variances()));
  CHECK(own.mean == Approx(9.0));
  CHECK(gamma_lower(ci.lb, own) == Approx(0.05).epsilon(1e-8));
  CHECK(gamma_lower(ci.ub, own) == Approx(0.95).epsilon(1e-8));
}

TEST_CASE("quantiles of the non-central chi-squared with Q - df") {
  const Interval ci = q_interval_noncentral(32.69, 19.0, 0.95);
  const boost::math::non_central_chi_squared dist(19.0, 32.69 - 19.0);
  CHECK(boost::math::cdf(dist, ci.lb) == Approx(0.025).epsilon(1e-8));
  CHECK(boost::math::cdf(dist, ci.ub) == Approx(0.975).epsilon(1e-8));
  // Stata: H 1.312 (1.000, 1.684), floored at 1.
  CHECK(std::sqrt(ci.ub / 19.0) == Approx(1.684).margin(0.0006));
  CHECK(std::isnan(q_interval_noncentral(1.0, 0.0, 0.95).ub));
}

TEST_CASE("the test-based interval is symmetric in the logarithm") {
  const Interval ci = q_interval_test(40.0, 19.0, 0.95);
  CHECK(std::sqrt(ci.lb * ci.ub) == Approx(40.0).epsilon(1e-8));
  // Higgins and Thompson (2002): half the difference of logs over the difference of square roots.
  const double se =
      0.5 * (std::log(40.0) - std::log(19.0)) / (std::sqrt(80.0) - std::sqrt(2.0 * 20.0 - 3.0));
  CHECK(0.5 * std::log(ci.ub / 40.0) == Approx(1.959964 * se).epsilon(1e-6));
}
