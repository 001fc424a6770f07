// A search over parameters that are equal in sets. Oracle: the same model with one parameter.
#pragma once

#include "core/model/mv_search.hpp"

namespace metaparity::mv {

// From several starts, with the parameters of `model.ties` in sets.
void search_tied(const MvModel& model, const std::vector<MvCluster>& clusters,
                 const MvLayout& layout, const MvSpec& spec, Search& out);

}  // namespace metaparity::mv
