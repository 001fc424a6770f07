// What the Mantel-Haenszel and Peto fits share: the test of the pooled effect, heterogeneity of the
// study effects about it, likelihood of the equal-effects model.
// Source: Higgins & Thompson (2002) Stat Med 21:1539 for I2 and H2. Oracle: metafor's rma.mh.
#pragma once

#include <vector>

#include "core/effect/effect_common.hpp"

namespace metaparity {

// yi, vi, ni and weights have an element for each study given; a study that is not used has NaN.
struct CommonFit {
  double beta = kNaN, se = kNaN, zval = kNaN, pval = kNaN, ci_lb = kNaN, ci_ub = kNaN;
  double QE = kNaN, QEp = kNaN, I2 = kNaN, H2 = kNaN;
  int k = 0, k_yi = 0;  // studies pooled; studies with an estimate of their own
  FitStats ml, reml;
  Vec yi, vi, ni, weights;
  std::vector<int> fractional;  // rows with counts that are not whole
};

// The effects of the studies as yi, vi, ni; weights all NaN.
void take_effects(CommonFit& fit, const Effects& effects);
// Fills everything that follows from beta, se, yi and vi.
void complete_fit(CommonFit& fit, double level, const char* arg = "ai");
// Replaces the heterogeneity by Q on df degrees of freedom.
void set_heterogeneity(CommonFit& fit, double q, int df);

}  // namespace metaparity
