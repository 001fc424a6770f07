#include "core/linalg/saddlepoint.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {

// Of the form sum g_i Z_i^2 > 0 with g = (1, -t2 weights / sum): K'(s) = 0 between the poles 1 / (2 g) on both sides of
// 0, then the formula of Lugannani and Rice; near s = 0 its limit.
double saddlepoint_p(double t2, const VecRef& weights) {
  const double sum = weights.sum();
  if (!(sum > 0.0) || !std::isfinite(t2)) return kNaN;
  if (t2 == 0.0) return 1.0;
  Vec g(weights.size() + 1);
  g << 1.0, -t2 / sum * weights;
  const auto slope = [&g](double s) { return (g.array() / (1.0 - 2.0 * g.array() * s)).sum(); };
  double lo = 0.0, hi = 0.5;
  if (t2 < 1.0) {
    lo = 0.5 / g.minCoeff();
    hi = 0.0;
  }
  // At its poles the slope is infinite: -Inf on the left, Inf on the right.
  const double f_lo = t2 < 1.0 ? -kInf : slope(lo), f_hi = t2 < 1.0 ? slope(hi) : kInf;
  const double s = find_root(slope, lo, f_lo, hi, f_hi, root_resolution<double>());
  constexpr double kNear = 0.01;
  if (std::fabs(s) <= kNear) {
    return 0.5 - g.array().cube().sum() / (3.0 * std::sqrt(kPi) * std::pow(g.squaredNorm(), 1.5));
  }
  const Vec left = 1.0 - 2.0 * g.array() * s;
  const double r = std::copysign(std::sqrt(left.array().log().sum()), s);
  const double q = s * std::sqrt(2.0 * (g.array() / left.array()).square().sum());
  const double density = std::exp(-0.5 * r * r) / std::sqrt(2.0 * kPi);
  return normal_upper(r) - density * (1.0 / r - 1.0 / q);
}

}  // namespace metaparity
