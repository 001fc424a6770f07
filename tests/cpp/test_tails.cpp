// Reference: one value at a time.
#include "core/linalg/tails.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

TEST_CASE("columns of tails are those of their rows; one value serves all rows") {
  const Vec z = (Vec(4) << -2.0, 0.0, 1.5, kNaN).finished(),
            df = (Vec(4) << kNaN, 3.0, 7.5, 2.0).finished();
  const Vec p = two_sided_tails(z, df), normal = two_sided_tails(z, Vec::Constant(1, kNaN));
  for (Index i = 0; i < 3; ++i) {
    CHECK(p[i] == two_sided(z[i], df[i]));
    CHECK(normal[i] == normal_two_sided(z[i]));
  }
  CHECK(std::isnan(p[3]));
  const Vec x = (Vec(2) << 3.84, 0.2).finished(), one = Vec::Constant(1, 2.0);
  CHECK(upper_tails(x, one, Vec::Constant(1, kNaN))[1] == chisq_upper(0.2, 2.0));
  CHECK(upper_tails(x, one, Vec::Constant(1, 9.0))[0] == f_upper(3.84, 2.0, 9.0));
  CHECK(two_sided_tails(Vec(), df).size() == 0);
  CHECK_THROWS_AS(two_sided_tails(z, x), InvalidInput);
}

TEST_CASE("critical values: normal, t, and none without degrees of freedom") {
  const Vec level = (Vec(3) << 0.95, 0.95, 0.9).finished(),
            df = (Vec(3) << kNaN, 4.0, 0.0).finished();
  const Vec crit = critical_values(level, df);
  CHECK(crit[0] == Approx(1.959963984540054).epsilon(1e-13));
  CHECK(crit[1] == Approx(2.776445105197793).epsilon(1e-12));
  CHECK(std::isnan(crit[2]));
}
