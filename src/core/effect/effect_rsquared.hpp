// Coefficients of determination, predictors random or fixed, and their z transformation.
// Sources: Kendall & Stuart (1979) vol. 2, eq. 27.87-27.88 (random); Olkin & Finn (1995) Psychol Bull
// 118:155 (z); fixed: variance of the distribution that the likelihood of the non-central F puts on the
// true R^2. Oracle: metafor's escalc, quadrature in R.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

std::vector<EffectEntry> rsquared_entries();

// Variance of rho^2 under the likelihood of an observed R^2 of m predictors in n subjects, taken as
// a density on (0, 1); the non-centrality is n rho^2 / (1 - rho^2).
double fixed_predictors_variance(double r2, double m, double n);

}  // namespace metaparity
