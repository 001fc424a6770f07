// Reference values: equal estimates and variances leave nothing to test; threads change nothing.
#include <cmath>

#include "catch.h"
#include "core/hettest.hpp"

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
