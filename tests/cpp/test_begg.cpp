// Reference values: enumeration of pairs and of permutations, R 4.2.2 cor.test.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "catch.h"
#include "core/bias/begg.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

int sign(double x) { return (x > 0.0) - (x < 0.0); }

std::int64_t brute_score(const Vec& x, const Vec& y) {
  std::int64_t s = 0;
  for (Index i = 0; i < x.size(); ++i) {
    for (Index j = 0; j < i; ++j) s += sign(x(i) - x(j)) * sign(y(i) - y(j));
  }
  return s;
}

}  // namespace

TEST_CASE("score and ties agree with the enumeration of pairs") {
  std::mt19937_64 rng(4);
  for (int rep = 0; rep < 400; ++rep) {
    const Index n = 2 + rep % 40;
    Vec x(n), y(n);
    for (Index i = 0; i < n; ++i) {
      x(i) = static_cast<double>(rng() % (2 + rep % 50));
      y(i) = static_cast<double>(rng() % (2 + rep % 70));
    }
    std::int64_t tied_x = 0, tied_y = 0;
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < i; ++j) {
        tied_x += x(i) == x(j);
        tied_y += y(i) == y(j);
      }
    }
    const KendallPairs pairs = kendall_pairs(x, y);
    REQUIRE(pairs.score == brute_score(x, y));
    REQUIRE(pairs.tied_x == tied_x);
    REQUIRE(pairs.tied_y == tied_y);
    REQUIRE(pairs.x2 == Approx(2.0 * static_cast<double>(tied_x)));
  }
}

TEST_CASE("variance of the score is that over all permutations") {
  const Vec x = (Vec(6) << 1, 1, 2, 3, 3, 3).finished();
  const Vec y = (Vec(6) << 4, 5, 5, 6, 7, 7).finished();
  std::vector<int> order(6);
  std::iota(order.begin(), order.end(), 0);
  double sum = 0.0, squares = 0.0;
  int count = 0;
  do {
    Vec z(6);
    for (Index i = 0; i < 6; ++i) z(i) = y(order[static_cast<std::size_t>(i)]);
    const auto s = static_cast<double>(brute_score(x, z));
    sum += s;
    squares += s * s;
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  const double mean = sum / count;
  CHECK(score_variance(kendall_pairs(x, y), TieRule::Kendall) ==
        Approx(squares / count - mean * mean).epsilon(1e-12));
}

TEST_CASE("exact p agrees with the enumeration of permutations") {
  for (int n = 2; n <= 7; ++n) {
    std::vector<int> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    const int pairs = n * (n - 1) / 2;
    std::vector<double> count(static_cast<std::size_t>(pairs) + 1, 0.0);
    double total = 0.0;
    do {
      int inversions = 0;
      for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) inversions += order[j] > order[i];
      }
      ++count[static_cast<std::size_t>(inversions)];
      ++total;
    } while (std::next_permutation(order.begin(), order.end()));
    for (int q = 0; 2 * q <= pairs; ++q) {
      const double below = std::accumulate(count.begin(), count.begin() + q + 1, 0.0) / total;
      const double expected = std::min(1.0, 2.0 * below);
      CHECK(kendall_exact_two_sided(pairs - 2 * q, n) == Approx(expected).epsilon(1e-13));
      CHECK(kendall_exact_two_sided(2 * q - pairs, n) == Approx(expected).epsilon(1e-13));
    }
  }
}

TEST_CASE("exact p agrees with whole-number counts of inversions") {
  struct Known {
    std::int64_t n, inversions;
    double p;
  };
  // Counts by the recursion in whole numbers of any size, divided by n! at the end.
  const Known known[] = {{130, 2400, 6.985171380959141e-14},  {130, 3000, 1.1283212396951431e-06},
                         {130, 4000, 0.4403911250710016},     {150, 1000, 1.0560445612942658e-75},
                         {150, 2100, 1.2717693985329038e-35}, {150, 4500, 0.0003804656877751586},
                         {150, 5400, 0.5439953827327263},     {300, 1200, 5.133515132108756e-293},
                         {300, 8000, 4.7023062921985135e-76}};
  for (const Known& c : known) {
    const std::int64_t pairs = c.n * (c.n - 1) / 2;
    CHECK(kendall_exact_two_sided(pairs - 2 * c.inversions, c.n) == Approx(c.p).epsilon(1e-10));
  }
  CHECK(kendall_exact_two_sided(780, 40) == Approx(2.0 / std::tgamma(41.0)).epsilon(1e-11));
  CHECK(kendall_exact_two_sided(0, 1000) == Approx(1.0));
  CHECK(kendall_exact_two_sided(2, 1000) == Approx(1.0).epsilon(1e-3));
}

TEST_CASE("one study may hold all the weight") {
  const Vec yi = (Vec(4) << 0.2, 0.5, -0.1, 0.4).finished();
  const Vec vi = (Vec(4) << 1e-14, 0.1, 0.2, 0.3).finished();
  const Vec t = begg_deviates(yi, vi);
  // The estimate without the heavy study and the weight of the others, in long double.
  long double w = 0.0L, wy = 0.0L;
  for (Index i = 1; i < 4; ++i) {
    w += 1.0L / vi(i);
    wy += (static_cast<long double>(yi(i)) - yi(0)) / vi(i);
  }
  const long double total = w + 1.0L / vi(0);
  const long double expected = -(wy / total) / std::sqrt(vi(0) * (w / total));
  CHECK(t(0) == Approx(static_cast<double>(expected)).epsilon(1e-12));
  CHECK(std::isfinite(t(0)));
}

TEST_CASE("identical effects have no rank correlation") {
  const RankTest r = rank_test(Vec::Constant(5, 0.3), (Vec(5) << 1, 2, 3, 4, 5).finished());
  CHECK(r.score == 0);
  CHECK(std::isnan(r.tau));
  CHECK(std::isnan(r.pval));
  CHECK_THROWS_AS(rank_test(Vec::Constant(1, 0.3), Vec::Ones(1)), InvalidInput);
}

TEST_CASE("shift and scale leave the test as it is") {
  const Vec yi = (Vec(7) << 0.11, 0.52, -0.13, 0.44, 0.9, -0.4, 0.25).finished();
  const Vec vi = (Vec(7) << 0.05, 0.1, 0.2, 0.3, 0.11, 0.21, 0.02).finished();
  const RankTest base = rank_test(yi, vi);
  for (double s : {1e-9, 1e-3, 1e4, 1e9}) {
    const RankTest r = rank_test(s * yi, s * s * vi);
    CHECK(r.score == base.score);
    CHECK(r.pval == Approx(base.pval).epsilon(1e-12));
  }
  const Vec shifted = (1e10 + 1e6 * yi.array()).matrix();
  CHECK(rank_test(shifted, 1e12 * vi).score == base.score);
}

TEST_CASE("strata pool to the sum of scores") {
  const PooledScore p =
      pool_scores((Vec(2) << 3.0, -1.0).finished(), (Vec(2) << 2.0, 1.0).finished());
  CHECK(p.z == Approx(2.0 / std::sqrt(5.0)));
  CHECK(p.z_cc == Approx(1.0 / std::sqrt(5.0)));
}
