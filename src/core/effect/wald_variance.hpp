// Sampling variance of an estimate from its Wald-type interval, or its Wald-type test.
// Cochrane Handbook (2024), 6.3. Oracle: intervals made from known variances.
#pragma once

#include <cmath>

#include "core/linalg/distributions.hpp"
#include "core/types.hpp"

namespace metaparity {

struct WaldReport {
  double yi, lb, ub, z, p, level;
};

inline double wald_variance(const WaldReport& r) {
  const double crit = critical_value(r.level, kNaN);
  double se = (r.ub - r.lb) / (2.0 * crit);
  if (std::isnan(se)) se = (r.ub - r.yi) / crit;
  if (std::isnan(se)) se = r.yi / (std::isnan(r.z) ? -normal_quantile(0.5 * r.p) : r.z);
  return se * se;
}

}  // namespace metaparity
