// Models that take Q as gamma distributed. Sources: Biggerstaff & Tweedie (1997, Stat Med 16, 753)
// weights averaged over the distribution of tau2; Henmi & Copas (2010, Stat Med 29, 2969, section
// 3) interval around the common-effect estimate. Oracle: metafor::hc.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct BiggerstaffTweedie {
  double est = kNaN, se = kNaN;
  Vec weights;
};

// `tau2`: DerSimonian-Laird.
BiggerstaffTweedie biggerstaff_tweedie(const VecRef& yi, const VecRef& vi, double tau2);
// The tau2 under which the observed Q is at a tail of its gamma distribution.
Interval gamma_tau2_interval(double Q, const VecRef& vi, double level);

struct HenmiCopas {
  double est = kNaN, se = kNaN, lb = kNaN, ub = kNaN, p = kNaN;
};
HenmiCopas henmi_copas(const VecRef& yi, const VecRef& vi, double tau2, double level);

}  // namespace metaparity
