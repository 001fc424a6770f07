// Reference: the middle of sorted numbers.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "catch.h"
#include "core/batch/scan_median.hpp"

using metaparity::StreamedMedian;

namespace {

double streamed(const std::vector<double>& x, std::mt19937_64& rng) {
  StreamedMedian median(static_cast<std::int64_t>(x.size()));
  int passes = 0;
  do {
    REQUIRE(++passes <= 5);
    for (std::size_t at = 0; at < x.size();) {
      const std::size_t n = std::min<std::size_t>(1 + rng() % 50, x.size() - at);
      median.feed(x.data() + at, n);
      at += n;
    }
  } while (!median.end_pass());
  return median.median();
}

}  // namespace

TEST_CASE("the median of numbers in pieces is that of all, to the last bit") {
  std::mt19937_64 rng(14);
  const double infinity = std::numeric_limits<double>::infinity();
  REQUIRE(std::isnan(streamed({}, rng)));
  REQUIRE(streamed({0.0, -0.0}, rng) == 0.0);
  REQUIRE(streamed({infinity, 1.0, infinity}, rng) == infinity);
  for (int round = 0; round < 500; ++round) {
    std::vector<double> x(1 + rng() % 300);
    const int kind = round % 4;
    for (double& one : x) {
      const double u = std::ldexp(static_cast<double>(rng() >> 11), -53);
      one = kind == 0   ? u
            : kind == 1 ? static_cast<double>(rng() % 3)
            : kind == 2 ? std::ldexp(u, static_cast<int>(rng() % 2000) - 1060)
                        : 1.0 + std::ldexp(static_cast<double>(rng() % 4), -52);
    }
    std::vector<double> sorted = x;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t n = x.size();
    const double want = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0;
    REQUIRE(streamed(x, rng) == want);
  }
}
