#include "core/bias/audit_rows.hpp"

#include <algorithm>
#include <cmath>

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

// The risk difference is that of the counts; its variance that of the corrected cells (RevMan).
EffectBox risk_difference(const Table& raw, const Table& t, double z) {
  const double m1 = t.n1(), m2 = t.n2();
  return exact(raw.a / raw.n1() - raw.c / raw.n2(),
               t.a * t.b / (m1 * m1 * m1) + t.c * t.d / (m2 * m2 * m2), z);
}

EffectBox table_effect(const Table& raw, AuditMeasure measure, AuditZero zero, double z) {
  if (!(raw.a >= 0.0 && raw.b >= 0.0 && raw.c >= 0.0 && raw.d >= 0.0 && raw.n1() > 0.0 &&
        raw.n2() > 0.0))
    return {};
  const Table t = corrected(raw, zero);
  if (measure == AuditMeasure::Peto) return peto(raw, z);
  if (measure == AuditMeasure::RD) return risk_difference(raw, t, z);
  const bool none = raw.a == 0.0 && raw.c == 0.0;
  if (measure == AuditMeasure::OR) {
    if (none || (raw.b == 0.0 && raw.d == 0.0)) return {};
    return exact(std::log(t.a * t.d / (t.b * t.c)), 1.0 / t.a + 1.0 / t.b + 1.0 / t.c + 1.0 / t.d,
                 z);
  }
  if (none) return {};
  // All have events: the ratio is 1, its variance that of the corrected cells (RevMan).
  const bool everyone = raw.b == 0.0 && raw.d == 0.0 && zero == AuditZero::Only0;
  return exact(everyone ? 0.0 : std::log(t.a / t.n1() / (t.c / t.n2())),
               1.0 / t.a - 1.0 / t.n1() + 1.0 / t.c - 1.0 / t.n2(), z);
}

struct Means {
  Range m1, s1, m2, s2;
  double n1, n2;
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

EffectBox means_effect(const Means& x, AuditMeasure measure, double z) {
  if (!(x.n1 > 1.0 && x.n2 > 1.0 && x.s1.hi > 0.0 && x.s2.hi > 0.0)) return {};
  const Range difference{x.m1.lo - x.m2.hi, x.m1.hi - x.m2.lo};
  const auto square = [](double s) { return std::max(s, 0.0) * std::max(s, 0.0); };
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
  return standardised(x, difference, sd, measure, z);
}

bool is_table(AuditMeasure m) {
  return m == AuditMeasure::OR || m == AuditMeasure::RR || m == AuditMeasure::RD ||
         m == AuditMeasure::Peto;
}

bool is_ratio(AuditMeasure m) {
  return m == AuditMeasure::OR || m == AuditMeasure::RR || m == AuditMeasure::Peto ||
         m == AuditMeasure::Log;
}

EffectBox row_effect(const AuditData& d, Index i, AuditMeasure measure, AuditZero zero, double z) {
  if (is_table(measure)) {
    return table_effect({d.x1(i), d.n1(i) - d.x1(i), d.x2(i), d.n2(i) - d.x2(i)}, measure, zero, z);
  }
  const Range first = around(d.x1(i), d.x1_half(i)), spread = around(d.sd1(i), d.sd1_half(i));
  if (measure == AuditMeasure::Log || measure == AuditMeasure::Linear) {
    if (!(spread.hi > 0.0)) return {};
    return independent(first, {std::max(spread.lo, 0.0), spread.hi}, z);
  }
  const Means means{first,   spread, around(d.x2(i), d.x2_half(i)), around(d.sd2(i), d.sd2_half(i)),
                    d.n1(i), d.n2(i)};
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
