// Reference: a map from id to rows, filled record by record; bytes of records read back.
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "core/batch/scan_table.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

ScanRecord record(std::string_view id, double y, double v, std::int64_t line = 1) {
  ScanRecord r;
  r.id = id;
  r.hash = scan_hash(id);
  r.y = y;
  r.v = v;
  r.n = 10.0;
  r.eaf = kNaN;
  r.line = line;
  return r;
}

const std::vector<double> kNoInflation(3, 1.0);

}  // namespace

TEST_CASE("records are joined by id, in the order of first appearance") {
  std::mt19937_64 rng(8);
  ScanTable table(3, AlleleRules(), false);
  std::map<std::string, std::vector<double>> want;
  std::vector<std::string> order;
  for (int study = 0; study < 3; ++study) {
    for (int line = 1; line <= 3000; ++line) {
      const std::string id =
          "rs" + std::to_string(study == 0 ? line : static_cast<int>(rng() % 5000));
      const double y = static_cast<double>(rng() % 1000) - 500.0;
      std::vector<ScanRecord> one{record(id, y, 1.0 + study, line)};
      if (rng() % 2 == 0) table.look_up(one);
      const ScanFault fault = table.add(study, one[0]);
      auto found = want.emplace(id, std::vector<double>(3, kNaN));
      if (found.second) order.push_back(id);
      double& place = found.first->second[static_cast<std::size_t>(study)];
      REQUIRE(fault == (std::isnan(place) ? ScanFault::None : ScanFault::Repeated));
      if (std::isnan(place)) place = y;
    }
  }
  REQUIRE(table.rows() == order.size());
  const Mat yi = table.yi(kNoInflation, false), vi = table.vi({1.0, 4.0, 0.5}, false);
  for (std::size_t row = 0; row < order.size(); ++row) {
    const auto i = static_cast<Index>(row);
    REQUIRE(table.id(row) == order[row]);
    if (row > 0) REQUIRE(table.place(row) > table.place(row - 1));
    double n = 0.0;
    for (Index j = 0; j < 3; ++j) {
      const double y = want[order[row]][static_cast<std::size_t>(j)];
      const double v = j == 1 ? 8.0 : 1.0 + static_cast<double>(j);
      REQUIRE(((std::isnan(y) && std::isnan(yi(i, j))) || y == yi(i, j)));
      REQUIRE(((std::isnan(y) && std::isnan(vi(i, j))) || vi(i, j) == v));
      REQUIRE(table.direction(row)[static_cast<std::size_t>(j)] == (std::isnan(y) ? '?'
                                                                    : y > 0       ? '+'
                                                                    : y < 0       ? '-'
                                                                                  : '0'));
      if (!std::isnan(y)) n += 10.0;
    }
    REQUIRE(table.n()[i] == n);
    REQUIRE(std::isnan(table.eaf()[i]));
  }
}

TEST_CASE("inflation widens variances, or shrinks z values") {
  ScanTable table(1, AlleleRules(), false);
  table.add(0, record("a", 2.0, 0.5));
  REQUIRE(table.vi({4.0}, false)(0, 0) == 2.0);
  REQUIRE(table.yi({4.0}, false)(0, 0) == 2.0);
  REQUIRE(table.vi({4.0}, true)(0, 0) == 0.5);
  REQUIRE(table.yi({4.0}, true)(0, 0) == 1.0);
  REQUIRE(table.vi({0.25}, false)(0, 0) == 0.5);
}

TEST_CASE("alleles turn estimates, and those that do not fit are told") {
  AlleleRules rules;
  rules.align = true;
  ScanTable table(3, rules, true);
  const auto add = [&](int study, const char* id, double y, const char* effect, const char* other,
                       double eaf) {
    ScanRecord r = record(id, y, 1.0);
    r.effect_allele = effect;
    r.other_allele = other;
    r.eaf = eaf;
    r.keep = id;
    return table.add(study, r);
  };
  REQUIRE(add(0, "a", 1.0, "a", "g", 0.2) == ScanFault::None);
  REQUIRE(add(0, "b", 1.0, "A", "T", 0.5) == ScanFault::Ambiguous);
  REQUIRE(add(1, "a", 2.0, "C", "T", 0.6) == ScanFault::None);
  REQUIRE(add(1, "b", 1.0, "A", "T", 0.1) == ScanFault::None);
  REQUIRE(add(2, "a", 3.0, "A", "C", 0.2) == ScanFault::Mismatch);
  REQUIRE(add(2, "b", 3.0, "A", "T", 0.8) == ScanFault::None);
  REQUIRE(table.rows() == 2);
  REQUIRE(table.effect_allele(0) == "A");
  REQUIRE(table.other_allele(0) == "G");
  REQUIRE(table.direction(0) == "+-?");
  REQUIRE(table.direction(1) == "?+-");
  REQUIRE(table.keep(1) == "b");
  REQUIRE(table.eaf()[0] == Approx((0.2 + 0.4) / 2.0).epsilon(1e-15).scale(0));
}

TEST_CASE("records come back from their bytes, and what is not whole is left") {
  std::string bytes;
  ScanRecord r = record("rs\xc3\xa9", -0.1, 0.2, 123456789012);
  r.keep = "1\t2";
  r.effect_allele = "A";
  r.other_allele = "ACGT";
  write_record(r, bytes);
  write_record(record("", 0.0, 1.0), bytes);
  std::vector<std::string> seen;
  read_records(bytes, [&](const ScanRecord& x) {
    seen.emplace_back(x.id);
    if (seen.size() > 1) return;
    REQUIRE((x.hash == r.hash && x.line == r.line && x.y == r.y && x.v == r.v && x.n == r.n &&
             std::isnan(x.eaf)));
    REQUIRE((x.keep == r.keep && x.effect_allele == "A" && x.other_allele == "ACGT"));
  });
  REQUIRE(seen == (std::vector<std::string>{"rs\xc3\xa9", ""}));
  const auto nothing = [](const ScanRecord&) {};
  const std::size_t whole = bytes.size();
  REQUIRE(read_records(bytes, nothing) == whole);
  const std::size_t first = read_records(bytes.substr(0, whole - 1), nothing);
  REQUIRE((first > 0 && first < whole));
  REQUIRE(read_records(bytes.substr(0, first - 1), nothing) == 0);
  std::mt19937_64 rng(9);
  for (int i = 0; i < 2000; ++i) {
    std::string wild = bytes;
    wild[rng() % wild.size()] = static_cast<char>(rng() % 256);
    wild.resize(rng() % (wild.size() + 1));
    REQUIRE(read_records(wild, nothing) <= wild.size());
  }
}
