#include "core/model/gamma_models.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"
#include "core/tau2/q_interval.hpp"

namespace metaparity {
namespace {

using boost::math::quadrature::gauss_kronrod;

// Moments of Q given the standardised deviation R = r of the common-effect estimate; W_j = sum w^j
// / sum w.
class ConditionalQ {
 public:
  ConditionalQ(const VecRef& vi, double tau2)
      : tau2_(tau2), df_(static_cast<double>(vi.size() - 1)) {
    const Eigen::ArrayXd w = vi.array().inverse();
    w1_ = w.sum();
    w2_ = w.square().sum() / w1_;
    // W_3 - W_2^2 and W_4 - 2 W_2 W_3 + W_2^3 as means of squares, which cannot cancel.
    const Eigen::ArrayXd spread = (w / w1_) * (w - w2_).square();
    c3_ = spread.sum();
    c4_ = (spread * w).sum();
    trace_ = q_scale(vi);
    square_ = q_square(vi);
    vr_ = 1.0 + tau2 * w2_;
  }

  double sd() const { return std::sqrt(vr_); }
  double precision() const { return w1_; }

  QMoments moments(double r) const {
    const double t = tau2_, x = r * r / (vr_ * vr_) - 1.0 / vr_;
    const double mean = df_ + t * trace_ + t * t * x * c3_;
    const double var =
        2.0 * df_ + 4.0 * t * trace_ + 2.0 * t * t * square_ + 4.0 * t * t * x * c3_ +
        4.0 * t * t * t * x * c4_ +
        2.0 * std::pow(t, 4) * (1.0 / (vr_ * vr_) - 2.0 * r * r / (vr_ * vr_ * vr_)) * c3_ * c3_;
    return {mean, var};
  }

  // The Q at which the estimated standard deviation of R is f.
  double q_at(double f) const { return trace_ / w2_ * (f * f - 1.0) + df_; }

  // P(R > u0 sd^(Q)) over R > 0, twice: the two-sided tail beyond u0.
  double tail(double u0) const {
    if (u0 <= 0.0) return 1.0;
    const auto integrand = [&](double x) {
      const double r = sd() * x, q = q_at(r / u0);
      const double below = gamma_lower(q, moments(r));
      return below * std::exp(-0.5 * x * x) * 0.3989422804014327;
    };
    const double from = u0 / sd();
    return 2.0 * gauss_kronrod<double, 61>::integrate(integrand, from, from + 12.0, 8, 1e-11);
  }

 private:
  double tau2_, df_, w1_, w2_, c3_, c4_, trace_, square_, vr_;
};

}  // namespace

BiggerstaffTweedie biggerstaff_tweedie(const VecRef& yi, const VecRef& vi, double tau2) {
  const QMoments m = q_moments(vi, tau2);
  const double df = static_cast<double>(vi.size() - 1), c = q_scale(vi);
  BiggerstaffTweedie out;
  out.weights.resize(vi.size());
  // E w = w P(Q < df) + integral of 1 / (v + tau2(Q)) over the quantiles of Q above df.
  const double at_zero = gamma_lower(df, m), top = 1.0 - 1e-12;
  for (Index i = 0; i < vi.size(); ++i) {
    const auto weight = [&](double prob) {
      return 1.0 / (vi[i] + std::max(0.0, (gamma_quantile(prob, m) - df) / c));
    };
    const double rest =
        at_zero < top ? gauss_kronrod<double, 61>::integrate(weight, at_zero, top, 6, 1e-10) : 0.0;
    out.weights[i] = at_zero / vi[i] + rest;
  }
  const double sum = out.weights.sum();
  out.est = out.weights.dot(yi) / sum;
  out.se = std::sqrt((out.weights.array().square() * (vi.array() + tau2)).sum()) / sum;
  return out;
}

Interval gamma_tau2_interval(double Q, const VecRef& vi, double level) {
  const double tail = 0.5 * (1.0 - level);
  const auto solve = [&](double prob) {
    const auto excess = [&](double t) { return gamma_lower(Q, q_moments(vi, t)) - prob; };
    const double at_zero = excess(0.0);
    if (at_zero <= 0.0) return 0.0;
    double hi = std::max(vi.mean(), Q / q_scale(vi)), at_hi = excess(hi);
    for (int i = 0; i < 60 && at_hi > 0.0; ++i) at_hi = excess(hi *= 2.0);
    return at_hi > 0.0 ? kInf : find_root<double>(excess, 0.0, at_zero, hi, at_hi, 1e-12);
  };
  return {solve(1.0 - tail), solve(tail)};
}

HenmiCopas henmi_copas(const VecRef& yi, const VecRef& vi, double tau2, double level) {
  const ConditionalQ q(vi, tau2);
  HenmiCopas out;
  out.est = (yi.array() / vi.array()).sum() / q.precision();
  out.se = q.sd() / std::sqrt(q.precision());
  const auto excess = [&](double u) { return q.tail(u) - (1.0 - level); };
  double hi = 2.0 * q.sd(), at_hi = excess(hi);
  for (int i = 0; i < 40 && at_hi > 0.0; ++i) at_hi = excess(hi *= 1.5);
  const double u0 = find_root<double>(excess, 0.0, level, hi, at_hi, 1e-12);
  // The interval is est +- u0 times the standard deviation of R estimated from the data.
  const double half = u0 * q.sd() / std::sqrt(q.precision());
  out.lb = out.est - half;
  out.ub = out.est + half;
  out.p = q.tail(std::fabs(out.est) / out.se);
  return out;
}

}  // namespace metaparity
