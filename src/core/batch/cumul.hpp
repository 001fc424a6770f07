// Fits on the first 1, 2, ... studies of an order. Closed form where leave-one-out has one.
// Lau et al. (1992, NEJM 327:248). Oracle: fit_rma() on the rows, metafor::cumul.
#pragma once

#include "core/batch/leave1out.hpp"
#include "core/types.hpp"

namespace metaparity {

// The data are in their order; ends[j] is the number of rows in fit j, rising.
FitTable cumulative(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    const ModelSpec& spec, const std::vector<int>& ends);

}  // namespace metaparity
