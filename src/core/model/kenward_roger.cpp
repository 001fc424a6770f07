#include "core/model/kenward_roger.hpp"

#include <cmath>

namespace metaparity {

// With one coefficient the statistic is unscaled, df = 2 / A with A = var(tau2) (S2/S1)^2.
KenwardRoger kenward_roger(const VecRef& yi, const VecRef& vi, double tau2, bool observed) {
  const Eigen::ArrayXd w = (vi.array() + tau2).inverse();
  const double s1 = w.sum(), s2 = w.square().sum(), s3 = w.cube().sum(), ratio = s2 / s1;
  const double expected = 0.5 * (s2 - 2.0 * s3 / s1 + ratio * ratio);
  double info = expected;
  if (observed) {
    // y'PPPy - tr(PP)/2
    const Eigen::ArrayXd e = yi.array() - (w * yi.array()).sum() / s1;
    const double cross = (w.square() * e).sum();
    info = (w.cube() * e.square()).sum() - cross * cross / s1 - expected;
  }
  const double variance = 1.0 / info;
  const double phi = 1.0 / s1;
  KenwardRoger out;
  out.se = std::sqrt(phi + 2.0 * phi * phi * variance * (s3 - s2 * ratio));
  out.df = 2.0 / (variance * ratio * ratio);
  return out;
}

}  // namespace metaparity
