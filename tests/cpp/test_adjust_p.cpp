// Reference: the definition, a minimum over all larger p values for each.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "catch.h"
#include "core/batch/adjust_p.hpp"

using namespace metaparity;

TEST_CASE("adjusted p values are the step-up minima") {
  std::mt19937_64 rng(13);
  for (const Index n : {0, 1, 2, 50, 300}) {
    std::vector<double> p(static_cast<std::size_t>(n));
    for (double& x : p) x = rng() % 10 == 0 ? kNaN : static_cast<double>(rng() % 40) / 39.0;
    const Vec got = adjust_p_bh(Eigen::Map<const Vec>(p.data(), n));
    const double m = static_cast<double>(
        std::count_if(p.begin(), p.end(), [](double x) { return !std::isnan(x); }));
    for (Index i = 0; i < n; ++i) {
      const double at = p[static_cast<std::size_t>(i)];
      if (std::isnan(at)) {
        REQUIRE(std::isnan(got[i]));
        continue;
      }
      double want = 1.0;
      for (const double other : p) {
        if (!(other >= at)) continue;
        const auto rank = std::count_if(p.begin(), p.end(), [&](double x) { return x <= other; });
        want = std::min(want, m * other / static_cast<double>(rank));
      }
      REQUIRE((got[i] == want || got[i] == Approx(want).epsilon(1e-14).scale(0)));
    }
  }
}
