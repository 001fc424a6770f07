// Correlations of sampling errors: of estimates of the same people (observations, types, times), of contrasts that share a
// group, and of correlation coefficients. Sources: Gleser & Olkin (2009) for shared groups; Olkin & Finn (1990, Psychol Bull
// 108, 330) and Steiger (1980) for correlations. Oracles: metafor's vcalc() and rcalc().
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

// One value, or one for each pair of levels.
struct PairCorrelation {
  double value = 1.0;
  Mat by_level;
  double of(int i, int j) const { return by_level.size() > 0 ? by_level(i, j) : value; }
};

// What is not given is empty. Codes from 0.
struct Dependence {
  std::vector<int> obs, type, grp1, grp2;
  Vec time1, time2, w1, w2;
  PairCorrelation of_obs, of_type;
  double phi = 1.0;

  // Of the errors of estimates i and j of the same people.
  double correlation(Index i, Index j) const;

 private:
  double people(Index i, Index j) const;
  double contrast(Index i, Index j) const;
  double condition(Index i, bool first_i, Index j, bool first_j) const;
};

// V among these rows.
Mat dependent_variances(const Dependence& d, const VecRef& vi, const std::vector<Index>& rows);

// Of correlations r of the pairs (first, second) of variables 0, 1, ... in n people: by Fisher's z if `rtoz`. NaN where a
// correlation that is needed is missing.
Mat correlation_covariances(const VecRef& r, const std::vector<int>& first,
                            const std::vector<int>& second, int variables, double n, bool rtoz);

}  // namespace metaparity
