#include "core/stata/proportion.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "core/constants.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

double transform(double x, double n) {
  return std::asin(std::sqrt(x / (n + 1.0))) + std::asin(std::sqrt((x + 1.0) / (n + 1.0)));
}

Interval score_interval(double x, double n, double z) {
  const double p = x / n, z2 = z * z;
  const double centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
  const double half = z / (1.0 + z2 / n) * std::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
  return {x == 0.0 ? 0.0 : std::max(0.0, centre - half),
          x == n ? 1.0 : std::min(1.0, centre + half)};
}

Interval exact_interval(double x, double n, double tail) {
  Interval out{0.0, 1.0};
  if (x > 0.0) out.lb = boost::math::ibeta_inv(x, n - x + 1.0, tail);
  if (x < n) out.ub = boost::math::ibeta_inv(x + 1.0, n - x, 1.0 - tail);
  return out;
}

Interval wald_interval(double x, double n, double z) {
  const double p = x / n, half = z * std::sqrt(p * (1.0 - p) / n);
  return {p - half, p + half};
}

// Agresti & Coull (1998): z^2 / 2 events and as many non-events are added.
Interval agresti_interval(double x, double n, double z) {
  const double more = n + z * z, p = (x + 0.5 * z * z) / more;
  const double half = z * std::sqrt(p * (1.0 - p) / more);
  return {p - half, p + half};
}

// Brown, Cai & DasGupta (2001): quantiles of the posterior under Jeffreys' prior, open at 0 and n.
Interval jeffreys_interval(double x, double n, double tail) {
  Interval out{0.0, 1.0};
  if (x > 0.0) out.lb = boost::math::ibeta_inv(x + 0.5, n - x + 0.5, tail);
  if (x < n) out.ub = boost::math::ibeta_inv(x + 0.5, n - x + 0.5, 1.0 - tail);
  return out;
}

// Miller (1978), Am Stat 32:138, for the sum of the two arcsines.
double inverse_one(double t, double n) {
  if (std::isnan(t)) return kNaN;
  if (t <= freeman_tukey_zero(n)) return 0.0;
  if (t >= freeman_tukey_one(n)) return 1.0;
  const double s = std::sin(t), u = s + (s - 1.0 / s) / n;
  const double root = std::sqrt(std::max(0.0, 1.0 - u * u));
  return 0.5 * (1.0 - std::copysign(root, std::cos(t)));
}

}  // namespace

ProportionEffects proportion_effects(const VecRef& xi, const VecRef& ni, bool freeman_tukey) {
  ProportionEffects out{Vec(xi.size()), Vec(xi.size())};
  for (Index i = 0; i < xi.size(); ++i) {
    const double p = xi[i] / ni[i];
    out.yi[i] = freeman_tukey ? transform(xi[i], ni[i]) : p;
    out.vi[i] = freeman_tukey ? 1.0 / (ni[i] + 0.5) : p * (1.0 - p) / ni[i];
  }
  return out;
}

ProportionLimits proportion_intervals(const VecRef& xi, const VecRef& ni, double level,
                                      ProportionInterval method) {
  const double z = critical_value(level, kNaN), tail = 0.5 * (1.0 - level);
  ProportionLimits out{Vec(xi.size()), Vec(xi.size())};
  for (Index i = 0; i < xi.size(); ++i) {
    Interval one;
    if (xi[i] >= 0.0 && xi[i] <= ni[i] && ni[i] > 0.0 && std::isfinite(ni[i])) {
      switch (method) {
        case ProportionInterval::Score:
          one = score_interval(xi[i], ni[i], z);
          break;
        case ProportionInterval::Exact:
          one = exact_interval(xi[i], ni[i], tail);
          break;
        case ProportionInterval::Wald:
          one = wald_interval(xi[i], ni[i], z);
          break;
        case ProportionInterval::Agresti:
          one = agresti_interval(xi[i], ni[i], z);
          break;
        case ProportionInterval::Jeffreys:
          one = jeffreys_interval(xi[i], ni[i], tail);
          break;
      }
    }
    out.lb[i] = one.lb;
    out.ub[i] = one.ub;
  }
  return out;
}

double freeman_tukey_zero(double n) { return std::asin(std::sqrt(1.0 / (n + 1.0))); }

double freeman_tukey_one(double n) { return std::asin(std::sqrt(n / (n + 1.0))) + 0.5 * kPi; }

Vec freeman_tukey_inverse(const VecRef& t, double n) {
  Vec out(t.size());
  for (Index i = 0; i < t.size(); ++i) out[i] = inverse_one(t[i], n);
  return out;
}

double harmonic_mean(const VecRef& n) {
  return static_cast<double>(n.size()) / n.cwiseInverse().sum();
}

}  // namespace metaparity
