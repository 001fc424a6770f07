#include "core/q_interval.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <cmath>

#include "core/distributions.hpp"
#include "core/heterogeneity_interval.hpp"

namespace metaparity {
namespace {

struct WeightSums {
  double s1 = 0, s2 = 0, s3 = 0;
};

WeightSums weight_sums(const VecRef& vi) {
  const Eigen::ArrayXd w = vi.array().inverse();
  return {w.sum(), w.square().sum(), w.cube().sum()};
}

boost::math::gamma_distribution<> gamma_of(const QMoments& m) {
  return boost::math::gamma_distribution<>(m.mean * m.mean / m.var, m.var / m.mean);
}

double noncentral(double prob, double df, double nc) {
  if (!(nc > 0.0)) return chisq_quantile(prob, df);
  return boost::math::quantile(boost::math::non_central_chi_squared(df, nc), prob);
}

}  // namespace

double q_scale(const VecRef& vi) {
  const WeightSums s = weight_sums(vi);
  return s.s1 - s.s2 / s.s1;
}

// E Q = df + c t; var Q = 2 df + 4 c t + 2 (S2 - 2 S3/S1 + S2^2/S1^2) t^2
QMoments q_moments(const VecRef& vi, double tau2) {
  const WeightSums s = weight_sums(vi);
  const double df = static_cast<double>(vi.size() - 1), ratio = s.s2 / s.s1, c = s.s1 - ratio;
  const double square = s.s2 - 2.0 * s.s3 / s.s1 + ratio * ratio;
  return {df + c * tau2, 2.0 * df + 4.0 * c * tau2 + 2.0 * square * tau2 * tau2};
}

double gamma_lower(double x, const QMoments& m) {
  return x > 0.0 ? boost::math::cdf(gamma_of(m), x) : 0.0;
}

double gamma_quantile(double prob, const QMoments& m) {
  return boost::math::quantile(gamma_of(m), prob);
}

Interval q_interval_noncentral(double Q, double df, double level) {
  if (!(df >= 1.0)) return {};
  const double nc = std::max(0.0, Q - df), tail = 0.5 * (1.0 - level);
  return {noncentral(tail, df, nc), noncentral(1.0 - tail, df, nc)};
}

Interval q_interval_gamma(double Q, const VecRef& vi, double level) {
  const double df = static_cast<double>(vi.size() - 1);
  if (!(df >= 1.0)) return {};
  const QMoments m = q_moments(vi, std::max(0.0, (Q - df) / q_scale(vi)));
  const double tail = 0.5 * (1.0 - level);
  return {gamma_quantile(tail, m), gamma_quantile(1.0 - tail, m)};
}

Interval q_interval_test(double Q, double df, double level) {
  if (!(df >= 1.0)) return {};
  const HeterogeneityInterval h = heterogeneity_interval(Q, df, level, HMethod::TestBased);
  return {df * h.H_lb * h.H_lb, df * h.H_ub * h.H_ub};
}

}  // namespace metaparity
