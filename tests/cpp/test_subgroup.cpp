// Reference: hand calculation, sum ((theta - mean) / se)^2.
#include "catch.h"
#include "core/errors.hpp"
#include "core/model/subgroup.hpp"

using namespace metaparity;

TEST_CASE("dispersion of two groups is the squared z of their difference") {
  Vec est(2), se(2);
  est << 1.0, 3.0;
  se << 0.3, 0.4;
  const BetweenTest test = test_between(est, se);
  CHECK(test.df == 1);
  CHECK(test.Q == Approx(4.0 / 0.25).epsilon(1e-14));
  CHECK(test.pval == Approx(6.334248366623973e-05).epsilon(1e-10));
}

TEST_CASE("the between test is free of scale and shift") {
  Vec est(3), se(3);
  est << 1.0, 3.0, 2.5;
  se << 0.3, 0.4, 0.01;
  const double q = test_between(est, se).Q;
  CHECK(test_between(est * 1e-170, se * 1e-170).Q == Approx(q).epsilon(1e-13));
  CHECK(test_between(est * 1e170, se * 1e170).Q == Approx(q).epsilon(1e-13));
  CHECK(test_between(est.array() + 1024.0, se).Q == Approx(q).epsilon(1e-10));
}

TEST_CASE("the between test without usable standard errors is not available") {
  Vec est(2), se(2);
  est << 1.0, 3.0;
  se << 0.0, 0.4;
  CHECK(std::isnan(test_between(est, se).Q));
  CHECK(test_between(est.head(1), se.tail(1)).pval == 1.0);
  CHECK_THROWS_AS(test_between(Vec(), Vec()), InvalidInput);
}
