// Covariances of log relative risks that share a reference: counts that fit the adjusted estimates and the margins, and the
// correlations that these counts have. Source: Greenland & Longnecker (1992), Am J Epidemiol 135, 1301-1309; Orsini, Bellocco
// & Greenland (2006); Hamling, Lee, Weitkunat & Ambuehl (2008), Stat Med 27, 954-970. Oracles: their example, dosresmeta.
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

// Hamling et al.: the counts have the estimates and their errors, too, the share of the reference in all denominators and
// the ratio of denominators to cases. Denominators of case-control studies are controls.
DoseCovariance hamling_covariance(DoseDesign design, const VecRef& cases, const VecRef& size,
                                  const VecRef& estimate, const VecRef& error, Index reference);

}  // namespace metaparity
