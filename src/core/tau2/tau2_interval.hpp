// Intervals for tau2. Sources: Viechtbauer (2007, Stat Med 26, 37) QP, PL, Wald; Jackson (2013, Res Synth
// Methods 4, 220) GENQ; Higgins & Thompson (2002, Stat Med 21, 1539) HT. Oracle: metafor::confint.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class IntervalType { QP, PL, GENQ, HT, Wald, WaldLog, WaldSqrt };

struct Tau2Interval {
  double lb = kNaN, ub = kNaN;
  bool empty = false;  // even tau2 = 0 is too large for the data: both ends are 0
};

// `tau2`, `se`: the estimate the interval belongs to (PL, Wald). `weights` of size 0: 1/vi (GENQ).
Tau2Interval tau2_interval(const VecRef& yi, const VecRef& vi, const MatRef& X,
                           const VecRef& weights, const ModelSpec& spec, double tau2, double se,
                           IntervalType type);

}  // namespace metaparity
