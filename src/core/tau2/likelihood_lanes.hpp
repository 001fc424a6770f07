// Maxima in tau2 of the likelihoods of several data sets at once, intercept alone: the grid of tau2_solver, its brackets
// and its secants, a data set in each lane. What is not plain there (two maxima, a score that touches zero, a root that
// rounding could move) is left to maximise_likelihood(), which is the oracle.
#pragma once

#include <array>

#include "core/tau2/study_lanes.hpp"

namespace metaparity {

// The maximum of each lane; NaN where the lane is not plain.
StudyLanes::Lane likelihood_maxima(const StudyLanes& x, bool restricted);

}  // namespace metaparity
