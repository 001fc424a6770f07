// Linear mixed models with random coefficients of one grouping, by ML or REML: y = X beta + Z b + e, b of a group from
// N(0, G), e from N(0, s2). The residual variance is at its best for each G / s2; what a group says of G passes through
// its few products Z'Z and Z'X. Sources: Harville (1977, JASA 72, 320); Lindstrom & Bates (1988, JASA 83, 1014).
// Oracle: the dense likelihood, nlme's lme().
#pragma once

#include <string>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

enum class CoefficientCovariance { Identity, Independent, Exchangeable, Unstructured };

struct RandomCoefficients {
  Vec beta;
  Mat vb;
  Mat G;
  double s2 = kNaN;
  double ll = kNaN, ll_0 = kNaN;  // the latter without random coefficients
  // Covariances of the logarithms of the standard deviations that the structure has, of atanh of its correlations, of the
  // logarithm of the residual standard deviation: from the observed information; NaN for what is at its edge.
  Mat v_theta;
  Vec theta;
  Mat effects;  // best linear predictions, a row for each group
  bool converged = false;
};

// own: the group of each row, from 0. Throws InvalidInput, SingularDesign, NotConverged.
RandomCoefficients fit_random_coefficients(const VecRef& y, const MatRef& X, const MatRef& Z,
                                           const std::vector<int>& own,
                                           CoefficientCovariance structure, bool restricted);

}  // namespace metaparity
