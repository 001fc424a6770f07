// Common-effect and DerSimonian-Laird fits of an intercept from mergeable moments: what
// leave-one-out and cumulative fits share. DerSimonian & Laird (1986, Control Clin Trials 7:177).
// Oracle: fit_rma().
#pragma once

#include "core/linalg/moments.hpp"
#include "core/types.hpp"

namespace metaparity {

// Studies as seen from the heaviest one, so that a common offset of the estimates costs no digits.
struct ShiftedStudies {
  ShiftedStudies(const VecRef& yi, const VecRef& vi);
  Moments study(Index i) const { return Moments::of(y(i), 1.0 / v(i)); }
  Vec y, v;
  double shift = 0.0;
};

// The rows of a fit: those in [0, first) and [second, size).
struct RowSpan {
  Index first, second;
};

RmaFit closed_form_fit(const ShiftedStudies& data, const Moments& moments, RowSpan rows,
                       const ModelSpec& spec);

}  // namespace metaparity
