#include "core/bias/audit_rows.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace metaparity {

namespace {

struct Range {
  double lo = kNaN, hi = kNaN;
};

Range around(double value, double half) {
  const double h = std::isnan(half) ? 0.0 : half;
  return {value - h, value + h};
}

struct EffectBox {
  Range est, lb, ub;
};

// Estimate and standard error that vary independently of each other.
EffectBox independent(const Range& est, const Range& se, double z) {
  return {est, {est.lo - z * se.hi, est.hi - z * se.lo}, {est.lo + z * se.lo, est.hi + z * se.hi}};
}

// A standard error that is a function of the estimate: the ends of the limits are looked for over a grid of it.
template <class Se>
EffectBox dependent(const Range& est, Se se, double z) {
  constexpr int kSteps = 8;
  EffectBox out{est, {kInf, -kInf}, {kInf, -kInf}};
  for (int i = 0; i <= kSteps; ++i) {
    const double x = est.lo + (est.hi - est.lo) * i / kSteps;
    const double margin = z * se(x);
    out.lb = {std::min(out.lb.lo, x - margin), std::max(out.lb.hi, x - margin)};
    out.ub = {std::min(out.ub.lo, x + margin), std::max(out.ub.hi, x + margin)};
  }
  return out;
}

struct Table {
  double a, b, c, d;
  double n1() const { return a + b; }
  double n2() const { return c + d; }
};

Table corrected(const Table& t, AuditZero zero) {
  const bool any_zero = t.a == 0.0 || t.b == 0.0 || t.c == 0.0 || t.d == 0.0;
  double add1 = 0.0, add2 = 0.0;
  switch (zero) {
    case AuditZero::None:
      break;
    case AuditZero::All:
      add1 = add2 = 0.5;
      break;
    case AuditZero::Only0:
      if (any_zero) add1 = add2 = 0.5;
      break;
    case AuditZero::ArmSize:
      if (any_zero) {
        add1 = t.n1() / (t.n1() + t.n2());
        add2 = 1.0 - add1;
      }
      break;
  }
  return {t.a + add1, t.b + add1, t.c + add2, t.d + add2};
}

EffectBox exact(double est, double variance, double z) {
  const double margin = z * std::sqrt(variance);
  if (!std::isfinite(est) || !std::isfinite(margin)) return {};
  return {{est, est}, {est - margin, est - margin}, {est + margin, est + margin}};
}

EffectBox peto(const Table& t, double z) {
  const double n = t.n1() + t.n2(), events = t.a + t.c;
  const double v = t.n1() * t.n2() * events * (n - events) / (n * n * (n - 1.0));
  return exact((t.a - t.n1() * events / n) / v, 1.0 / v, z);
}

// The shares of the arms that the variance is taken at: a study's own, one for both arms, the studies' averages.
struct Shares {
  double p1, p2;
  double lost = 0.0;  // degrees of freedom
};

enum class TableEffect { OR, RR, RD };

double table_variance(const Table& t, TableEffect effect, const Shares& at) {
  const double n1 = t.n1() - at.lost, n2 = t.n2() - at.lost, q1 = 1.0 - at.p1, q2 = 1.0 - at.p2;
  switch (effect) {
    case TableEffect::OR:
      return 1.0 / (n1 * at.p1 * q1) + 1.0 / (n2 * at.p2 * q2);
    case TableEffect::RR:
      return q1 / (n1 * at.p1) + q2 / (n2 * at.p2);
    case TableEffect::RD:
      return at.p1 * q1 / n1 + at.p2 * q2 / n2;
  }
  return kNaN;
}

bool is_one_of(AuditMeasure m, std::initializer_list<AuditMeasure> some) {
  return std::find(some.begin(), some.end(), m) != some.end();
}

TableEffect table_effect_of(AuditMeasure m) {
  if (is_one_of(m, {AuditMeasure::OR, AuditMeasure::ORAverage, AuditMeasure::ORNull}))
    return TableEffect::OR;
  const bool ratio =
      is_one_of(m, {AuditMeasure::RR, AuditMeasure::RRAverage, AuditMeasure::RRNull});
  return ratio ? TableEffect::RR : TableEffect::RD;
}

Shares shares_at(const Table& t, AuditMeasure m, const Shares& average) {
  if (is_one_of(m, {AuditMeasure::ORAverage, AuditMeasure::RRAverage, AuditMeasure::RDAverage}))
    return average;
  if (is_one_of(m, {AuditMeasure::ORNull, AuditMeasure::RRNull, AuditMeasure::RDNull})) {
    const double p = (t.a + t.c) / (t.n1() + t.n2());
    return {p, p};
  }
  return {t.a / t.n1(), t.c / t.n2(), m == AuditMeasure::RDUnbiased ? 1.0 : 0.0};
}

// The risk difference is that of the counts; its variance that of the corrected cells (RevMan). Where all have events
// the risk ratio is 1.
EffectBox table_effect(const Table& raw, AuditMeasure measure, AuditZero zero,
                       const Shares& average, double z) {
  if (!(raw.a >= 0.0 && raw.b >= 0.0 && raw.c >= 0.0 && raw.d >= 0.0 && raw.n1() > 0.0 &&
        raw.n2() > 0.0))
    return {};
  if (measure == AuditMeasure::Peto) return peto(raw, z);
  const Table t = corrected(raw, zero);
  const TableEffect effect = table_effect_of(measure);
  const double variance = table_variance(t, effect, shares_at(t, measure, average));
  const bool none = raw.a == 0.0 && raw.c == 0.0, all = raw.b == 0.0 && raw.d == 0.0;
  switch (effect) {
    case TableEffect::OR:
      if (none || all) return {};
      return exact(std::log(t.a * t.d / (t.b * t.c)), variance, z);
    case TableEffect::RR:
      if (none) return {};
      return exact(all && zero == AuditZero::Only0 ? 0.0 : std::log(t.a / t.n1() / (t.c / t.n2())),
                   variance, z);
    case TableEffect::RD:
      return exact(raw.a / raw.n1() - raw.c / raw.n2(), variance, z);
  }
  return {};
}

struct Means {
  Range m1, s1, m2, s2;
  double n1, n2;
  Range average{};  // of the studies' standardised differences
};

// Bias of the standardised difference with m degrees of freedom (Hedges 1981).
double exact_j(double m) {
  return std::exp(std::lgamma(m / 2.0) - std::lgamma((m - 1.0) / 2.0) - 0.5 * std::log(m / 2.0));
}

Range quotient(const Range& difference, const Range& sd, double factor) {
  const double ends[4] = {difference.lo / sd.lo, difference.lo / sd.hi, difference.hi / sd.lo,
                          difference.hi / sd.hi};
  return {factor * *std::min_element(ends, ends + 4), factor * *std::max_element(ends, ends + 4)};
}

// Standardised difference over its correction for bias: est = factor d, variance = base + square(g) / (2 size).
struct SmdRule {
  double factor, size;
  double scale = 1.0;  // of the standard error of est / scale
};

SmdRule smd_rule(const Means& x, AuditMeasure measure) {
  const double total = x.n1 + x.n2, m = total - 2.0, j = exact_j(m);
  const double approximate = 1.0 - 3.0 / (4.0 * total - 9.0);
  switch (measure) {
    case AuditMeasure::SMDRevman:
      return {approximate, total - 3.94};
    case AuditMeasure::SMDHedges:
      return {j, total};
    case AuditMeasure::SMDStata:
      return {j, total - 3.94};
    case AuditMeasure::SMDApproximate:
      return {approximate, total};
    case AuditMeasure::SMDBorenstein:
      return {j, total, j};
    case AuditMeasure::SMDUnbiased:
      return {j, 0.5 / (1.0 - (m - 2.0) / (m * j * j))};
    case AuditMeasure::SMDPlain:
      return {1.0, total};
    case AuditMeasure::SMDGlass:
      return {1.0, x.n2 - 1.0};
    case AuditMeasure::SMDGlassG:
      return {exact_j(x.n2 - 1.0), x.n2};
    default:
      return {1.0, m};
  }
}

EffectBox standardised(const Means& x, const Range& difference, const Range& pooled,
                       AuditMeasure measure, double z) {
  const bool glass = measure == AuditMeasure::SMDGlass || measure == AuditMeasure::SMDGlassG;
  const SmdRule rule = smd_rule(x, measure);
  if (!(rule.factor > 0.0 && rule.size > 0.0)) return {};
  const double base = (x.n1 + x.n2) / (x.n1 * x.n2);
  const auto se = [&](double g) {
    const double d = g / rule.scale;
    return rule.scale * std::sqrt(base + d * d / (2.0 * rule.size));
  };
  return dependent(quotient(difference, glass ? x.s2 : pooled, rule.factor), se, z);
}

double square(double s) { return std::max(s, 0.0) * std::max(s, 0.0); }

// Variances that do not grow with the difference itself: at the studies' average, or at none (Hedges' J, m degrees of
// freedom: J^2 m / (m - 2)).
EffectBox common_variance(const Means& x, const Range& difference, const Range& pooled,
                          AuditMeasure measure, double z) {
  const double total = x.n1 + x.n2, m = total - 2.0, j = exact_j(m), base = total / (x.n1 * x.n2);
  const Range est = quotient(difference, pooled, j);
  if (measure == AuditMeasure::SMDNull) {
    const double se = std::sqrt(base * j * j * m / (m - 2.0));
    return independent(est, {se, se}, z);
  }
  const double ends[2] = {std::fabs(x.average.lo), std::fabs(x.average.hi)};
  const bool spans = x.average.lo < 0.0 && x.average.hi > 0.0;
  const auto se = [&](double g) { return std::sqrt(base + g * g / (2.0 * total)); };
  return independent(
      est, {se(spans ? 0.0 : std::min(ends[0], ends[1])), se(std::max(ends[0], ends[1]))}, z);
}

// Unequal variances. Bonett (2009) eq. 10-12 over the root mean square of the SDs; Bonett (2008) eq. 10 over that of
// the second arm.
EffectBox unequal_variance(const Means& x, const Range& difference, AuditMeasure measure,
                           double z) {
  const double m1 = x.n1 - 1.0, m2 = x.n2 - 1.0;
  if (measure == AuditMeasure::SMDGlassUnequal) {
    const double ratio = square(x.s1.lo + x.s1.hi) / square(x.s2.lo + x.s2.hi);
    const auto se = [&](double g) { return std::sqrt(ratio / m1 + 1.0 / m2 + g * g / (2.0 * m2)); };
    return dependent(quotient(difference, x.s2, exact_j(m2)), se, z);
  }
  const auto rms = [](double s1, double s2) { return std::sqrt((square(s1) + square(s2)) / 2.0); };
  const double v1 = square(x.s1.lo + x.s1.hi) / 4.0, v2 = square(x.s2.lo + x.s2.hi) / 4.0;
  const double s2 = (v1 + v2) / 2.0, base = (v1 / m1 + v2 / m2) / s2,
               slope = (v1 * v1 / m1 + v2 * v2 / m2) / (8.0 * s2 * s2);
  const auto se = [&](double g) { return std::sqrt(g * g * slope + base); };
  return dependent(
      quotient(difference, {rms(x.s1.lo, x.s2.lo), rms(x.s1.hi, x.s2.hi)}, exact_j(m1 + m2)), se,
      z);
}

EffectBox means_effect(const Means& x, AuditMeasure measure, double z) {
  if (!(x.n1 > 1.0 && x.n2 > 1.0 && x.s1.hi > 0.0 && x.s2.hi > 0.0)) return {};
  const Range difference{x.m1.lo - x.m2.hi, x.m1.hi - x.m2.lo};
  const auto pooled = [&](double s1, double s2) {
    return std::sqrt(((x.n1 - 1.0) * square(s1) + (x.n2 - 1.0) * square(s2)) / (x.n1 + x.n2 - 2.0));
  };
  const Range sd{pooled(x.s1.lo, x.s2.lo), pooled(x.s1.hi, x.s2.hi)};
  if (measure == AuditMeasure::MDPooled) {
    const double root = std::sqrt(1.0 / x.n1 + 1.0 / x.n2);
    return independent(difference, {sd.lo * root, sd.hi * root}, z);
  }
  if (measure == AuditMeasure::MD) {
    const auto se = [&](double s1, double s2) {
      return std::sqrt(square(s1) / x.n1 + square(s2) / x.n2);
    };
    return independent(difference, {se(x.s1.lo, x.s2.lo), se(x.s1.hi, x.s2.hi)}, z);
  }
  if (!(sd.lo > 0.0 && x.s2.lo > 0.0) || x.n1 + x.n2 <= 4.0) return {};
  if (is_one_of(measure, {AuditMeasure::SMDAverage, AuditMeasure::SMDNull}))
    return common_variance(x, difference, sd, measure, z);
  if (is_one_of(measure, {AuditMeasure::SMDUnequal, AuditMeasure::SMDGlassUnequal}))
    return x.n2 > 2.0 ? unequal_variance(x, difference, measure, z) : EffectBox{};
  return standardised(x, difference, sd, measure, z);
}

bool is_table(AuditMeasure m) {
  return m == AuditMeasure::Peto || m == AuditMeasure::OR || m == AuditMeasure::RR ||
         m == AuditMeasure::RD || (m >= AuditMeasure::ORAverage && m <= AuditMeasure::RDUnbiased);
}

bool is_ratio(AuditMeasure m) {
  return m == AuditMeasure::Log || m == AuditMeasure::Peto ||
         (is_table(m) && table_effect_of(m) != TableEffect::RD);
}

double at_or_nan(const Vec& x, Index i) { return i < x.size() ? x(i) : kNaN; }

EffectBox row_effect(const AuditData& d, Index i, AuditMeasure measure, AuditZero zero, double z) {
  if (is_table(measure)) {
    const Shares average{at_or_nan(d.average1, i), at_or_nan(d.average2, i)};
    return table_effect({d.x1(i), d.n1(i) - d.x1(i), d.x2(i), d.n2(i) - d.x2(i)}, measure, zero,
                        average, z);
  }
  const Range first = around(d.x1(i), d.x1_half(i)), spread = around(d.sd1(i), d.sd1_half(i));
  if (measure == AuditMeasure::Log || measure == AuditMeasure::Linear) {
    if (!(spread.hi > 0.0)) return {};
    return independent(first, {std::max(spread.lo, 0.0), spread.hi}, z);
  }
  const Means means{first,
                    spread,
                    around(d.x2(i), d.x2_half(i)),
                    around(d.sd2(i), d.sd2_half(i)),
                    d.n1(i),
                    d.n2(i),
                    around(at_or_nan(d.average1, i), at_or_nan(d.average1_half, i))};
  return means_effect(means, measure, z);
}

}  // namespace

