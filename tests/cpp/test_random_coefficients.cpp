// The likelihood of dense matrices: the maximum found is at its value, and no point around is above it.
#include "core/model/random_coefficients.hpp"

#include <cmath>

#include "catch.h"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

struct Example {
  Vec y;
  Mat X, Z;
  std::vector<int> own;
};

Example example() {
  Example d;
  const Index n = 24;
  d.y.resize(n);
  d.X.resize(n, 2);
  d.Z.resize(n, 2);
  for (Index i = 0; i < n; ++i) {
    const int g = static_cast<int>(i / 4);
    const double x = 0.5 * static_cast<double>(i % 4) + 0.1 * g;
    const double noise = std::sin(37.0 * static_cast<double>(i * i) + 1.0);
    d.own.push_back(g);
    d.X.row(i) << 1.0, x;
    d.Z.row(i) << 1.0, x;
    d.y[i] = 2.0 + x + 1.5 * std::cos(2.3 * g) + x * std::sin(1.7 * g) + 0.5 * noise;
  }
  return d;
}

double dense(const Example& d, const Mat& G, double s2, bool restricted) {
  const Index n = d.y.size(), p = d.X.cols();
  Mat V = s2 * Mat::Identity(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      if (d.own[at(i)] == d.own[at(j)]) V(i, j) += d.Z.row(i) * G * d.Z.row(j).transpose();
  const Eigen::LLT<Mat> llt(V);
  const Mat A = d.X.transpose() * llt.solve(d.X);
  const Vec e = d.y - d.X * A.llt().solve(d.X.transpose() * llt.solve(d.y));
  const double df = static_cast<double>(n - (restricted ? p : 0));
  double out = -llt.matrixLLT().diagonal().array().log().sum() - 0.5 * e.dot(llt.solve(e)) -
               0.5 * df * std::log(2.0 * kPi);
  if (restricted) out -= 0.5 * std::log(A.determinant());
  return out;
}

}  // namespace

TEST_CASE("random coefficients are at a maximum of the dense likelihood") {
  const Example d = example();
  for (const bool restricted : {false, true}) {
    for (const auto structure :
         {CoefficientCovariance::Identity, CoefficientCovariance::Independent,
          CoefficientCovariance::Exchangeable, CoefficientCovariance::Unstructured}) {
      const RandomCoefficients fit =
          fit_random_coefficients(d.y, d.X, d.Z, d.own, structure, restricted);
      CHECK(fit.converged);
      CHECK(fit.ll == Approx(dense(d, fit.G, fit.s2, restricted)).epsilon(1e-11).scale(0));
      CHECK(fit.ll >= fit.ll_0);
      for (const double h : {0.99, 1.01}) {
        CHECK(dense(d, h * fit.G, fit.s2, restricted) < fit.ll);
        CHECK(dense(d, fit.G, h * fit.s2, restricted) < fit.ll);
      }
    }
  }
}

TEST_CASE("more structure has no lower maximum") {
  const Example d = example();
  const auto ll = [&](CoefficientCovariance s) {
    return fit_random_coefficients(d.y, d.X, d.Z, d.own, s, false).ll;
  };
  CHECK(ll(CoefficientCovariance::Independent) >= ll(CoefficientCovariance::Identity) - 1e-9);
  CHECK(ll(CoefficientCovariance::Exchangeable) >= ll(CoefficientCovariance::Identity) - 1e-9);
  CHECK(ll(CoefficientCovariance::Unstructured) >= ll(CoefficientCovariance::Independent) - 1e-9);
}

TEST_CASE("designs without a unique fit are refused") {
  Example d = example();
  d.X.col(1).setConstant(2.0);
  CHECK_THROWS_AS(
      fit_random_coefficients(d.y, d.X, d.Z, d.own, CoefficientCovariance::Independent, false),
      SingularDesign);
  CHECK_THROWS_AS(fit_random_coefficients(d.y, d.X, d.Z.topRows(3), d.own,
                                          CoefficientCovariance::Independent, false),
                  InvalidInput);
}
