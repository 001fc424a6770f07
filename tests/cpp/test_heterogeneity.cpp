// The definitions of Higgins & Thompson (2002) with numbers that are whole.
#include "core/model/heterogeneity.hpp"

#include <cmath>

#include "catch.h"

using namespace metaparity;

TEST_CASE("I2 and H2 from Q, floored, and from tau2") {
  const Heterogeneity a = heterogeneity_from_q(20.0, 5.0, 0.3);
  CHECK(a.I2 == 75.0);
  CHECK(a.H2 == 4.0);
  CHECK(a.vt == 0.3);
  CHECK(heterogeneity_from_q(4.0, 5.0, kNaN).I2 == 0.0);
  CHECK(heterogeneity_from_q(0.0, 5.0, kNaN).I2 == 0.0);
  CHECK(heterogeneity_from_q(3.0, 0.0, kNaN).H2 == 1.0);
  CHECK(std::isnan(heterogeneity_from_q(kInf, 5.0, kNaN).I2));
  CHECK(std::isnan(heterogeneity_from_q(kNaN, 5.0, kNaN).I2));
  const Heterogeneity b = heterogeneity_from_tau2(0.75, 0.25);
  CHECK(b.I2 == 75.0);
  CHECK(b.H2 == 4.0);
}

TEST_CASE("columns of I2") {
  const Vec Q = (Vec(3) << 20.0, 4.0, 10.0).finished();
  CHECK(i2_from_q(Q, Vec::Constant(1, 5.0)) == (Vec(3) << 75.0, 0.0, 50.0).finished());
  CHECK(i2_from_q(Q, (Vec(3) << 5.0, 5.0, 0.0).finished())[2] == 0.0);
}
