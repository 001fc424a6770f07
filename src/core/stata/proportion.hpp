// Proportions as Stata's metaprop treats them: effects, intervals of one proportion, inverse of the
// Freeman-Tukey transform. Sources: Wilson (1927) score; Clopper & Pearson (1934) exact; Agresti &
// Coull (1998); Brown, Cai & DasGupta (2001) Jeffreys; Freeman & Tukey (1950); Miller (1978)
// inverse. Oracles: R's prop.test, binom.test; metafor.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct ProportionEffects {
  Vec yi, vi;
};

// x / n with variance p (1 - p) / n; or t = asin sqrt(x/(n+1)) + asin sqrt((x+1)/(n+1)), variance 1
// / (n + 0.5).
ProportionEffects proportion_effects(const VecRef& xi, const VecRef& ni, bool freeman_tukey);

enum class ProportionInterval { Score, Exact, Wald, Agresti, Jeffreys };

struct ProportionLimits {
  Vec lb, ub;
};

ProportionLimits proportion_intervals(const VecRef& xi, const VecRef& ni, double level,
                                      ProportionInterval method);

// The transform of p = 0 and p = 1 in a sample of size n.
double freeman_tukey_zero(double n);
double freeman_tukey_one(double n);

// Beyond the transforms of 0 and 1 the proportion is 0 and 1.
Vec freeman_tukey_inverse(const VecRef& t, double n);

double harmonic_mean(const VecRef& n);

}  // namespace metaparity
