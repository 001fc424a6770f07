// The correlation of two normal variables of which a 2x2 table shows only the signs, and its variance.
// Sources: Pearson (1900) Phil Trans A 195:1; Kirk (1973) Psychometrika 38:259; variance: Brown
// (1977) Appl Stat 26:343, AS 116. Oracle: quadrature of the bivariate density in R.
#pragma once

#include "core/effect/effect_binary.hpp"

namespace metaparity {

// Exact to rounding. With an empty cell the correlation is -1 or 1 and has no variance (0 on a diagonal
// table); with an empty margin there is none.
Estimate tetrachoric(const Cells& x);

}  // namespace metaparity
