// What a relative effect makes of an assumed risk, and how many persons it takes to see an effect.
// Sources: Cochrane Handbook 6.4, sections 14.1.5 and 15.4; Guyatt et al. (2011, J Clin Epidemiol 64, 1283); Fleiss
// (1981) eq. 3.14 without correction; Schoenfeld (1983, Biometrics 39, 499). Oracle: closed forms, R's power.prop.test.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class RiskMeasure { OR, RR, HR, RD, IRR };

// Shares: a risk ratio leaves at most 1, a difference stays between 0 and 1, a rate has no upper bound.
double corresponding_risk(double risk, double effect, RiskMeasure measure);

// Two-sided alpha 0.05 and power 0.80, both groups together. NaN where two risks are equal or no risks.
double size_of_risks(double risk, double other);
// Difference of means in standard deviations.
double size_of_means(double delta);
// Events that a hazard ratio takes.
double events_of_hazards(double ratio);

}  // namespace metaparity
