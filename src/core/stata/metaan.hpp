// Models of Stata's metaan that draw random numbers. Sources: Follmann & Proschan (1999, Biometrics
// 55, 732) permutation interval; Kontopantelis, Springate & Reeves (2013, PLoS ONE 8:e69930)
// bootstrapped DerSimonian-Laird. Oracle: full enumeration of the signs.
#pragma once

#include <cstdint>

#include "core/types.hpp"

namespace metaparity {

// The means mu that the permutation test of "the effects are symmetric about mu" does not reject.
// The signs of y - mu are permuted, the statistic is the DerSimonian-Laird mean. All 2^(k-1)
// patterns up to `reps`, else `reps` random ones.
Interval permutation_interval(const VecRef& yi, const VecRef& vi, double level, int reps,
                              std::uint64_t seed);

// Mean over `reps` resamples of the studies of the DerSimonian-Laird tau2.
double bootstrap_tau2(const VecRef& yi, const VecRef& vi, int reps, std::uint64_t seed);

}  // namespace metaparity
