#include "core/batch/scan_write.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/threads.hpp"

namespace metaparity {
namespace {

constexpr Index kRows = 500;  // of a piece of work

// Whole numbers below 10^15 need no more than their digits.
bool write_whole(double x, std::string& out) {
  if (!(std::fabs(x) < 1e15) || x != std::floor(x) || (x == 0.0 && std::signbit(x))) return false;
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, static_cast<long long>(x)).ptr;
  out.append(text, end);
  return true;
}

}  // namespace

void write_number(double x, std::string& out) {
  if (std::isnan(x)) {
    out += "NA";
    return;
  }
  if (std::isinf(x)) {
    out += x > 0.0 ? "Inf" : "-Inf";
    return;
  }
  if (write_whole(x, out)) return;
  char text[40];
#if defined(__cpp_lib_to_chars) && __cpp_lib_to_chars >= 201611L
  out.append(text, std::to_chars(text, text + sizeof text, x).ptr);
#else
  for (int digits = 15; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, x);
    if (std::strtod(text, nullptr) == x) break;
  }
  for (char* c = text; *c != '\0'; ++c) {
    if (*c == ',') *c = '.';
  }
  out += text;
#endif
}

std::string write_lines(const std::vector<WrittenColumn>& columns, Index rows, int threads) {
  const Index pieces = (rows + kRows - 1) / kRows;
  std::vector<std::string> texts(static_cast<std::size_t>(pieces));
  parallel_for(pieces, threads, nullptr, [&](Index piece) {
    std::string& text = texts[static_cast<std::size_t>(piece)];
    for (Index i = piece * kRows; i < std::min(rows, (piece + 1) * kRows); ++i) {
      for (std::size_t j = 0; j < columns.size(); ++j) {
        if (j > 0) text += '\t';
        if (columns[j].numbers != nullptr) {
          write_number(columns[j].numbers[i], text);
        } else {
          text.append(columns[j].words[static_cast<std::size_t>(i)]);
        }
      }
      text += '\n';
    }
  });
  std::string out;
  for (const std::string& text : texts) out += text;
  return out;
}

}  // namespace metaparity
