// Reference: the formulas written out with an explicit inverse; with independent errors the closed forms.
#include "core/model/gls_cases.hpp"

#include <Eigen/LU>

#include "catch.h"
#include "core/errors.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Problem {
  Vec y;
  Mat x, m;
};

Problem problem(stress::Random& r, Index k, Index p) {
  Mat a(k, k);
  Problem out{Vec(k), Mat::Ones(k, p), Mat()};
  for (Index i = 0; i < k; ++i) {
    out.y(i) = r.normal();
    for (Index j = 1; j < p; ++j) out.x(i, j) = r.normal();
    for (Index j = 0; j < k; ++j) a(i, j) = r.normal();
  }
  out.m = a * a.transpose() + Mat::Identity(k, k);
  return out;
}

void require_same(const Mat& a, const Mat& b) {
  REQUIRE((a - b).cwiseAbs().maxCoeff() <= 1e-10 * (1.0 + b.cwiseAbs().maxCoeff()));
}

}  // namespace

TEST_CASE("case statistics are those of the explicit inverse") {
  stress::Random r(20);
  for (Index k : {3, 5, 12}) {
    for (Index p : {1, 2}) {
      const Problem d = problem(r, k, p);
      const CaseStatistics c = case_statistics(d.y, d.x, d.m);
      const Mat w = d.m.inverse();
      const Mat vb = (d.x.transpose() * w * d.x).inverse();
      const Mat h = d.x * vb * d.x.transpose() * w;
      const Mat rest = Mat::Identity(k, k) - h;
      const Mat covariance = rest * d.m * rest.transpose();
      require_same(c.vb, vb);
      require_same(c.hat_matrix, h);
      require_same(c.hat, h.diagonal());
      require_same(c.resid, rest * d.y);
      require_same(c.fitted, h * d.y);
      require_same(c.weight_matrix, w);
      require_same(c.residual_covariance, covariance);
      require_same(c.se, covariance.diagonal().cwiseSqrt());
      const double q = (rest * d.y).dot(w * (rest * d.y));
      REQUIRE(c.scaled.squaredNorm() == Approx(q).epsilon(1e-10).scale(0));
    }
  }
}

TEST_CASE("with one mean and equal variances the leverage is 1/k") {
  const Mat m = 0.25 * Mat::Identity(4, 4);
  const CaseStatistics c = case_statistics(Vec::LinSpaced(4, 1.0, 4.0), Mat::Ones(4, 1), m);
  for (Index i = 0; i < 4; ++i) {
    REQUIRE(c.hat(i) == Approx(0.25).epsilon(1e-14).scale(0));
    REQUIRE(c.weight(i) == Approx(4.0).epsilon(1e-14).scale(0));
    REQUIRE(c.se(i) == Approx(0.5 * std::sqrt(0.75)).epsilon(1e-14).scale(0));
  }
}

TEST_CASE("the covariances of the mean are those of the explicit inverse") {
  stress::Random r(21);
  const Problem d = problem(r, 6, 2);
  require_same(mean_covariance(d.x, MatRef(d.m)),
               (d.x.transpose() * d.m.inverse() * d.x).inverse());
  const Vec v = d.m.diagonal();
  require_same(mean_covariance(d.x, VecRef(v)),
               (d.x.transpose() * v.cwiseInverse().asDiagonal() * d.x).inverse());
}

TEST_CASE("deletion of one study from a mean is its closed form") {
  // Two equal variances v: means (a + b) / 2 and b, variances v / 2 and v.
  const double a = 3.0, b = 1.0, v = 0.25;
  const MeanEstimate full{Vec::Constant(1, 2.0), Mat::Constant(1, 1, v / 2)};
  const MeanEstimate without{Vec::Constant(1, b), Mat::Constant(1, 1, v)};
  const Deletion d = deletion(a, Vec::Ones(1), 0.5, full, without, v, Mat::Constant(1, 1, v / 2));
  REQUIRE(d.resid == 2.0);
  REQUIRE(d.se == Approx(std::sqrt(2 * v)).epsilon(1e-14).scale(0));
  REQUIRE(d.dffits == Approx(1.0 / std::sqrt(v / 2)).epsilon(1e-14).scale(0));
  REQUIRE(d.cook == Approx(1.0 / (v / 2)).epsilon(1e-14).scale(0));
  REQUIRE(d.cov_r == Approx(2.0).epsilon(1e-14).scale(0));
  REQUIRE(d.fit_shift == Approx(1.0 / v).epsilon(1e-14).scale(0));
  REQUIRE(d.dfbetas(0) == Approx(1.0 / std::sqrt(v / 2)).epsilon(1e-14).scale(0));
}

TEST_CASE("a covariance matrix that is none is an error") {
  Mat m = Mat::Identity(3, 3);
  m(0, 1) = m(1, 0) = 2.0;
  REQUIRE_THROWS_AS(case_statistics(Vec::Zero(3), Mat::Ones(3, 1), m), InvalidInput);
}

TEST_CASE("weights of the user's own give their own leverages and residuals") {
  stress::Random r(24);
  const Problem d = problem(r, 8, 2);
  const Mat own = case_statistics(d.y, d.x, d.m).weight_matrix;
  const CaseStatistics same = case_statistics(d.y, d.x, d.m, own),
                       full = case_statistics(d.y, d.x, d.m);
  require_same(same.hat_matrix, full.hat_matrix);
  require_same(same.residual_covariance, full.residual_covariance);
  require_same(same.vb, full.vb);
  require_same(same.scaled, full.scaled);
  const Mat a = Vec::LinSpaced(8, 1.0, 2.0).asDiagonal();
  const CaseStatistics c = case_statistics(d.y, d.x, d.m, a);
  const Mat b = (d.x.transpose() * a * d.x).inverse() * d.x.transpose() * a,
            left = Mat::Identity(8, 8) - d.x * b;
  require_same(c.resid, left * d.y);
  require_same(c.residual_covariance, left * d.m * left.transpose());
  require_same(c.vb, b * d.m * b.transpose());
}
