// Diagnostic test accuracy: counts of true and false results, logits of sensitivity and specificity with a bivariate
// normal distribution between studies. Sources: Chu & Cole (2006, J Clin Epidemiol 59, 1331); Reitsma et al. (2005).
// Exact quadrature, or any number of points: then the approximation itself is maximised. Oracles: lme4, Stata's logs.
#pragma once

#include "core/model/glmm_likelihood.hpp"

namespace metaparity {

struct DiagnosticData {
  Vec tp, fp, fn, tn;
  Mat X_sens, X_spec;
};

// Shared: one deviation of a study moves both logits. None: no deviations.
enum class DiagnosticSpread { Unstructured, Independent, Shared, None };

struct DiagnosticSpec {
  DiagnosticSpread spread = DiagnosticSpread::Unstructured;
  Index points = 0;  // of each dimension of the quadrature; 0: as many as it takes
};

struct DiagnosticFit {
  Vec beta;  // of the sensitivity, then of the specificity
  Mat vb;
  double var_sens = 0.0, var_spec = 0.0, cov = 0.0;
  bool at_edge = false;  // a variance is 0, or the correlation -1 or 1
  Mat covariance;        // of beta, var_sens, var_spec, cov
  double ll = -kInf;
  Index points = 0;
  int parameters = 0;
  bool singular = false;
  Vec sens_mean, sens_sd, spec_mean, spec_sd;  // predicted deviations of the studies
  double rho() const;
};

// Throws InvalidInput, NotConverged.
DiagnosticFit fit_diagnostic(const DiagnosticData& data, const DiagnosticSpec& spec);

// The log-likelihood at given parameters: beta, and the Cholesky factor of the covariances with the specificity first
// (l11, l22, l21); with free means, at the best beta for this factor.
double diagnostic_loglik(const DiagnosticData& data, const Vec& x, Index points,
                         bool free_means = false);

}  // namespace metaparity
