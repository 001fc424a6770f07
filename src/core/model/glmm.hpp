// Meta-analysis of counts by generalised linear mixed models: unconditional with fixed or random study effects,
// conditional with the approximate or the exact likelihood; proportions and rates. Sources: Stijnen, Hamza & Ozdemir
// (2010); Turner et al. (2000, Stat Med 19, 3417); Jackson et al. (2018, Stat Med 37, 1059). Oracles: lme4, GLMMadaptive.
#pragma once

#include "core/model/glmm_likelihood.hpp"

namespace metaparity {

enum class GlmmMeasure { OR, IRR, PLO, IRLN };
enum class GlmmKind { FixedStudies, RandomStudies, ConditionalApproximate, ConditionalExact };

struct GlmmData {
  Vec events1, size1, events2,
      size2;  // trials or person-time; the second arm is empty for PLO and IRLN
  Mat X;
};

struct GlmmSpec {
  GlmmMeasure measure = GlmmMeasure::OR;
  GlmmKind kind = GlmmKind::FixedStudies;
  bool random = true;  // false: tau2 is 0
  bool correlated = false;
  double coding = 0.5;  // of the random effect: 1/2 (+-1/2), 1 or 0
  Index points = 0;     // of the quadrature; 0: as many as it takes
  double tau2 = kNaN;   // NaN: free
};

struct GlmmFit {
  Vec beta;
  Mat vb;
  double tau2 = 0.0, se_tau2 = kNaN, sigma2 = kNaN, rho = kNaN;
  double ll = -kInf, ll_common = kNaN, ll_saturated = kNaN;
  double QE_wald = kNaN, QE_lrt = kNaN;
  Vec x;        // as GlmmLikelihood has them
  Mat hessian;  // of minus the log-likelihood by x
  int parameters = 0;
  Index points = 0;
  bool singular = false;
  Vec effect_mean, effect_sd, level_mean, level_sd;  // predicted random effects of the studies
};

// Throws InvalidInput, NotConverged.
GlmmFit fit_glmm(const GlmmData& data, const GlmmSpec& spec);

Vec glmm_profile(const GlmmData& data, const GlmmSpec& spec, const VecRef& tau2,
                 Mat* beta = nullptr, Mat* se = nullptr);
Interval glmm_interval(const GlmmData& data, const GlmmSpec& spec, const GlmmFit& fit,
                       double level);

}  // namespace metaparity