AuditBoxes audit_effects(const AuditData& data, AuditMeasure measure, AuditZero zero,
                         const VecRef& critical) {
  const Index k = data.x1.size();
  AuditBoxes out{Vec(k), Vec(k), Vec(k), Vec(k), Vec(k), Vec(k)};
  const bool ratio = is_ratio(measure);
  for (Index i = 0; i < k; ++i) {
    const EffectBox box = row_effect(data, i, measure, zero, critical(i));
    const auto shown = [&](double x) { return ratio ? std::exp(x) : x; };
    out.est_lo(i) = shown(box.est.lo);
    out.est_hi(i) = shown(box.est.hi);
    out.lb_lo(i) = shown(box.lb.lo);
    out.lb_hi(i) = shown(box.lb.hi);
    out.ub_lo(i) = shown(box.ub.lo);
    out.ub_hi(i) = shown(box.ub.hi);
  }
  return out;
}

// ---- symmetry and misprints ---------------------------------------------------------------------

namespace {

double on_scale(double x, AuditScale scale) {
  switch (scale) {
    case AuditScale::Identity:
      return x;
    case AuditScale::Log:
      return std::log(std::max(x, 0.0));
    case AuditScale::Atanh:
      return std::atanh(std::clamp(x, -1.0, 1.0));
    case AuditScale::Logit:
      return std::log(std::clamp(x, 0.0, 1.0)) - std::log1p(-std::clamp(x, 0.0, 1.0));
    case AuditScale::Arcsine:
      return std::asin(std::sqrt(std::clamp(x, 0.0, 1.0)));
  }
  return kNaN;
}

double half_unit(int decimals) { return 0.5 * std::pow(10.0, -decimals) + 1e-9; }

Range scaled(double value, int decimals, AuditScale scale) {
  const double half = half_unit(decimals);
  return {on_scale(value - half, scale), on_scale(value + half, scale)};
}

// The changes of one printed number by a single slip.
template <class Try>
void each_misprint(double value, int decimals, AuditScale scale, Try attempt) {
  const double unit = std::pow(10.0, -decimals);
  const double size = std::round(std::fabs(value) / unit), sign = std::signbit(value) ? -1.0 : 1.0;
  attempt(Misprint::Sign, -value);
  for (const double factor : {10.0, 0.1, 100.0, 0.01}) attempt(Misprint::Point, value * factor);
  const int digits =
      std::max(decimals + 1, 1 + static_cast<int>(std::floor(std::log10(std::max(size, 1.0)))));
  double place = 1.0;
  for (int i = 0; i < digits && i < 12; ++i, place *= 10.0) {
    const double digit = std::fmod(std::floor(size / place), 10.0);
    const double next = std::fmod(std::floor(size / (10.0 * place)), 10.0);
    if (i + 1 < digits)
      attempt(Misprint::Swap,
              sign * (size + (next - digit) * place - (next - digit) * 10.0 * place) * unit);
    for (double other = 0.0; other < 10.0; ++other) {
      if (other != digit) attempt(Misprint::Digit, sign * (size + (other - digit) * place) * unit);
    }
  }
  if (scale == AuditScale::Log && value > 0.0)
    attempt(Misprint::Reciprocal, std::round(1.0 / value / unit) * unit);
}

// The likeliest kind first; of one kind the change that leaves the number nearest.
Repair best_repair(const PrintedRow& row, double PrintedRow::*field, int decimals,
                   AuditScale scale) {
  Repair best;
  const double printed = row.*field;
  each_misprint(printed, decimals, scale, [&](Misprint kind, double value) {
    if (kind > best.kind || value == printed) return;
    if (kind == best.kind && !(std::fabs(value - printed) < std::fabs(best.value - printed)))
      return;
    PrintedRow changed = row;
    changed.*field = value;
    if (changed.lb <= changed.ub && audit_centred(changed, scale)) best = {kind, value};
  });
  return best;
}

}  // namespace

bool audit_centred(const PrintedRow& row, AuditScale scale) {
  const Range est = scaled(row.est, row.est_decimals, scale);
  const Range lb = scaled(row.lb, row.lb_decimals, scale),
              ub = scaled(row.ub, row.ub_decimals, scale);
  // A NaN, of infinite ends of both signs, decides nothing.
  const double low = lb.lo + ub.lo, high = lb.hi + ub.hi;
  return !(2.0 * est.hi < low) && !(2.0 * est.lo > high);
}

RowRepair audit_repair(const PrintedRow& row, AuditScale scale) {
  return {best_repair(row, &PrintedRow::est, row.est_decimals, scale),
          best_repair(row, &PrintedRow::lb, row.lb_decimals, scale),
          best_repair(row, &PrintedRow::ub, row.ub_decimals, scale)};
}

}  // namespace metaparity
