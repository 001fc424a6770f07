// Reference values: equal estimates and variances leave nothing to test; threads change nothing.
#include <cmath>

#include <Eigen/LU>

#include "catch.h"
#include "core/bias/hettest.hpp"

using namespace metaparity;

TEST_CASE("hettest: the score of a balanced sample is half the spread of squared residuals") {
  Vec y(4);
  y << -1.0, 1.0, -1.0, 1.0;
  const Vec v = Vec::Constant(4, 0.1);
  HetSpec spec;
  spec.reml = false;
  REQUIRE(std::fabs(het_statistic(y, v, spec)) < 1e-12);
  spec.test = HetTest::Lrt;
  REQUIRE(std::fabs(het_statistic(y, v, spec)) < 1e-6);
}

TEST_CASE("hettest: the bootstrap does not depend on the number of threads") {
  Mat samples(5, 200);
  for (Index j = 0; j < samples.cols(); ++j) {
    for (Index i = 0; i < 5; ++i) samples(i, j) = std::sin(static_cast<double>(7 * i + 13 * j));
  }
  Vec v(5);
  v << 0.1, 0.3, 0.05, 0.2, 0.4;
  for (const HetTest test :
       {HetTest::Score, HetTest::Lrt, HetTest::Wald, HetTest::KsNormal, HetTest::AdChisq}) {
    HetSpec spec;
    spec.test = test;
    const Vec one = het_bootstrap(samples, v, spec, 1), three = het_bootstrap(samples, v, spec, 3);
    for (Index j = 0; j < one.size(); ++j)
      REQUIRE((one(j) == three(j) || (std::isnan(one(j)) && std::isnan(three(j)))));
  }
}

TEST_CASE(
    "hettest: statistics are those of dense algebra, one study above half of the weight too") {
  Vec y(5), v(5);
  y << 0.1, 1.2, -2.0, 0.9, 0.4;
  for (const double first : {0.1, 1e-4}) {
    v << first, 0.3, 0.05, 0.2, 0.4;
    HetSpec spec;
    const Saturated s = fit_saturated(y, v, Vec::Constant(1, 0.5), spec);
    const Vec w = (v + s.tau2).cwiseInverse();
    const Mat P = Mat(w.asDiagonal()) - w * w.transpose() / w.sum();
    const Mat V = (0.5 * P.cwiseProduct(P)).inverse();
    for (Index i = 0; i < 5; ++i)
      REQUIRE(s.se(i) == Approx(std::sqrt(V(i, i))).epsilon(1e-9).scale(0));
    Mat C = Mat::Zero(4, 5);
    C.col(0).setConstant(-1.0);
    C.rightCols(4).setIdentity();
    spec.test = HetTest::Wald;
    const Saturated at = fit_saturated(y, v, Vec::Constant(1, 0.5), spec);
    const Vec d = C * at.tau2;
    const double wald = d.dot((C * V * C.transpose()).inverse() * d);
    REQUIRE(het_statistic(y, v, spec) == Approx(wald).epsilon(1e-5).scale(0));
  }
}

TEST_CASE("hettest: the statistics do not depend on the scale of the data") {
  Vec y(5), v(5);
  y << 0.1, 1.2, -2.0, 0.9, 0.4;
  v << 0.1, 0.3, 0.05, 0.2, 0.4;
  for (const HetTest test : {HetTest::Score, HetTest::Lrt, HetTest::Wald}) {
    HetSpec spec;
    spec.test = test;
    const double one = het_statistic(y, v, spec);
    for (const double c : {1e-6, 1e6})
      REQUIRE(het_statistic(c * y, c * c * v, spec) == Approx(one).epsilon(1e-8).scale(0));
  }
}
