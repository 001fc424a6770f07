// Kenward and Roger's variances and tests of coefficients after REML: the variance of the mean counts that of the estimated
// components, tests of several coefficients are scaled F. Sources: Kenward & Roger (1997, Biometrics 53, 983, eq. 3-8); Halekoh
// & Hojsgaard (2014, J Stat Softw 59(9)). Oracles: the formulas with numerical derivatives; balanced designs, exact.
#pragma once

#include "core/model/mv_fit.hpp"

namespace metaparity {

struct MvKenwardRoger {
  bool valid = false;       // false where no component is free or the information is singular
  Mat plain;                // (X'WX)^-1
  Mat vb;                   // adjusted
  Mat variance;             // of the components, by the expected information
  std::vector<Mat> slopes;  // d plain / d component
};

// Components at a bound or given are taken as known. CS, UN and GEN inside their bounds: by variances and covariances, in
// which the marginal variance is linear; others by tau2 and rho.
MvKenwardRoger mv_kenward_roger(const MvModel& model, const std::vector<Vec>& tau2,
                                const std::vector<Vec>& rho);

// F times `scale` is F(rows of L, df).
struct KenwardRogerTest {
  double df = kNaN, scale = kNaN;
};
KenwardRogerTest kenward_roger_test(const MatRef& L, const MatRef& plain,
                                    const std::vector<Mat>& slopes, const MatRef& variance);

}  // namespace metaparity
