// The factor of Knapp & Hartung on the variances of the coefficients, and its floor at 1.
// Sources: Knapp & Hartung (2003, Stat Med 22, 2693); Hartung & Knapp (2001); Sidik & Jonkman (2002). Oracle: metafor.
#pragma once

#include <algorithm>

#include "core/types.hpp"

namespace metaparity {

// sum w e^2 / df with the model's weights; NaN without degrees of freedom.
inline double knapp_hartung(double rss, double df) { return df > 0.0 ? rss / df : kNaN; }

inline bool scales_variance(TestType test) {
  return test == TestType::KnHa || test == TestType::Adhoc;
}

// 1 where the test takes the variances as they are; ad hoc, a factor that is not known counts as 1.
inline double variance_factor(TestType test, double rss, double df) {
  switch (test) {
    case TestType::Z:
    case TestType::T:
      return 1.0;
    case TestType::KnHa:
      return knapp_hartung(rss, df);
    case TestType::Adhoc:
      return std::max(1.0, knapp_hartung(rss, df));
  }
  return kNaN;
}

}  // namespace metaparity
