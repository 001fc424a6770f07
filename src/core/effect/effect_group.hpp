// One group: its mean, standardised mean, mean in percent of the largest possible one; Cronbach's alpha
// and its transformations; relative excess heterozygosity.
// Sources: Cohen et al. (1999) Multivar Behav Res 34:315 (POMP); Bonett (2002, 2010); Hakstian & Whalen
// (1976) Psychometrika 41:219; Ziegler et al. (2011) Breast Cancer Res Treat 128:197. Oracle: metafor.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

std::vector<EffectEntry> group_entries();

}  // namespace metaparity
