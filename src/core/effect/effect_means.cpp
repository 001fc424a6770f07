#include "core/effect/effect_means.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

struct Groups {
  double n1, n2, m1, m2, sd1, sd2;
  double df() const { return n1 + n2 - 2.0; }
  double pooled_variance() const {
    return df() > 0.0 ? ((n1 - 1.0) * sd1 * sd1 + (n2 - 1.0) * sd2 * sd2) / df() : kNaN;
  }
};

// Means over the studies that the AV variances use, each weighted by its sample size.
struct Averages {
  double g = kNaN, cv1 = kNaN, cv2 = kNaN, cv = kNaN;
};

Groups groups_at(const TwoMeans& x, Index i) {
  return {x.n1i(i), x.n2i(i), at(x.m1i, i), at(x.m2i, i), at(x.sd1i, i), at(x.sd2i, i)};
}

// v1/n1 + v2/n2, with s^2 of each group or the pooled s^2 in both.
double mean_variance(const Groups& x, bool pooled) {
  const double v1 = pooled ? x.pooled_variance() : sq(x.sd1);
  const double v2 = pooled ? v1 : sq(x.sd2);
  return v1 / x.n1 + v2 / x.n2;
}

Estimate mean_difference(const Groups& x, VarType type) {
  return {x.m1 - x.m2, mean_variance(x, type == VarType::HO)};
}

double standardised(const Groups& x, double given, Standardiser by) {
  if (!std::isnan(given)) return given;
  return (x.m1 - x.m2) / (by == Standardiser::Control ? x.sd2 : std::sqrt(x.pooled_variance()));
}

// A standardised difference and the factor j; n subjects with m degrees of freedom are behind the
// standard deviation.
struct Smd {
  double d, j, n, m;
};

double smd_variance(const Groups& x, const Smd& s, VarType type, double average_g) {
  const double n = s.n, m = s.m, j = s.j, d = s.d, g = j * d;
  const double base = 1.0 / x.n1 + 1.0 / x.n2;
  switch (type) {
    case VarType::LS:
      return base + g * g / (2.0 * n);
    case VarType::LS2:
      return j * j * (base + d * d / (2.0 * n));
    case VarType::LS3:
      return base + g * g / (2.0 * (n - 3.94));
    case VarType::UB:
      return base + std::max(0.0, 1.0 - (m - 2.0) / (m * j * j)) * g * g;
    case VarType::H0:
      return m > 2.0 ? base * j * j * m / (m - 2.0) : kNaN;
    case VarType::AV:
      return base + sq(average_g) / (2.0 * n);
    case VarType::Cohen:
      return base + g * g / (2.0 * (x.n1 + x.n2 - 2.0));
    case VarType::Glass:
      return base + g * g / (2.0 * (x.n2 - 1.0));
    default:
      unknown_vtype();
  }
}

Smd smd_parts(const TwoMeans& data, const Groups& x, Index i, const EffectSpec& spec) {
  const double given = data.d.size() > 0 ? data.d(i) : kNaN;
  const double df = spec.standardiser == Standardiser::Control ? x.n2 - 1.0 : x.df();
  return {standardised(x, given, spec.standardiser), small_sample_factor(df, spec.j), x.n1 + x.n2,
          x.df()};
}

// Glass's delta: standard deviation of the second group alone (Hedges 1981).
Smd second_group_parts(const Groups& x, const EffectSpec& spec) {
  const double m = x.n2 - 1.0;
  return {(x.m1 - x.m2) / x.sd2, small_sample_factor(m, spec.j), x.n2, m};
}

// The same with unequal variances (Bonett 2008 eq. 10).
Estimate second_group_unequal(const Groups& x, const EffectSpec& spec) {
  const Smd s = second_group_parts(x, spec);
  const double g = s.j * s.d, m1 = x.n1 - 1.0;
  return {g, sq(x.sd1 / x.sd2) / m1 + 1.0 / s.m + g * g / (2.0 * s.m)};
}

