#include "core/linalg/gauss.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"

namespace metaparity {

Quadrature gauss_legendre(Index n, double lo, double hi) {
  Quadrature out{Vec(n), Vec(n)};
  const double half = 0.5 * (hi - lo), middle = 0.5 * (hi + lo);
  for (Index i = 0; i < n; ++i) {
    double x = std::cos(kPi * (static_cast<double>(i) + 0.75) / (static_cast<double>(n) + 0.5));
    double slope = 1.0;
    for (int iter = 0; iter < 100; ++iter) {
      double p0 = 1.0, p1 = x;
      for (Index k = 2; k <= n; ++k) {
        const double kk = static_cast<double>(k);
        const double p2 = ((2.0 * kk - 1.0) * x * p1 - (kk - 1.0) * p0) / kk;
        p0 = p1;
        p1 = p2;
      }
      slope = static_cast<double>(n) * (x * p1 - p0) / (x * x - 1.0);
      const double step = p1 / slope;
      x -= step;
      if (std::fabs(step) < 1e-15) break;
    }
    out.node[n - 1 - i] = middle + half * x;
    out.weight[n - 1 - i] = half * 2.0 / ((1.0 - x * x) * slope * slope);
  }
  return out;
}

// The eigenvalues of the Jacobi matrix (Golub & Welsch 1969), sharpened by Newton's method on normalised polynomials. The
// rule is symmetric: the upper half is computed.
Quadrature gauss_hermite(Index n) {
  const double dn = static_cast<double>(n);
  Vec between(std::max<Index>(n - 1, 0)), up(n), back(n);
  for (Index i = 1; i < n; ++i) between[i - 1] = std::sqrt(0.5 * static_cast<double>(i));
  for (Index k = 1; k <= n; ++k) {
    const double kk = static_cast<double>(k);
    up[k - 1] = std::sqrt(2.0 / kk);
    back[k - 1] = std::sqrt((kk - 1.0) / kk);
  }
  Eigen::SelfAdjointEigenSolver<Mat> eigen;
  eigen.computeFromTridiagonal(Vec(Vec::Zero(n)), between, Eigen::EigenvaluesOnly);
  Quadrature out{eigen.eigenvalues(), Vec(n)};
  const double first = std::pow(kPi, -0.25);
  for (Index i = n / 2; i < n; ++i) {
    double x = 2 * i + 1 == n ? 0.0 : out.node[i], last = 0.0;
    for (int iter = 0; iter < 3; ++iter) {
      double p0 = 0.0, p1 = first;
      for (Index k = 0; k < n; ++k) {
        const double p2 = x * up[k] * p1 - back[k] * p0;
        p0 = p1;
        p1 = p2;
      }
      last = p0;
      x -= p1 / (std::sqrt(2.0 * dn) * p0);
    }
    out.node[i] = x;
    out.node[n - 1 - i] = -x;
    out.weight[i] = out.weight[n - 1 - i] = 1.0 / (dn * last * last);
  }
  return out;
}

}  // namespace metaparity
