#include "core/effect/effect_correlation.hpp"

#include <cmath>

#include "core/effect/unbiased_r.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

// t of a two-sided p that carries the sign of the effect.
double t_of_p(double p, double df) {
  if (!(df > 0.0) || !(std::fabs(p) <= 1.0) || p == 0.0) return kNaN;
  return std::copysign(t_quantile(std::fabs(p) / 2.0, df), p);
}

double r_of_t(double t, double df) { return df > 0.0 ? t / std::sqrt(t * t + df) : kNaN; }

// ri as given, else from ti, else from pi, by `r_from`(row, t).
template <class Df, class From>
Vec known_correlations(const StudyColumns& x, Df&& df, From&& r_from) {
  require_correlation(x["ri"], "ri");
  require_finite(x["ti"], "ti");
  require_p_value(x["pi"], "pi");
  const VecRef ri = x["ri"], ti = x["ti"], pi = x["pi"];
  Vec out(x.size());
  for (Index i = 0; i < x.size(); ++i) {
    const double t = std::isnan(at(ti, i)) ? t_of_p(at(pi, i), df(i)) : at(ti, i);
    out(i) = std::isnan(at(ri, i)) ? r_from(i, t) : at(ri, i);
  }
  return out;
}

Vec correlations(const StudyColumns& x) {
  const VecRef n = x["ni"];
  const auto df = [&](Index i) { return n(i) - 2.0; };
  return known_correlations(x, df, [&](Index i, double t) { return r_of_t(t, n(i) - 2.0); });
}

double average(const Vec& y, const VecRef& n) {
  StudyMean mean;
  for (Index i = 0; i < y.size(); ++i) mean.add(y(i), n(i));
  return mean.value();
}

// Undefined for three subjects or fewer, whatever the formula.
double large_enough(double n, double v) { return n > 3.0 ? v : kNaN; }

double raw_variance(double r, double n, double average_r, VarType type) {
  switch (type) {
    case VarType::LS:
      return sq(1.0 - r * r) / (n - 1.0);
    case VarType::AV:
      return sq(1.0 - average_r * average_r) / (n - 1.0);
    case VarType::H0:
    case VarType::H0a:
      return (1.0 - r * r) / (n - 2.0);
    case VarType::H0b:
      return 1.0 / n;
    default:
      unknown_vtype();
  }
}

Effects raw(const StudyColumns& x, const EffectSpec& spec) {
  const Vec r = correlations(x);
  const VecRef n = x["ni"];
  const double mean = average(r, n);
  return each_study(
      x.size(),
      [&](Index i) -> Estimate {
        return {r(i), large_enough(n(i), raw_variance(r(i), n(i), mean, vtype_at(spec, i)))};
      },
      [&](Index i) { return n(i); });
}

double unbiased_variance(double r, double g, double n, double average_g, VarType type) {
  if (type == VarType::UB) return unbiased_r_variance(r, n);
  if (type == VarType::AV) return sq(1.0 - average_g * average_g) / (n - 1.0);
  if (type != VarType::LS) unknown_vtype();
  return sq(1.0 - g * g) / (n - 1.0);
}

Effects unbiased(const StudyColumns& x, const EffectSpec& spec) {
  const Vec r = correlations(x);
  const VecRef n = x["ni"];
  Vec g(r.size());
  for (Index i = 0; i < r.size(); ++i) g(i) = unbiased_r(r(i), n(i));
  const double mean = average(g, n);
  return each_study(
      x.size(),
      [&](Index i) -> Estimate {
        const double v = unbiased_variance(r(i), g(i), n(i), mean, vtype_at(spec, i));
        return {g(i), large_enough(n(i), v)};
      },
      [&](Index i) { return n(i); });
}

