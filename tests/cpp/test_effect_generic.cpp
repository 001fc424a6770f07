#include "catch.h"
#include "core/effect/effect_generic.hpp"
#include "core/errors.hpp"

using namespace metaparity;

TEST_CASE("limits, standard error and variance say the same") {
  Vec y(2), se(2);
  y << -0.4, 1.0;
  se << 0.25, 0.5;
  const double z = 1.959963984540054;
  std::vector<int> asymmetric;
  const Vec lb = y - z * se, ub = y + z * se, none(0);
  const Effects a = effect_from_limits(y, lb, ub, 0.95, asymmetric);
  const Effects b = effect_from_se(y, se);
  CHECK(asymmetric.empty());
  for (Index i = 0; i < 2; ++i) CHECK(a.vi(i) == Approx(b.vi(i)).epsilon(1e-12));
  CHECK(effect_from_limits(none, lb, ub, 0.95, asymmetric).yi(0) == Approx(-0.4).epsilon(1e-13));
  CHECK(effect_from_variance(y, b.vi).vi(1) == Approx(0.25));
}

TEST_CASE("limits of a ratio look asymmetric, limits elsewhere are errors") {
  Vec y(1), lb(1), ub(1);
  y << 0.5;
  lb << 0.2;
  ub << 1.25;
  std::vector<int> asymmetric;
  effect_from_limits(y, lb, ub, 0.95, asymmetric);
  CHECK(asymmetric == std::vector<int>{0});
  y << 2.0;
  CHECK_THROWS_AS(effect_from_limits(y, lb, ub, 0.95, asymmetric), InvalidStudies);
  lb << -1.0;
  CHECK_THROWS_AS(effect_from_se(y, lb), InvalidStudies);
  CHECK_THROWS_AS(effect_from_variance(y, lb), InvalidStudies);
}
