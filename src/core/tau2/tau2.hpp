// Estimators of the between-study variance tau2. Sources: Hunter & Schmidt (2004) HS; Hedges & Olkin
// (1985) HE; DerSimonian & Laird (1986) DL; Sidik & Jonkman (2005, 2007) SJ; Paule & Mandel (1982) PM;
// Viechtbauer et al. (2015) and Viechtbauer (2021) PMM, GENQM; Jackson (2013) GENQ; Harville (1977) ML, REML.
// Oracles: metafor (its tolerances), exact roots in extended precision.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Tau2Estimate {
  double tau2 = 0.0;
  double se = kNaN;
};

// `weights` of size 0 means none; they matter for GENQ and GENQM alone.
Tau2Estimate estimate_tau2_se(const VecRef& yi, const VecRef& vi, const MatRef& X,
                              const VecRef& weights, const ModelSpec& spec);
double estimate_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                     const ModelSpec& spec);

}  // namespace metaparity
