// Reference: an independent search in long double; bisection of the residual sum; dense determinants.
#include "core/tau2/tau2_solver.hpp"

#include <Eigen/LU>

#include "hard_data.hpp"
#include "oracles.hpp"
#include "reference_tau2.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

struct Case {
  Vec y, v;
  Mat X;
};

Case random_case(stress::Random& r, Index k, Index p) {
  Case c{Vec(k), Vec(k), Mat::Ones(k, p)};
  for (Index i = 0; i < k; ++i) {
    c.y(i) = 1.5 * r.normal();
    c.v(i) = r.power10(-2.0, 0.0);
    for (Index j = 1; j < p; ++j) c.X(i, j) = r.normal();
  }
  return c;
}

double residual_sum(const Case& c, double tau2) {
  const Mat w = (c.v.array() + tau2).inverse().matrix().asDiagonal();
  const Vec b = (c.X.transpose() * w * c.X).inverse() * c.X.transpose() * w * c.y;
  const Vec e = c.y - c.X * b;
  return e.dot(w * e);
}

}  // namespace

TEST_CASE("solver: maxima are those of a search in long double") {
  stress::Random r(91);
  for (int rep = 0; rep < 12; ++rep) {
    const Index p = r.between(1, 3);
    const Case c = random_case(r, 9, p);
    for (const bool restricted : {true, false}) {
      const auto criterion = restricted ? stress::Criterion::REML : stress::Criterion::ML;
      const double found = maximise_likelihood(c.y, c.v, c.X, restricted);
      const double best =
          static_cast<double>(p == 1 ? stress::PooledReference(c.y, c.v).best(criterion)
                                     : stress::RegressionReference(c.y, c.v, c.X).best(criterion));
      CHECK(found == rel(best, 1e-10));
    }
  }
}

TEST_CASE(
    "solver: equal variances, the mean square less the variance; 0 where it would be negative") {
  stress::Random r(92);
  for (const Index p : {1, 2}) {
    Case c = random_case(r, 10, p);
    c.v.setConstant(0.3);
    const double ss = residual_sum(c, 0.7);  // sum of squares where v + tau2 = 1
    const double df = static_cast<double>(10 - p);
    CHECK(maximise_likelihood(c.y, c.v, c.X, true) == rel(ss / df - 0.3, 1e-12));
    CHECK(maximise_likelihood(c.y, c.v, c.X, false) == rel(ss / 10 - 0.3, 1e-12));
    CHECK(solve_residual_sum(c.y, c.v, c.X, 4.0) == rel(ss / 4 - 0.3, 1e-12));
    c.v.setConstant(1e3);
    CHECK(maximise_likelihood(c.y, c.v, c.X, true) == 0.0);
    CHECK(solve_residual_sum(c.y, c.v, c.X, 4.0) == 0.0);
  }
}

TEST_CASE("solver: the residual sum meets its target") {
  stress::Random r(93);
  for (int rep = 0; rep < 12; ++rep) {
    const Case c = random_case(r, 8, r.between(1, 2));
    const double at_zero = residual_sum(c, 0.0);
    for (const double share : {0.9, 0.3, 1e-3}) {
      const double tau2 = solve_residual_sum(c.y, c.v, c.X, share * at_zero);
      CHECK(residual_sum(c, tau2) == rel(share * at_zero, 1e-9));
    }
    CHECK(solve_residual_sum(c.y, c.v, c.X, 1.0001 * at_zero) == 0.0);
  }
}

TEST_CASE("solver: the deviance is -2 log L up to the constant") {
  stress::Random r(94);
  const Case c = random_case(r, 7, 2);
  for (const double tau2 : {0.0, 0.2, 5.0}) {
    const Mat w = (c.v.array() + tau2).inverse().matrix().asDiagonal();
    const double ml = (c.v.array() + tau2).log().sum() + residual_sum(c, tau2);
    CHECK(profile_deviance(c.y, c.v, c.X, tau2, false) == rel(ml, 1e-11));
    CHECK(profile_deviance(c.y, c.v, c.X, tau2, true) ==
          rel(ml + std::log((c.X.transpose() * w * c.X).determinant()), 1e-11));
  }
}

TEST_CASE("solver: one study without sampling error, all estimates alike") {
  // k = 2: the difference alone counts, with variance v1 + v2 + 2 tau2.
  const Vec y = values({0, 3}), v = values({0.0, 1.0});
  const Mat one = Mat::Ones(2, 1);
  CHECK(maximise_likelihood(y, v, one, true) == rel(4.0, 1e-12));
  CHECK(solve_residual_sum(y, v, one, 1.0) == rel(4.0, 1e-12));
  const Vec same = Vec::Constant(5, 2.0), some = values({0.1, 0.2, 0.3, 0.4, 0.5});
  CHECK(maximise_likelihood(same, some, Mat::Ones(5, 1), true) == 0.0);
  CHECK(maximise_likelihood(same, some, Mat::Ones(5, 1), false) == 0.0);
  CHECK(solve_residual_sum(same, some, Mat::Ones(5, 1), 4.0) == 0.0);
}

TEST_CASE("solver: of two maxima the higher, with moderators too") {
  const Vec y = values({0.0, 3.2, 3.1, 0.001, 0.0005}), v = values({1e-6, 1.0, 1.0, 1e-6, 1e-6});
  Mat X(5, 2);
  X << 1, 0, 1, 1, 1, 2, 1, 3, 1, 1.5;
  for (const Mat& design : {Mat(X.col(0)), X}) {
    for (const bool restricted : {true, false}) {
      const double found = maximise_likelihood(y, v, design, restricted);
      const double least = profile_deviance(y, v, design, found, restricted);
      CHECK(profile_deviance(y, v, design, 0.0, restricted) >= least - 1e-10);
      for (double t = 1e-10; t < 1e3; t *= 1.2)
        CHECK(profile_deviance(y, v, design, t, restricted) >= least - 1e-10);
    }
  }
}
