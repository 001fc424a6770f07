// Against sums over the whole support.
#include "core/linalg/hypergeometric.hpp"

#include <cmath>
#include <vector>

#include "catch.h"

using namespace metaparity;

TEST_CASE("probability, mean and variance of the noncentral hypergeometric distribution") {
  const double sets[][4] = {
      {4, 123, 11, 139}, {0, 20, 3, 25}, {5, 5, 2, 9}, {62, 13598, 248, 12867}};
  for (const auto& s : sets) {
    const double n1 = s[1], n2 = s[3], m = s[0] + s[2];
    const NoncentralHypergeometric table(n1, n2, m);
    for (const double theta : {-3.0, -0.4, 0.0, 0.9, 4.0}) {
      std::vector<double> logs;
      double top = -INFINITY;
      for (double x = table.lower(); x <= table.upper(); ++x) {
        const auto choose = [](double n, double k) {
          return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
        };
        logs.push_back(choose(n1, x) + choose(n2, m - x) + x * theta);
        top = std::max(top, logs.back());
      }
      double sum = 0.0, first = 0.0, second = 0.0, x = table.lower();
      for (const double l : logs) {
        const double w = std::exp(l - top);
        sum += w;
        first += w * x;
        second += w * x * x;
        x += 1.0;
      }
      const HypergeometricPoint p = table.at(s[0], theta);
      const double own = logs[static_cast<std::size_t>(s[0] - table.lower())] - top - std::log(sum);
      CHECK(p.log_prob == Approx(own).epsilon(1e-10));
      CHECK(p.mean == Approx(first / sum).epsilon(1e-11));
      CHECK(p.variance == Approx(second / sum - first / sum * (first / sum)).epsilon(1e-7));
    }
  }
}
