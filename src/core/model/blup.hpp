// Best linear unbiased predictions of the study effects. Source: Raudenbush & Bryk (1985, J Educ Stat 10, 75);
// Kackar & Harville (1981) for the uncertainty of the coefficients. Oracle: metafor::blup, ranef.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Blup {
  Vec pred, se, pi_lb, pi_ub;
};

// `random_only`: the deviations from the fitted values instead of the effects. `ddf`: NaN for normal.
Blup blup(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& beta, const MatRef& vb,
          double tau2, double level, double ddf, bool random_only);

}  // namespace metaparity
