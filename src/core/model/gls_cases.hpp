// What each study does in a fit with a known marginal covariance matrix M and weights M^-1: residuals, leverages,
// weights. Source: Cook & Weisberg (1982), chapter 2, for generalised least squares.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct CaseStatistics {
  Vec fitted, resid, se;  // se: of the residual, from (I - H) M (I - H)'
  Vec scaled;             // residuals whose errors are uncorrelated: L^-1 (y - Xb), M = L L'
  Vec hat;                // diagonal of H = X (X'M^-1 X)^-1 X'M^-1
  Vec weight;             // diagonal of M^-1
  Mat vb;                 // (X'M^-1 X)^-1
  Mat hat_matrix, weight_matrix, residual_covariance;
};

// Throws InputError if M is not positive definite.
CaseStatistics case_statistics(const VecRef& y, const MatRef& x, const MatRef& m);

}  // namespace metaparity
