// Monte Carlo permutation test of a meta-regression: rows of covariates are shuffled against the
// studies. Source: Higgins & Thompson (2004, Stat Med 23, 1663); Harbord & Higgins (2008, Stata J
// 8, 493); p as Stata's permute counts it. Oracle: full enumeration of few studies.
#pragma once

#include <cstdint>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

struct PermutationPlan {
  int reps = 1000;
  bool intercept = true;
  bool univariable = false;             // each covariate alone instead of all at once
  std::vector<std::vector<int>> joint;  // sets of covariates, from 0, tested together
  std::uint64_t seed = 0;
};

struct PermutationTest {
  Vec p, p_adjusted;  // per covariate; adjusted: against the largest statistic of each permutation
  Vec se;             // Monte Carlo standard errors of p
  Vec p_joint;        // per set
  double se_max = kNaN;
};

// `X`: covariates without the constant. The statistic is |estimate / se| by `spec`.
PermutationTest permute_metareg(const VecRef& yi, const VecRef& vi, const MatRef& X,
                                const ModelSpec& spec, const PermutationPlan& plan);

}  // namespace metaparity
