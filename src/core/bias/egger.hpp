// Regression tests of small-study effects. Egger et al. (1997, BMJ 315:629), Sterne & Egger (2005,
// eq. 6.1), Harbord et al. (2006, Stat Med 25:3443), Peters et al. (2006, JAMA 295:676).
// Oracles: R's lm(), metafor::regtest(model = "lm"), Stata's metabias.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// One coefficient with its t test; NaN in all but `est` when no degree of freedom is left.
struct Coefficient {
  double est = kNaN, se = kNaN, tval = kNaN, pval = kNaN, ci_lb = kNaN, ci_ub = kNaN;
};

// y = intercept + slope * x by weighted least squares with a scale parameter.
struct LineFit {
  Coefficient intercept, slope;
  double covariance = kNaN;  // of the two estimates
  double rmse = kNaN;
  double df = 0.0;
  int k = 0;
};

// Weights are relative: multiplying them by a constant changes `rmse` only. With `rescale` they are
// first made to sum to k (Stata's analytic weights).
LineFit fit_line(const VecRef& y, const VecRef& x, const VecRef& weights, double level,
                 bool rescale = false);

// Egger's regression of yi / sei on 1 / sei without weights, computed in the equal form yi on sei
// with weights 1 / sei^2: the slope is the bias, the intercept the limit estimate for sei -> 0.
LineFit egger_line(const VecRef& yi, const VecRef& sei, double level);

struct TwoByTwoRef {
  VecRef ai, bi, ci, di;
};

enum class ScoreMeasure { OR, RR };

struct ScoreFit {
  LineFit line;               // slope = bias (intercept of Z/sqrt(V) on sqrt(V)), intercept = slope
  std::vector<int> excluded;  // studies with a zero margin, from 0
  Vec x, y;                   // sqrt(V) and Z/sqrt(V) of the others
};

ScoreFit harbord_line(const TwoByTwoRef& cells, ScoreMeasure measure, double level);

// `yi` is the log odds ratio. intercept = constant, slope = bias (coefficient of 1 / N).
LineFit peters_line(const VecRef& yi, const TwoByTwoRef& cells, double level);

struct LmFit {
  Vec beta, se, tval, pval, ci_lb, ci_ub;
  Eigen::MatrixXd vb;
  double rmse = kNaN, df = 0.0;
  int k = 0, p = 0;
};

// Weighted least squares with multiplicative dispersion on any design of full rank.
LmFit fit_lm(const VecRef& y, const MatRef& X, const VecRef& weights, double level);

struct PooledBias {
  double bias = kNaN, se = kNaN, zval = kNaN, pval = kNaN;
};

// Inverse-variance mean of the biases of several strata; strata without a standard error are left
// out.
PooledBias pool_bias(const VecRef& bias, const VecRef& se);

}  // namespace metaparity
