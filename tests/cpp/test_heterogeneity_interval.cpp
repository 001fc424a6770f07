// Both formulas of section 3.3 of Higgins & Thompson (2002) by hand; the tails of the non-central interval by its series.
#include "core/model/heterogeneity_interval.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

namespace {

// P(X <= x) as a Poisson mixture of central distributions.
double noncentral_lower(double x, double df, double nc) {
  double sum = 0.0, weight = std::exp(-0.5 * nc);
  for (int j = 0; j < 400; ++j) {
    sum += weight * (1.0 - chisq_upper(x, df + 2.0 * j));
    weight *= 0.5 * nc / (j + 1.0);
  }
  return sum;
}

}  // namespace

TEST_CASE("standard error of ln H on both sides of Q = k") {
  CHECK(se_log_h(30.0, 9.0, 10.0) ==
        Approx(0.5 * (std::log(30.0) - std::log(9.0)) / (std::sqrt(60.0) - std::sqrt(17.0)))
            .epsilon(1e-14));
  CHECK(se_log_h(5.0, 9.0, 10.0) == Approx(std::sqrt((1.0 - 1.0 / 192.0) / 16.0)).epsilon(1e-14));
  CHECK(std::isnan(se_log_h(0.5, 1.0, 2.0)));
}

TEST_CASE("limits multiply and divide H; I2 follows H") {
  const HeterogeneityInterval x = heterogeneity_interval(30.0, 9.0, 0.95, HMethod::TestBased);
  CHECK(x.H == Approx(std::sqrt(30.0 / 9.0)).epsilon(1e-14));
  CHECK(x.H_lb * x.H_ub == Approx(x.H * x.H).epsilon(1e-13));
  CHECK(x.I2 == Approx(0.7).epsilon(1e-13));
  CHECK(x.I2_ub == Approx(1.0 - 1.0 / (x.H_ub * x.H_ub)).epsilon(1e-13));
  CHECK_THROWS_AS(heterogeneity_interval(-1.0, 9.0, 0.95, HMethod::TestBased), InvalidInput);
}

TEST_CASE("the non-central interval leaves its tails outside") {
  const HeterogeneityInterval x = heterogeneity_interval(30.0, 9.0, 0.9, HMethod::NoncentralChisq);
  CHECK(noncentral_lower(9.0 * x.H_lb * x.H_lb, 9.0, 21.0) == Approx(0.05).epsilon(1e-8));
  CHECK(noncentral_lower(9.0 * x.H_ub * x.H_ub, 9.0, 21.0) == Approx(0.95).epsilon(1e-8));
  const HeterogeneityInterval none =
      heterogeneity_interval(4.0, 9.0, 0.9, HMethod::NoncentralChisq);
  CHECK(chisq_upper(9.0 * none.H_ub * none.H_ub, 9.0) == Approx(0.05).epsilon(1e-9));
}
