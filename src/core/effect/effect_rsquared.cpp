#include "core/effect/effect_rsquared.hpp"

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>

#include "core/constants.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {
namespace {

// For z far above a^2: e^z z^(a - b) Gamma(b) / Gamma(a) and a series in 1 / z (DLMF 13.7.2).
double log_kummer_large(double a, double b, double z) {
  double term = 1.0, sum = 1.0;
  for (int s = 0; s < 40 && std::fabs(term) > 1e-17; ++s) {
    term *= (b - a + s) * (1.0 - a + s) / ((s + 1.0) * z);
    sum += term;
  }
  return z + (a - b) * std::log(z) + std::lgamma(b) - std::lgamma(a) + std::log(sum);
}

// log Gamma(x + d) - log Gamma(x) - d log(x) by Stirling's series, for large x and x + d (DLMF 5.11.1).
double stirling_step(double x, double d) {
  const double u = d / x;
  const double leading = x * ((1.0 + u) * boost::math::log1pmx(u) + u * u);
  return leading - 0.5 * std::log1p(u) - d / (12.0 * x * (x + d));
}

struct Kummer {
  double a, b, z, top;

  double sum_each() const {
    double up = 1.0, down = 1.0, sum = 1.0;
    for (double j = top; up > 1e-17 * sum || (a + j) * z > (b + j) * (j + 1.0); j += 1.0) {
      up *= (a + j) * z / ((b + j) * (j + 1.0));
      sum += up;
    }
    for (double j = top; j >= 1.0 && down > 1e-17 * sum; j -= 1.0) {
      down *= (b + j - 1.0) * j / ((a + j - 1.0) * z);
      sum += down;
    }
    return sum;
  }

  // Terms that fall like a normal density over `spread` of them: every step-th, at 8 to a spread, gives the sum to
  // rounding (the trapezoidal rule), and the first term is over `spread` spreads away, as spread^2 <= 1 + top.
  double sum_steps(double spread) const {
    const double step = std::floor(spread / 8.0);
    const double slope = std::log((a + top) / (b + top)) + std::log(z / (1.0 + top));
    double sum = 1.0;
    for (const double side : {-1.0, 1.0}) {
      double term = 1.0;
      for (double i = 1.0; term > 1e-17 * sum; i += 1.0) {
        const double d = side * i * step;
        term = std::exp(d * slope + stirling_step(a + top, d) - stirling_step(b + top, d) -
                        stirling_step(1.0 + top, d));
        sum += term;
      }
    }
    return sum * step;
  }

  // The sum over the largest term.
  double relative_sum() const {
    const double spread = 1.0 / std::sqrt(1.0 / (1.0 + top) + 1.0 / (b + top) - 1.0 / (a + top));
    return spread > 200.0 ? sum_steps(spread) : sum_each();
  }
};

// log 1F1(a; b; z) for a, b > 0, z >= 0: the terms are positive, so the sum starts at the largest
// and goes both ways until they are below rounding.
double log_kummer(double a, double b, double z) {
  if (z <= 0.0) return 0.0;
  if (z > 100.0 * (a + 1.0) * (a + 1.0)) return log_kummer_large(a, b, z);
  const double half = 0.5 * (z - b - 1.0);
  const double top =
      std::floor(std::fmax(0.0, half + std::sqrt(half * half + std::fmax(0.0, a * z - b))));
  return std::log(Kummer{a, b, z, top}.relative_sum()) + top * std::log(z) + std::lgamma(a + top) -
         std::lgamma(a) - std::lgamma(b + top) + std::lgamma(b) - std::lgamma(top + 1.0);
}

// What of the likelihood depends on rho^2.
struct Likelihood {
  double r2, m, n;
  double log_at(double rho2) const {
    const double ncp = n * rho2 / (1.0 - rho2);
    return -0.5 * ncp + log_kummer(0.5 * (n - 1.0), 0.5 * m, 0.5 * ncp * r2);
  }
};

// The likelihood has one maximum.
double mode(const Likelihood& f) {
  const auto close = [](double lo, double hi) { return hi - lo <= 1e-9; };
  return golden_section([&](double rho2) { return -f.log_at(rho2); }, 0.0, 1.0 - 1e-12, 80, close);
}

// Where the log-likelihood has fallen by 80 from `peak`, between `centre` and `end`.
double edge(const Likelihood& f, double centre, double end, double peak) {
  double inside = centre, outside = end;
  if (f.log_at(end) > peak - 80.0) return end;
  for (int i = 0; i < 60 && std::fabs(outside - inside) > 1e-3 * std::fabs(outside - centre); ++i) {
    const double mid = 0.5 * (inside + outside);
    (f.log_at(mid) > peak - 80.0 ? inside : outside) = mid;
  }
  return outside;
}

struct Moments {
  double w = 0.0, m1 = 0.0, m2 = 0.0;
};

// Moments about `centre`, in panels between a and b.
void add_moments(Moments& out, const Likelihood& f, double a, double b, double centre,
                 double peak) {
  using Rule = boost::math::quadrature::gauss<double, 30>;
  const int panels = 8;
  const double width = (b - a) / panels;
  for (int p = 0; p < panels && width > 0.0; ++p) {
    const double mid = a + (p + 0.5) * width;
    for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
      for (const double sign : {-1.0, 1.0}) {
        const double x = mid + sign * 0.5 * width * Rule::abscissa()[i], d = x - centre;
        const double w = 0.5 * width * Rule::weights()[i] * std::exp(f.log_at(x) - peak);
        out.w += w;
        out.m1 += w * d;
        out.m2 += w * d * d;
      }
    }
  }
}