// Bonett (2009) eq. 10-12: variances unequal, d divides by the root mean square of the SDs.
Estimate smdh(const Groups& x, VarType type, SmallSample form) {
  const double s2 = (sq(x.sd1) + sq(x.sd2)) / 2.0;
  const double g = small_sample_factor(x.df(), form) * (x.m1 - x.m2) / std::sqrt(s2);
  const double lost_d = type == VarType::LS2 ? 0.0 : 1.0;
  const double lost_m = type == VarType::LS ? 1.0 : 0.0;
  if (type != VarType::LS && type != VarType::LS2 && type != VarType::LS3) unknown_vtype();
  const double spread = sq(sq(x.sd1)) / (x.n1 - lost_d) + sq(sq(x.sd2)) / (x.n2 - lost_d);
  const double means = sq(x.sd1) / (x.n1 - lost_m) + sq(x.sd2) / (x.n2 - lost_m);
  return {g, g * g * spread / (8.0 * s2 * s2) + means / s2};
}

// Squared coefficients of variation of the means: c1 = s1^2/(n1 m1^2), and likewise c2.
Estimate ratio_of_means(const Groups& x, VarType type, bool correct, const Averages& av) {
  const double c1 = sq(x.sd1 / x.m1) / x.n1, c2 = sq(x.sd2 / x.m2) / x.n2;
  if (x.m1 / x.m2 < 0.0) return {};
  const double yi = std::log(x.m1 / x.m2) + (correct ? 0.5 * (c1 - c2) : 0.0);
  const double s2 = x.pooled_variance();
  switch (type) {
    case VarType::LS:
      return {yi, c1 + c2};
    case VarType::LS2:
      return {yi, c1 + c2 + 0.5 * (c1 * c1 + c2 * c2)};
    case VarType::HO:
      return {yi, s2 / (x.n1 * sq(x.m1)) + s2 / (x.n2 * sq(x.m2))};
    case VarType::AV:
      return {yi, sq(av.cv1) / x.n1 + sq(av.cv2) / x.n2};
    case VarType::AVHO:
      return {yi, sq(av.cv) * (1.0 / x.n1 + 1.0 / x.n2)};
    default:
      unknown_vtype();
  }
}

Averages averages(const TwoMeans& data, MeansMeasure measure, const EffectSpec& spec) {
  StudyMean g, cv1, cv2, both;
  for (Index i = 0; i < data.size(); ++i) {
    const Groups x = groups_at(data, i);
    if (measure == MeansMeasure::SMD || measure == MeansMeasure::SMD1) {
      const Smd s =
          measure == MeansMeasure::SMD ? smd_parts(data, x, i, spec) : second_group_parts(x, spec);
      g.add(s.j * s.d, x.n1 + x.n2);
    } else {
      const double q1 = x.sd1 / x.m1, q2 = x.sd2 / x.m2;
      cv1.add(q1, x.n1);
      cv2.add(q2, x.n2);
      both.add((x.n1 * q1 + x.n2 * q2) / (x.n1 + x.n2), x.n1 + x.n2);
    }
  }
  return {g.value(), cv1.value(), cv2.value(), both.value()};
}

Estimate means_estimate(const TwoMeans& data, Index i, MeansMeasure measure, const EffectSpec& spec,
                        const Averages& av) {
  const Groups x = groups_at(data, i);
  const VarType type = vtype_at(spec, i);
  switch (measure) {
    case MeansMeasure::MD:
      return mean_difference(x, type);
    case MeansMeasure::SMDH:
      return smdh(x, type, spec.j);
    case MeansMeasure::ROM:
      return ratio_of_means(x, type, spec.correct, av);
    case MeansMeasure::SMD1H:
      return second_group_unequal(x, spec);
    case MeansMeasure::SMD:
    case MeansMeasure::SMD1:
      break;
  }
  const Smd s =
      measure == MeansMeasure::SMD ? smd_parts(data, x, i, spec) : second_group_parts(x, spec);
  return {s.j * s.d, smd_variance(x, s, type, av.g)};
}

void check_means(const TwoMeans& x, MeansMeasure measure, const EffectSpec& spec) {
  require_at_least_one(x.n1i, "n1i");
  require_at_least_one(x.n2i, "n2i");
  require_finite(x.m1i, "m1i");
  require_finite(x.m2i, "m2i");
  require_not_negative(x.sd1i, "sd1i");
  require_not_negative(x.sd2i, "sd2i");
  check_vtype(spec, x.size());
  // The unbiased variance needs the degrees of freedom of the pooled SD.
  if (measure == MeansMeasure::SMD && spec.standardiser == Standardiser::Control &&
      any_vtype(spec, VarType::UB)) {
    unknown_vtype();
  }
  if (measure != MeansMeasure::MD) return;
  for (const VarType v : spec.vtype) {
    if (v != VarType::LS && v != VarType::UB && v != VarType::HO) unknown_vtype();
  }
}

