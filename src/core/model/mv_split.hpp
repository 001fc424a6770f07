// Which terms of a model are taken out of its blocks: crossed groupings and known matrices, whose levels are far fewer than the
// rows that they link. Oracle: the cost of the whole.
#pragma once

#include "core/model/mv_model.hpp"

namespace metaparity {

// Terms whose levels divide the rows alike: one matrix K = sum sigma2 R among these levels.
struct MvFarGroup {
  IndexVec column;  // of each row
  Index size = 0;   // columns
  std::vector<std::size_t> terms;
  std::vector<Mat> known;  // R of each term; empty for the identity
  bool plain() const {
    for (const Mat& R : known) {
      if (R.size() > 0) return false;
    }
    return true;
  }
};

struct MvSplit {
  std::vector<MvFarGroup> far;
  double cost = kInf;
};

// The groups to be taken out, by the cost of an evaluation.
MvSplit mv_split(const MvModel& model);
// The model without the terms of these groups; `terms`: the places of those that stay.
MvModel mv_near_model(const MvModel& model, const std::vector<MvFarGroup>& far, IndexVec& terms);

}  // namespace metaparity
