// Generalised variance inflation factors. Source: Fox & Monette (1992, JASA 87, 178). Oracle: metafor::vif.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

// One value per set of coefficients (from 0). `int_incl`: the first coefficient is the intercept and stays out.
Vec inflation_factors(const MatRef& vb, bool int_incl, const std::vector<std::vector<int>>& sets);

}  // namespace metaparity