template <class F>
Vec map_df(const VecRef& x, const VecRef& n1, const VecRef& n2, F&& f) {
  Vec out(x.size());
  for (Index i = 0; i < x.size(); ++i) out(i) = f(x(i), n1(i), n2(i));
  return out;
}

}  // namespace

Effects effect_means(const TwoMeans& data, MeansMeasure measure, const EffectSpec& spec) {
  check_means(data, measure, spec);
  const bool average = any_vtype(spec, VarType::AV) || any_vtype(spec, VarType::AVHO);
  const Averages av = average ? averages(data, measure, spec) : Averages{};
  Effects out = make_effects(data.size());
  for (Index i = 0; i < data.size(); ++i) {
    store(out, i, means_estimate(data, i, measure, spec, av));
    out.ni(i) = data.n1i(i) + data.n2i(i);
  }
  note_small_group(out, data.n1i, "n1i");
  note_small_group(out, data.n2i, "n2i");
  note_zero_sd(out, data.sd1i, "sd1i");
  note_zero_sd(out, data.sd2i, "sd2i");
  return out;
}

Effects effect_pomp_difference(const TwoMeans& data, const VecRef& mini, const VecRef& maxi,
                               const EffectSpec& spec) {
  Effects out = effect_means(data, MeansMeasure::MD, spec);
  for (Index i = 0; i < data.size(); ++i) {
    const double by = 100.0 / (maxi(i) - mini(i));
    store(out, i, {out.yi(i) * by, out.vi(i) * by * by});
  }
  return out;
}

Vec given_differences(const StudyColumns& x) {
  require_finite(x["di"], "di");
  require_finite(x["ti"], "ti");
  require_p_value(x["pi"], "pi");
  require_correlation(x["ri"], "ri");
  Vec d = x["di"];
  if (x.has("ti")) d = first_of(d, d_from_t(x["ti"], x["n1i"], x["n2i"]));
  if (x.has("pi")) d = first_of(d, d_from_p(x["pi"], x["n1i"], x["n2i"]));
  if (x.has("ri")) d = first_of(d, d_from_r(x["ri"], x["n1i"], x["n2i"]));
  return d;
}

Vec cohens_d(const StudyColumns& x) {
  const Vec given = given_differences(x);
  const TwoMeans data{x["n1i"], x["n2i"], x["m1i"], x["m2i"], x["sd1i"], x["sd2i"], given};
  check_means(data, MeansMeasure::SMD, EffectSpec{});
  Vec d(data.size());
  for (Index i = 0; i < data.size(); ++i) {
    d(i) = standardised(groups_at(data, i), at(given, i), Standardiser::Pooled);
  }
  return d;
}

Vec d_from_t(const VecRef& t, const VecRef& n1, const VecRef& n2) {
  return map_df(t, n1, n2,
                [](double x, double a, double b) { return x * std::sqrt(1.0 / a + 1.0 / b); });
}

Vec d_from_p(const VecRef& p, const VecRef& n1, const VecRef& n2) {
  return map_df(p, n1, n2, [](double x, double a, double b) {
    if (!(a + b > 2.0) || !(std::fabs(x) <= 1.0) || x == 0.0) return kNaN;
    const double t = -t_quantile(std::fabs(x) / 2.0, a + b - 2.0);
    return std::copysign(t, x) * std::sqrt(1.0 / a + 1.0 / b);
  });
}

// r^2 / (1 - r^2) = d^2 / h with h = m/n1 + m/n2, m = n1 + n2 - 2.
Vec d_from_r(const VecRef& r, const VecRef& n1, const VecRef& n2) {
  return map_df(r, n1, n2, [](double x, double a, double b) {
    return x / std::sqrt(1.0 - x * x) * std::sqrt((a + b - 2.0) * (1.0 / a + 1.0 / b));
  });
}

}  // namespace metaparity
