// Reference: scan_number() and strtod() give what was written back, bit by bit; lines written down by hand.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include "catch.h"
#include "core/batch/scan_number.hpp"
#include "core/batch/scan_write.hpp"

using namespace metaparity;

namespace {

std::string written(double x) {
  std::string out;
  write_number(x, out);
  return out;
}

}  // namespace

TEST_CASE("numbers come back bit by bit, with no more than 17 digits") {
  std::mt19937_64 rng(12);
  for (int i = 0; i < 100000; ++i) {
    double x = 0.0, y = 0.0;
    const std::uint64_t bits = rng();
    std::memcpy(&x, &bits, sizeof x);
    if (i % 2 == 0)
      x = std::ldexp(static_cast<double>(rng() % 100000), -static_cast<int>(rng() % 30));
    if (!std::isfinite(x)) continue;
    const std::string text = written(x);
    REQUIRE(text.size() <= 25);
    REQUIRE(scan_number(text, y));
    if (x != y || std::signbit(x) != std::signbit(y)) FAIL(text);
  }
  REQUIRE(written(0.1) == "0.1");
  REQUIRE(written(-3.0) == "-3");
  REQUIRE(written(123456789012.0) == "123456789012");
  REQUIRE(written(kNaN) == "NA");
  REQUIRE(written(-kInf) == "-Inf");
  REQUIRE(std::signbit(std::strtod(written(-0.0).c_str(), nullptr)));
}

TEST_CASE("lines of columns, on any number of threads") {
  std::vector<double> x{1.5, kNaN, -2.0};
  WrittenColumn numbers, words;
  numbers.numbers = x.data();
  words.words = {"a", "", "c d"};
  REQUIRE(write_lines({words, numbers}, 3, 1) == "a\t1.5\n\tNA\nc d\t-2\n");
  REQUIRE(write_lines({words, numbers}, 2, 1) == "a\t1.5\n\tNA\n");
  REQUIRE(write_lines({}, 0, 2).empty());
  std::vector<double> many(100000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i) / 7.0;
  WrittenColumn column;
  column.numbers = many.data();
  REQUIRE(write_lines({column, column}, 100000, 1) == write_lines({column, column}, 100000, 3));
}
