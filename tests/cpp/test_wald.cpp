// Reference: the formulas written out with an explicit inverse.
#include "core/model/wald.hpp"

#include <Eigen/LU>
#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Estimates {
  Vec beta;
  Mat vb;
};

Estimates estimates(stress::Random& r, Index p) {
  Mat a(p + 3, p);
  Vec b(p);
  for (Index j = 0; j < p; ++j) {
    b(j) = r.normal();
    for (Index i = 0; i < a.rows(); ++i) a(i, j) = r.normal();
  }
  return {b, (a.transpose() * a).inverse()};
}

}  // namespace

TEST_CASE("combinations: estimates, errors, tests one by one and at once") {
  stress::Random r(11);
  for (int rep = 0; rep < 30; ++rep) {
    const Index p = 2 + rep % 4, m = 1 + rep % 2;
    const Estimates e = estimates(r, p);
    Mat L(m, p);
    Vec rhs(m);
    for (Index i = 0; i < m; ++i) {
      rhs(i) = r.normal();
      for (Index j = 0; j < p; ++j) L(i, j) = r.normal();
    }
    const LinearTests t = linear_tests(L, rhs, e.beta, e.vb, Vec::Constant(m, kNaN), kNaN);
    const Vec d = L * e.beta - rhs;
    const Mat v = L * e.vb * L.transpose();
    for (Index i = 0; i < m; ++i) {
      REQUIRE(t.se(i) == Approx(std::sqrt(v(i, i))).epsilon(1e-12).scale(0));
      REQUIRE(t.stat(i) == Approx(d(i) / std::sqrt(v(i, i))).epsilon(1e-10).scale(1));
      REQUIRE(t.pval(i) == Approx(two_sided(t.stat(i), kNaN)).epsilon(1e-12).scale(0));
    }
    const double wald = d.dot(v.inverse() * d);
    REQUIRE(t.QM == Approx(wald).epsilon(1e-9).scale(0));
    REQUIRE(t.QMp == Approx(chisq_upper(wald, static_cast<double>(m))).epsilon(1e-8).scale(0));
    REQUIRE(wald_statistic(d, v) == Approx(wald).epsilon(1e-9).scale(0));
  }
}

TEST_CASE("t tests: F of all combinations is the mean square") {
  stress::Random r(12);
  const Estimates e = estimates(r, 3);
  const Mat L = Mat::Identity(2, 3);
  const LinearTests z = linear_tests(L, Vec::Zero(2), e.beta, e.vb, Vec::Constant(2, kNaN), kNaN);
  const LinearTests t = linear_tests(L, Vec::Zero(2), e.beta, e.vb, Vec::Constant(2, 7.0), 7.0);
  REQUIRE(t.QM == Approx(z.QM / 2.0).epsilon(1e-12).scale(0));
  REQUIRE(t.QMp == Approx(f_upper(t.QM, 2.0, 7.0)).epsilon(1e-12).scale(0));
  REQUIRE(t.pval(0) == Approx(two_sided(t.stat(0), 7.0)).epsilon(1e-12).scale(0));
  REQUIRE(t.pval(0) > z.pval(0));
}

TEST_CASE("a redundant set has no joint test, but each combination has its own") {
  stress::Random r(13);
  const Estimates e = estimates(r, 2);
  Mat L(2, 2);
  L << 1.0, 2.0, 2.0, 4.0;
  const LinearTests t = linear_tests(L, Vec::Zero(2), e.beta, e.vb, Vec::Constant(2, kNaN), kNaN);
  REQUIRE(std::isnan(t.QM));
  REQUIRE(t.stat(0) == Approx(t.stat(1)).epsilon(1e-12).scale(0));
  REQUIRE(std::isnan(wald_statistic(Vec::Ones(2), Mat::Zero(2, 2))));
}
