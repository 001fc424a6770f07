// Quadratic and quartic functions whose maxima inside a box are known.
#include "core/linalg/box_newton.hpp"

#include <cmath>

#include "catch.h"

using namespace metaparity;

namespace {

// -(x - a)' H (x - a) / 2.
Expansion quadratic(const Vec& x, const Vec& a, const Mat& H) {
  const Vec d = x - a;
  return {-0.5 * d.dot(H * d), -(H * d), -H};
}

}  // namespace

TEST_CASE("a quadratic has its maximum inside, or at the bound that the conditions name") {
  Mat H(2, 2);
  H << 2.0, 0.9, 0.9, 1.0;
  const Vec a = Eigen::Vector2d(-1.0, 2.0);
  const auto f = [&](const Vec& x) { return quadratic(x, a, H); };
  const Box open{Vec::Constant(2, -10.0), Vec::Constant(2, 10.0)};
  const BoxMaximum inside = maximise_in_box(f, Vec::Zero(2), open);
  CHECK(inside.converged);
  CHECK((inside.x - a).norm() < 1e-10);
  const Box half{Vec::Zero(2), Vec::Constant(2, kInf)};
  const BoxMaximum bound = maximise_in_box(f, Vec::Ones(2), half);
  CHECK(bound.converged);
  CHECK(bound.x[0] == 0.0);
  CHECK(bound.x[1] == Approx(2.0 - 0.9).epsilon(1e-10));
  CHECK(bound.at.gradient[0] < 0.0);
  CHECK_FALSE(bound.free[0]);
  CHECK(bound.free[1]);
}

TEST_CASE("where the function is not concave it still climbs") {
  const auto f = [](const Vec& x) {
    const double q = x[0] * x[0];
    return Expansion{q - q * q, Vec::Constant(1, 2.0 * x[0] - 4.0 * x[0] * q),
                     Mat::Constant(1, 1, 2.0 - 12.0 * q)};
  };
  const BoxMaximum m =
      maximise_in_box(f, Vec::Constant(1, 0.05), {Vec::Constant(1, -9.0), Vec::Constant(1, 9.0)});
  CHECK(m.converged);
  CHECK(m.x[0] == Approx(std::sqrt(0.5)).epsilon(1e-10));
}

TEST_CASE("given parameters stay, and singular information is empty") {
  const auto f = [](const Vec& x) { return quadratic(x, Vec::Ones(2), Mat::Identity(2, 2)); };
  const BoxMaximum m =
      maximise_in_box(f, Vec::Zero(2), {Eigen::Vector2d(0.3, -9.0), Eigen::Vector2d(0.3, 9.0)});
  CHECK(m.x[0] == 0.3);
  CHECK(m.x[1] == Approx(1.0));
  CHECK(information_inverse(-Mat::Ones(2, 2), {true, true}).size() == 0);
  const Mat one = information_inverse(-4.0 * Mat::Identity(2, 2), {true, false});
  CHECK(one(0, 0) == Approx(0.25));
  CHECK(one(1, 1) == 0.0);
}

TEST_CASE(
    "a search ends in the neighbourhood of the maximum that is known, not on the way to another") {
  // Maxima at -1 and, lower, near 2.
  const auto f = [](const Vec& x) {
    const auto bump = [&](double at, double height) {
      const double d = x[0] - at, v = height * std::exp(-d * d);
      return Eigen::Vector3d(v, -2.0 * d * v, (4.0 * d * d - 2.0) * v);
    };
    const Eigen::Vector3d s = bump(-1.0, 3.0) + bump(2.0, 2.9);
    return Expansion{s[0], Vec::Constant(1, s[1]), Mat::Constant(1, 1, s[2])};
  };
  const Box box{Vec::Constant(1, -9.0), Vec::Constant(1, 9.0)};
  const BoxMaximum first = maximise_in_box(f, Vec::Constant(1, -0.8), box);
  const BoxMaximum again = maximise_in_box(f, Vec::Constant(1, -1.3), box, 200, &first);
  CHECK(again.joined);
  CHECK(again.iterations <= first.iterations);
  const BoxMaximum other = maximise_in_box(f, Vec::Constant(1, 1.7), box, 200, &first);
  CHECK_FALSE(other.joined);
  CHECK(other.converged);
  CHECK(other.x[0] == Approx(2.0).epsilon(1e-3));
}
