#include "core/effect/effect_change.hpp"

#include <cmath>

#include "core/effect/effect_variability.hpp"
#include "core/effect/unbiased_r.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

struct Pair {
  double m1, m2, sd1, sd2, n, r;
  double change() const { return m1 - m2; }
  double change_variance() const { return sd1 * sd1 + sd2 * sd2 - 2.0 * r * sd1 * sd2; }
};

struct Choice {
  VarType type;
  SmallSample j;
  bool correct;
};

Estimate mean_change(const Pair& x, const Choice&) {
  return {x.change(), x.change_variance() / x.n};
}

// d sqrt(1 / c) is non-central t with n - 1 df; c is its squared scale, c0 that of UB and H0.
Estimate standardised(double d, double c, double c0, double n, const Choice& how) {
  const double m = n - 1.0, j = small_sample_factor(m, how.j), g = j * d;
  switch (how.type) {
    case VarType::LS:
      return {g, c + g * g / (2.0 * n)};
    case VarType::LS2:
      return {g, j * j * (c + d * d / (2.0 * n))};
    case VarType::UB:
      return {g, c0 + (1.0 - (m - 2.0) / (m * j * j)) * g * g};
    case VarType::H0:
      return {g, m > 2.0 ? c0 * j * j * m / (m - 2.0) : kNaN};
    default:
      unknown_vtype();
  }
}

// Gibbons et al. (1993): by the standard deviation of the change.
Estimate by_change(double d, double n, const Choice& how) {
  return standardised(d, 1.0 / n, 1.0 / n, n, how);
}

// Becker (1988): by that of the first occasion; the correlation without its bias in UB and H0.
Estimate by_first(const Pair& x, const Choice& how) {
  const bool exact = how.type == VarType::UB || how.type == VarType::H0;
  const double c = 2.0 * (1.0 - x.r) / x.n;
  const double c0 = exact ? 2.0 * (1.0 - unbiased_r(x.r, x.n)) / x.n : kNaN;
  return standardised(x.change() / x.sd1, c, c0, x.n, how);
}

// Bonett (2008) eq. 12-13: unequal variances; LS2 has n for n - 1.
double lost_df(VarType type) {
  if (type != VarType::LS && type != VarType::LS2) unknown_vtype();
  return type == VarType::LS ? 1.0 : 0.0;
}

Estimate by_first_unequal(const Pair& x, const Choice& how) {
  const double g = small_sample_factor(x.n - 1.0, how.j) * x.change() / x.sd1;
  const double m = x.n - lost_df(how.type);
  return {g, x.change_variance() / (sq(x.sd1) * m) + g * g / (2.0 * m)};
}

// By the root mean square of both standard deviations, with 2 (n - 1) / (1 + r^2) df (Cousineau 2020).
struct RootMeanSquare {
  double s2, g;
};
RootMeanSquare root_mean_square(const Pair& x, const Choice& how) {
  const double s2 = 0.5 * (sq(x.sd1) + sq(x.sd2)), df = 2.0 * (x.n - 1.0) / (1.0 + x.r * x.r);
  return {s2, small_sample_factor(df, how.j) * x.change() / std::sqrt(s2)};
}

Estimate by_pooled(const Pair& x, const Choice& how) {
  if (how.type != VarType::LS) unknown_vtype();
  const double g = root_mean_square(x, how).g;
  return {g, 2.0 * (1.0 - x.r) / x.n + g * g * (1.0 + x.r * x.r) / (4.0 * x.n)};
}

Estimate by_pooled_unequal(const Pair& x, const Choice& how) {
  const auto [s2, g] = root_mean_square(x, how);
  const double m = x.n - lost_df(how.type), v1 = sq(x.sd1), v2 = sq(x.sd2);
  const double spread = v1 * v1 + v2 * v2 + 2.0 * x.r * x.r * v1 * v2;
  return {g, g * g * spread / (8.0 * s2 * s2 * m) + x.change_variance() / (s2 * m)};
}

bool second_order(VarType type) { return lost_df(type) == 0.0; }

// c1, c2: coefficients of variation. Lajeunesse (2011); second order by the Taylor expansion.
Estimate ratio_of_means(const Pair& x, const Choice& how) {
  const double c1 = x.sd1 / x.m1, c2 = x.sd2 / x.m2, bias = (c1 * c1 - c2 * c2) / (2.0 * x.n);
  double v = (c1 * c1 + c2 * c2 - 2.0 * x.r * c1 * c2) / x.n;
  if (second_order(how.type)) {
    v += (sq(c1 * c1) + sq(c2 * c2) - 2.0 * sq(x.r * c1 * c2)) / (2.0 * x.n * x.n);
  }
  return {std::log(x.m1 / x.m2) + (how.correct ? bias : 0.0), v};
}

