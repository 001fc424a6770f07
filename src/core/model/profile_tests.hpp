// Likelihood tests of the mean with small-sample corrections, and the intervals of the means they
// do not reject. Sources: Hardy & Thompson (1996); Huizenga, Visser & Dolan (2011, Br J Math Stat
// Psychol 64, 1) Bartlett, here by Lawley's (1956) expansion; Guolo (2012, Stat Med 31, 313)
// Skovgaard. Oracle: a metan 4 log of all three.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class LikelihoodTest { Plain, Bartlett, Skovgaard };

struct LikelihoodStatistic {
  double z = kNaN;   // signed root: positive when the estimate exceeds mu
  double lr = kNaN;  // its square
};

// `estimate`, `tau2`: maximum likelihood.
LikelihoodStatistic likelihood_test(const VecRef& yi, const VecRef& vi, double estimate,
                                    double tau2, double mu, LikelihoodTest type);
Interval likelihood_interval(const VecRef& yi, const VecRef& vi, double estimate, double tau2,
                             double level, LikelihoodTest type);

}  // namespace metaparity
