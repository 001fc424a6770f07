// Permutation tests that draw random numbers.
#include "catch.h"
#include "core/linalg/distributions.hpp"
#include "core/random.hpp"
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
