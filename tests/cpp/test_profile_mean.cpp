// Reference: the closed form where all variances are equal; a search over a grid of tau2; the definition of the
// likelihood.
#include "core/model/profile_mean.hpp"

#include "core/linalg/distributions.hpp"
#include "core/tau2/tau2_solver.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

const Vec kY = values({-1.0, 0.5, 2.0, 1.0, 0.3, -0.4}),
          kV = values({0.1, 0.2, 0.1, 0.05, 0.4, 0.3});

double log_likelihood(const Vec& y, const Vec& v, double mu, double tau2) {
  double sum = 0;
  for (Index i = 0; i < y.size(); ++i) {
    const double s = v[i] + tau2;
    sum -= 0.5 * (std::log(2 * std::acos(-1.0) * s) + (y[i] - mu) * (y[i] - mu) / s);
  }
  return sum;
}

// Over tau2 = 0 and a fine grid.
double best_at(const Vec& y, const Vec& v, double mu) {
  double best = log_likelihood(y, v, mu, 0.0);
  for (double t = 1e-5; t < 100; t *= 1.001) best = std::fmax(best, log_likelihood(y, v, mu, t));
  return best;
}

}  // namespace

TEST_CASE("tau2 at a known mean solves its likelihood equation") {
  const Vec y = values({-1.0, 0.5, 2.0, 1.0}), v = values({0.1, 0.2, 0.1, 0.05});
  const double t = tau2_at_mean(y, v, 0.4);
  const Eigen::ArrayXd w = (v.array() + t).inverse();
  CHECK((w - (y.array() - 0.4).square() * w.square()).sum() == Approx(0.0).margin(1e-9));
  CHECK(tau2_at_mean(y, Vec::Constant(4, 100.0), 0.4) == 0.0);
}

TEST_CASE(
    "profile mean: tau2 at a mean is the mean square less the variance where variances are equal") {
  const Vec v = Vec::Constant(6, 0.2);
  for (const double mu : {-3.0, 0.0, 0.4, 5.0})
    CHECK(tau2_at_mean(kY, v, mu) ==
          rel(std::fmax(0.0, (kY.array() - mu).square().mean() - 0.2), 1e-10));
  CHECK(tau2_at_mean(Vec::Constant(6, 0.4), v, 0.4) == 0.0);
}

TEST_CASE("profile mean: the highest of several maxima") {
  // One precise study far away beside vague ones: the likelihood in tau2 has two maxima.
  const Vec y = values({0.001, 3.0, -3.0, 3.2}), v = values({1e-7, 1e-2, 1e-2, 1e-2});
  for (const double mu : {0.0, 0.002, 1.0}) {
    const double t = tau2_at_mean(y, v, mu);
    CHECK(log_likelihood(y, v, mu, t) >= best_at(y, v, mu) - 1e-9);
  }
}

TEST_CASE("profile mean: the interval for equal variances in closed form") {
  // k log(s2(mu)) rises by the quantile q: mu = mean +- s sqrt(exp(q / k) - 1).
  const Vec v = Vec::Constant(6, 0.2);
  const double mean = kY.mean(), s2 = (kY.array() - mean).square().mean();
  for (const double level : {0.5, 0.95}) {
    const Interval ci = profile_mean_interval(kY, v, mean, s2 - 0.2, level);
    const double half = std::sqrt(s2 * std::expm1(chisq_quantile(level, 1) / 6));
    CHECK(ci.lb == rel(mean - half, 1e-9));
    CHECK(ci.ub == rel(mean + half, 1e-9));
  }
}

TEST_CASE("profile mean: at the ends the likelihood has fallen by half the quantile") {
  const double tau2 = maximise_likelihood(kY, kV, Mat::Ones(6, 1), false);
  const Eigen::ArrayXd w = (kV.array() + tau2).inverse();
  const double mu = (w * kY.array()).sum() / w.sum();
  const Interval ci = profile_mean_interval(kY, kV, mu, tau2, 0.95);
  const double top = log_likelihood(kY, kV, mu, tau2), fall = 0.5 * chisq_quantile(0.95, 1);
  CHECK(best_at(kY, kV, ci.lb) == rel(top - fall, 1e-6));
  CHECK(best_at(kY, kV, ci.ub) == rel(top - fall, 1e-6));
  const Interval mirror = profile_mean_interval(-kY, kV, -mu, tau2, 0.95),
                 small =
                     profile_mean_interval(1e-6 * kY, 1e-12 * kV, 1e-6 * mu, 1e-12 * tau2, 0.95);
  CHECK(mirror.lb == rel(-ci.ub, 1e-10));
  CHECK(1e6 * small.ub == rel(ci.ub, 1e-9));
}

TEST_CASE("profile mean: without heterogeneity anywhere near, the normal interval") {
  const Vec v = Vec::Constant(4, 100.0), y = values({0.1, 0.2, 0.3, 0.2});
  const Interval ci = profile_mean_interval(y, v, y.mean(), 0.0, 0.5);
  CHECK(ci.ub == rel(y.mean() + normal_quantile(0.75) * 5.0, 1e-9));
}

TEST_CASE("profile mean: log-likelihood of a grid of means and of tau2") {
  const Vec at = values({-0.5, 0.0, 0.7});
  const Vec of_mean = profile_log_likelihood(kY, kV, at, false);
  for (Index i = 0; i < 3; ++i) CHECK(of_mean(i) == rel(best_at(kY, kV, at[i]), 1e-6));
  const Vec grid = values({0.0, 0.2, 3.0});
  const Vec of_tau2 = profile_log_likelihood(kY, kV, grid, true);
  for (Index i = 0; i < 3; ++i) {
    const Eigen::ArrayXd w = (kV.array() + grid[i]).inverse();
    CHECK(of_tau2(i) ==
          rel(log_likelihood(kY, kV, (w * kY.array()).sum() / w.sum(), grid[i]), 1e-12));
  }
  CHECK(profile_log_likelihood(kY, kV, Vec(), false).size() == 0);
}
