// References: one combination, where a Hotelling test is the square of its t test; the quadratic form written out.
#include <Eigen/LU>
#include <cmath>

#include "catch.h"
#include "core/linalg/distributions.hpp"
#include "core/model/sandwich.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Clustered {
  Vec y, v, weights;
  Mat X;
  std::vector<int> cluster;

  explicit Clustered(unsigned seed) : y(20), v(20), X(Mat::Ones(20, 3)) {
    stress::Random r(seed);
    for (Index i = 0; i < 20; ++i) {
      y(i) = r.normal();
      v(i) = r.power10(-2.0, 0.0);
      X(i, 1) = r.normal();
      X(i, 2) = r.normal();
      cluster.push_back(static_cast<int>(i) % 8);
    }
  }
  ClusterSandwich sandwich(SandwichType type) const {
    return ClusterSandwich({y, v, X, weights, 0.2, true, cluster, 8}, type);
  }
};

}  // namespace

TEST_CASE("of one combination a Hotelling test is the square of its t test") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const Clustered c(seed);
    const ClusterSandwich s = c.sandwich(SandwichType::CR2);
    const Mat L = (Mat(1, 3) << 0.0, 1.0, -0.5).finished();
    const double variance = (L * s.vb() * L.transpose())(0, 0),
                 t = (L * s.beta())(0) / std::sqrt(variance);
    for (const WaldTest all : {WaldTest::Hotelling, WaldTest::HotellingA, WaldTest::HotellingB}) {
      const RobustTests got = s.tests(L, Vec::Zero(1), CoefficientTest::Satterthwaite, all);
      REQUIRE(got.QM == Approx(t * t).epsilon(1e-8).scale(0));
      REQUIRE(got.df2 == Approx(got.ddf(0)).epsilon(1e-6).scale(0));
    }
  }
}

TEST_CASE("chi-squared and naive F are quadratic forms") {
  const Clustered c(9);
  const ClusterSandwich s = c.sandwich(SandwichType::CR1);
  Mat L = Mat::Zero(2, 3);
  L(0, 1) = L(1, 2) = 1.0;
  const Vec b = L * s.beta();
  const double form = b.dot((L * s.vb() * L.transpose()).inverse() * b);
  const RobustTests naive = s.tests(L, Vec::Zero(2), CoefficientTest::NaiveT, WaldTest::NaiveF);
  REQUIRE(naive.QM == Approx(form / 2.0).epsilon(1e-9).scale(0));
  REQUIRE(naive.df2 == 7.0);
  const RobustTests fewer = s.tests(L, Vec::Zero(2), CoefficientTest::NaiveTp, WaldTest::NaiveFp);
  REQUIRE(fewer.df2 == 5.0);
}

TEST_CASE("the saddlepoint's p value is near that of Satterthwaite's t") {
  const Clustered c(4);
  const ClusterSandwich s = c.sandwich(SandwichType::CR2);
  const Mat L = Mat::Identity(3, 3);
  const RobustTests t =
      s.tests(L, Vec::Zero(3), CoefficientTest::Satterthwaite, WaldTest::Hotelling);
  const RobustTests p = s.tests(L, Vec::Zero(3), CoefficientTest::Saddlepoint, WaldTest::Hotelling);
  for (Index j = 0; j < 3; ++j) {
    const double z = s.beta()(j) / std::sqrt(s.vb()(j, j));
    REQUIRE(p.pval(j) == Approx(t_two_sided(z, t.ddf(j))).margin(0.05));
  }
}
