// Residuals, leverages and the influence of single studies.
// Source: Viechtbauer & Cheung (2010, Res Synth Methods 1, 112), sections 2 and 3; the sandwich form of
// the variances is theirs with weights of the user's own. Oracle: metafor; refits without each study.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Residuals {
  Vec resid;    // y - X beta
  Vec se, z;    // internally standardised
  Vec pearson;  // resid / sqrt(v + tau2)
  Vec hat;      // diagonal of the matrix that makes fitted values of y
};

struct Influence {
  explicit Influence(Index k, Index p);
  Vec resid, se, z;  // of each study against the fit without it
  Vec dffits, cook, cov_r, tau2, QE, hat;
  Vec fit_shift;  // squared change of the fitted value over its variance without the study
  Mat dfbetas;    // k x p
};

// `weights` of size 0 means the model's own.
Residuals residuals(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    double tau2, bool weighted);

// Deviations from the predicted effects of the studies instead of from the average of the model: resid, se, z, hat.
Residuals conditional_residuals(const VecRef& yi, const VecRef& vi, const MatRef& X,
                                const VecRef& weights, double tau2, bool weighted);

// k fits, O(k^2 p^2). NaN where the fit without a study does not exist.
Influence influence(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    const ModelSpec& spec);

// The weights of the model, not normalised: the user's, 1/k, or 1/(v + tau2).
Vec model_weights(const VecRef& vi, const VecRef& weights, double tau2, bool weighted);
// In percent of their sum.
Vec percent_weights(const VecRef& vi, const VecRef& weights, double tau2, bool weighted);

}  // namespace metaparity
