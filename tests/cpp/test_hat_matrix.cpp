// Reference: the matrices written out with an explicit inverse.
#include "core/model/hat_matrix.hpp"

#include <Eigen/LU>

#include "catch.h"
#include "core/errors.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Case {
  Mat X;
  Vec w;
  Mat H() const {
    const Mat xw = X.transpose() * w.asDiagonal();
    return X * (xw * X).inverse() * xw;
  }
};

Case random_case(stress::Random& r, Index k, Index p) {
  Case out{Mat::Ones(k, p), Vec(k)};
  for (Index i = 0; i < k; ++i) {
    out.w(i) = r.power10(-1.0, 1.0);
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
  }
  return out;
}

}  // namespace

TEST_CASE("fitted values, residuals and covariances by dense algebra") {
  stress::Random r(91);
  for (int rep = 0; rep < 10; ++rep) {
    const Case c = random_case(r, 8, r.between(1, 4));
    const Mat H = c.H();
    REQUIRE((hat_matrix(c.X, c.w) - H).norm() < 1e-11);
    REQUIRE((H * H - H).norm() < 1e-10);
    const Mat Y = Mat::Random(8, 3), V = (c.X.transpose() * c.w.asDiagonal() * c.X).inverse();
    REQUIRE((residuals_of(Y, c.X, c.w) - (Y - H * Y)).norm() < 1e-11);
    const Mat along = c.X * V * c.X.transpose();
    REQUIRE((covariance_along(c.X, V) - along).norm() < 1e-12 * along.norm());
    REQUIRE((spread_along(c.X, V) - along.diagonal().cwiseSqrt()).norm() < 1e-12 * along.norm());
    const Vec m = c.w.cwiseInverse();
    const Mat left = Mat::Identity(8, 8) - H;
    REQUIRE((residual_covariance(c.X, c.w, m) - left * m.asDiagonal() * left.transpose()).norm() <
            1e-10);
  }
}

TEST_CASE("products stay within clusters") {
  const Vec e = (Vec(3) << 2.0, -3.0, 5.0).finished();
  Mat expected(3, 3);
  expected << 4, 0, 10, 0, 9, 0, 10, 0, 25;
  CHECK(cluster_products(e, {1, 2, 1}) == expected);
  CHECK_THROWS_AS(cluster_products(e, {1, 2}), InvalidInput);
  CHECK_THROWS_AS(fitted_values(Mat::Ones(2, 2), Vec::Ones(3)), InvalidInput);
}
