// Covariances of log relative risks that share a reference: counts that fit the adjusted estimates and the margins, and the
// correlations that these counts have. Source: Greenland & Longnecker (1992), Am J Epidemiol 135, 1301-1309; Orsini, Bellocco
// & Greenland (2006). Oracles: their example, the R package dosresmeta.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// The denominators are cases and controls, person-time, or persons.
enum class DoseDesign { case_control, incidence_rate, cumulative_incidence };

struct DoseCovariance {
  Vec cases;        // that fit the estimates
  Mat correlation;  // of the estimates against the reference
  Mat covariance;
};

// One study: row `reference` is compared with the others, in whose order the matrices stand; its estimate and error
// do not count.
DoseCovariance dose_covariance(DoseDesign design, const VecRef& cases, const VecRef& size,
                               const VecRef& estimate, const VecRef& error, Index reference);

}  // namespace metaparity
