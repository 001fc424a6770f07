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
    const Vec got = adjust_p(Eigen::Map<const Vec>(p.data(), n), AdjustRule::BH);
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

TEST_CASE("ranges of p values are adjusted as all at once, by every rule") {
  std::mt19937_64 rng(16);
  for (const AdjustRule rule : {AdjustRule::BH, AdjustRule::BY, AdjustRule::Hochberg,
                                AdjustRule::Holm, AdjustRule::Bonferroni}) {
    Vec p(400);
    for (Index i = 0; i < p.size(); ++i) p[i] = static_cast<double>(rng() % 100) / 99.0;
    std::sort(p.data(), p.data() + p.size());
    const Vec want = adjust_p(p, rule);
    REQUIRE((want.array() >= 0.0).all());
    REQUIRE((want.array() <= 1.0).all());
    PAdjuster adjuster(rule, 400.0);
    Vec got(400);
    // Ranges end where values change, as equal values stand in one.
    const auto is_end = [&](Index i) { return i == 0 || i == 400 || p[i] != p[i - 1]; };
    const auto adjust = [&](Index from, Index to) {
      if (p[from] == p[to - 1]) {
        got.segment(from, to - from)
            .setConstant(adjuster.adjust_equal(p[from], static_cast<double>(to - from)));
      } else {
        got.segment(from, to - from) = adjuster.adjust(p.segment(from, to - from));
      }
    };
    for (Index done = 0; done < 400;) {
      Index size = 1 + static_cast<Index>(rng() % 60);
      size = std::min(size, 400 - done);
      while (!is_end(adjuster.rises() ? done + size : 400 - done - size) && done + size < 400)
        ++size;
      adjuster.rises() ? adjust(done, done + size) : adjust(400 - done - size, 400 - done);
      done += size;
    }
    REQUIRE(got == want);
  }
}
