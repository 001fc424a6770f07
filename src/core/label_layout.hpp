// Places of names beside points: no name covers another, few cover points or lines, and each stays near its point.
// Source: the candidate positions of Imhof (1975) with greedy placement and repair (Christensen, Marks & Shieber
// 1995, ACM Trans Graph 14:203). All lengths in inches. Oracle: the overlaps of the result.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct LabelBoxes {
  Vec left, bottom, right, top;
  std::vector<int> covered;  // 1: no place was free of other names
};

// What the names avoid, one row (left, bottom, right, top) per box.
struct LabelObstacles {
  Mat texts, points, lines;
  Vec panel;  // left, bottom, right, top
};

// Anchors x, y; sizes w, h; clear: least distance of a name from its anchor; side: -1 left or 1 right is tried first.
LabelBoxes place_labels(const VecRef& x, const VecRef& y, const VecRef& w, const VecRef& h,
                        const VecRef& clear, const std::vector<int>& side,
                        const LabelObstacles& obstacles);

}  // namespace metaparity
