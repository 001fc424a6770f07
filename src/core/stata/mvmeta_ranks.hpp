// How often each of several linear predictors takes each rank when the coefficients are drawn from their normal
// distribution. Source: Salanti, Ades & Ioannidis (2011, J Clin Epidemiol 64, 163). Oracle: normal probabilities.
#pragma once

#include <cstdint>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

struct RankDraws {
  int reps = 1000;
  std::uint64_t seed = 1;
  bool smallest = false;  // the smallest predictor is the best
  bool zero = false;      // 0 is one more predictor, the first
};

// designs: of each record, a row for each predictor. spread: covariances that are added to the predictors of each
// record,
// empty for none. Returns of each record the counts: predictors by ranks.
std::vector<Mat> rank_counts(const VecRef& beta, const MatRef& vb, const std::vector<Mat>& designs,
                             const MatRef& spread, const RankDraws& how);

}  // namespace metaparity
