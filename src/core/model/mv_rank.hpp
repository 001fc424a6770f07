// Unstructured matrices as factors of lower rank, where the maximum lies at the edge: the likelihood of the reduced factor
// certifies it. Oracle: exact correlations of -1 and 1.
#pragma once

#include "core/model/mv_search.hpp"

namespace metaparity::mv {

// psi of one layout in another.
Vec carried(const MvModel& model, const MvLayout& from, const Vec& psi, const MvLayout& to);

// `found` and `layout` become those of the lowest ranks that are as likely.
void reduce(const MvModel& model, const std::vector<MvCluster>& clusters, const MvSpec& spec,
            IndexVec& ranks, MvLayout& layout, Search& found);

// A standard deviation comes near 0 at a rate, but never there: it is set to 0 where that is as likely.
void settle_zeros(const MvModel& model, const std::vector<MvCluster>& clusters,
                  const MvLayout& layout, const MvSpec& spec, Search& found);

}  // namespace metaparity::mv
