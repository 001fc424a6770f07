// What the information at a maximum tells of the components: its matrix in their own terms, and directions in which the
// likelihood is flat. Source: Harville (1977, JASA 72, 320). Oracle: differences of the likelihood.
#pragma once

#include "core/model/mv_fit.hpp"

namespace metaparity::mv {

// The observed information in tau2 and rho (or covariances), at a maximum inside.
Mat natural_information(const MvModel& model, const std::vector<MvCluster>& clusters,
                        const MvLayout& layout, const Vec& psi, const MvSpec& spec);

// Parameters that share a flat direction at the maximum: inside their bounds, or at one without a slope.
IndexVec flat_parameters(const MvPeak& peak, const MvBox& box);

// The same of tau2 and rho: all of a term that is a factor.
std::vector<char> flat_components(const MvModel& model, const MvLayout& layout,
                                  const IndexVec& flat);

}  // namespace metaparity::mv
