// Where a search for variance components begins: shares of the variance that sampling leaves, correlations, the user's own
// values; and the bounds of the parameters. Oracle: what is given stays as it is.
#pragma once

#include <vector>

#include "core/model/mv_optimize.hpp"

namespace metaparity::mv {

// What the sampling variances leave of the variance around the mean, at least a little.
double excess_variance(const MvModel& model);

// One start: the shares of the excess variance that terms get, and a correlation.
struct Start {
  Vec share;
  double rho = 0.5;
  double size = 1.0;
};

std::vector<Start> starts_of(const MvModel& model, bool many);

Vec start_values(const MvModel& model, const MvLayout& layout, const Start& start, double excess);

// The user's own start; empty if there is none.
Vec own_start(const MvModel& model, const MvLayout& layout, double excess);

MvBox box_of(const MvLayout& layout);

}  // namespace metaparity::mv
