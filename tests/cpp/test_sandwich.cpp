// Reference: the sandwich written out as sums over clusters; clusters of one study; given weights.
#include "core/model/sandwich.hpp"

#include <Eigen/LU>
#include <cmath>

#include "catch.h"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Case {
  Vec y, v;
  Mat X;
  std::vector<int> cluster;
  int n;
};

Case random_case(stress::Random& r, Index k, Index p, int n) {
  Case out{Vec(k), Vec(k), Mat::Ones(k, p), {}, n};
  for (Index i = 0; i < k; ++i) {
    out.y(i) = r.normal();
    out.v(i) = r.power10(-2.0, 0.0);
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
    out.cluster.push_back(static_cast<int>(i) % n);
  }
  return out;
}

SandwichData data_of(const Case& c, const Vec& weights, double tau2) {
  return {c.y, c.v, c.X, weights, tau2, true, c.cluster, c.n};
}

Mat written_out(const Case& c, const Vec& w) {
  const Mat bread = (c.X.transpose() * w.asDiagonal() * c.X).inverse();
  const Vec e = c.y - c.X * (bread * (c.X.transpose() * (w.array() * c.y.array()).matrix()));
  Mat meat = Mat::Zero(c.X.cols(), c.X.cols());
  for (int g = 0; g < c.n; ++g) {
    Vec score = Vec::Zero(c.X.cols());
    for (Index i = 0; i < c.y.size(); ++i) {
      if (c.cluster[static_cast<std::size_t>(i)] == g)
        score += w(i) * e(i) * c.X.row(i).transpose();
    }
    meat += score * score.transpose();
  }
  return bread * meat * bread;
}

// Clusters of one study with equal variances.
Case balanced_case(unsigned seed, Index k) {
  stress::Random r(seed);
  Case out = random_case(r, k, 1, static_cast<int>(k));
  out.v.setConstant(0.4);
  return out;
}

}  // namespace

TEST_CASE("CR0 and CR1 are the sums over clusters") {
  stress::Random r(21);
  const Vec none;
  for (int rep = 0; rep < 20; ++rep) {
    const Case c = random_case(r, 14, 1 + rep % 3, 5 + rep % 4);
    const double tau2 = 0.3;
    const Vec w = (c.v.array() + tau2).inverse();
    const Mat expected = written_out(c, w);
    const ClusterSandwich zero(data_of(c, none, tau2), SandwichType::CR0);
    const ClusterSandwich one(data_of(c, none, tau2), SandwichType::CR1p);
    const double n = c.n, p = static_cast<double>(c.X.cols());
    REQUIRE((zero.vb() - expected).norm() <= 1e-10 * expected.norm());
    REQUIRE((one.vb() - expected * n / (n - p)).norm() <= 1e-10 * one.vb().norm());
  }
}

TEST_CASE("weights of the user make the estimate and the sandwich") {
  stress::Random r(22);
  const Case c = random_case(r, 12, 2, 6);
  Vec w(12);
  for (Index i = 0; i < 12; ++i) w(i) = 0.5 + r.uniform();
  const ClusterSandwich s(data_of(c, w, 0.2), SandwichType::CR0);
  const Mat expected = written_out(c, w);
  REQUIRE((s.vb() - expected).norm() <= 1e-10 * expected.norm());
}

TEST_CASE("CR2 is unbiased when the working model holds: clusters of one, equal variances") {
  const Index k = 9;
  const Case c = balanced_case(23, k);
  const Vec none;
  const ClusterSandwich two(data_of(c, none, 0.0), SandwichType::CR2);
  const double mean = c.y.mean();
  const double s2 = (c.y.array() - mean).square().sum() / static_cast<double>(k - 1);
  REQUIRE(two.vb()(0, 0) == Approx(s2 / static_cast<double>(k)).epsilon(1e-10).scale(0));
  const RobustTests t =
      two.tests(Mat::Ones(1, 1), Vec::Zero(1), CoefficientTest::Satterthwaite, WaldTest::Hotelling);
  REQUIRE(t.ddf(0) == Approx(static_cast<double>(k - 1)).epsilon(1e-8).scale(0));
}

TEST_CASE("CR3 of clusters of one and equal variances is the jackknife") {
  const Index k = 9;
  const Case c = balanced_case(25, k);
  const Vec none;
  const ClusterSandwich three(data_of(c, none, 0.0), SandwichType::CR3);
  const double n = static_cast<double>(k), mean = c.y.mean();
  double expected = 0.0;
  for (Index i = 0; i < k; ++i) expected += std::pow((c.y.sum() - c.y(i)) / (n - 1.0) - mean, 2);
  REQUIRE(three.vb()(0, 0) == Approx(expected).epsilon(1e-10).scale(0));
}

TEST_CASE("the sandwich moves with the scale of the data") {
  stress::Random r(24);
  Case c = random_case(r, 10, 2, 5);
  const Vec none;
  for (const SandwichType type :
       {SandwichType::CR0, SandwichType::CR1p, SandwichType::CR2, SandwichType::CR3}) {
    const Mat before = ClusterSandwich(data_of(c, none, 0.1), type).vb();
    Case far = c;
    far.y *= 1e-60;
    far.v *= 1e-120;
    const Mat after = ClusterSandwich(data_of(far, none, 0.1e-120), type).vb();
    REQUIRE((after * 1e120 - before).norm() <= 1e-9 * before.norm());
  }
}

TEST_CASE("a cluster of very many studies needs no room for their products") {
  stress::Random r(27);
  const Case c = random_case(r, 60000, 2, 3);
  const Vec none;
  const Vec w = (c.v.array() + 0.3).inverse();
  const Mat expected = written_out(c, w);
  const ClusterSandwich s(data_of(c, none, 0.3), SandwichType::CR0);
  REQUIRE((s.vb() - expected).norm() <= 1e-9 * expected.norm());
}
