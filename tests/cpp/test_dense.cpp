// Reference: Eigen's own inverse and determinant.
#include "core/linalg/dense.hpp"

#include <Eigen/LU>
#include <cmath>

#include "catch.h"

using namespace metaparity;

TEST_CASE("inverse and determinant of a symmetric matrix at once") {
  const Mat a = Mat::Random(5, 5), s = a * a.transpose() + Mat::Identity(5, 5);
  const SymmetricInverse x = invert_symmetric(s);
  REQUIRE(x.positive);
  CHECK((x.inverse - s.inverse()).norm() < 1e-12);
  CHECK(x.log_det == Approx(std::log(s.determinant())).epsilon(1e-12));
  CHECK_FALSE(invert_symmetric(Mat::Zero(2, 2)).positive);
  CHECK_FALSE(invert_symmetric(-s).positive);
  CHECK(inverse_form(s, Vec::Ones(5)) == Approx(s.inverse().sum()).epsilon(1e-12));
  CHECK(negative_eigenvalues(-s) == 5);
  CHECK(negative_eigenvalues(s) == 0);
}

TEST_CASE("thin QR, sandwiches and triangular systems") {
  const Mat x = Mat::Random(7, 3);
  const ThinQr<double> qr = thin_qr(x);
  CHECK((qr.q * qr.r - x).norm() < 1e-13);
  CHECK((qr.q.transpose() * qr.q - Mat::Identity(3, 3)).norm() < 1e-13);
  CHECK(2.0 * qr.log_det() == Approx(std::log((x.transpose() * x).determinant())).epsilon(1e-12));
  const Mat b = Mat::Random(3, 2);
  CHECK((qr.r * solve_upper(qr.r, b) - b).norm() < 1e-12);
  const Mat bread = Mat::Random(3, 3);
  const Vec spread = Vec::Random(7);
  CHECK((sandwich(bread, x, spread) - bread * x.transpose() * spread.asDiagonal() * x * bread)
            .norm() < 1e-12);
  CHECK(determinant(Mat(0, 0)) == 1.0);
}
