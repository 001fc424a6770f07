#include "core/tau2/q_interval.hpp"

#include <algorithm>
#include <cmath>

#include "core/linalg/distributions.hpp"
#include "core/model/heterogeneity_interval.hpp"

namespace metaparity {
namespace {

// What the trace of A = W - w w' / sum w and of its square need, without differences of large sums:
// `others` are the sums over all studies but one.
struct QuadraticForm {
  double trace = 0, square = 0;
};

Eigen::ArrayXd sums_of_others(const Eigen::ArrayXd& x) {
  Eigen::ArrayXd out = Eigen::ArrayXd::Zero(x.size());
  double before = 0.0, after = 0.0;
  for (Index i = 0; i < x.size(); ++i) {
    const Index j = x.size() - 1 - i;
    out[i] += before;
    out[j] += after;
    before += x[i];
    after += x[j];
  }
  return out;
}

QuadraticForm quadratic_form(const VecRef& vi) {
  const Eigen::ArrayXd w = vi.array().inverse();
  const Eigen::ArrayXd share = w / w.sum(), left = sums_of_others(w) / w.sum();
  const double squares = (share.square() * sums_of_others(w.square())).sum();
  return {(w * left).sum(), (w * left).square().sum() + squares};
}

}  // namespace

double q_scale(const VecRef& vi) { return quadratic_form(vi).trace; }

double q_square(const VecRef& vi) { return quadratic_form(vi).square; }

// E Q = df + c t; var Q = 2 df + 4 c t + 2 tr(A^2) t^2, c = tr A.
QMoments q_moments(const VecRef& vi, double tau2) {
  const QuadraticForm form = quadratic_form(vi);
  const double df = static_cast<double>(vi.size() - 1);
  return {df + form.trace * tau2,
          2.0 * df + 4.0 * form.trace * tau2 + 2.0 * form.square * tau2 * tau2};
}

// Without spread Q is its mean.
double gamma_lower(double x, const QMoments& m) {
  if (!(m.var > 0.0 && m.mean > 0.0)) return x >= m.mean ? 1.0 : 0.0;
  return x > 0.0 ? gamma_lower(x, m.mean * m.mean / m.var, m.var / m.mean) : 0.0;
}

double gamma_quantile(double prob, const QMoments& m) {
  return gamma_quantile(prob, m.mean * m.mean / m.var, m.var / m.mean);
}

Interval q_interval_noncentral(double Q, double df, double level) {
  if (!(df >= 1.0)) return {};
  const double nc = std::max(0.0, Q - df), tail = 0.5 * (1.0 - level);
  return {noncentral_chisq_quantile(tail, df, nc), noncentral_chisq_quantile(1.0 - tail, df, nc)};
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
