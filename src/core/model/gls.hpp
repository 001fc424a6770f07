// Generalised least squares with variance parameters estimated by ML or REML, for every VarianceModel; one tau2 takes the
// fast way of tau2_solver. Sources: Harville (1977, JASA 72, 320) for score and information; Fisher scoring with halved
// steps inside the bounds. Oracles: fit_rma(), a search over the dense likelihood.
#pragma once

#include "core/model/variance_model.hpp"

namespace metaparity {

struct GlsFit {
  Vec theta,
      se_theta;  // standard errors by the expected information; NaN of a parameter at its bound
  Vec beta;
  Mat vb;
  double ll = kNaN;  // with its constants; restricted, with log |X'X| / 2
  Mat information;   // of theta
  int iterations = 0;
};

// Throws InvalidInput, SingularDesign, NotConverged.
GlsFit fit_gls(const VecRef& yi, const MatRef& X, const VarianceModel& model, bool restricted);
// The same with the parameters given.
GlsFit gls_at(const VecRef& yi, const MatRef& X, const VarianceModel& model, const VecRef& theta,
              bool restricted);

}  // namespace metaparity
