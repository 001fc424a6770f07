// What a pooled estimate would be with one study more, over a grid of its effects and standard errors. Source: Langan,
// Higgins, Gregory & Sutton (2012, J Clin Epidemiol 65, 511). Oracle: the model of the studies with the new one.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// A row for each standard error, a column for each effect.
struct ExtendedFunnel {
  Mat estimate, se, tau2, I2;  // I2 in per cent
};

// random: DerSimonian and Laird's estimate of the variance between studies; else inverse variances alone.
ExtendedFunnel extended_funnel(const VecRef& yi, const VecRef& vi, const VecRef& effect,
                               const VecRef& error, bool random);

}  // namespace metaparity
