// Covariances between studies by moments. Sources: Jackson, White & Thompson (2010, Stat Med 29, 1282): outcome by
// outcome
// and pair by pair; Jackson, White & Riley (2013, Biometrical J 55, 231): the matrix of Q. Oracles: expectations by
// simulation-free enumeration of basis matrices; logs.
#pragma once

#include "core/stata/mvmeta.hpp"

namespace metaparity {

struct MvmetaMoments {
  Mat raw;    // as the equations give it
  Mat Sigma;  // without its negative eigenvalues
  int negative = 0;
  Mat Q;  // the statistic and what it is expected to be without heterogeneity
  Mat expected;
};

MvmetaMoments mvmeta_moments_each(const MvmetaData& data);    // mm1
MvmetaMoments mvmeta_moments_matrix(const MvmetaData& data);  // mm2

// Degrees of freedom over the slope of Q: without covariates (k - 1) sum w / ((sum w)^2 - sum w^2), the typical
// variance of
// Higgins & Thompson (2002, eq. 9).
Vec mvmeta_typical(const MvmetaData& data);

}  // namespace metaparity
