// What every fit by a likelihood of its own concludes: tests and intervals of its parameters, the omnibus test, criteria
// of information. Sources: Wald (1943); Hurvich & Tsai (1989, Biometrika 76, 297) for AICc. Oracle: metafor.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

struct WaldTable {
  Vec se, stat, pval, ci_lb, ci_ub;  // NaN where the variance is
};

// Of estimates against `null`; ddf NaN: normal.
WaldTable wald_table(const VecRef& estimate, const VecRef& variance, const VecRef& null,
                     double level, double ddf);

struct Omnibus {
  double stat = kNaN, pval = kNaN, df2 = kNaN;
  int df1 = 0;
};

// That the coefficients `which` (from 0) are 0; ddf NaN: chi-squared, else F.
Omnibus omnibus_test(const VecRef& beta, const MatRef& vb, const std::vector<int>& which,
                     double ddf);

// n observations, `parms` parameters; the deviance against a saturated log-likelihood.
FitStats likelihood_criteria(double ll, double saturated, double n, double parms);

struct LikelihoodRatio {
  double stat = kNaN, pval = kNaN;
};
LikelihoodRatio likelihood_ratio(double full, double reduced, double df);

}  // namespace metaparity
