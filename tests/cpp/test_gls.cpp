// One tau2 against fit_rma(); components and scale against a search over the dense likelihood.
#include "core/model/gls.hpp"

#include <Eigen/LU>
#include <cmath>

#include "catch.h"
#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/model/random_effects.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Case {
  Vec y, v;
  Mat X;
  std::vector<int> group, own;
};

Case random_case(stress::Random& r, Index k, Index p) {
  Case out{Vec(k), Vec(k), Mat::Ones(k, p), {}, {}};
  double shared = 0.0;
  for (Index i = 0; i < k; ++i) {
    if (i % 3 == 0) shared = 0.8 * r.normal();
    out.v(i) = r.power10(-2.0, -0.5);
    out.y(i) = 0.3 + shared + 0.5 * r.normal() + std::sqrt(out.v(i)) * r.normal();
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
    out.group.push_back(static_cast<int>(i / 3));
    out.own.push_back(static_cast<int>(i));
  }
  return out;
}

Mat dense_marginal(const VarianceModel& model, const Vec& theta) {
  const Blocks blocks = model.marginal(theta);
  Mat out = Mat::Zero(model.size(), model.size());
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const Rows& rows = model.partition()[b];
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < rows.size(); ++j)
        out(rows[i], rows[j]) = blocks[b](static_cast<Index>(i), static_cast<Index>(j));
    }
  }
  return out;
}

double dense_ll(const Case& c, const VarianceModel& model, const Vec& theta, bool restricted) {
  const Mat M = dense_marginal(model, theta), W = M.inverse();
  const Mat A = c.X.transpose() * W * c.X;
  const Vec e = c.y - c.X * (A.inverse() * (c.X.transpose() * W * c.y));
  const double k = static_cast<double>(c.y.size()), p = static_cast<double>(c.X.cols());
  double ll =
      -0.5 * ((restricted ? k - p : k) * kLog2Pi + std::log(M.determinant()) + e.dot(W * e));
  if (restricted)
    ll += 0.5 * (std::log((c.X.transpose() * c.X).determinant()) - std::log(A.determinant()));
  return ll;
}

// No neighbour, near or far, is higher.
void check_maximum(const Case& c, const VarianceModel& model, const GlsFit& fit, bool restricted) {
  const double top = dense_ll(c, model, fit.theta, restricted);
  REQUIRE(fit.ll == Approx(top).epsilon(1e-10));
  const Bounds bounds = model.bounds();
  for (double reach : {1e-4, 1e-2, 0.1, 0.5}) {
    for (Index j = 0; j < fit.theta.size(); ++j) {
      for (double sign : {-1.0, 1.0}) {
        Vec near = fit.theta;
        near[j] += sign * reach;
        if (near[j] < bounds.lower[j]) continue;
        REQUIRE(dense_ll(c, model, near, restricted) <= top + 1e-11);
      }
    }
  }
}

}  // namespace

TEST_CASE("one tau2: the fast way, its scoring twin and fit_rma() agree") {
  stress::Random r(111);
  for (int rep = 0; rep < 12; ++rep) {
    const Case c = random_case(r, 12, r.between(1, 3));
    for (bool restricted : {true, false}) {
      ModelSpec spec;
      spec.method = restricted ? Tau2Method::REML : Tau2Method::ML;
      const RmaFit fit = fit_rma(c.y, c.v, c.X, Vec(), spec);
      const GlsFit fast = fit_gls(c.y, c.X, AdditiveVariance(c.v), restricted);
      const GlsFit slow = fit_gls(c.y, c.X, LinearVariance::of_levels(c.v, {c.own}), restricted);
      REQUIRE(fast.theta[0] == fit.tau2);
      REQUIRE(slow.theta[0] == Approx(fit.tau2).epsilon(1e-7).scale(1e-3));
      REQUIRE((fast.beta - fit.beta).norm() < 1e-10);
      REQUIRE((fast.vb - fit.vb).norm() < 1e-11);
      REQUIRE(fast.ll == Approx(restricted ? fit.reml.ll : fit.ml.ll).epsilon(1e-11));
      REQUIRE(slow.ll == Approx(fast.ll).epsilon(1e-11));
      if (fit.tau2 > 0.0) REQUIRE(fast.se_theta[0] == Approx(fit.se_tau2).epsilon(1e-9).scale(0));
    }
  }
}

TEST_CASE("two levels: the fit is the top of the dense likelihood") {
  stress::Random r(112);
  for (int rep = 0; rep < 8; ++rep) {
    const Case c = random_case(r, 15, r.between(1, 2));
    const LinearVariance model = LinearVariance::of_levels(c.v, {c.group, c.own});
    for (bool restricted : {true, false}) {
      const GlsFit fit = fit_gls(c.y, c.X, model, restricted);
      check_maximum(c, model, fit, restricted);
      REQUIRE((fit.theta.array() >= 0.0).all());
    }
  }
}

TEST_CASE("heterogeneity by studies: an intercept alone is the logarithm of tau2") {
  stress::Random r(113);
  for (int rep = 0; rep < 8; ++rep) {
    const Case c = random_case(r, 20, 1);
    const GlsFit one = fit_gls(c.y, c.X, AdditiveVariance(c.v), true);
    REQUIRE(one.theta[0] > 0.0);
    const GlsFit log = fit_gls(c.y, c.X, LogLinearVariance(c.v, Mat::Ones(20, 1)), true);
    REQUIRE(std::exp(log.theta[0]) == Approx(one.theta[0]).epsilon(1e-6).scale(0));
    REQUIRE(log.ll == Approx(one.ll).epsilon(1e-11));
    Mat Z = Mat::Ones(20, 2);
    for (Index i = 0; i < 20; ++i) Z(i, 1) = i % 2 == 0 ? 1.0 : -1.0;
    const LogLinearVariance model(c.v, Z);
    check_maximum(c, model, fit_gls(c.y, c.X, model, true), true);
  }
}

TEST_CASE("the information is the mean of the outer product of the score") {
  // E[-d2 ll] of V + tau2 with equal v is df / (2 (v + tau2)^2).
  const Vec y = (Vec(5) << 0.0, 1.0, 3.0, -2.0, 4.0).finished(), v = Vec::Constant(5, 0.5);
  const GlsFit fit = gls_at(y, Mat::Ones(5, 1), AdditiveVariance(v), Vec::Constant(1, 1.5), true);
  CHECK(fit.information(0, 0) == Approx(4.0 / (2.0 * 4.0)).epsilon(1e-12));
  const GlsFit ml = gls_at(y, Mat::Ones(5, 1), AdditiveVariance(v), Vec::Constant(1, 1.5), false);
  CHECK(ml.information(0, 0) == Approx(5.0 / (2.0 * 4.0)).epsilon(1e-12));
}

TEST_CASE("what does not fit together is refused") {
  const AdditiveVariance model(Vec::Ones(3));
  CHECK_THROWS_AS(fit_gls(Vec::Ones(4), Mat::Ones(4, 1), model, true), InvalidInput);
  CHECK_THROWS_AS(fit_gls(Vec::Ones(3), Mat::Ones(2, 1), model, true), InvalidInput);
  CHECK_THROWS_AS(fit_gls(Vec::Ones(3), Mat::Ones(3, 3), model, true), InvalidInput);
  const AdditiveVariance exact(Vec::Zero(3));
  CHECK_THROWS_AS(gls_at(Vec::Ones(3), Mat::Ones(3, 1), exact, Vec::Zero(1), true), InvalidInput);
}
