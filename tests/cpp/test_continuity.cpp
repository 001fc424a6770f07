// Corrections of tables with an empty cell, by hand.
#include "catch.h"
#include "core/errors.hpp"
#include "core/stata/continuity.hpp"

using namespace metaparity;

namespace {

Mat two_tables() {
  Mat cells(2, 4);
  cells << 0, 10, 3, 27, 1, 9, 2, 8;
  return cells;
}

}  // namespace

TEST_CASE("only the table with an empty cell is corrected, unless all are") {
  const CorrectedTables one = correct_tables(two_tables(), 0.5, Continuity::Constant, 1.0, false);
  CHECK(one.corrected == std::vector<int>{0});
  CHECK(one.ai[0] == 0.5);
  CHECK(one.di[0] == 27.5);
  CHECK(one.ai[1] == 1.0);
  const CorrectedTables both = correct_tables(two_tables(), 0.5, Continuity::Constant, 1.0, true);
  CHECK(both.corrected.size() == 2U);
  CHECK(both.di[1] == 8.5);
  CHECK(correct_tables(two_tables(), 0.0, Continuity::Constant, 1.0, true).corrected.empty());
}

TEST_CASE("the opposite arm's size shares out twice the amount") {
  const CorrectedTables t = correct_tables(two_tables(), 0.5, Continuity::Opposite, 1.0, false);
  CHECK(t.ai[0] == Approx(0.25));
  CHECK(t.bi[0] == Approx(10.25));
  CHECK(t.ci[0] == Approx(3.75));
  CHECK(t.di[0] == Approx(27.75));
}

TEST_CASE("the empirical correction makes the odds ratio of an empty table the pooled one") {
  const double theta = 1.8;
  Mat cells(1, 4);
  cells << 0, 12, 0, 12;
  const CorrectedTables t = correct_tables(cells, 1e-9, Continuity::Empirical, theta, false);
  CHECK(t.ai[0] * t.di[0] / (t.bi[0] * t.ci[0]) == Approx(theta).epsilon(1e-6));
  CHECK_THROWS_AS(correct_tables(cells, 0.5, Continuity::Empirical, kNaN, false), InvalidInput);
}
