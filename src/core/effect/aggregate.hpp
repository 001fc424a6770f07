// One estimate from the correlated estimates of a cluster: generalised least squares, or their mean.
// Source: Hedges, Tipton & Johnson (2010) Res Synth Methods 1:39 (correlated errors); correlation structures:
// Pinheiro & Bates (2000) ch. 5. Oracle: metafor's aggregate().
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

enum class ErrorStructure { ID, CS, CAR, CSPlusCAR, CSTimesCAR, Given };

// rho, phi: one for each cluster; time, obs: one for each row, or size 0; V: all rows, for Given.
struct ErrorModel {
  ErrorStructure structure = ErrorStructure::CS;
  VecRef rho, phi, time, obs;
  MatRef V;
  bool weighted = true;
};

struct Aggregated {
  Vec yi, vi;
  std::vector<int> not_positive, singular;  // clusters, from 0
};

// cluster: of each row, from 0 to n_clusters - 1.
Aggregated aggregate_clusters(const VecRef& yi, const VecRef& vi, const std::vector<int>& cluster,
                              int n_clusters, const ErrorModel& model);

}  // namespace metaparity
