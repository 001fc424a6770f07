// Transformations of effect sizes, one table of named functions. The formulas and their sources stand
// in R/effect-transf-table.R, entry by entry. Oracle: metafor, and each inverse against its function.
#pragma once

#include <string>

#include "core/types.hpp"

namespace metaparity {

// A function of the value and up to two further numbers (sample sizes, a risk, a proportion).
using TransformFunction = double (*)(double x, double a, double b);

TransformFunction find_transform(const std::string& name);

// a and b have the length of x, length 1, or length 0 where the function does not use them.
Vec transform_values(const std::string& name, const VecRef& x, const VecRef& a, const VecRef& b);

}  // namespace metaparity
