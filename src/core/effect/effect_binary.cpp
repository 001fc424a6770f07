#include "core/effect/effect_binary.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {

bool Cells::any_missing() const {
  return std::isnan(a) || std::isnan(b) || std::isnan(c) || std::isnan(d);
}

CorrectedCells::CorrectedCells(const TwoByTwo& table, double add, AddTo to, bool drop00, AddHow how)
    : table_(table), add_(add), to_(to), drop00_(drop00), how_(how) {
  if (to != AddTo::If0All) return;
  to_ = AddTo::None;
  for (Index i = 0; i < size() && to_ == AddTo::None; ++i) {
    const Cells x = raw(i);
    if (x.any_zero() && !is_dropped(x)) to_ = AddTo::All;
  }
}

bool CorrectedCells::is_dropped(const Cells& x) const {
  return drop00_ && x.same_column_empty() && !(how_ == AddHow::KeepFull && x.full());
}

Cells CorrectedCells::at(Index i) const {
  Cells x = raw(i);
  if (is_dropped(x)) return {kNaN, kNaN, kNaN, kNaN};
  if (to_ == AddTo::All || (to_ == AddTo::Only0 && x.any_zero())) {
    const double share = how_ == AddHow::Opposite ? 2.0 * x.n1() / x.total() : 1.0;
    const double add1 = share * add_, add2 = (how_ == AddHow::Opposite ? 2.0 - share : 1.0) * add_;
    x.a += add1;
    x.c += add2;
    if (how_ == AddHow::Events) return x;
    x.b += add1;
    x.d += add2;
  }
  return x;
}

// O - E and its hypergeometric variance n1 n2 m1 m2 / (N^2 (N - 1)).
PetoScore peto_score(const Cells& x) {
  const double n1 = x.n1(), n2 = x.n2(), n = x.total();
  const double m1 = x.a + x.c, m2 = x.b + x.d;
  return {x.a - n1 * m1 / n, n1 / n * (n2 / n) * m1 * (m2 / (n - 1.0))};
}

void check_table(const TwoByTwo& table) {
  require_length(table.bi, table.size(), "bi");
  require_length(table.ci, table.size(), "ci");
  require_length(table.di, table.size(), "di");
  require_count(table.ai, "ai");
  require_count(table.bi, "bi");
  require_count(table.ci, "ci");
  require_count(table.di, "di");
}

