// Effects given by the user: an estimate with its variance, standard error or confidence limits.
// Source: normal limits, Higgins et al. (2024) Cochrane Handbook section 6.3.
#pragma once

#include "core/effect/effect_common.hpp"

namespace metaparity {

Effects effect_from_variance(const VecRef& yi, const VecRef& vi);
Effects effect_from_se(const VecRef& yi, const VecRef& sei);

// se = (ub - lb) / (2 z). An empty yi stands for the midpoints. `asymmetric` gets the rows whose
// estimate is away from the middle by more than 15 % of the interval's width: limits of a ratio
// that were not logged look like that.
Effects effect_from_limits(const VecRef& yi, const VecRef& lb, const VecRef& ub, double level,
                           std::vector<int>& asymmetric);

}  // namespace metaparity
