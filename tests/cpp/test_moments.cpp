// Merged moments are those of all studies at once.
#include "core/linalg/moments.hpp"

#include "catch.h"
#include "hard_data.hpp"

using namespace metaparity;

TEST_CASE("moments merge in any order") {
  stress::Random r(121);
  const int k = 11;
  Vec y(k), w(k);
  Moments left, right, all;
  for (int i = 0; i < k; ++i) {
    y(i) = 5.0 + r.normal();
    w(i) = r.power10(-1.0, 1.0);
    const Moments one = Moments::of(y(i), w(i));
    (i < 4 ? left : right) = (i < 4 ? left : right).merged(one);
    all = one.merged(all);
  }
  const double mean = w.dot(y) / w.sum();
  for (const Moments& m : {left.merged(right), right.merged(left), all}) {
    CHECK(m.k == k);
    CHECK(m.w == Approx(w.sum()).epsilon(1e-13));
    CHECK(m.mean == Approx(mean).epsilon(1e-13));
    CHECK(m.m2 == Approx((w.array() * (y.array() - mean).square()).sum()).epsilon(1e-12));
    CHECK(2.0 * m.e2 / m.w == Approx(w.sum() - w.squaredNorm() / w.sum()).epsilon(1e-12));
  }
}