// R^2 as given, else from F, else from its p-value.
Vec determinations(const StudyColumns& x) {
  require_share(x["r2i"], "r2i");
  require_not_negative(x["fi"], "fi");
  require_share(x["pi"], "pi");
  const VecRef r2 = x["r2i"], f = x["fi"], p = x["pi"], m = x["mi"], n = x["ni"];
  Vec out(x.size());
  for (Index i = 0; i < x.size(); ++i) {
    out(i) = at(r2, i);
    const double df = n(i) - m(i) - 1.0;
    if (!std::isnan(out(i))) continue;
    double F = at(f, i);
    if (std::isnan(F) && at(p, i) > 0.0 && df > 0.0) {
      const boost::math::fisher_f dist(m(i), df);
      F = boost::math::quantile(boost::math::complement(dist, p(i)));
    }
    out(i) = m(i) * F / (m(i) * F + df);
  }
  require_share(out, x.has("fi") ? "fi" : "r2i");
  return out;
}

// Kendall & Stuart: 27.88 for large samples (LS, AV), 27.87 (LS2, AV2).
double random_variance(double r2, double m, double n, VarType type) {
  const double v = 4.0 * r2 * sq(1.0 - r2);
  if (type == VarType::LS || type == VarType::AV) return v / n;
  if (type != VarType::LS2 && type != VarType::AV2) unknown_vtype();
  return v * sq(n - m - 1.0) / ((n * n - 1.0) * (n + 3.0));
}

double z_of(double r2) { return std::atanh(std::sqrt(r2)); }

struct Data {
  Vec r2;
  VecRef m, n;
};

Data checked_data(const StudyColumns& x, const EffectSpec& spec) {
  require_at_least_one(x["mi"], "mi");
  require_positive(x["ni"], "ni");
  check_vtype(spec, x.size());
  return {determinations(x), x["mi"], x["ni"]};
}

Effects raw_random(const StudyColumns& x, const EffectSpec& spec) {
  const Data g = checked_data(x, spec);
  StudyMean mean;
  for (Index i = 0; i < x.size(); ++i) mean.add(g.r2(i), g.n(i));
  const auto row = [&](Index i) -> Estimate {
    const VarType type = vtype_at(spec, i);
    const bool average = type == VarType::AV || type == VarType::AV2;
    return {g.r2(i), random_variance(average ? mean.value() : g.r2(i), g.m(i), g.n(i), type)};
  };
  return each_study(x.size(), row, [&](Index i) { return g.n(i); });
}

Effects z_random(const StudyColumns& x, const EffectSpec& spec) {
  const Data g = checked_data(x, spec);
  return each_study(
      x.size(),
      [&](Index i) -> Estimate {
        return {z_of(g.r2(i)), 1.0 / g.n(i)};
      },
      [&](Index i) { return g.n(i); });
}

// LS of the z transformation is metafor's: v(R^2) / (1 - R^4)^2, the delta method for atanh(R^2). The estimate is
// atanh(R), whose slope in R^2 is 1 / (2 R (1 - R^2)): LS2.
double z_slope2(double r2, VarType type) {
  if (type == VarType::LS) return 1.0 / sq(1.0 - r2 * r2);
  if (type != VarType::LS2) unknown_vtype();
  return 1.0 / (4.0 * r2 * sq(1.0 - r2));
}

template <bool z>
Effects fixed(const StudyColumns& x, const EffectSpec& spec) {
  const Data g = checked_data(x, spec);
  const auto row = [&](Index i) -> Estimate {
    const double v = fixed_predictors_variance(g.r2(i), g.m(i), g.n(i));
    return z ? Estimate{z_of(g.r2(i)), v * z_slope2(g.r2(i), vtype_at(spec, i))}
             : Estimate{g.r2(i), v};
  };
  return each_study(x.size(), row, [&](Index i) { return g.n(i); });
}

}  // namespace

double fixed_predictors_variance(double r2, double m, double n) {
  if (!(r2 >= 0.0 && r2 < 1.0 && n - m - 1.0 > 0.0)) return kNaN;
  const Likelihood f{r2, m, n};
  const double centre = mode(f), peak = f.log_at(centre);
  Moments sums;
  add_moments(sums, f, edge(f, centre, 0.0, peak), centre, centre, peak);
  add_moments(sums, f, centre, edge(f, centre, 1.0 - 1e-12, peak), centre, peak);
  return sums.m2 / sums.w - sq(sums.m1 / sums.w);
}

std::vector<EffectEntry> rsquared_entries() {
  return {{"R2", &raw_random}, {"ZR2", &z_random}, {"R2F", &fixed<false>}, {"ZR2F", &fixed<true>}};
}

}  // namespace metaparity
