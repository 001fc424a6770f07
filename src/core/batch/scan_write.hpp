// Columns as lines of text. Numbers have the fewest digits that give them back exactly: 17 at the most (Steele & White 1990,
// How to print floating-point numbers accurately). Oracle: scan_number() reads what is written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

// Numbers, or words where there are none; NaN is written as NA.
struct WrittenColumn {
  const double* numbers = nullptr;
  std::vector<std::string_view> words;
};

void write_number(double x, std::string& out);

// The first `rows` rows of all columns, with tabs between fields.
std::string write_lines(const std::vector<WrittenColumn>& columns, Index rows, int threads);

}  // namespace metaparity
