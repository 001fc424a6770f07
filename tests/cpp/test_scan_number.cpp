// Reference: strtod() of the C library, bit by bit, on random decimals and on what is none.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "catch.h"
#include "core/batch/scan_number.hpp"

using namespace metaparity;

namespace {

std::string random_decimal(std::mt19937_64& rng) {
  const auto below = [&](int n) { return static_cast<int>(rng() % static_cast<unsigned>(n)); };
  std::string out = below(3) == 0 ? "-" : below(8) == 0 ? "+" : "";
  const int whole = below(4) == 0 ? below(24) : below(6);
  for (int i = 0; i < whole; ++i) out += static_cast<char>('0' + below(10));
  if (whole == 0 || below(2) == 0) {
    out += '.';
    const int n = (whole == 0 ? 1 : 0) + below(below(4) == 0 ? 24 : 8);
    for (int i = 0; i < n; ++i) out += static_cast<char>('0' + (below(3) == 0 ? 0 : below(10)));
  }
  if (below(2) == 0) out += (below(2) == 0 ? "e" : "E") + std::to_string(below(50) - 25);
  return out;
}

}  // namespace

TEST_CASE("numbers are those of strtod, bit by bit") {
  std::mt19937_64 rng(1);
  for (int i = 0; i < 200000; ++i) {
    const std::string text = random_decimal(rng);
    double x = 0.0;
    REQUIRE(scan_number(text, x));
    const double want = std::strtod(text.c_str(), nullptr);
    if (x != want || std::signbit(x) != std::signbit(want)) FAIL(text);
  }
}

TEST_CASE("numbers written with 17 digits come back") {
  std::mt19937_64 rng(2);
  std::uniform_real_distribution<double> power(-300.0, 300.0), digits(-1.0, 1.0);
  for (int i = 0; i < 50000; ++i) {
    const double x = digits(rng) * std::pow(10.0, power(rng));
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", x);
    double y = 0.0;
    REQUIRE(scan_number(text, y));
    REQUIRE(x == y);
  }
  double y = 1.0;
  REQUIRE(scan_number("1e-400", y));
  REQUIRE(y == 0.0);
  REQUIRE(scan_number("4.9406564584124654e-324", y));
  REQUIRE(y > 0.0);
}

TEST_CASE("what is no finite decimal number is refused") {
  double x = 0.0;
  for (const char* text :
       {"",    "-",   "+",     ".",      "e5",  "1e", "1e+", "1,5", "1.2.3", "0x10", "inf",
        "Inf", "nan", "1e999", "-1e400", "1 2", " 1", "1 ",  "1f",  "--1",   "NA"}) {
    INFO(text);
    REQUIRE_FALSE(scan_number(text, x));
  }
  REQUIRE_FALSE(scan_number(std::string_view("1\0", 2), x));
}

TEST_CASE("spellings of missing values") {
  for (const char* text :
       {"", ".", "-", "NA", "na", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A"})
    REQUIRE(scan_missing(text));
  for (const char* text : {"0", "-9", "A", "nab", "..", "rs1", "nanny"})
    REQUIRE_FALSE(scan_missing(text));
}