Effects z_transformed(const StudyColumns& x, const EffectSpec& spec) {
  if (any_vtype(spec, VarType::UB)) unknown_vtype();
  const Vec r = correlations(x);
  const VecRef n = x["ni"];
  return each_study(
      x.size(),
      [&](Index i) -> Estimate {
        return {std::atanh(r(i)), large_enough(n(i), 1.0 / (n(i) - 3.0))};
      },
      [&](Index i) { return n(i); });
}

// A coefficient of a regression with m predictors: its df and (semi-)partial correlation.
struct Regression {
  VecRef n, m, r2;
  double df(Index i) const { return n(i) - m(i) - 1.0; }
};

Regression regression(const StudyColumns& x) {
  require_at_least_one(x["mi"], "mi");
  require_share(x["r2i"], "r2i");
  const Regression out{x["ni"], x["mi"], x["r2i"]};
  Vec df(x.size());
  for (Index i = 0; i < x.size(); ++i) df(i) = out.df(i);
  require_at_least_one(df, "mi");
  return out;
}

// Aloe & Thompson (2013): R^2 of the full model, less r^2 without the focal predictor.
double semi_partial_variance(double r, double full, double n) {
  const double reduced = full - r * r;
  return (full * full - 2.0 * full + reduced + 1.0 - reduced * reduced) / n;
}

enum class Coefficient { Partial, SemiPartial };

template <Coefficient kind>
Vec coefficients(const StudyColumns& x, const Regression& g) {
  return known_correlations(
      x, [&](Index i) { return g.df(i); },
      [&](Index i, double t) {
        if (kind == Coefficient::Partial) return r_of_t(t, g.df(i));
        return g.df(i) > 0.0 ? t * std::sqrt((1.0 - g.r2(i)) / g.df(i)) : kNaN;
      });
}

template <Coefficient kind>
double coefficient_variance(const Regression& g, Index i, double r) {
  if (!(g.df(i) > 0.0)) return kNaN;
  if (kind == Coefficient::Partial) return sq(1.0 - r * r) / (g.n(i) - g.m(i));
  return semi_partial_variance(r, g.r2(i), g.n(i));
}

// The correlation in the variance is the study's own (LS) or the average (AV).
double own_or_average(double own, double mean, VarType type) {
  if (type != VarType::LS && type != VarType::AV) unknown_vtype();
  return type == VarType::AV ? mean : own;
}

template <Coefficient kind, bool z>
Effects coefficient(const StudyColumns& x, const EffectSpec& spec) {
  const Regression g = regression(x);
  const Vec r = coefficients<kind>(x, g);
  require_correlation(r, "ti");
  const double mean = average(r, g.n);
  const auto row = [&](Index i) -> Estimate {
    if (z && kind == Coefficient::Partial) {
      const double df = g.df(i) - 1.0;
      return {std::atanh(r(i)), df > 0.0 ? 1.0 / df : kNaN};
    }
    const double v =
        coefficient_variance<kind>(g, i, own_or_average(r(i), mean, vtype_at(spec, i)));
    return z ? Estimate{std::atanh(r(i)), v / sq(1.0 - r(i) * r(i))} : Estimate{r(i), v};
  };
  return each_study(x.size(), row, [&](Index i) { return g.n(i); });
}

template <Effects (*compute)(const StudyColumns&, const EffectSpec&)>
Effects checked(const StudyColumns& x, const EffectSpec& spec) {
  require_positive(x["ni"], "ni");
  check_vtype(spec, x.size());
  return compute(x, spec);
}

}  // namespace

std::vector<EffectEntry> correlation_entries() {
  return {{"COR", &checked<raw>},
          {"UCOR", &checked<unbiased>},
          {"ZCOR", &checked<z_transformed>},
          {"PCOR", &checked<coefficient<Coefficient::Partial, false>>},
          {"ZPCOR", &checked<coefficient<Coefficient::Partial, true>>},
          {"SPCOR", &checked<coefficient<Coefficient::SemiPartial, false>>},
          {"ZSPCOR", &checked<coefficient<Coefficient::SemiPartial, true>>}};
}

}  // namespace metaparity
