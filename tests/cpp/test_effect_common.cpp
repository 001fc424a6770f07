#include <cmath>

#include "catch.h"
#include "core/effect/effect_common.hpp"
#include "core/errors.hpp"

using namespace metaparity;

TEST_CASE(
    "the small-sample factor is the ratio of gamma functions and keeps "
    "its digits") {
  for (double m : {2.0, 7.0, 20.0, 61.0}) {
    const double direct =
        std::exp(std::lgamma(m / 2.0) - 0.5 * std::log(m / 2.0) - std::lgamma((m - 1.0) / 2.0));
    CHECK(small_sample_factor(m, SmallSample::Exact) == Approx(direct).epsilon(1e-12));
  }
  CHECK(small_sample_factor(2.0, SmallSample::Exact) ==
        Approx(1.0 / std::sqrt(std::acos(-1.0))).epsilon(1e-14));
  const double m = 1e7;
  CHECK(small_sample_factor(m, SmallSample::Exact) ==
        Approx(1.0 - 0.75 / m - 7.0 / (32.0 * m * m)).epsilon(1e-14));
  CHECK(small_sample_factor(14.0, SmallSample::Approx) == Approx(1.0 - 3.0 / 55.0).epsilon(1e-15));
  CHECK(small_sample_factor(5.0, SmallSample::None) == 1.0);
  CHECK(std::isnan(small_sample_factor(1.0, SmallSample::Exact)));
}

TEST_CASE("all bad rows are named at once") {
  Vec x(4);
  x << -1.0, 2.0, kNaN, -3.0;
  try {
    require_count(x, "ai");
    FAIL("no exception");
  } catch (const InvalidStudies &e) {
    CHECK(e.arg() == "ai");
    const std::vector<int> bad{0, 3};
    CHECK(e.rows() == bad);
  }
  x << 0.0, kInf, 1.0, 1.0;
  CHECK_THROWS_AS(require_count(x, "ai"), InvalidStudies);
  CHECK_THROWS_AS(require_positive(x, "n1i"), InvalidStudies);
  CHECK_THROWS_AS(require_length(x, 3, "bi"), InvalidInput);
}

TEST_CASE("the rest of a group is checked against its size") {
  Vec n(3), x(3);
  n << 10.0, 5.0, kNaN;
  x << 3.0, 5.0, 1.0;
  const Vec rest = complement(n, x, "n1i", "ai");
  CHECK(rest(0) == 7.0);
  CHECK(rest(1) == 0.0);
  CHECK(std::isnan(rest(2)));
  x(1) = 6.0;
  CHECK_THROWS_AS(complement(n, x, "n1i", "ai"), InvalidStudies);
}

TEST_CASE("infinite results become missing and are noted") {
  Effects e = make_effects(2);
  store(e, 0, {kInf, 1.0});
  store(e, 1, {0.5, 1.0});
  CHECK(std::isnan(e.yi(0)));
  CHECK(std::isnan(e.vi(0)));
  CHECK(e.infinite == std::vector<int>{0});
  CHECK(e.yi(1) == 0.5);
}

TEST_CASE("tests of single studies") {
  Vec y(1), v(1);
  y << 0.6;
  v << 0.09;
  const StudyTests t = study_tests(y, v, 0.0, 0.95);
  CHECK(t.zi(0) == Approx(2.0).epsilon(1e-14));
  CHECK(t.pval(0) == Approx(0.0455002638963584).epsilon(1e-12));
  CHECK(t.ci_lb(0) == Approx(0.6 - 0.3 * 1.959963984540054).epsilon(1e-12));
}
