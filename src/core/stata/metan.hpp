// What only metan computes: Cornfield's limits of an odds ratio (Cornfield 1956, Proc 3rd Berkeley
// Symp 4:135; Fleiss, Levin & Paik 2003, eq. 6.55 without continuity correction) and Cochran's Q
// around an estimate from elsewhere. Oracle: metan's logs.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct OddsLimits {
  Vec lb, ub;
};

// Cells of k tables, all positive. The limit is the odds ratio at which the expected first cell A
// solves (ai - A)^2 (1/A + 1/(n1-A) + 1/(m1-A) + 1/(n2-m1+A)) = z^2, margins fixed.
OddsLimits cornfield_limits(const VecRef& ai, const VecRef& bi, const VecRef& ci, const VecRef& di,
                            double level);

}  // namespace metaparity
