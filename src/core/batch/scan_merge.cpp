#include "core/batch/scan_merge.hpp"

#include <algorithm>

#include "core/batch/scan_write.hpp"
#include "core/errors.hpp"

namespace metaparity {

ScanMerge::ScanMerge(int parts, int column)
    : column_(column), parts_(static_cast<std::size_t>(parts)) {
  for (int i = parts - 1; i >= 0; --i) hungry_.push_back(i);
}

void ScanMerge::feed(int part, MergeBlock block) {
  const auto rows = static_cast<std::ptrdiff_t>(block.places.size());
  if (hungry_.empty() || hungry_.back() != part || block.added.size() != block.places.size() ||
      std::count(block.lines.begin(), block.lines.end(), '\n') != rows ||
      (rows > 0 && block.lines.back() != '\n'))
    throw InvalidInput("folder", "has a damaged part");
  hungry_.pop_back();
  if (rows == 0) return;
  heads_.emplace(block.places[0], part);
  parts_[static_cast<std::size_t>(part)] = {std::move(block), 0, 0};
}

int ScanMerge::next(std::string& out) {
  while (hungry_.empty()) {
    if (heads_.empty()) return -1;
    const int at = heads_.top().second;
    heads_.pop();
    Part& part = parts_[static_cast<std::size_t>(at)];
    append_line(part, out);
    if (part.row < part.block.places.size()) {
      heads_.emplace(part.block.places[part.row], at);
    } else {
      part.block = MergeBlock();
      hungry_.push_back(at);
    }
  }
  return hungry_.back();
}

void ScanMerge::append_line(Part& part, std::string& out) const {
  const std::string& lines = part.block.lines;
  const std::size_t end = lines.find('\n', part.byte);
  std::size_t cut = part.byte;
  for (int tabs = column_ + 1; cut < end; ++cut) {
    if (lines[cut] == '\t' && --tabs == 0) break;
  }
  out.append(lines, part.byte, cut - part.byte);
  out += '\t';
  write_number(part.block.added[part.row], out);
  out.append(lines, cut, end + 1 - cut);
  part.byte = end + 1;
  ++part.row;
}

}  // namespace metaparity
