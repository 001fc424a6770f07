// Probabilities of the normal distribution, to the error of the simulation.
#include "core/stata/mvmeta_ranks.hpp"

#include <cmath>

#include "core/random.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace

TEST_CASE("two predictors are ahead as often as their difference says") {
  const Vec beta = values({0.0, 0.5});
  Mat V(2, 2);
  V << 1.0, 0.2, 0.2, 0.8;
  const double sd = std::sqrt(1.0 + 0.8 - 0.4);
  RankDraws how;
  how.reps = 40000;
  how.seed = 11;
  const Mat counts = rank_counts(beta, V, {Mat::Identity(2, 2)}, Mat(), how).front();
  CHECK(counts.sum() == 80000);
  CHECK(std::fabs(counts(1, 0) / 40000 - normal_below(0.5 / sd)) < 0.01);
  CHECK(counts(0, 0) + counts(1, 0) == 40000);
  how.smallest = true;
  const Mat low = rank_counts(beta, V, {Mat::Identity(2, 2)}, Mat(), how).front();
  CHECK(low(1, 1) == counts(1, 0));
}

TEST_CASE("zero is one more predictor, and heterogeneity widens") {
  const Vec beta = values({1.0});
  const Mat V = Mat::Constant(1, 1, 0.25);
  RankDraws how;
  how.reps = 40000;
  how.zero = true;
  const Mat counts = rank_counts(beta, V, {Mat::Ones(1, 1)}, Mat(), how).front();
  CHECK(std::fabs(counts(0, 0) / 40000 - normal_below(-2.0)) < 0.01);
  const Mat wide = rank_counts(beta, V, {Mat::Ones(1, 1)}, Mat::Constant(1, 1, 0.75), how).front();
  CHECK(std::fabs(wide(0, 0) / 40000 - normal_below(-1.0)) < 0.01);
}

TEST_CASE("the same seed draws the same numbers; they are standard normal") {
  Random a(5), b(5);
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < 20000; ++i) {
    const double x = a.normal();
    CHECK(x == b.normal());
    sum += x;
    squares += x * x;
  }
  CHECK(std::fabs(sum / 20000) < 0.03);
  CHECK(std::fabs(squares / 20000 - 1.0) < 0.04);
}
