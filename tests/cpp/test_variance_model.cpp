// Derivatives against differences of the marginal variance; components against their definition.
#include "core/model/variance_model.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

void check_derivatives(const VarianceModel& model, const Vec& theta) {
  for (Index j = 0; j < model.parameters(); ++j) {
    const double h = 1e-6 * std::max(1.0, std::fabs(theta[j]));
    Vec up = theta, down = theta;
    up[j] += h;
    down[j] -= h;
    const Blocks a = model.marginal(up), b = model.marginal(down), d = model.derivative(theta, j);
    for (std::size_t i = 0; i < d.size(); ++i)
      REQUIRE(((a[i] - b[i]) / (2.0 * h) - d[i]).norm() <= 1e-7 * (1.0 + d[i].norm()));
  }
}

}  // namespace

TEST_CASE("derivatives of the variance models") {
  stress::Random r(101);
  Vec v(6);
  Mat Z = Mat::Ones(6, 2);
  for (Index i = 0; i < 6; ++i) {
    v(i) = r.power10(-2.0, 0.0);
    Z(i, 1) = r.normal();
  }
  check_derivatives(AdditiveVariance(v), Vec::Constant(1, 0.3));
  check_derivatives(LogLinearVariance(v, Z), (Vec(2) << -0.4, 0.7).finished());
  const LinearVariance levels =
      LinearVariance::of_levels(v, {{1, 1, 2, 2, 2, 3}, {1, 2, 3, 4, 5, 6}});
  check_derivatives(levels, (Vec(2) << 0.2, 0.5).finished());
}

TEST_CASE("levels: estimates of a group share their components") {
  const Vec v = (Vec(3) << 0.1, 0.2, 0.3).finished();
  const LinearVariance levels = LinearVariance::of_levels(v, {{7, 4, 7}, {1, 2, 3}});
  const std::vector<Rows> together{{1}, {0, 2}};
  REQUIRE(levels.partition() == together);
  CHECK(levels.size() == 3);
  const Blocks m = levels.marginal((Vec(2) << 0.5, 0.25).finished());
  Mat expected(2, 2);
  expected << 0.85, 0.5, 0.5, 1.05;
  CHECK((m[1] - expected).norm() < 1e-15);
  CHECK(m[0](0, 0) == Approx(0.95));
  CHECK_THROWS_AS(LinearVariance::of_levels(v, {}), InvalidInput);
  CHECK_THROWS_AS(LogLinearVariance(v, Mat::Ones(2, 1)), InvalidInput);
}
