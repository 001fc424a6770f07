// Moments of independent normal variables in closed form.
#include "core/effect/delta_method.hpp"

#include "catch.h"

using namespace metaparity;

TEST_CASE("cubic terms: moments of independent normal variables") {
  const Vec s = (Vec(2) << 2.0, 3.0).finished();
  const Mat v = s.asDiagonal();
  const Mat g = Mat::Zero(1, 2);
  Mat third = Mat::Zero(4, 2);  // of x^2 y: d3/dx dx dy = 2
  third(0, 1) = third(1, 0) = third(2, 0) = 2.0;
  REQUIRE(cubic_variance(g, third, v)(0, 0) == Approx(3.0 * 4.0 * 3.0).epsilon(1e-12).scale(0));
}
