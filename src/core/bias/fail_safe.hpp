// Fail-safe N: how many studies averaging null results overturn a result. Rosenthal (1979), Orwin (1983),
// Rosenberg (2005), Viechtbauer (2024, general method). Oracle: metafor.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct FileDrawer {
  double N = kNaN;     // smallest number of studies, not rounded
  double est = kNaN;   // pooled estimate of the observed studies
  double pval = kNaN;  // their p value
};

// One-sided level of Stouffer's combined test.
FileDrawer rosenthal_n(const VecRef& yi, const VecRef& vi, double alpha);
// Fisher's combined test of the one-sided p values of |z|; a study in the drawer has p = 1/2. N is whole.
FileDrawer fisher_n(const VecRef& yi, const VecRef& vi, double alpha);
// vi of size 0: the plain mean; target NaN: half of the mean.
FileDrawer orwin_n(const VecRef& yi, const VecRef& vi, double target);
FileDrawer rosenberg_n(const VecRef& yi, const VecRef& vi, double alpha);

struct WithDrawer {
  double est, tau2, pval;
};

// The fit after adding N studies with mean `missing`, the harmonic mean of the sampling variances, and the heterogeneity of
// the observed studies. `exact`: refitted; otherwise tau2 is the variance of two pooled groups.
WithDrawer with_file_drawer(const VecRef& yi, const VecRef& vi, const ModelSpec& spec, double N,
                            bool exact, double missing = 0.0);

}  // namespace metaparity
