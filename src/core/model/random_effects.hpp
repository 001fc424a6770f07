// The model y = X beta + u + e, u ~ N(0, tau2), e ~ N(0, v): one fit, all numbers.
// Sources: Raudenbush (2009); Knapp & Hartung (2003, Stat Med 22, 2693); Hedges & Olkin (1985).
// Oracle: metafor::rma.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// `weights` of size 0 means the model's own. Throws InvalidInput, InvalidStudies, SingularDesign.
RmaFit fit_rma(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
               const ModelSpec& spec);

// Throws for non-finite yi, non-finite or negative vi, sizes that disagree, k = 0, p > k.
void check_study_data(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights);

}  // namespace metaparity
