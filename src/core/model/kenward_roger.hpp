// Kenward-Roger variance and degrees of freedom of the mean of a random-effects model fitted by
// REML. Sources: Kenward & Roger (1997, Biometrics 53, 983, eq. 3-4 and section 3.1); Morris et al.
// (2018, Stat Med 37, 1419) for meta-analysis. Oracle: meta::metagen(method.random.ci = "KR").
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct KenwardRoger {
  double se = kNaN, df = kNaN;
};

// `observed`: information on tau2 observed in the data instead of expected.
KenwardRoger kenward_roger(const VecRef& yi, const VecRef& vi, double tau2, bool observed);

}  // namespace metaparity
