// What each study does in a fit with a known marginal covariance matrix M and weights M^-1: residuals, leverages,
// weights. Source: Cook & Weisberg (1982), chapter 2, for generalised least squares.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct CaseStatistics {
  Vec fitted, resid, se;  // se: of the residual, from (I - H) M (I - H)'
  Vec scaled;             // residuals whose errors are uncorrelated: U (y - Xb), M^-1 = U'U
  Vec hat;                // diagonal of H = X (X'M^-1 X)^-1 X'M^-1
  Vec weight;             // diagonal of M^-1
  Mat vb;                 // (X'M^-1 X)^-1
  Mat hat_matrix, weight_matrix, residual_covariance;
};

// Throws InputError if M is not positive definite.
CaseStatistics case_statistics(const VecRef& y, const MatRef& x, const MatRef& m);
// The same of a mean by other weights A: H = X (X'AX)^-1 X'A.
CaseStatistics case_statistics(const VecRef& y, const MatRef& x, const MatRef& m, const MatRef& a);

// (X'M^-1 X)^-1: M of independent estimates is its diagonal.
Mat mean_covariance(const MatRef& x, const VecRef& variances);
Mat mean_covariance(const MatRef& x, const MatRef& m);

struct MeanEstimate {
  Vec beta;
  Mat vb;
};

// One study against the fit without it. `variance`: of the study at the variance parameters of that fit;
// `vb_all`: the covariances that all studies would give at these.
struct Deletion {
  double resid, se, z, dffits, cook, cov_r, fit_shift;
  Vec dfbetas;
};
Deletion deletion(double y, const VecRef& x, double hat, const MeanEstimate& full,
                  const MeanEstimate& without, double variance, const MatRef& vb_all);

}  // namespace metaparity
