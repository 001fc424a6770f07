// Stochastic superiority, P(X > Y) + P(X = Y) / 2: given, or from normal groups, independent or paired.
// Sources: Newcombe (2006) Stat Med 25:559, method 4; Hanley & McNeil (1982) Radiology 143:29, eq. 1-2;
// Cho, Matthews & Harel (2019) Int Stat Rev 87:152; Goddard & Hinberg (1990) Stat Med 9:325, eq. 3-4.
// Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

std::vector<EffectEntry> superiority_entries();

}  // namespace metaparity
