// Odd names and values; digits near 0.
#include <cmath>

#include "catch.h"
#include "core/effect/transforms.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

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
