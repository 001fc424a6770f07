// Test of excess significance: are there more significant studies than their power lets expect? Ioannidis &
// Trikalinos (2007); exact test: Francis (2013). Oracle: metafor, enumeration.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class Sides { Two, Greater, Less };
enum class ExcessTest { Chi2, Binomial, Exact };

struct ExcessSpec {
  double h0 = 0.0, alpha = 0.05, tau2 = 0.0;
  Sides effect_sides = Sides::Two;  // of the tests of the studies
  Sides sides = Sides::Greater;     // of the test of excess
  ExcessTest test = ExcessTest::Exact;
};

struct Excess {
  Vec power;
  std::vector<int> significant;
  double O = 0.0, E = 0.0, X2 = kNaN, pval = kNaN;
};

// theta: one true effect for all studies, or one for each.
Excess excess_significance(const VecRef& yi, const VecRef& vi, const VecRef& theta,
                           const ExcessSpec& spec);

// The true effect on the side of `theta` at which the p value is tes_alpha; NaN where there is none.
double excess_limit(const VecRef& yi, const VecRef& vi, double theta, double tes_alpha,
                    const ExcessSpec& spec);

}  // namespace metaparity
