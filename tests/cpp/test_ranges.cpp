// What is inside passes, what is outside throws.
#include "core/ranges.hpp"

#include <vector>

#include "catch.h"

using namespace metaparity;

TEST_CASE("Numbers that index and parts that belong together") {
  CHECK_NOTHROW(check_indices(std::vector<int>{0, 2}, 3, "x"));
  CHECK_NOTHROW(check_indices(std::vector<int>{}, 0, "x"));
  CHECK_THROWS_AS(check_indices(std::vector<int>{0, 3}, 3, "x"), InvalidInput);
  CHECK_THROWS_AS(check_index(-1, 3, "x"), InvalidInput);
  CHECK_NOTHROW(check_fits(true, "x"));
  CHECK_THROWS_AS(check_fits(false, "x"), InvalidInput);
}
