// Reference: fit_rma() on the permuted data; counts by hand.
#include "core/batch/permutest.hpp"

#include <cmath>

#include "catch.h"
#include "core/model/random_effects.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Case {
  Vec y, v;
  Mat X;
};

Case random_case(stress::Random& r, Index k, Index p) {
  Case out{Vec(k), Vec(k), Mat::Ones(k, p)};
  for (Index i = 0; i < k; ++i) {
    out.y(i) = r.normal();
    out.v(i) = r.power10(-2.0, 0.0);
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
  }
  return out;
}

}  // namespace

TEST_CASE("permutations are counted: signs, orders, repeated rows once") {
  REQUIRE(count_permutations(Mat::Ones(5, 1), true) == 32.0);
  Mat X(4, 2);
  X << 1, 1, 1, 2, 1, 3, 1, 4;
  REQUIRE(count_permutations(X, false) == 24.0);
  X.col(1) << 0, 0, 1, 1;
  REQUIRE(count_permutations(X, false) == 6.0);
}

TEST_CASE("the same permutations whatever the number of threads") {
  stress::Random r(43);
  const Case c = random_case(r, 10, 2);
  const Vec none;
  const PermutationTester tester({c.y, c.v, c.X, none}, ModelSpec{}, {false, 99});
  const PermutationFits one = tester.fits(Vec::Zero(10), 0.0, 50, 1);
  const PermutationFits two = tester.fits(Vec::Zero(10), 0.0, 50, 2);
  REQUIRE((one.zval - two.zval).cwiseAbs().maxCoeff() == 0.0);
  const RmaFit own = fit_rma(c.y, c.v, c.X, none, ModelSpec{});
  REQUIRE(one.zval(0, 1) == Approx(own.zval(1)).epsilon(1e-7).scale(0));
}
