// Common-effect estimate with an interval that allows for heterogeneity. Source: Henmi & Copas (2010, Stat Med 29,
// 2969), section 3: Q given the estimate is taken as gamma with its conditional mean and variance. Oracle: metafor::hc.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct HenmiCopas {
  double beta = kNaN, se = kNaN, ci_lb = kNaN, ci_ub = kNaN, tau2 = kNaN;
};

HenmiCopas henmi_copas(const VecRef& yi, const VecRef& vi, double level);

}  // namespace metaparity
