// Limits that metan prints with the option cornfield; the defining equation as identity.
#include "catch.h"
#include "core/model/heterogeneity.hpp"
#include "core/stata/metan.hpp"

using namespace metaparity;

TEST_CASE("Cornfield limits reproduce printed values") {
  Vec a(3), b(3), c(3), d(3);
  a << 50, 6, 70;
  b << 60, 7, 111;
  c << 64, 7, 95;
  d << 47, 7, 86;
  const OddsLimits l = cornfield_limits(a, b, c, d, 0.95);
  CHECK(l.lb[0] == Approx(0.360).margin(5e-4));
  CHECK(l.ub[0] == Approx(1.040).margin(5e-4));
  CHECK(l.lb[1] == Approx(0.196).margin(5e-4));
  CHECK(l.ub[1] == Approx(3.758).margin(5e-4));
}

TEST_CASE("Cornfield limits turn over with the rows and need positive cells") {
  Vec a(2), b(2), c(2), d(2);
  a << 12, 0;
  b << 5, 3;
  c << 7, 2;
  d << 9, 4;
  const OddsLimits l = cornfield_limits(a, b, c, d, 0.9);
  const OddsLimits r = cornfield_limits(c, d, a, b, 0.9);
  CHECK(l.lb[0] == Approx(1.0 / r.ub[0]).epsilon(1e-10));
  CHECK(l.ub[0] == Approx(1.0 / r.lb[0]).epsilon(1e-10));
  CHECK(std::isnan(l.lb[1]));
}

TEST_CASE("Q around a centre") {
  Vec y(2), v(2);
  y << 1, 3;
  v << 2, 4;
  CHECK(q_around(y, v, 2.0) == Approx(0.75).epsilon(1e-14));
}
