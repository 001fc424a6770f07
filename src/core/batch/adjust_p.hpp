// p values adjusted for their number, with little memory. Benjamini & Hochberg (1995), step-up: the least of n p(j) / j over
// the j-th smallest p values from this one on. Oracle: R's p.adjust().
#pragma once

#include "core/types.hpp"

namespace metaparity {

// NaN stays NaN and does not count.
Vec adjust_p_bh(const VecRef& p);

}  // namespace metaparity
