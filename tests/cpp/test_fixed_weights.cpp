// Closed forms of two studies; identities of the variances under other weights.
#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "core/model/fixed_weights.hpp"

using namespace metaparity;

namespace {

Vec vec(std::initializer_list<double> x) {
  Vec out(static_cast<Index>(x.size()));
  Index i = 0;
  for (double value : x) out[i++] = value;
  return out;
}

}  // namespace

TEST_CASE("equal weights give the plain mean and its variance") {
  const WeightedMean m = weighted_mean(vec({1, 3}), vec({0.4, 0.6}), vec({2, 2}), 0.5);
  CHECK(m.est == Approx(2.0));
  CHECK(m.se == Approx(std::sqrt((0.9 + 1.1) / 4.0)));
}

TEST_CASE("quality weights: of equal quality, those of inverse variance; their sum is kept") {
  const Vec v = vec({0.1, 0.2, 0.5, 1.0}), w = v.cwiseInverse();
  const Vec same = quality_weights(v, vec({3, 3, 3, 3}));
  for (Index i = 0; i < 4; ++i) CHECK(same[i] == Approx(w[i]));
  const Vec q = vec({1.0, 0.5, 0.8, 0.2}), own = quality_weights(v, q);
  CHECK(own.sum() == Approx(w.sum()));
  CHECK(own[1] / own[0] < w[1] / w[0]);
  CHECK_THROWS_AS(quality_weights(v, vec({1, 0, 1, 1})), InvalidStudies);
}

TEST_CASE("Hartung and Knapp's factor and the robust error") {
  const Vec y = vec({0, 1, 5}), v = vec({1, 1, 1});
  CHECK(hksj_factor(y, v, 2.0, 0.0) == Approx((4.0 + 1.0 + 9.0) / 2.0));
  CHECK(hksj_factor(y, v, 2.0, 1.0) == Approx((4.0 + 1.0 + 9.0) / 4.0));
  // Equal weights: (1/9) * sum e^2 / (1 - 1/3).
  CHECK(robust_se(y, v, 2.0, 0.3) == Approx(std::sqrt(14.0 / 9.0 / (2.0 / 3.0))));
}
