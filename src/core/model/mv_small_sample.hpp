// Degrees of freedom of coefficients whose variances rest on estimated components: 2 v^2 / (g'A g), v the variance of a
// coefficient, g its slope in the components and A their asymptotic covariance. Source: Satterthwaite (1946, Biometrics
// Bulletin 2, 110); Fai & Cornelius (1996, J Stat Comput Simul 54, 363). Oracle: balanced groups, groups - 1; differences.
#pragma once

#include "core/model/mv_fit.hpp"

namespace metaparity {

// Components at a bound or given are taken as known; NaN where none is left or their information is singular.
Vec mv_satterthwaite(const MvModel& model, const std::vector<Vec>& tau2,
                     const std::vector<Vec>& rho, bool restricted);

}  // namespace metaparity
