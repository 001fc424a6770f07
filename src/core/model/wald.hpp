// Wald tests of linear combinations of coefficients. Source: Raudenbush (2009); Hotelling's F in place of
// chi-squared when the tests use t. Oracle: metafor::anova; R's solve().
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct LinearTests {
  Vec estimate, se, stat, pval;  // one per combination, of L b - rhs
  double QM = kNaN, QMp = kNaN;  // all combinations at once; NaN when they are redundant
};

// `ddf`: degrees of freedom of each combination, NaN for normal tests; `df2`: of the joint test.
LinearTests linear_tests(const MatRef& L, const VecRef& rhs, const VecRef& beta, const MatRef& vb,
                         const VecRef& ddf, double df2);

// b' V^-1 b; NaN when V is singular.
double wald_statistic(const VecRef& b, const MatRef& v);

}  // namespace metaparity
