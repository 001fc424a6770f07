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

TEST_CASE("the typical variance of independent estimates is Higgins and Thompson's") {
  const Vec v = (Vec(3) << 0.1, 0.2, 0.4).finished();
  const Vec w = v.cwiseInverse();
  const double oracle = 2.0 * w.sum() / (w.sum() * w.sum() - w.squaredNorm());
  const Mat V = v.asDiagonal();
  CHECK(typical_variance(V, Mat::Ones(3, 1)) == Approx(oracle).epsilon(1e-14).scale(0));
}

TEST_CASE("the typical variance of correlated estimates, and where there is none") {
  // Two estimates of variance 1 with correlation r: P = [1 -1; -1 1] / (2 (1 - r)).
  const Mat V = (Mat(2, 2) << 1.0, 0.5, 0.5, 1.0).finished();
  CHECK(typical_variance(V, Mat::Ones(2, 1)) == Approx(0.5).epsilon(1e-14).scale(0));
  CHECK(std::isnan(typical_variance(V, Mat::Identity(2, 2))));
  CHECK(std::isnan(typical_variance(Mat::Zero(2, 2), Mat::Ones(2, 1))));
}
