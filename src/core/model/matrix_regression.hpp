// Regression from a correlation or covariance matrix: of one sample, or of pooled correlations with their variances by the
// delta method. Source: Becker (1992, J Educ Stat 17, 341); Cohen et al. (2003). Oracles: lm() of data with that matrix;
// metafor::matreg.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

struct MatrixRegression {
  Vec beta;
  Mat vb;
  double R2 = kNaN;
  double rss = kNaN;              // of the sample
  double ml = kNaN, reml = kNaN;  // log-likelihoods of the sample
};

// S: covariances; n people. With an intercept, from `means`; NaN means leave it unknown.
MatrixRegression matrix_regression(const MatRef& S, Index y, const std::vector<Index>& x, double n,
                                   bool intercept, const VecRef& means);
// What R holds: covariances with known means (then with an intercept), or correlations, maybe as Fisher's z.
struct PooledKind {
  bool covariances = false, ztor = false;
  Vec means;
};

// R: pooled values, V: variances of its lower triangle column by column, with the diagonal where that is estimated.
MatrixRegression pooled_regression(const MatRef& R, Index y, const std::vector<Index>& x,
                                   const MatRef& V, const PooledKind& kind = {});

}  // namespace metaparity
