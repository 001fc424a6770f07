#include "core/henmi_copas.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "core/errors.hpp"
#include "core/optimize.hpp"
#include "core/scaling.hpp"

namespace metaparity {
namespace {

// Sums over the studies with u = 1 + tau2 w, A = W - ww'/sum w, Sigma = V + tau2.
struct Moments4 {
  double k, w1, w2;  // w2 = sum w^2 / sum w
  double vr;         // variance of R = (estimate - mean) sqrt(sum w)
  double tr_asas, uau, uasau, tr_as;
};

Moments4 moments_of(const Vec& w, double tau2) {
  Moments4 m{};
  m.k = static_cast<double>(w.size());
  m.w1 = w.sum();
  m.w2 = w.squaredNorm() / m.w1;
  m.vr = 1.0 + tau2 * m.w2;
  const Eigen::ArrayXd u = 1.0 + tau2 * w.array(), off = w.array() - m.w2;
  const double wu = (w.array() * u).sum() / m.w1, wuu = (w.array() * u.square()).sum() / m.w1;
  m.tr_as = u.sum() - wu;
  m.tr_asas = u.square().sum() - 2.0 * wuu + wu * wu;
  m.uau = tau2 * tau2 * (w.array() * off.square()).sum();
  m.uasau = tau2 * tau2 * (w.array() * off.square() * u).sum();
  return m;
}

// P(Q <= q | R = r) by the gamma distribution with the conditional mean and variance.
double q_below(const Moments4& m, double q, double r) {
  const double c = m.uau / (m.w1 * m.vr), r2 = r * r / m.vr;
  const double mean = m.tr_as + c * (r2 - 1.0);
  const double spread = m.uasau / (m.w1 * m.vr) - c * c;
  const double variance = 2.0 * (m.tr_asas - 2.0 * m.uasau / (m.w1 * m.vr) + c * c) + 4.0 * r2 * spread;
  const double shape = mean * mean / variance, scale = variance / mean;
  return q <= 0.0 ? 0.0 : boost::math::gamma_p(shape, q / scale);
}

// P(R / sqrt(1 + tau2_hat W2) > t): R above t while Q is below the value at which the ratio is t.
double upper_tail(const Moments4& m, double t) {
  constexpr double root_2pi = 2.50662827463100050242;
  const double sd = std::sqrt(m.vr);
  const auto density = [&](double r) {
    const double q = (m.w1 / m.w2 - 1.0) * (r * r / (t * t) - 1.0) + (m.k - 1.0);
    return q_below(m, q, r) * std::exp(-0.5 * r * r / m.vr) / (root_2pi * sd);
  };
  const double end = std::max(t, sd) + 40.0 * sd;
  double total = 0.0, from = t;
  // Pieces of two standard deviations: the gamma factor rises steeply near t.
  for (double to = t + 2.0 * sd; from < end; to += 2.0 * sd) {
    total += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(density, from, to, 10, 1e-12);
    from = to;
    if (density(from) < 1e-18 * total) break;
  }
  return total;
}

}  // namespace

HenmiCopas henmi_copas(const VecRef& yi, const VecRef& vi, double level) {
  if (yi.size() < 2) throw InvalidInput("object", "must have at least 2 studies");
  const Scaled data = scale_data(yi, vi);
  if (!(data.vi.minCoeff() > 0.0)) throw InvalidInput("vi", "must be positive for this method");
  const Vec w = data.vi.cwiseInverse();
  const double w1 = w.sum(), w2 = w.squaredNorm() / w1;
  HenmiCopas out;
  const double origin = data.yi[0];
  const double shift = (w.array() * (data.yi.array() - origin)).sum() / w1;
  const double q = (w.array() * (data.yi.array() - origin - shift).square()).sum();
  const double tau2 = std::max(0.0, (q - static_cast<double>(w.size() - 1)) / (w1 - w2));
  const Moments4 m = moments_of(w, tau2);
  const double tail = 0.5 * (1.0 - level);
  const auto excess = [&](double t) { return upper_tail(m, t) - tail; };
  double lo = 1e-3, hi = 2.0, f_hi = excess(hi);
  while (f_hi > 0.0 && hi < 1e8) f_hi = excess(hi *= 2.0);
  const double t0 = find_root<double>(excess, lo, excess(lo), hi, f_hi, 1e-12);
  const double se = std::sqrt(m.vr / w1);
  out.beta = std::scalbn(origin + shift, data.exponent);
  out.se = std::scalbn(se, data.exponent);
  out.ci_lb = out.beta - t0 * out.se;
  out.ci_ub = out.beta + t0 * out.se;
  out.tau2 = std::scalbn(tau2, 2 * data.exponent);
  return out;
}

}  // namespace metaparity
