// Estimators of tau2 that solve an equation. Sources: Harville (1977) ML, REML; Paule & Mandel (1982) PM, whose equation
// is that of EB, DLIT and SJIT; Viechtbauer et al. (2015) and Viechtbauer (2021) PMM, GENQM. Oracles: metafor, exact
// roots in extended precision.
#pragma once

#include "core/tau2/tau2_rules.hpp"

namespace metaparity {

Tau2Found ml_tau2(const Tau2Data& data);
Tau2Found reml_tau2(const Tau2Data& data);
Tau2Found pm_tau2(const Tau2Data& data);   // Q(tau2) = k - p
Tau2Found pmm_tau2(const Tau2Data& data);  // Q(tau2) = the median of chi-squared
// The tau2 under which the observed Q with fixed weights is the median of its distribution.
Tau2Found genqm_tau2(const Tau2Data& data);

// ML and REML by the expected information; what solves Q(tau2) = k - p has the empirical Bayes form.
double ml_se(const Tau2Data& data, double tau2);
double reml_se(const Tau2Data& data, double tau2);
double pm_se(const Tau2Data& data, double tau2);

}  // namespace metaparity
