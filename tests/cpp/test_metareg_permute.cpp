// Permutation tests and intervals that draw random numbers; the profile likelihood of the mean.
#include "catch.h"
#include "core/linalg/distributions.hpp"
#include "core/model/profile_mean.hpp"
#include "core/random.hpp"
#include "core/stata/metaan.hpp"
#include "core/stata/metareg_permute.hpp"

using namespace metaparity;

namespace {

Vec values(std::initializer_list<double> x) {
  Vec out(static_cast<Index>(x.size()));
  Index i = 0;
  for (double one : x) out[i++] = one;
  return out;
}

}  // namespace

TEST_CASE("the generator is without bias and repeats") {
  Random a(5), b(5);
  std::vector<int> count(3, 0);
  for (int i = 0; i < 3000; ++i) {
    const auto x = a.below(3);
    CHECK(x == b.below(3));
    ++count[static_cast<std::size_t>(x)];
  }
  for (int c : count) CHECK(c == Approx(1000).margin(120));
}

TEST_CASE("a covariate in the order of the effects is hard to reach by permutation") {
  const Vec y = values({0.1, 0.4, 0.6, 0.9, 1.3, 1.4, 2.0, 2.1}), v = Vec::Constant(8, 0.01);
  Mat x(8, 1);
  x << 1, 2, 3, 4, 5, 6, 7, 8;
  ModelSpec spec;
  spec.method = Tau2Method::DL;
  spec.test = TestType::Z;
  PermutationPlan plan;
  plan.reps = 500;
  plan.joint = {{0}};
  const PermutationTest t = permute_metareg(y, v, x, spec, plan);
  CHECK(t.p[0] < 0.02);
  CHECK(t.p_joint.size() == 1);
  CHECK(t.p_adjusted[0] == t.p[0]);
}

TEST_CASE("the permutation interval holds its estimate and grows with the level") {
  const Vec y = values({0.3, 0.1, 0.7, 0.5, 0.2, 0.6, 0.4}), v = Vec::Constant(7, 0.04);
  const Interval narrow = permutation_interval(y, v, 0.8, 1000, 1);
  const Interval wide = permutation_interval(y, v, 0.95, 1000, 1);
  CHECK(narrow.lb < 0.4);
  CHECK(narrow.ub > 0.4);
  CHECK(wide.lb < narrow.lb);
  CHECK(wide.ub > narrow.ub);
  CHECK(bootstrap_tau2(y, v, 200, 3) == bootstrap_tau2(y, v, 200, 3));
}

TEST_CASE("tau2 at a known mean solves its likelihood equation") {
  const Vec y = values({-1.0, 0.5, 2.0, 1.0}), v = values({0.1, 0.2, 0.1, 0.05});
  const double t = tau2_at_mean(y, v, 0.4);
  const Eigen::ArrayXd w = (v.array() + t).inverse();
  CHECK((w - (y.array() - 0.4).square() * w.square()).sum() == Approx(0.0).margin(1e-9));
  CHECK(tau2_at_mean(y, Vec::Constant(4, 100.0), 0.4) == 0.0);
}
