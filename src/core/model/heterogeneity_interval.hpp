// Intervals of H and I2 from Cochran's Q. Source: Higgins & Thompson (2002, Stat Med 21, 1539):
// test-based interval of ln H (section 3.3); non-central chi-squared: Hedges & Pigott (2001).
// Oracle: logs of Stata's metaan, values of Higgins & Thompson's table.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct HeterogeneityInterval {
  double H = kNaN, H_lb = kNaN, H_ub = kNaN;     // H is at least 1; its limits are not floored
  double I2 = kNaN, I2_lb = kNaN, I2_ub = kNaN;  // fractions, within 0 to 1
};

enum class HMethod { TestBased, NoncentralChisq };

// Standard error of ln H; which formula holds depends on Q > k (section 3.3). Of `k` studies, NaN where not known.
double se_log_h(double Q, double df, double k);

// H2 = Q / df; `Q` may come from an H2 of a model: Q = H2 df.
HeterogeneityInterval heterogeneity_interval(double Q, double df, double level, HMethod method);

}  // namespace metaparity
