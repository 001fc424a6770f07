// Lines of several parts in the order of their places, as they were before the ids were parted. Each part comes in blocks
// that are in order, so that a block of each is all that is held (Knuth 1998, The Art of Computer Programming 3, 5.4.1).
#pragma once

#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace metaparity {

struct MergeBlock {
  std::vector<double> places, added;  // added: the number that is put into each line
  std::string lines;                  // as many as there are places, each with its end
};

class ScanMerge {
 public:
  // column: the number of the column behind which the numbers are put, from 0.
  ScanMerge(int parts, int column);
  // The next rows of a part; none: it is at its end. Throws InvalidInput where the block is damaged.
  void feed(int part, MergeBlock block);
  // Appends lines until a part has no more of them: that part, or -1 where all are at their ends.
  int next(std::string& out);

 private:
  struct Part {
    MergeBlock block;
    std::size_t row = 0, byte = 0;
  };
  using Head = std::pair<double, int>;  // place, part

  void append_line(Part& part, std::string& out) const;

  int column_;
  std::vector<Part> parts_;
  std::vector<int> hungry_;
  std::priority_queue<Head, std::vector<Head>, std::greater<Head>> heads_;
};

}  // namespace metaparity
