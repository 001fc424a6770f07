// Lines written down by hand; the same bytes in pieces of any size and on several threads; random bytes.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "catch.h"
#include "core/batch/scan_records.hpp"
#include "core/batch/scan_text.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

namespace {

// id, effect, se, p, n, effect_allele, other_allele, eaf, and a column that is kept.
ScanLayout full_layout(char separator, bool sample_size) {
  ScanLayout out;
  out.separator = separator;
  out.fields = 9;
  for (std::size_t i = 0; i < kScanRoles; ++i) out.column[i] = static_cast<int>(i);
  out.keep = {8};
  out.sample_size = sample_size;
  return out;
}

void tell(const ScanBatch& batch, std::ostringstream& out) {
  out.precision(17);
  for (const ScanRecord& r : batch.records) {
    out << "r " << r.line << ' ' << r.id << ' ' << r.y << ' ' << r.v << ' ' << r.n << ' ' << r.eaf
        << ' ' << r.effect_allele << ' ' << r.other_allele << ' ' << r.keep << '\n';
  }
}

// Records in their order, then problems in theirs.
std::string all_of(std::string_view text, const ScanLayout& layout, int threads,
                   std::mt19937_64* cuts) {
  std::ostringstream records, problems;
  ScanStream stream(layout, 2, threads);
  std::int64_t filtered = 0;
  const auto take = [&](const ScanBatch& batch) {
    tell(batch, records);
    filtered += batch.filtered;
    for (const ScanProblem& p : batch.problems)
      problems << p.line << ' ' << static_cast<int>(p.fault) << '\n';
  };
  while (!text.empty()) {
    const std::size_t most = cuts == nullptr ? text.size() : (*cuts)() % 5 == 0 ? 100000 : 30;
    const std::size_t n =
        cuts == nullptr ? most : std::min<std::size_t>((*cuts)() % most + 1, text.size());
    const std::string piece(text.substr(0, n));  // the stream must keep what it needs
    stream.feed(piece, take);
    text.remove_prefix(n);
  }
  stream.finish(take);
  records << "problems " << problems.str() << "filtered " << filtered << " line " << stream.line();
  return records.str();
}

std::string random_lines(std::mt19937_64& rng, int lines, bool wild) {
  static const char* values[] = {"1",  "-0.5", "1e-3",   "NA",   "",         "abc", "\"2\"",
                                 "\"", "0",    "0.25",   "A",    "rs1",      "T",   " 3 ",
                                 ".",  "1e9",  "\"a,\"", "\xff", "\xc3\xa9", "-1"};
  std::string out;
  for (int i = 0; i < lines; ++i) {
    if (rng() % 3 > 0) {
      out += "rs" + std::to_string(rng() % 50) + ",0.1,0." + std::to_string(1 + rng() % 9) +
             ",0.5,100,A,g,0.3,x";
    } else {
      const auto fields = rng() % 10 == 0 ? rng() % 12 : 9;
      for (std::uint64_t j = 0; j < fields; ++j) {
        if (j > 0) out += ',';
        out += values[rng() % 20];
      }
    }
    if (wild && rng() % 4 == 0) out += static_cast<char>(rng() % 256);
    out += rng() % 5 == 0 ? "\r\n" : rng() % 20 == 0 ? "\n\n" : "\n";
  }
  if (rng() % 2 == 0 && !out.empty()) out.pop_back();
  return out;
}

std::vector<ScanFault> faults_of(std::string_view text, const ScanLayout& layout) {
  std::vector<ScanFault> out;
  for (const ScanProblem& p : read_lines(text, layout, 1).problems) out.push_back(p.fault);
  return out;
}

int fuzz_rounds() {
  const char* asked = std::getenv("METAPARITY_FUZZ");
  return asked == nullptr ? 300 : std::max(300, std::atoi(asked) / 10);
}

// Other random bytes than those of every run: METAPARITY_SEED.
std::uint64_t fuzz_seed(std::uint64_t own) {
  const char* asked = std::getenv("METAPARITY_SEED");
  return asked == nullptr ? own : own + 1000 * std::strtoull(asked, nullptr, 10);
}

}  // namespace

