// The tail of a quadratic form against one eigenvalue in closed form and two by quadrature.
#include "core/linalg/quadform.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

#include "catch.h"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

namespace {

Vec eigenvalues(const Vec& a, const Vec& s) {
  const Mat P = Mat(a.asDiagonal()) - a * a.transpose() / a.sum();
  const Vec root = s.cwiseSqrt();
  const Vec all =
      Eigen::SelfAdjointEigenSolver<Mat>(root.asDiagonal() * P * root.asDiagonal()).eigenvalues();
  return all.tail(all.size() - 1);
}

double chisq1_upper(double x) { return x <= 0.0 ? 1.0 : std::erfc(std::sqrt(0.5 * x)); }

// P(l1 Z1^2 + l2 Z2^2 > q): Simpson's rule over Z1 = sqrt(q / l1) sin(u), smooth to the edge where the
// first alone reaches q.
double two_upper(double q, double l1, double l2) {
  const double reach = std::sqrt(q / l1), half_pi = 1.5707963267948966;
  const int n = 4000;
  double sum = 0.0;
  for (int i = 0; i <= n; ++i) {
    const double u = half_pi * i / n, x = reach * std::sin(u);
    const double f =
        std::exp(-0.5 * x * x) * std::erf(std::sqrt(0.5 * q / l2) * std::cos(u)) * std::cos(u);
    sum += f * (i == 0 || i == n ? 1.0 : (i % 2 ? 4.0 : 2.0));
  }
  return 1.0 - 2.0 * reach / std::sqrt(4.0 * half_pi) * sum * half_pi / n / 3.0;
}

}  // namespace

TEST_CASE("one eigenvalue: a scaled chi-squared tail") {
  Vec a(2), s(2);
  a << 0.556034, 0.0236081;
  const Mat X = Mat::Ones(2, 1);
  for (double t : {0.0, 1.0, 100.0, 1e4}) {
    s = a.cwiseInverse().array() + t;
    const double lambda = eigenvalues(a, s)[0];
    for (double q : {0.01, 0.5, 6.23, 40.0}) {
      CHECK(quadform_upper(q, a, s, X) ==
            Approx(chisq1_upper(q / lambda)).epsilon(1e-12).scale(0.0));
    }
  }
}

TEST_CASE("two eigenvalues: quadrature") {
  Vec a(3), s(3);
  a << 2.0, 0.3, 1.1;
  const Mat X = Mat::Ones(3, 1);
  for (double t : {0.0, 0.4, 30.0}) {
    s = a.cwiseInverse().array() + t;
    const Vec lambda = eigenvalues(a, s);
    for (double q : {0.2, 2.0, 12.0}) {
      CHECK(quadform_upper(q, a, s, X) ==
            Approx(two_upper(q, lambda[1], lambda[0])).epsilon(1e-12).scale(0.0));
    }
  }
}

TEST_CASE("a saturated moderator leaves the pooled form of the other studies") {
  Vec a(4), s(4);
  a << 1.0, 3.0, 0.2, 0.7;
  s << 2.0, 0.5, 9.0, 4.0;
  Mat X = Mat::Ones(4, 2);
  X.col(1) << 0.0, 0.0, 0.0, 1.0;
  const double with = quadform_upper(3.0, a, s, X);
  CHECK(
      with ==
      Approx(quadform_upper(3.0, a.head(3), s.head(3), Mat::Ones(3, 1))).epsilon(1e-12).scale(0.0));
}

// Imhof's integral as computed by CompQuadForm 1.4.4 (imhof, epsabs 1e-13).
TEST_CASE("equal variances give the chi-squared distribution") {
  for (int k : {2, 3, 4, 9, 40}) {
    const Vec one = Vec::Ones(k);
    const Mat X = Mat::Ones(k, 1);
    for (double share : {0.1, 0.5, 1.0, 1.7, 3.0}) {
      const double q = share * (k - 1), p = chisq_upper(q, k - 1);
      CHECK(quadform_upper(q, one, one, X) == Approx(p).margin(1e-12));
      CHECK(quadform_upper(2.5 * q, one, 2.5 * one, X) == Approx(p).margin(1e-12));
    }
  }
}

TEST_CASE("unequal variances agree with Imhof's integral") {
  Vec v(13);
  v << .326, .195, .415, .02, .051, .007, .223, .004, .056, .073, .012, .533, .071;
  const Vec a = v.cwiseInverse();
  const Mat X = Mat::Ones(13, 1);
  CHECK(quadform_upper(152.0, a, v.array() + 0.1, X) == Approx(0.0240204705751069).epsilon(1e-11));
  CHECK(quadform_upper(152.0, a, v.array() + 0.3, X) == Approx(0.369251995149151).epsilon(1e-12));
  CHECK(quadform_upper(152.0, a, v.array() + 1.0, X) == Approx(0.905222509494931).epsilon(1e-12));
}

TEST_CASE("the tail falls with q and rises with the variances") {
  Vec s(6);
  s << 1e-6, 1.0, 3.0, 1e4, 0.2, 7.0;
  Mat X(6, 2);
  X.col(0).setOnes();
  X.col(1) << 1, 2, 3, 4, 5, 7;
  const Vec a = Vec::Ones(6);
  double last = 1.0;
  for (double q = 1.0; q < 1e5; q *= 3.0) {
    const double p = quadform_upper(q, a, s, X);
    CHECK(p <= last + 1e-12);
    CHECK(quadform_upper(q, a, 2.0 * s, X) >= p - 1e-12);
    last = p;
  }
}
