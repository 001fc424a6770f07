// Test between subgroups: dispersion of the group estimates around their inverse-variance mean.
// Source: Borenstein et al. (2009), chapter 19; Cochran (1954, Biometrics 10, 101).
// Oracle: the identity Q_total - sum Q_g of the common-effect model; metafor on the group estimates.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct BetweenTest {
  double Q = kNaN, pval = kNaN;
  int df = 0;
};

// One estimate and standard error per group. Q is NaN when a standard error is not positive and finite.
BetweenTest test_between(const VecRef& estimate, const VecRef& se);

}  // namespace metaparity
