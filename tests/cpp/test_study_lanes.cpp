// Reference: pool() on each data set.
#include <random>

#include "catch.h"
#include "core/tau2/pool.hpp"
#include "core/tau2/study_lanes.hpp"

using namespace metaparity;

TEST_CASE("a lane's weighted means are those of its studies alone") {
  std::mt19937_64 rng(11);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  StudyLanes lanes(12);
  for (int rep = 0; rep < 200; ++rep) {
    lanes.clear();
    std::vector<Vec> y, v;
    StudyLanes::Lane tau2 = StudyLanes::Lane::Zero();
    const int filled = 1 + rep % StudyLanes::kLanes;
    for (int l = 0; l < filled; ++l) {
      const Index k = 1 + static_cast<Index>(12 * uniform(rng));
      const double scale = std::pow(10.0, 20.0 * uniform(rng) - 10.0);
      Vec yi(k), vi(k);
      for (Index i = 0; i < k; ++i) {
        yi[i] = scale * (normal(rng) + 100.0);
        vi[i] = scale * scale * std::pow(1e-6, uniform(rng));
      }
      tau2[l] = rep % 3 == 0 ? 0.0 : scale * scale * uniform(rng);
      lanes.add(yi, vi);
      y.push_back(yi);
      v.push_back(vi);
    }
    REQUIRE(lanes.size() == filled);
    const PooledLanes all = pool_lanes(lanes, tau2);
    for (int l = 0; l < filled; ++l) {
      const auto at = static_cast<std::size_t>(l);
      const Pooled one = pool(y[at], v[at], tau2[l]);
      REQUIRE(lanes.studies(l) == static_cast<double>(y[at].size()));
      REQUIRE(all.mu[l] == Approx(one.mu).epsilon(1e-13));
      REQUIRE(all.sum_w[l] == Approx(one.sum_w).epsilon(1e-13));
      REQUIRE(all.rss[l] == Approx(one.rss).epsilon(1e-12).margin(1e-24));
      REQUIRE(all.tr_p[l] == Approx(one.tr_p).epsilon(1e-12).margin(1e-280));
    }
  }
}
