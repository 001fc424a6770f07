// Places of names beside points: no name covers another, few cover points or lines, each stays near its point, and
// the lines that tie far ones to their points cross no name and little else.
// Source: the candidate positions of Imhof (1975) with greedy placement and repair (Christensen, Marks & Shieber
// 1995, ACM Trans Graph 14:203). All lengths in inches. Oracle: the overlaps of the result.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct LabelBoxes {
  Vec left, bottom, right, top;
  std::vector<int>
      covered;  // 1: left out, no place free of other names, texts and the lines to them
};

// What the names avoid, one row (left, bottom, right, top) per box.
struct LabelObstacles {
  Mat texts, points, lines;
  Vec panel;  // left, bottom, right, top
};

// Points x, y with names of width w and height h. clear: least distance of a name from its point; reach: the largest
// beyond that; side: -1 left or 1 right is tried first.
struct LabelAnchors {
  Vec x, y, w, h, clear, reach;
  std::vector<int> side;
};

LabelBoxes place_labels(const LabelAnchors& names, const LabelObstacles& obstacles);

}  // namespace metaparity
