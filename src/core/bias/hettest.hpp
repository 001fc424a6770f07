// Tests of equal heterogeneity: score, likelihood-ratio and Wald-type tests of study-specific variances against one,
// Kolmogorov-Smirnov and Anderson-Darling tests of the Pearson residuals. Oracle: metafor.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class HetTest { Score, Lrt, Wald, KsNormal, KsChisq, AdNormal, AdChisq };

struct HetSpec {
  bool reml = true;
  HetTest test = HetTest::Score;
  double threshold = 1e-8;
  int maxiter = 1000;
  Checkpoint checkpoint = nullptr;
};

struct Saturated {
  Vec tau2, se;
  double mu = kNaN;
  bool converged = false;
};

// The model with a variance for each study, from `start` (one value or one per study).
Saturated fit_saturated(const VecRef& yi, const VecRef& vi, const VecRef& start,
                        const HetSpec& spec);

// The statistic; NaN when a fit does not converge.
double het_statistic(const VecRef& yi, const VecRef& vi, const HetSpec& spec);

// Statistics of the columns of `samples`.
Vec het_bootstrap(const MatRef& samples, const VecRef& vi, const HetSpec& spec, int threads);

}  // namespace metaparity
