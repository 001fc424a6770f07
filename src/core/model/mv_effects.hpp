// Predictions of the random effects of each term: u = G Z'M^-1 (y - Xb), and the variance of u less its prediction.
// Source: Henderson (1975, Biometrics 31, 423); Robinson (1991). Oracle: metafor::ranef; the dense formula.
#pragma once

#include "core/model/mv_fit.hpp"

namespace metaparity {

struct MvEffects {
  IndexVec inner, outer;  // which effect: inner and outer level, from 0
  Vec pred, variance;
  Mat vcov;  // of the effects less their predictions
};

std::vector<MvEffects> mv_effects(const MvModel& model, const MvFit& fit, bool covariances = false);

}  // namespace metaparity
