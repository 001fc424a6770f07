#include "core/effect/tetrachoric.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "core/constants.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

struct Thresholds {
  double z1, z2;
};

// Density of the bivariate normal at the thresholds, times cos(theta); rho = sin(theta).
double density(const Thresholds& t, double theta) {
  const double s = std::sin(theta), c = std::cos(theta);
  if (c <= 0.0) return 0.0;
  return std::exp(-0.5 * (sq(t.z1 - s * t.z2) / (c * c) + sq(t.z2))) / (2.0 * kPi);
}

// Share of the first cell beyond independence: the integral of the density over rho from 0.
double association(const Thresholds& t, double theta) {
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  return Rule::integrate([&](double u) { return density(t, u); }, 0.0, theta, 4, 1e-13);
}

// Newton steps, halved into the bracket where they leave it.
double solve_angle(const Thresholds& t, double target) {
  double lower = -kPi / 2.0, upper = kPi / 2.0, theta = 0.0;
  for (int iter = 0; iter < 200; ++iter) {
    const double gap = association(t, theta) - target;
    (gap > 0.0 ? upper : lower) = theta;
    const double step = gap / density(t, theta);
    double next = theta - step;
    if (!(next > lower && next < upper)) next = 0.5 * (lower + upper);
    if (std::fabs(next - theta) <= 4e-16 * std::fmax(1.0, std::fabs(theta)) || next == theta) break;
    theta = next;
  }
  return theta;
}

// AS 116 with Phi - 1/2 at the two conditional thresholds.
double variance(const Cells& x, const Thresholds& t, double rho) {
  const double n = x.total(), c2 = 1.0 - rho * rho, c = std::sqrt(c2);
  const double f1 = 0.5 - normal_upper((t.z1 - rho * t.z2) / c);
  const double f2 = 0.5 - normal_upper((t.z2 - rho * t.z1) / c);
  const double phi = std::exp(-0.5 * (sq(t.z1 - rho * t.z2) / c2 + sq(t.z2))) / (2.0 * kPi * c);
  const double sum = (x.a + x.d) * (x.b + x.c) / 4.0 + (x.a + x.c) * (x.b + x.d) * sq(f1) +
                     (x.a + x.b) * (x.c + x.d) * sq(f2) + 2.0 * (x.a * x.d - x.b * x.c) * f1 * f2 -
                     (x.a * x.b - x.c * x.d) * f1 - (x.a * x.c - x.b * x.d) * f2;
  return sum / (n * n * n * sq(phi));
}

}  // namespace

Estimate tetrachoric(const Cells& x) {
  const double n = x.total(), n1 = x.n1(), m1 = x.a + x.c;
  if (!(n1 > 0.0 && n1 < n && m1 > 0.0 && m1 < n)) return {};
  const bool falls = x.a == 0.0 || x.d == 0.0, rises = x.b == 0.0 || x.c == 0.0;
  if (falls || rises) {
    const bool diagonal = falls ? x.a == 0.0 && x.d == 0.0 : x.b == 0.0 && x.c == 0.0;
    return {falls ? -1.0 : 1.0, diagonal ? 0.0 : kNaN};
  }
  const Thresholds t{normal_quantile(n1 / n), normal_quantile(m1 / n)};
  const double rho = std::sin(solve_angle(t, (x.a * x.d - x.b * x.c) / (n * n)));
  return {rho, variance(x, t, rho)};
}

}  // namespace metaparity
