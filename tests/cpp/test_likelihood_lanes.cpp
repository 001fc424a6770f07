// Reference: maximise_likelihood() on each data set.
#include <random>

#include "catch.h"
#include "core/tau2/likelihood_lanes.hpp"
#include "core/tau2/tau2_solver.hpp"

using namespace metaparity;

namespace {

struct Case {
  Vec y, v;
};

// Even and uneven variances, outliers, nearly equal effects, two clusters of effects.
Case made(std::mt19937_64& rng, int kind) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const Index k = 2 + static_cast<Index>(14 * uniform(rng));
  const double scale = kind % 4 == 0 ? std::pow(10.0, 16.0 * uniform(rng) - 8.0) : 1.0;
  const double unevenness = kind % 3 == 0 ? 1e-8 : 1e-2;
  Case out{Vec(k), Vec(k)};
  for (Index i = 0; i < k; ++i) {
    out.v[i] = scale * scale * std::pow(unevenness, uniform(rng));
    double y = std::pow(10.0, 2.0 * uniform(rng) - 2.0) * normal(rng);
    if (kind % 5 == 1) y *= 1e-4;
    if (kind % 5 == 2) y += i % 2 == 0 ? 5.0 : -5.0;
    if (kind % 5 == 3 && i == 0) y += 50.0;
    out.y[i] = scale * y;
  }
  return out;
}

}  // namespace

TEST_CASE("maxima of many data sets are those of each alone, or are left to it") {
  std::mt19937_64 rng(3);
  StudyLanes lanes(16);
  int plain = 0, all = 0;
  for (int rep = 0; rep < 3000; ++rep) {
    for (const bool restricted : {true, false}) {
      lanes.clear();
      std::vector<Case> cases;
      const int filled = rep % 7 == 0 ? 3 : StudyLanes::kLanes;
      for (int l = 0; l < filled; ++l) {
        cases.push_back(made(rng, rep + l));
        lanes.add(cases.back().y, cases.back().v);
      }
      const StudyLanes::Lane found = likelihood_maxima(lanes, restricted);
      for (int l = 0; l < filled; ++l) {
        ++all;
        if (std::isnan(found[l])) continue;
        ++plain;
        const Case& x = cases[static_cast<std::size_t>(l)];
        const double alone = maximise_likelihood(x.y, x.v, Mat::Ones(x.y.size(), 1), restricted);
        REQUIRE(found[l] == Approx(alone).epsilon(2e-12));
        REQUIRE((found[l] == 0.0) == (alone == 0.0));
      }
    }
  }
  // Data made to be hard; of plain ones nearly all lanes are.
  REQUIRE(plain > all / 2);
}

TEST_CASE("an empty score, equal effects and one study are left to the solver") {
  StudyLanes lanes(3);
  lanes.add(Vec::Constant(3, 2.0), Vec::Constant(3, 0.1));
  lanes.add(Vec::Constant(1, 2.0), Vec::Constant(1, 0.1));
  const StudyLanes::Lane found = likelihood_maxima(lanes, true);
  REQUIRE(std::isnan(found[0]));
  REQUIRE(std::isnan(found[1]));
}
