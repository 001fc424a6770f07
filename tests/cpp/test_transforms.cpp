// Reference values: closed forms of the means, stationary equations of the modes.
#include <cmath>

#include "catch.h"
#include "core/effect/transform_moments.hpp"
#include "core/effect/transforms.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

double phi(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }
Vec one(double x) { return Vec::Constant(1, x); }
const Vec none;

}  // namespace

TEST_CASE("transforms: unknown names are refused, missing values pass") {
  REQUIRE_THROWS_AS(find_transform("nothing"), InvalidInput);
  REQUIRE(std::isnan(transform_values("ztor", one(kNaN), none, none)(0)));
  REQUIRE(std::isnan(transform_values("pft", one(0.5), one(kNaN), none)(0)));
}

TEST_CASE("transforms: small log odds ratios keep their digits") {
  const double tiny = transform_values("lnortord", one(1e-12), one(0.3), none)(0);
  REQUIRE(tiny == Approx(0.21e-12).epsilon(1e-9).scale(0));
}

TEST_CASE("transform_mean: normal back-transformations in closed form") {
  for (const double t : {1e-6, 0.2, 5.0, 1e4, 1e8}) {
    for (const double x : {-3.0, 0.0, 0.7, 30.0}) {
      const double mean = transform_mean("iprobit", one(x), t, kNaN, kNaN)(0);
      REQUIRE(mean == Approx(phi(x / std::sqrt(1.0 + t))).epsilon(1e-11).scale(0));
    }
  }
}

TEST_CASE("transform_mean: truncation far out in the tail") {
  // Z given Z > 0 for xi = -40 sd is exponential with rate 40 / sd up to O(1 / 1600).
  const double mean = transform_mean("iabt", one(-40.0), 1.0, kNaN, kNaN)(0);
  REQUIRE(mean == Approx(1.0 / 41.0).epsilon(2e-3).scale(0));
}

TEST_CASE("transform_mode: stationary equations") {
  const double p = transform_mode("ilogit", one(0.4), 1.9)(0);
  REQUIRE(std::log(p / (1.0 - p)) == Approx(0.4 + 1.9 * (2.0 * p - 1.0)).epsilon(1e-11).scale(0));
  REQUIRE(transform_mode("iabt", one(-1.0), 0.1)(0) == 0.0);
  REQUIRE(transform_mode("iahw", one(0.9), 1.0)(0) == 1.0);
  REQUIRE(std::isnan(transform_mode("ztor", one(0.0), 2.0)(0)));
  REQUIRE_THROWS_AS(transform_mode("dtou1", one(0.0), 2.0), InvalidInput);
}
