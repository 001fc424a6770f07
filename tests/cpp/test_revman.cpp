// References: hand calculation of RevMan's documented formulas.
#include <cmath>

#include "catch.h"
#include "core/batch/revman.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

Vec vec(std::initializer_list<double> values) {
  Vec out(static_cast<Index>(values.size()));
  Index i = 0;
  for (const double value : values) out[i++] = value;
  return out;
}

RevmanRows generic(std::initializer_list<double> est, std::initializer_list<double> se) {
  RevmanRows rows;
  rows.x1 = vec(est);
  rows.x2 = vec(se);
  return rows;
}

RevmanSpec generic_spec() {
  RevmanSpec spec;
  spec.measure = RevmanMeasure::Generic;
  spec.method = RevmanMethod::IV;
  return spec;
}

}  // namespace

TEST_CASE("RevMan: two estimates, fixed and random") {
  RevmanSpec spec = generic_spec();
  const RevmanRows rows = generic({1.0, 3.0}, {1.0, 1.0});
  const RevmanOutcome fixed = revman_outcome(rows, {}, spec);
  CHECK(fixed.total.est == Approx(2.0).epsilon(1e-14));
  CHECK(fixed.total.se == Approx(std::sqrt(0.5)).epsilon(1e-14));
  CHECK(fixed.total.Q == Approx(2.0).epsilon(1e-14));
  CHECK(fixed.total.I2 == Approx(50.0).epsilon(1e-14));
  CHECK(std::isnan(fixed.total.tau2));
  spec.random = true;
  const RevmanOutcome random = revman_outcome(rows, {}, spec);
  CHECK(random.total.tau2 == Approx(1.0).epsilon(1e-14));
  CHECK(random.total.se == Approx(1.0).epsilon(1e-14));
  CHECK(random.weight[0] == Approx(50.0).epsilon(1e-14));
}

TEST_CASE("RevMan: nothing estimable, one row, empty and wrong input") {
  const RevmanSpec spec = generic_spec();
  const RevmanOutcome none = revman_outcome(generic({1.0, 2.0}, {0.0, 0.0}), {0, 1}, spec);
  CHECK_FALSE(none.total.estimable);
  CHECK(none.weight.sum() == 0.0);
  CHECK(none.dfb == 0);
  const RevmanOutcome one = revman_outcome(generic({1.0}, {0.5}), {}, spec);
  CHECK(one.total.Q == 0.0);
  CHECK(one.total.Qp == 1.0);
  CHECK_THROWS_AS(revman_outcome(RevmanRows(), {}, spec), InvalidInput);
  CHECK_THROWS_AS(revman_outcome(generic({1.0}, {0.5}), {0, 0}, spec), InvalidInput);
  CHECK_THROWS_AS(revman_outcome(generic({1.0}, {0.5}), {-1}, spec), InvalidInput);
  CHECK_THROWS_AS(revman_outcome(generic({1.0}, {0.5}), {7}, spec), InvalidInput);
  RevmanSpec tables;
  CHECK_THROWS_AS(revman_outcome(generic({1.0}, {0.5}), {}, tables), InvalidInput);
}

TEST_CASE("RevMan: results are free of scale") {
  RevmanSpec spec = generic_spec();
  spec.random = true;
  const RevmanOutcome a =
      revman_outcome(generic({1.0, 3.0, 2.5}, {0.4, 0.6, 0.3}), {0, 0, 1}, spec);
  const RevmanOutcome b =
      revman_outcome(generic({1e-6, 3e-6, 2.5e-6}, {0.4e-6, 0.6e-6, 0.3e-6}), {0, 0, 1}, spec);
  CHECK(b.total.est == Approx(1e-6 * a.total.est).epsilon(1e-12).scale(0));
  CHECK(b.total.tau2 == Approx(1e-12 * a.total.tau2).epsilon(1e-10).scale(0));
  CHECK(b.Qb == Approx(a.Qb).epsilon(1e-10).scale(0));
}