TEST_CASE("a line becomes a record") {
  ScanLayout layout = full_layout(',', false);
  ScanBatch batch =
      read_lines("rs1,0.5,0.25,NA,100,a,G,0.3,\"x y\"\r\n\n rs2 ,-1,2,,.,C,T,,\n", layout, 7);
  REQUIRE(batch.problems.empty());
  REQUIRE(batch.lines == 3);
  REQUIRE(batch.records.size() == 2);
  const ScanRecord &a = batch.records[0], &b = batch.records[1];
  REQUIRE(a.id == "rs1");
  REQUIRE((a.y == 0.5 && a.v == 0.0625 && a.n == 100.0 && a.eaf == 0.3 && a.line == 7));
  REQUIRE((a.effect_allele == "a" && a.other_allele == "G" && a.keep == "x y"));
  REQUIRE((b.id == "rs2" && b.y == -1.0 && b.v == 4.0 && b.line == 9));
  REQUIRE((std::isnan(b.n) && std::isnan(b.eaf)));
  layout.keep = {0, 8};
  batch = read_lines("rs1,0.5,0.25,NA,100,a,G,0.3,x", layout, 1);
  REQUIRE(batch.records[0].keep == "rs1\tx");
}

TEST_CASE("the sample-size scheme takes z from p and the sign of the effect") {
  ScanLayout layout = full_layout(',', true);
  ScanBatch batch = read_lines(
      "a,-3,NA,0.05,400,A,G,.1,x\nb,2,NA,1e-300,100,A,G,.1,x\nc,0,NA,1,9,A,G,.1,x\n", layout, 1);
  REQUIRE(batch.records.size() == 3);
  REQUIRE(batch.records[0].y == Approx(-1.959963984540054 / 20.0).epsilon(1e-14).scale(0));
  REQUIRE(batch.records[0].v == 1.0 / 400.0);
  REQUIRE(normal_two_sided(batch.records[1].y * 10.0) == Approx(1e-300).epsilon(1e-10).scale(0));
  REQUIRE(batch.records[2].y == 0.0);
  layout.column[static_cast<std::size_t>(ScanRole::P)] = -1;
  batch = read_lines("a,-3,2,NA,4,A,G,.1,x\n", layout, 1);
  REQUIRE(batch.records[0].y == -0.75);
}

TEST_CASE("what is wrong with a line is named") {
  const ScanLayout se = full_layout(',', false), size = full_layout(',', true);
  using F = ScanFault;
  const std::pair<const char*, F> cases[] = {{"rs1,0.5,0.25", F::FieldCount},
                                             {"rs1,0.5,0.25,1,100,a,G,0.3,x,y", F::FieldCount},
                                             {"rs1,0.5,\"0.25,1,100,a,G,0.3,x", F::OpenQuote},
                                             {"NA,0.5,0.25,1,100,a,G,0.3,x", F::Id},
                                             {"r\xff,0.5,0.25,1,100,a,G,0.3,x", F::Text},
                                             {"rs1,0.5,0.25,1,100,a,G,0.3,\xff", F::Text},
                                             {"rs1,NA,0.25,1,100,a,G,0.3,x", F::Missing},
                                             {"rs1,0.5,.,1,100,a,G,0.3,x", F::Missing},
                                             {"rs1,zero,0.25,1,100,a,G,0.3,x", F::Effect},
                                             {"rs1,Inf,0.25,1,100,a,G,0.3,x", F::Effect},
                                             {"rs1,0.5,0,1,100,a,G,0.3,x", F::Se},
                                             {"rs1,0.5,-1,1,100,a,G,0.3,x", F::Se},
                                             {"rs1,0.5,1e-200,1,100,a,G,0.3,x", F::Se},
                                             {"rs1,0.5,0.25,1,0,a,G,0.3,x", F::N},
                                             {"rs1,0.5,0.25,1,many,a,G,0.3,x", F::N},
                                             {"rs1,0.5,0.25,1,100,a,G,1.3,x", F::Eaf},
                                             {"rs1,0.5,0.25,1,100,NA,G,0.3,x", F::Allele},
                                             {"rs1,0.5,0.25,1,100,A,,0.3,x", F::Allele}};
  for (const auto& one : cases) {
    INFO(one.first);
    REQUIRE(faults_of(one.first, se) == std::vector<F>{one.second});
  }
  REQUIRE(faults_of("a,1,NA,0,9,A,G,.1,x\na,1,NA,1.1,9,A,G,.1,x\na,1,NA,p,9,A,G,.1,x\na,1,NA,.5,NA,"
                    "A,G,.1,x\n",
                    size) == (std::vector<F>{F::P, F::P, F::P, F::Missing}));
  for (std::size_t i = 1; i < kScanFaults; ++i)
    REQUIRE(scan_fault_name(static_cast<F>(i))[0] != '\0');
}

