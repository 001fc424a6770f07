// Tail probabilities and critical values of whole columns: each argument has one value, or one for each row.
// Degrees of freedom of NaN mean the normal distribution, of the denominator chi-squared. Oracle: R's p- and
// q-functions.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// Two-sided p values of z or t.
Vec two_sided_tails(const VecRef& statistic, const VecRef& df);
// P(X > x) of chi-squared on df1, of F on df1 and df2.
Vec upper_tails(const VecRef& x, const VecRef& df1, const VecRef& df2);
// Two-sided; NaN where a t distribution has no degrees of freedom.
Vec critical_values(const VecRef& level, const VecRef& df);

}  // namespace metaparity
