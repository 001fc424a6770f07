// Information criteria of a log-likelihood. Sources: Akaike (1974); Schwarz (1978); Hurvich & Tsai (1989) for AICc. Oracle:
// metafor::fitstats.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/types.hpp"

namespace metaparity {

// n: observations behind the likelihood: k, or k - p of the restricted one.
inline FitStats fit_statistics(double ll, double dev, double n, double parms) {
  FitStats out;
  out.ll = ll;
  out.dev = dev;
  out.AIC = -2.0 * ll + 2.0 * parms;
  out.BIC = -2.0 * ll + parms * std::log(n);
  const double size = std::max(n, parms + 2.0);
  out.AICc = -2.0 * ll + 2.0 * parms * size / (size - parms - 1.0);
  return out;
}

}  // namespace metaparity
