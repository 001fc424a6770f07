// The between-study variance tau2 by the rule of a fit: its estimate, its standard error, what it asks of the
// variances. The rules stand in core/tau2/tau2_rules.cpp. Oracles: metafor (its tolerances), exact roots in extended
// precision.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Tau2Estimate {
  double tau2 = 0.0;
  double se = kNaN;
};

// `weights` of size 0 means none; they matter for GENQ and GENQM alone.
Tau2Estimate estimate_tau2_se(const VecRef& yi, const VecRef& vi, const MatRef& X,
                              const VecRef& weights, const ModelSpec& spec);
double estimate_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                     const ModelSpec& spec);

}  // namespace metaparity
