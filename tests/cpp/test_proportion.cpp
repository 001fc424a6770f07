// Inverse of the transform at its own values; intervals against values of R's binom.test and
// prop.test.
#include "catch.h"
#include "core/model/heterogeneity_interval.hpp"
#include "core/stata/proportion.hpp"

using namespace metaparity;

TEST_CASE("the inverse undoes the Freeman-Tukey transform") {
  Vec x(5), n = Vec::Constant(5, 40.0);
  x << 0, 1, 13, 39, 40;
  const ProportionEffects e = proportion_effects(x, n, true);
  const Vec p = freeman_tukey_inverse(e.yi, 40.0);
  for (Index i = 0; i < 5; ++i) CHECK(p[i] == Approx(x[i] / 40.0).margin(1e-12));
  Vec outside(2);
  outside << 0.01, 3.13;
  CHECK(freeman_tukey_inverse(outside, 40.0)[0] == 0.0);
  CHECK(freeman_tukey_inverse(outside, 40.0)[1] == 1.0);
}

TEST_CASE("intervals of one proportion") {
  Vec x(1), n(1);
  x << 3;
  n << 20;
  const ProportionLimits exact = proportion_intervals(x, n, 0.95, ProportionInterval::Exact);
  CHECK(exact.lb[0] == Approx(0.03207094).epsilon(1e-6));
  CHECK(exact.ub[0] == Approx(0.37892683).epsilon(1e-6));
  const ProportionLimits score = proportion_intervals(x, n, 0.95, ProportionInterval::Score);
  CHECK(score.lb[0] == Approx(0.05236970).epsilon(1e-6));
  CHECK(score.ub[0] == Approx(0.36041873).epsilon(1e-6));
}

TEST_CASE("intervals of Agresti and Coull and of Jeffreys") {
  Vec x(3), n = Vec::Constant(3, 20.0);
  x << 3, 0, 20;
  const ProportionLimits agresti = proportion_intervals(x, n, 0.95, ProportionInterval::Agresti);
  // (3 + z^2 / 2) / (20 + z^2) with z = 1.959964.
  CHECK(0.5 * (agresti.lb[0] + agresti.ub[0]) == Approx(0.2063938).epsilon(1e-6));
  const ProportionLimits jeffreys = proportion_intervals(x, n, 0.95, ProportionInterval::Jeffreys);
  CHECK(jeffreys.lb[0] == Approx(0.04413134).epsilon(1e-5));
  CHECK(jeffreys.ub[0] == Approx(0.34857771).epsilon(1e-5));
  CHECK(jeffreys.lb[1] == 0.0);
  CHECK(jeffreys.ub[2] == 1.0);
}

TEST_CASE("H is at least 1 and I2 within 0 and 1") {
  const HeterogeneityInterval h = heterogeneity_interval(3.0, 9.0, 0.95, HMethod::TestBased);
  CHECK(h.H == 1.0);
  CHECK(h.I2 == 0.0);
  CHECK(h.I2_lb == 0.0);
  CHECK(h.H_ub > 1.0);
  CHECK(std::isnan(heterogeneity_interval(0.5, 1.0, 0.95, HMethod::TestBased).H_ub));
}
