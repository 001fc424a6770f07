#include "core/effect/unbiased_r.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "core/constants.hpp"
#include "core/types.hpp"

namespace metaparity {
namespace {

// Adaptive; both integrands are smooth on [0, end] but may have a peak of width r at 0.
template <class F>
double integral(F&& f, double end) {
  return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(f, 0.0, end, 9, 1e-13);
}

// Terms below rounding are left out; with c - a - b of some size a few dozen are enough.
double series(double a, double b, double c, double z) {
  double term = 1.0, sum = 1.0;
  for (int j = 0; j < 100000; ++j) {
    term *= (a + j) * (b + j) / ((c + j) * (j + 1.0)) * z;
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return sum;
}

// The tail of the series falls as z^j j^(a + b - c - 1).
bool series_converges(double c, double z) { return z < 0.9 || c > 12.0; }

// Euler's integral with t = cos^2 u: the factor is 2 over B(1/2, c - 1/2).
double half_half(double c, double r) {
  const double r2 = r * r, z = 1.0 - r2;
  if (series_converges(c, z)) return series(0.5, 0.5, c, z);
  const auto f = [&](double u) {
    const double s = std::sin(u), co = std::cos(u);
    return std::pow(s, 2.0 * c - 2.0) / std::sqrt(s * s + r2 * co * co);
  };
  const double beta = std::sqrt(kPi) * boost::math::tgamma_ratio(c - 0.5, c);
  return 2.0 * integral(f, kPi / 2.0) / beta;
}

// Euler's integral with u^2 = 1 - t.
double one_one(double c, double r) {
  const double r2 = r * r, z = 1.0 - r2;
  if (series_converges(c, z)) return series(1.0, 1.0, c, z);
  const auto f = [&](double u) { return std::pow(u, 2.0 * c - 3.0) / (r2 + z * u * u); };
  return 2.0 * (c - 1.0) * integral(f, 1.0);
}

}  // namespace

double unbiased_r(double r, double n) {
  if (!(n > 4.0) || std::isnan(r)) return kNaN;
  if (r == 0.0 || std::fabs(r) == 1.0) return r;
  return r * half_half((n - 2.0) / 2.0, r);
}

double unbiased_r_variance(double r, double n) {
  const double g = unbiased_r(r, n);
  if (std::isnan(g)) return kNaN;
  return g * g - 1.0 + (n - 3.0) / (n - 2.0) * (1.0 - r * r) * one_one(n / 2.0, r);
}

}  // namespace metaparity
