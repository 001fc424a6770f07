// Profile-likelihood interval of the mean of a random-effects model: the set of mu whose deviance,
// minimised over tau2 >= 0, is within the chi-squared quantile of the least. Source: Hardy &
// Thompson (1996, Stat Med 15, 619). Oracle: metan 4 and metaan, option pl.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// tau2 >= 0 that maximises the likelihood when the mean is known to be `mu`.
double tau2_at_mean(const VecRef& yi, const VecRef& vi, double mu);

// `mu`, `tau2`: the maximum-likelihood estimates.
Interval profile_mean_interval(const VecRef& yi, const VecRef& vi, double mu, double tau2,
                               double level);

// Log-likelihood at each value of `grid`: of the mean with tau2 profiled out, or (`of_tau2`) the
// other way round.
Vec profile_log_likelihood(const VecRef& yi, const VecRef& vi, const VecRef& grid, bool of_tau2);

}  // namespace metaparity
