// Correlations: product-moment (raw, unbiased, Fisher's z), partial and semi-partial of a regression.
// Sources: Olkin & Pratt (1958) eq. 2.3; Fisher (1921) Metron 1:1; Hedges (1989); Aloe & Becker (2012)
// J Educ Behav Stat 37:278; Aloe & Thompson (2013) J Soc Soc Work Res 4:390. Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

std::vector<EffectEntry> correlation_entries();

}  // namespace metaparity
