// Reference: the median of sorted values; one table in memory against the tables of parts, whose rows are put together.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "core/batch/scan_session.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

namespace {

ScanLayout layout() {
  ScanLayout out;
  out.separator = ',';
  out.fields = 3;
  out.column.fill(-1);
  for (int i = 0; i < 3; ++i) out.column[static_cast<std::size_t>(i)] = i;
  return out;
}

std::string study_text(std::mt19937_64& rng) {
  std::string out;
  for (int i = 0; i < 500; ++i) {
    out += "id" + std::to_string(rng() % 400) + "," + std::to_string(rng() % 100) + "," +
           (rng() % 20 == 0 ? "x" : std::to_string(1 + rng() % 5)) + "\n";
  }
  return out;
}

struct Row {
  std::string id, direction;
  double sum;
};

void collect(const ScanTable& table, int studies, std::map<double, Row>& out) {
  const std::vector<double> none(static_cast<std::size_t>(studies), 1.0);
  const Mat yi = table.yi(none, false), vi = table.vi(none, false);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto row = static_cast<Index>(i);
    double sum = 0.0;
    for (Index j = 0; j < studies; ++j) {
      if (!std::isnan(yi(row, j)))
        sum += static_cast<double>(j + 1) * (yi(row, j) + 1000.0 * vi(row, j));
    }
    out[table.place(i)] = {std::string(table.id(i)), table.direction(i), sum};
  }
}

}  // namespace

TEST_CASE("the inflation factor is that of the median") {
  std::mt19937_64 rng(10);
  std::normal_distribution<double> normal;
  for (const std::size_t n : {1u, 2u, 5u, 100u, 1001u}) {
    std::vector<double> z2(n);
    for (double& x : z2) {
      x = normal(rng);
      x *= x;
    }
    std::vector<double> sorted = z2;
    std::sort(sorted.begin(), sorted.end());
    const double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0;
    REQUIRE(genomic_inflation(z2) ==
            Approx(median / chisq_quantile(0.5, 1.0)).epsilon(1e-12).scale(0));
  }
  std::vector<double> none;
  REQUIRE(std::isnan(genomic_inflation(none)));
}

TEST_CASE("parts give the rows and the problems of one table") {
  std::mt19937_64 rng(11);
  constexpr int studies = 3;
  std::vector<std::string> texts;
  for (int i = 0; i < studies; ++i) texts.push_back(study_text(rng));
  ScanRules rules;
  rules.studies = studies;
  ScanSession whole(rules);
  rules.parts = 4;
  ScanSession split(rules);
  rules.parts = 0;
  std::vector<std::vector<std::string>> parts;
  for (int i = 0; i < studies; ++i) {
    const std::string& text = texts[static_cast<std::size_t>(i)];
    whole.begin(i, layout(), 2);
    whole.feed(text);
    const ScanTotals a = whole.end();
    split.begin(i, layout(), 2);
    split.feed(std::string_view(text).substr(0, 777));
    split.feed(std::string_view(text).substr(777));
    const ScanTotals b = split.end();
    REQUIRE((a.lines == 500 && b.lines == 500 && a.records == b.records));
    REQUIRE(split.waiting() > 0);
    parts.push_back(split.fetch_parts());
    std::vector<double> squares(static_cast<std::size_t>(b.records));
    REQUIRE(parts.back().size() == 5);
    REQUIRE(parts.back()[4].size() == squares.size() * sizeof(double));
    std::memcpy(squares.data(), parts.back()[4].data(), parts.back()[4].size());
    REQUIRE(genomic_inflation(squares) == a.inflation);
    REQUIRE(split.waiting() == 0);
  }
  std::map<double, Row> want, got;
  collect(whole.table(), studies, want);
  ScanLedger problems = split.take_problems();
  ScanSession join(rules);
  for (std::size_t b = 0; b < 4; ++b) {
    for (int i = 0; i < studies; ++i) {
      const std::string& part = parts[static_cast<std::size_t>(i)][b];
      const std::size_t whole_records = join.read_part(i, part.substr(0, part.size() / 2));
      REQUIRE(join.read_part(i, part.substr(whole_records)) == part.size() - whole_records);
    }
    collect(join.table(), studies, got);
    join.new_table();
  }
  const ScanLedger joined = join.take_problems(), all = whole.take_problems();
  for (std::size_t i = 0; i < all.counts.size(); ++i)
    REQUIRE(all.counts[i] == problems.counts[i] + joined.counts[i]);
  REQUIRE(want.size() == got.size());
  for (const auto& row : want) {
    const Row& other = got.at(row.first);
    REQUIRE((row.second.id == other.id && row.second.direction == other.direction &&
             row.second.sum == other.sum));
  }
}

TEST_CASE("the ledger counts all problems and names a thousand of a kind") {
  ScanLedger ledger(2);
  for (int i = 0; i < 1500; ++i) ledger.add(1, {i, ScanFault::Se});
  ledger.add(0, {5, ScanFault::P});
  REQUIRE(ledger.named.size() == 1001);
  REQUIRE(ledger.counts[kScanFaults + static_cast<std::size_t>(ScanFault::Se)] == 1500);
  ScanSession session(ScanRules{});
  REQUIRE_THROWS_AS(session.feed("a"), InvalidInput);
  REQUIRE_THROWS_AS(session.end(), InvalidInput);
  REQUIRE_THROWS_AS(session.begin(1, layout(), 1), InvalidInput);
  ScanLayout lacking = layout();
  lacking.column[0] = -1;
  REQUIRE_THROWS_AS(session.begin(0, lacking, 1), InvalidInput);
  lacking = layout();
  lacking.keep = {3};
  REQUIRE_THROWS_AS(session.begin(0, lacking, 1), InvalidInput);
  REQUIRE_THROWS_AS(session.read_part(-1, ""), InvalidInput);
}
