#include "core/linalg/quadform.hpp"

#include <cmath>
#include <complex>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {
namespace {

using Complex = std::complex<double>;

// K(z) = log E exp(zQ) = -1/2 [ sum log(1 - 2 z s a) + log det M(z) - log det M(0) ],
// M(z) = sum x x' a / (1 - 2 z s a). Above the real axis each factor and each pivot of M has an
// argument inside one half plane, so principal logarithms add up to the continuous branch.
class Cumulant {
 public:
  Cumulant(const VecRef& a, const VecRef& s, const MatRef& X)
      : a_(a), sa_(s.cwiseProduct(a)), X_(X) {
    log_det0_ = log_det(Complex(0.0, 0.0)).real();
    const Mat M = cross(X, a, X);
    const Mat N = cross(X, a.cwiseProduct(sa_), X);
    mean_ = sa_.sum() - solve_symmetric(M, N).trace();
  }

  double df() const { return static_cast<double>(X_.rows() - X_.cols()); }
  double mean() const { return mean_; }  // of Q: the sum of the eigenvalues

  Complex operator()(Complex z) const {
    Complex sum = log_det(z) - log_det0_;
    for (Index i = 0; i < a_.size(); ++i) sum += std::log(1.0 - 2.0 * z * sa_[i]);
    return -0.5 * sum;
  }

  // K is analytic up to 1 / (2 lambda) for the largest eigenvalue lambda of the form. By interlacing
  // lambda lies below max(s a), and above the mean of the eigenvalues; singularities of the factors
  // on the way there cancel with those of M. Of the bracket the lower end is returned.
  double singularity() const {
    double lo = 0.5 / sa_.maxCoeff(), hi = 0.5 * df() / mean() * (1.0 + 1e-12);
    for (int i = 0; i < 1200 && hi - lo > 1e-6 * hi; ++i) {
      const double mid = 0.5 * (lo + hi);
      (eigenvalue_above(mid) ? hi : lo) = mid;
    }
    return lo;
  }

 private:
  // Is an eigenvalue above 1 / (2 z)? Their number is that of the negative factors less that of the
  // negative eigenvalues of M (Sylvester's law of inertia).
  bool eigenvalue_above(double z) const {
    const Vec factor = 1.0 - 2.0 * z * sa_.array();
    const Mat M = cross(X_, a_.cwiseQuotient(factor), X_);
    return (factor.array() < 0.0).count() > negative_eigenvalues(M);
  }

  Complex log_det(Complex z) const {
    const Index p = X_.cols();
    Eigen::MatrixXcd M = Eigen::MatrixXcd::Zero(p, p);
    for (Index i = 0; i < a_.size(); ++i) {
      const Complex f = a_[i] / (1.0 - 2.0 * z * sa_[i]);
      for (Index c = 0; c < p; ++c) {
        for (Index r = c; r < p; ++r) M(r, c) += f * (X_(i, r) * X_(i, c));
      }
    }
    Complex sum = 0.0;
    for (Index j = 0; j < p; ++j) {
      sum += std::log(M(j, j));
      for (Index c = j + 1; c < p; ++c) {
        const Complex ratio = M(c, j) / M(j, j);
        for (Index r = c; r < p; ++r) M(r, c) -= ratio * M(r, j);
      }
    }
    return sum;
  }

  Vec a_, sa_;
  Mat X_;
  double log_det0_ = 0.0, mean_ = 0.0;
};

}  // namespace

double quadform_upper(double q, const VecRef& a, const VecRef& s, const MatRef& X) {
  if (q <= 0.0) return 1.0;
  const Cumulant K(a, s, X);
  // Below the mean the contour crosses the axis left of the pole at 0, which gives -P(Q <= q); there
  // the saddle lies within (df / 2 + 1) / q of 0.
  const bool lower = q < K.mean();
  const double side = lower ? -1.0 : 1.0;
  const double end = lower ? (0.5 * K.df() + 1.0) / q : K.singularity();
  const auto exponent = [&](double x) {
    return K(Complex(side * x, 0.0)).real() - side * x * q - std::log(x);
  };
  // The exponent is convex on the real axis.
  const auto close = [](double lo, double hi) { return hi - lo <= 1e-4 * hi; };
  const double x = golden_section(exponent, 0.0, end, 60, close), room = lower ? x : end - x;
  const double gap = 0.2 * std::min(x, room), top = exponent(x);
  const double curvature = (exponent(x + gap) - 2.0 * top + exponent(x - gap)) / (gap * gap);
  const double scale = std::min(1.0 / std::sqrt(curvature), x);
  const double bend = std::max(0.5 * scale, 0.3 * scale * scale / room);
  constexpr double step = 0.12;
  Complex sum = 0.0;
  double largest = 0.0;
  for (int n = 0; n < 20000; ++n) {
    const double u = step * n;
    const Complex z(side * x + bend * u * u, scale * u);
    const Complex dz(2.0 * bend * u, scale);
    // On the real axis K is real; the half-turns of its logarithms cancel.
    const Complex log_term = (n == 0 ? Complex(K(z).real()) : K(z)) - z * q - top;
    const Complex term = std::exp(log_term) / z * dz * (n == 0 ? 0.5 : 1.0);
    const double size = std::abs(term);
    if (!std::isfinite(size)) {
      throw NotConverged(
          "the distribution of Q is out of reach: weights or variances span too many orders of "
          "magnitude");
    }
    sum += term;
    largest = std::max(largest, size);
    if (size < 1e-17 * largest) break;
  }
  const double integral = std::exp(top) * step * sum.imag() / kPi;
  return std::min(1.0, std::max(0.0, lower ? 1.0 + integral : integral));
}

}  // namespace metaparity