namespace {

// Risks that the variance is computed from: of the study itself, or averaged over studies (AV).
struct Risks {
  double p1, p2;
};

Risks average_risks(const CorrectedCells& cells) {
  double a = 0.0, n1 = 0.0, c = 0.0, n2 = 0.0;
  for (Index i = 0; i < cells.size(); ++i) {
    const Cells x = cells.at(i);
    if (!std::isnan(x.n1())) {
      a += x.a;
      n1 += x.n1();
    }
    if (!std::isnan(x.n2())) {
      c += x.c;
      n2 += x.n2();
    }
  }
  return {a / n1, c / n2};
}

// Both groups at the risk of all their subjects.
Risks null_risks(const Cells& x) {
  const double p = (x.a + x.c) / x.total();
  return {p, p};
}

Estimate risk_ratio(const Cells& x, const Risks& p) {
  const double n1 = x.n1(), n2 = x.n2();
  return {std::log(x.a * n2 / (x.c * n1)),
          1.0 / (n1 * p.p1) - 1.0 / n1 + 1.0 / (n2 * p.p2) - 1.0 / n2};
}

Estimate odds_ratio(const Cells& x, const Risks& p) {
  return {std::log(x.a * x.d / (x.b * x.c)),
          1.0 / (x.n1() * p.p1 * (1.0 - p.p1)) + 1.0 / (x.n2() * p.p2 * (1.0 - p.p2))};
}

Estimate risk_difference(const Cells& x, const Cells& effect, const Risks& p, double lost) {
  return {effect.a / effect.n1() - effect.c / effect.n2(),
          p.p1 * (1.0 - p.p1) / (x.n1() - lost) + p.p2 * (1.0 - p.p2) / (x.n2() - lost)};
}

Estimate arcsine(const Cells& x) {
  const double n1 = x.n1(), n2 = x.n2();
  return {std::asin(std::sqrt(x.a / n1)) - std::asin(std::sqrt(x.c / n2)), 0.25 / n1 + 0.25 / n2};
}

// Difference of probits; each variance 2 pi p (1 - p) exp(z^2) / n (Sanchez-Meca et al. 2003 eq. 18).
Estimate probit_difference(const Cells& x, const Risks& p) {
  if (!(p.p1 > 0.0 && p.p1 < 1.0 && p.p2 > 0.0 && p.p2 < 1.0)) return {kNaN, kNaN};
  const double z1 = normal_quantile(p.p1), z2 = normal_quantile(p.p2);
  return {z1 - z2, 2.0 * kPi *
                       (p.p1 * (1.0 - p.p1) * std::exp(z1 * z1) / x.n1() +
                        p.p2 * (1.0 - p.p2) * std::exp(z2 * z2) / x.n2())};
}

Estimate scaled(const Estimate& e, double by) { return {e.yi * by, e.vi * by * by}; }

Estimate peto(const Cells& x) {
  const PetoScore s = peto_score(x);
  return {s.o_minus_e / s.v, 1.0 / s.v};
}

Estimate binary_estimate(BinaryMeasure measure, const Cells& x, const Cells& raw, const Risks& p,
                         VarType type) {
  const bool ub = type == VarType::UB;
  switch (measure) {
    case BinaryMeasure::RR:
      return risk_ratio(x, p);
    case BinaryMeasure::OR:
      return odds_ratio(x, p);
    case BinaryMeasure::RD:
      return risk_difference(x, raw, p, ub ? 1.0 : 0.0);
    case BinaryMeasure::PETO:
      return peto(x);
    case BinaryMeasure::AS:
      return arcsine(x);
    case BinaryMeasure::PBIT:
      return probit_difference(x, p);
    case BinaryMeasure::OR2DN:
      return scaled(odds_ratio(x, p), 1.0 / kNormalScale);
    case BinaryMeasure::OR2DL:
      return scaled(odds_ratio(x, p), 1.0 / kLogisticScale);
  }
  return {};
}

// PBIT, PETO, AS take any vtype and have one variance.
Risks risks_of(BinaryMeasure measure, const Cells& x, VarType type, const Risks& average) {
  if (type == VarType::AV && measure != BinaryMeasure::PBIT) return average;
  if (type == VarType::H0 && measure != BinaryMeasure::PBIT) return null_risks(x);
  return {x.a / x.n1(), x.c / x.n2()};
}

bool has_vtype(BinaryMeasure measure, VarType type) {
  if (measure == BinaryMeasure::PETO || measure == BinaryMeasure::AS ||
      measure == BinaryMeasure::PBIT) {
    return true;
  }
  return type == VarType::LS || type == VarType::AV || type == VarType::H0 ||
         (type == VarType::UB && measure == BinaryMeasure::RD);
}

}  // namespace

Effects effect_binary(const TwoByTwo& table, BinaryMeasure measure, const EffectSpec& spec) {
  check_table(table);
  check_vtype(spec, table.size());
  for (const VarType v : spec.vtype) {
    if (!has_vtype(measure, v)) unknown_vtype();
  }
  const CorrectedCells cells(table, spec.add, spec.to, spec.drop00, spec.how);
  const Risks average = any_vtype(spec, VarType::AV) ? average_risks(cells) : Risks{kNaN, kNaN};
  const bool raw_effect = spec.rd_uncorrected && measure == BinaryMeasure::RD;

  Effects out = make_effects(table.size());
  for (Index i = 0; i < table.size(); ++i) {
    const VarType type = vtype_at(spec, i);
    const Cells x = cells.at(i);
    const Cells& effect = raw_effect && !x.any_missing() ? cells.raw(i) : x;
    Estimate found = binary_estimate(measure, x, effect, risks_of(measure, x, type, average), type);
    if (spec.how == AddHow::KeepFull && cells.raw(i).full()) found.yi = 0.0;
    store(out, i, found);
    out.ni(i) = cells.raw(i).total();
  }
  out.fractional = fractional_rows({&table.ai, &table.bi, &table.ci, &table.di});
  return out;
}

}  // namespace metaparity
