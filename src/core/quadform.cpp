#include "core/quadform.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <complex>

#include "core/distributions.hpp"

namespace metaparity {
namespace {

using Complex = std::complex<double>;

// K(z) = log E exp(zQ) = -1/2 [ sum log(1 - 2 z s a) + log det M(z) - log det M(0) ],
// M(z) = sum x x' a / (1 - 2 z s a). Above the real axis each factor and each pivot of M has an
// argument inside one half plane, so principal logarithms add up to the continuous branch.
class Cumulant {
 public:
  Cumulant(const VecRef& a, const VecRef& s, const MatRef& X) : a_(a), sa_(s.cwiseProduct(a)), X_(X) {
    log_det0_ = log_det(Complex(0.0, 0.0)).real();
  }

  Complex operator()(Complex z) const {
    Complex sum = log_det(z) - log_det0_;
    for (Index i = 0; i < a_.size(); ++i) sum += std::log(1.0 - 2.0 * z * sa_[i]);
    return -0.5 * sum;
  }

  double singularity() const { return 0.5 / sa_.maxCoeff(); }

 private:
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
  double log_det0_ = 0.0;
};

// Minimum of the convex real function K(c) - c q - log c on (0, end): golden section.
template <class F>
double saddle(F&& f, double end) {
  constexpr double ratio = 0.6180339887498949;
  double lo = 0.0, hi = end;
  double x1 = hi - ratio * (hi - lo), x2 = lo + ratio * (hi - lo);
  double f1 = f(x1), f2 = f(x2);
  for (int iter = 0; iter < 60 && hi - lo > 1e-4 * hi; ++iter) {
    if (f1 < f2) {
      hi = x2;
      x2 = x1;
      f2 = f1;
      x1 = hi - ratio * (hi - lo);
      f1 = f(x1);
    } else {
      lo = x1;
      x1 = x2;
      f1 = f2;
      x2 = lo + ratio * (hi - lo);
      f2 = f(x2);
    }
  }
  return 0.5 * (lo + hi);
}

}  // namespace

double quadform_upper(double q, const VecRef& a, const VecRef& s, const MatRef& X) {
  if (q <= 0.0) return 1.0;
  const Cumulant K(a, s, X);
  const double end = K.singularity();
  const auto exponent = [&](double c) {
    return K(Complex(c, 0.0)).real() - c * q - std::log(c);
  };
  const double c = saddle(exponent, end);
  const double gap = 0.2 * std::min(c, end - c);
  const double curvature =
      (exponent(c + gap) - 2.0 * exponent(c) + exponent(c - gap)) / (gap * gap);
  const double scale = std::min(1.0 / std::sqrt(curvature), c);
  const double bend = std::max(0.5 * scale, 0.3 * scale * scale / (end - c));
  constexpr double step = 0.12;
  const double top = exponent(c);
  Complex sum = 0.0;
  double largest = 0.0;
  for (int n = 0; n < 20000; ++n) {
    const double u = step * n;
    const Complex z(c + bend * u * u, scale * u);
    const Complex dz(2.0 * bend * u, scale);
    const Complex term = std::exp(K(z) - z * q - top) / z * dz * (n == 0 ? 0.5 : 1.0);
    sum += term;
    largest = std::max(largest, std::abs(term));
    if (std::abs(term) < 1e-17 * largest) break;
  }
  const double out = std::exp(top) * step * sum.imag() / 3.14159265358979323846;
  return std::min(1.0, std::max(0.0, out));
}

}  // namespace metaparity
