// Roots and maxima in tau2: a grid that resolves every feature of the score, brackets, and a polish in
// extended precision where rounding could move a root. Sources: Harville (1977); Paule & Mandel (1982).
// Oracle: a fine search in long double.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// The global maximum of the likelihood, restricted or not; 0 where that is at the boundary.
double maximise_likelihood(const VecRef& yi, const VecRef& vi, const MatRef& X, bool restricted);

// The tau2 at which the residual sum of squares with weights 1/(v + tau2) equals `target`; 0 when
// it is below the target at tau2 = 0 already. Unique: the sum falls monotonically.
double solve_residual_sum(const VecRef& yi, const VecRef& vi, const MatRef& X, double target);

// Deviance (-2 log L without constants) at one tau2, restricted or not.
double profile_deviance(const VecRef& yi, const VecRef& vi, const MatRef& X, double tau2,
                        bool restricted);

}  // namespace metaparity
