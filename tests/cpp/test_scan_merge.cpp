// Reference: the lines sorted by their places, with the numbers put in by hand.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "core/batch/scan_merge.hpp"
#include "core/errors.hpp"

using namespace metaparity;

TEST_CASE("lines of parts come in the order of their places") {
  std::mt19937_64 rng(15);
  for (int round = 0; round < 200; ++round) {
    const int parts = 1 + static_cast<int>(rng() % 6), column = static_cast<int>(rng() % 3);
    std::vector<MergeBlock> all(static_cast<std::size_t>(parts));
    std::string want;
    for (int i = 0; i < static_cast<int>(rng() % 80); ++i) {
      MergeBlock& to = all[rng() % all.size()];
      const std::string a = "a" + std::to_string(i), n = std::to_string(i % 7);
      to.places.push_back(i);
      to.added.push_back(i % 7);
      to.lines += a + "\tb\tc\n";
      want += a + (column == 0   ? "\t" + n + "\tb\tc\n"
                   : column == 1 ? "\tb\t" + n + "\tc\n"
                                 : "\tb\tc\t" + n + "\n");
    }
    ScanMerge merge(parts, column);
    std::vector<std::size_t> row(all.size(), 0), byte(all.size(), 0);
    std::string got;
    for (int part = merge.next(got); part >= 0; part = merge.next(got)) {
      const auto at = static_cast<std::size_t>(part);
      MergeBlock& from = all[at];
      MergeBlock block;
      for (std::uint64_t n = 1 + rng() % 9; n > 0 && row[at] < from.places.size(); --n) {
        block.places.push_back(from.places[row[at]]);
        block.added.push_back(from.added[row[at]++]);
        const std::size_t end = from.lines.find('\n', byte[at]) + 1;
        block.lines += from.lines.substr(byte[at], end - byte[at]);
        byte[at] = end;
      }
      merge.feed(part, block);
    }
    REQUIRE(got == want);
  }
}

TEST_CASE("damaged blocks are refused") {
  const MergeBlock good{{1.0, 2.0}, {0.1, 0.2}, "a\tb\nc\td\n"};
  MergeBlock few = good, cut = good, lacking = good;
  few.added.pop_back();
  cut.lines.pop_back();
  lacking.lines = "a\tb\nc";
  for (const MergeBlock& bad : {few, cut, lacking}) {
    ScanMerge merge(2, 0);
    REQUIRE_THROWS_AS(merge.feed(0, bad), InvalidInput);
  }
  ScanMerge merge(2, 0);
  REQUIRE_THROWS_AS(merge.feed(1, good), InvalidInput);
}
