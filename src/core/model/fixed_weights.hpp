// The mean under given weights and the variances that go with it. Sources: Doi et al. (2015,
// Contemp Clin Trials 45, 130 and 123) IVhet and quality effects; Thompson & Sharp (1999, Stat Med
// 18, 2693) multiplicative; Hartung & Knapp (2001), Sidik & Jonkman (2002, 2006) and their
// truncations (Jackson et al. 2017; van Aert & Jackson 2019).
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct WeightedMean {
  double est = kNaN, se = kNaN;
};

// sum w y / sum w, variance sum w^2 (v + tau2) / (sum w)^2.
WeightedMean weighted_mean(const VecRef& yi, const VecRef& vi, const VecRef& weights, double tau2);

// Shares of the weight 1/v: studies give up what their quality lacks, all receive it by their
// quality.
Vec quality_weights(const VecRef& vi, const VecRef& quality);

// sum w (y - est)^2 / (k - 1) with w = 1 / (v + tau2).
double hksj_factor(const VecRef& yi, const VecRef& vi, double est, double tau2);
// sqrt of sum w^2 (y - est)^2 / (1 - w/sum w) over (sum w)^2.
double robust_se(const VecRef& yi, const VecRef& vi, double est, double tau2);

}  // namespace metaparity
