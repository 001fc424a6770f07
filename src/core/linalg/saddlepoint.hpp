// Tail probabilities of ratios of quadratic forms. Sources: Lugannani & Rice (1980); McCaffrey & Bell (2006, Stat Med 25,
// 4081), the saddlepoint for t statistics with robust variances. Oracle: clubSandwich.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// P(Z^2 / S >= t2), Z normal and S the mean-one sum of chi-squares whose weights are proportional to `weights`.
double saddlepoint_p(double t2, const VecRef& weights);

}  // namespace metaparity