TEST_CASE("filters leave lines out and count them") {
  ScanLayout layout = full_layout(',', false);
  layout.filters = {{4, 50.0, 150.0}};
  const ScanBatch batch = read_lines(
      "a,1,1,1,100,A,G,.1,x\nb,1,1,1,49,A,G,.1,x\nc,1,1,1,NA,A,G,.1,x\nd,1,1,1,150,A,G,.1,x\n",
      layout, 1);
  REQUIRE(batch.filtered == 2);
  REQUIRE(batch.records.size() == 2);
  REQUIRE(batch.problems.empty());
}

TEST_CASE("records do not depend on where pieces end nor on threads") {
  std::mt19937_64 rng(fuzz_seed(5));
  for (int round = 0; round < fuzz_rounds(); ++round) {
    const std::string text = random_lines(rng, round % 20 == 0 ? 5000 : 40, round % 2 == 0);
    for (const char separator : {',', ' '}) {
      const ScanLayout layout = full_layout(separator, round % 3 == 0);
      const std::string want = all_of(text, layout, 1, nullptr);
      REQUIRE(all_of(text, layout, 1, &rng) == want);
      if (round % 20 == 0) REQUIRE(all_of(text, layout, 3, nullptr) == want);
    }
  }
}

TEST_CASE("random bytes never crash, and every line is a record, a problem, filtered or empty") {
  std::mt19937_64 rng(fuzz_seed(6));
  const std::string often = ",\"\n\r\t 0123456789.eE-ANA";
  for (int round = 0; round < fuzz_rounds(); ++round) {
    std::string text(rng() % 2000, ' ');
    for (char& c : text)
      c = rng() % 3 == 0 ? static_cast<char>(rng() % 256) : often[rng() % often.size()];
    ScanLayout layout = full_layout(rng() % 2 == 0 ? ',' : ' ', round % 2 == 0);
    layout.fields = 1 + rng() % 9;
    for (int& c : layout.column) c = static_cast<int>(rng() % layout.fields);
    layout.keep = {static_cast<int>(rng() % layout.fields)};
    const std::string want = all_of(text, layout, 1, nullptr);
    REQUIRE(all_of(text, layout, 2, &rng) == want);
    const ScanBatch batch = read_lines(text, layout, 1);
    REQUIRE(static_cast<std::int64_t>(batch.records.size() + batch.problems.size()) <= batch.lines);
  }
}

TEST_CASE("headers of random bytes are read or refused, and what follows is as the header says") {
  std::mt19937_64 rng(fuzz_seed(17));
  const std::string often = "#\"\n\r\t,;| ideffctsNA\xef\xbb\xbf";
  int read = 0;
  for (int round = 0; round < 10 * fuzz_rounds(); ++round) {
    std::string text(rng() % 200, ' ');
    for (char& c : text)
      c = rng() % 20 == 0 ? static_cast<char>(rng() % 256) : often[rng() % often.size()];
    try {
      const ScanHeader head = scan_header(text, rng() % 2 == 0 ? '\0' : ',');
      ++read;
      REQUIRE(!head.names.empty());
      REQUIRE((head.bytes > 0 && head.bytes <= text.size() && head.lines > 0));
      ScanLayout layout = full_layout(head.separator, false);
      layout.fields = head.names.size();
      for (int& c : layout.column) c = static_cast<int>(rng() % layout.fields);
      layout.keep.clear();
      const std::string rest = text.substr(head.bytes);
      REQUIRE(all_of(rest, layout, 2, &rng) == all_of(rest, layout, 1, nullptr));
    } catch (const InvalidInput&) {
    }
  }
  REQUIRE(read > 100);
}

TEST_CASE("lines beyond a megabyte are named, wherever pieces end") {
  const ScanLayout layout = full_layout(',', false);
  std::mt19937_64 rng(7);
  const std::string good = "rs1,0.5,0.25,1,100,a,G,0.3,x";
  for (const std::size_t extra : {0u, 1u, 2u, 3u, 100u}) {
    const std::string fat = good + std::string((std::size_t{1} << 20) - good.size() + extra, 'y');
    const std::string text = good + "\n" + fat + "\r\n" + good + "\n" + fat;
    const std::string want = all_of(text, layout, 1, nullptr);
    REQUIRE((want.find("3 1\n5 1\n") != std::string::npos) == (extra > 0));
    REQUIRE(all_of(text, layout, 1, &rng) == want);
  }
}

TEST_CASE("hashes tell ids apart") {
  std::vector<std::uint64_t> all;
  for (int i = 0; i < 100000; ++i) all.push_back(scan_hash("rs" + std::to_string(i)));
  std::sort(all.begin(), all.end());
  REQUIRE(std::adjacent_find(all.begin(), all.end()) == all.end());
  REQUIRE(scan_hash("") != scan_hash(std::string_view("\0", 1)));
}
