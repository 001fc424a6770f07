// Change in one group or between matched pairs: mean change, raw and standardised in five ways, in percent
// of the largest possible one, log ratios of means, variabilities, coefficients of variation.
// Sources: Gibbons et al. (1993); Becker (1988); Morris (2000); Bonett (2008) Psychol Methods 13:99;
// Cousineau (2020) Quant Methods Psychol 16:418; Lajeunesse (2011); Senior et al. (2020). Oracle: metafor.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

std::vector<EffectEntry> change_entries();

}  // namespace metaparity
