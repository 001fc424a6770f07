// The test of Ioannidis & Trikalinos (2007). Expected power is in closed form: y ~ N(theta, v + tau2). The exact
// test sums the Poisson-binomial distribution by convolution. Oracle: metafor, enumeration.
#include "core/bias/excess_significance.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {
namespace {

double power_of(double vi, double theta, const ExcessSpec& s) {
  const double se = std::sqrt(vi), sd = std::sqrt(vi + s.tau2);
  const double crit = -normal_quantile(s.effect_sides == Sides::Two ? 0.5 * s.alpha : s.alpha) * se;
  const double shift = theta - s.h0;
  const double above = normal_upper((crit - shift) / sd), below = normal_upper((crit + shift) / sd);
  if (s.effect_sides == Sides::Two) return above + below;
  return s.effect_sides == Sides::Greater ? above : below;
}

bool is_significant(double yi, double vi, const ExcessSpec& s) {
  const double z = (yi - s.h0) / std::sqrt(vi);
  const double crit = -normal_quantile(s.effect_sides == Sides::Two ? 0.5 * s.alpha : s.alpha);
  if (s.effect_sides == Sides::Two) return std::fabs(z) >= crit;
  return s.effect_sides == Sides::Greater ? z >= crit : z <= -crit;
}

// P(X >= x) for x successes of n.
double binomial_upper(double x, double n, double p) {
  if (x <= 0.0) return 1.0;
  return boost::math::ibeta(x, n - x + 1.0, p);
}

double binomial_lower(double x, double n, double p) {
  return x >= n ? 1.0 : 1.0 - binomial_upper(x + 1.0, n, p);
}

double binomial_mass(double x, double n, double p) {
  if (p == 0.0 || p == 1.0) return x == n * p ? 1.0 : 0.0;
  return std::exp(std::lgamma(n + 1.0) - std::lgamma(x + 1.0) - std::lgamma(n - x + 1.0) +
                  x * std::log(p) + (n - x) * std::log1p(-p));
}

// Two-sided p values sum the outcomes that are no more likely than the observed one.
double no_more_likely(const Vec& mass, double observed) {
  return (mass.array() <= observed * (1.0 + 1e-7)).select(mass.array(), 0.0).sum();
}

double binomial_two_sided(double x, double n, double p) {
  Vec mass(static_cast<Index>(n) + 1);
  for (Index i = 0; i < mass.size(); ++i) mass(i) = binomial_mass(static_cast<double>(i), n, p);
  return std::min(1.0, no_more_likely(mass, binomial_mass(x, n, p)));
}

// P(X = 0), ..., P(X = k) for independent studies with different power.
Vec poisson_binomial(const Vec& power) {
  Vec mass = Vec::Zero(power.size() + 1);
  mass(0) = 1.0;
  for (Index i = 0; i < power.size(); ++i) {
    for (Index j = i + 1; j > 0; --j) mass(j) = mass(j) * (1.0 - power(i)) + mass(j - 1) * power(i);
    mass(0) *= 1.0 - power(i);
  }
  return mass;
}

double exact_p(const Excess& e, Sides sides) {
  const Vec mass = poisson_binomial(e.power);
  const Index o = static_cast<Index>(e.O);
  const double upper = mass.tail(mass.size() - o).sum(), lower = mass.head(o + 1).sum();
  if (sides == Sides::Greater) return std::min(1.0, upper);
  if (sides == Sides::Less) return std::min(1.0, lower);
  return std::min(1.0, no_more_likely(mass, mass(o)));
}

double binomial_p(const Excess& e, Sides sides) {
  const double n = static_cast<double>(e.power.size()), p = e.E / n;
  if (sides == Sides::Greater) return binomial_upper(e.O, n, p);
  return sides == Sides::Less ? binomial_lower(e.O, n, p) : binomial_two_sided(e.O, n, p);
}

void chi2_p(Excess& e, Sides sides) {
  const double k = static_cast<double>(e.power.size()), d = e.O - e.E;
  e.X2 = d * d / e.E + d * d / (k - e.E);
  const double z = std::copysign(std::sqrt(e.X2), d);
  e.pval =
      sides == Sides::Two ? normal_two_sided(z) : normal_upper(sides == Sides::Greater ? z : -z);
}

}  // namespace

Excess excess_significance(const VecRef& yi, const VecRef& vi, const VecRef& theta,
                           const ExcessSpec& spec) {
  Excess out;
  out.power.resize(yi.size());
  for (Index i = 0; i < yi.size(); ++i) {
    out.power(i) = power_of(vi(i), theta(theta.size() == 1 ? 0 : i), spec);
    out.significant.push_back(is_significant(yi(i), vi(i), spec) ? 1 : 0);
    out.O += out.significant.back();
  }
  out.E = out.power.sum();
  if (spec.test == ExcessTest::Chi2) {
    chi2_p(out, spec.sides);
  } else {
    out.pval =
        spec.test == ExcessTest::Exact ? exact_p(out, spec.sides) : binomial_p(out, spec.sides);
  }
  return out;
}

double excess_limit(const VecRef& yi, const VecRef& vi, double theta, double tes_alpha,
                    const ExcessSpec& spec) {
  if (theta == spec.h0 || !std::isfinite(theta - spec.h0)) return kNaN;
  const double side = theta > spec.h0 ? 1.0 : -1.0;
  const auto gap = [&](double d) {
    Vec at(1);
    at(0) = spec.h0 + side * d;
    return excess_significance(yi, vi, at, spec).pval - tes_alpha;
  };
  const double start = gap(0.0);
  double lo = 0.0, f_lo = start, hi = std::sqrt(vi.minCoeff() + spec.tau2);
  const double far = 10.0 * (std::sqrt(vi.maxCoeff() + spec.tau2) + std::fabs(theta - spec.h0));
  for (double f_hi = gap(hi);; hi *= 1.5, f_hi = gap(hi)) {
    if (std::signbit(f_hi) != std::signbit(start)) {
      return spec.h0 + side * find_root(gap, lo, f_lo, hi, f_hi, root_resolution<double>());
    }
    if (!(hi > 0.0 && hi <= far && std::isfinite(1.5 * hi)) || std::isnan(f_hi)) return kNaN;
    lo = hi;
    f_lo = f_hi;
  }
}

}  // namespace metaparity