// Senior et al. (2020) eq. 21; the biases of both logarithms cancel.
Estimate variability_ratio(const Pair& x, const Choice& how) {
  const double m = x.n - 1.0, r2 = x.r * x.r;
  const double second = second_order(how.type) ? (1.0 - r2 * r2) / (m * m) : 0.0;
  return {std::log(x.sd1 / x.sd2), (1.0 - r2) / m + second};
}

// Eq. 23.
Estimate cv_ratio(const Pair& x, const Choice& how) {
  const Estimate sd = variability_ratio(x, how), mean = ratio_of_means(x, how);
  return {sd.yi - mean.yi, sd.vi + mean.vi};
}

struct PairColumns {
  VecRef m1, m2, sd1, sd2, n, r;
  Pair row(Index i) const { return {at(m1, i), at(m2, i), at(sd1, i), at(sd2, i), n(i), at(r, i)}; }
};

PairColumns checked_pairs(const StudyColumns& x, const EffectSpec& spec) {
  require_at_least_one(x["ni"], "ni");
  require_finite(x["m1i"], "m1i");
  require_finite(x["m2i"], "m2i");
  require_not_negative(x["sd1i"], "sd1i");
  require_not_negative(x["sd2i"], "sd2i");
  require_correlation(x["ri"], "ri");
  check_vtype(spec, x.size());
  return {x["m1i"], x["m2i"], x["sd1i"], x["sd2i"], x["ni"], x["ri"]};
}

Effects finish(Effects out, const PairColumns& x) {
  note_small_group(out, x.n, "ni");
  note_zero_sd(out, x.sd1, "sd1i");
  return out;
}

template <Estimate (*formula)(const Pair&, const Choice&)>
Effects change(const StudyColumns& x, const EffectSpec& spec) {
  const PairColumns pairs = checked_pairs(x, spec);
  const auto row = [&](Index i) {
    return formula(pairs.row(i), {vtype_at(spec, i), spec.j, spec.correct});
  };
  return finish(each_study(x.size(), row, [&](Index i) { return pairs.n(i); }), pairs);
}

Effects pomp_change(const StudyColumns& x, const EffectSpec& spec) {
  Effects out = change<mean_change>(x, spec);
  const VecRef low = x["mini"], high = x["maxi"];
  for (Index i = 0; i < x.size(); ++i) {
    const double by = 100.0 / (high(i) - low(i));
    store(out, i, {out.yi(i) * by, out.vi(i) * by * by});
  }
  return out;
}

// The standardised change from di, else from the paired t test, else from its signed p-value.
double given_change(const StudyColumns& x, Index i) {
  if (!std::isnan(at(x["di"], i))) return at(x["di"], i);
  const double n = x["ni"](i), p = at(x["pi"], i);
  double t = at(x["ti"], i);
  if (std::isnan(t) && std::fabs(p) <= 1.0 && p != 0.0 && n > 1.0) {
    t = std::copysign(t_quantile(std::fabs(p) / 2.0, n - 1.0), p);
  }
  return t / std::sqrt(n);
}

Effects standardised_change(const StudyColumns& x, const EffectSpec& spec) {
  const PairColumns pairs = checked_pairs(x, spec);
  require_finite(x["di"], "di");
  require_finite(x["ti"], "ti");
  require_p_value(x["pi"], "pi");
  const bool given = x.has("di") || x.has("ti") || x.has("pi");
  const auto row = [&](Index i) {
    const Pair p = pairs.row(i);
    double d = given ? given_change(x, i) : kNaN;
    if (std::isnan(d)) d = p.change() / std::sqrt(p.change_variance());
    return by_change(d, p.n, {vtype_at(spec, i), spec.j, spec.correct});
  };
  return finish(each_study(x.size(), row, [&](Index i) { return pairs.n(i); }), pairs);
}

}  // namespace

std::vector<EffectEntry> change_entries() {
  return {{"MC", &change<mean_change>},           {"POMPMC", &pomp_change},
          {"SMCC", &standardised_change},         {"SMCR", &change<by_first>},
          {"SMCRH", &change<by_first_unequal>},   {"SMCRP", &change<by_pooled>},
          {"SMCRPH", &change<by_pooled_unequal>}, {"ROMC", &change<ratio_of_means>},
          {"VRC", &change<variability_ratio>},    {"CVRC", &change<cv_ratio>}};
}

}  // namespace metaparity
