// Estimators of tau2 under a lower bound other than 0, and that of Sidik and Jonkman from an a priori value (2007).
// Only v + tau2 enters a likelihood or a residual sum: the bound m is 0 for the variances v + m.
// Oracle: metafor's control = list(tau2.min =, tau2.init =).
#pragma once

#include "core/types.hpp"

namespace metaparity {

// Those whose standard error is that of Q, taken at a tau2 that is not negative.
bool has_moment_form(Tau2Method method);

double bounded_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    const ModelSpec& spec);

}  // namespace metaparity
