// From a standardised mean difference to the point-biserial and biserial correlation, their Fisher z, and
// the log odds ratio of dichotomised responses.
// Sources: Tate (1954) Ann Math Stat 25:603; Soper (1914) Biometrika 10:384; Jacobs & Viechtbauer (2017)
// Res Synth Methods 8:161; Cox & Snell (1989); Hasselblad & Hedges (1995). Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

std::vector<EffectEntry> biserial_entries();

}  // namespace metaparity
