#include "core/effect/effect_matched.hpp"

#include <cmath>

namespace metaparity {
namespace {

// Log odds of the two margins; the covariance is that of two indicators of one pair.
Estimate marginal_odds_ratio(const Cells& x) {
  const double n = x.total(), p1 = (x.a + x.b) / n, p2 = (x.a + x.c) / n;
  const double v1 = p1 * (1.0 - p1), v2 = p2 * (1.0 - p2);
  const double cov = (x.a * x.d - x.b * x.c) / (n * n);
  return {std::log(p1 / (1.0 - p1)) - std::log(p2 / (1.0 - p2)),
          (1.0 / v1 + 1.0 / v2 - 2.0 * cov / (v1 * v2)) / n};
}

Estimate matched(MatchedMeasure measure, const Cells& x) {
  const double n = x.total(), discordant = x.b + x.c;
  switch (measure) {
    case MatchedMeasure::MPRD:
      return {(x.b - x.c) / n, (discordant - sq(x.b - x.c) / n) / (n * n)};
    case MatchedMeasure::MPRR:
      return {std::log((x.a + x.b) / (x.a + x.c)), discordant / ((x.a + x.b) * (x.a + x.c))};
    case MatchedMeasure::MPOR:
      return marginal_odds_ratio(x);
    case MatchedMeasure::MPORC:
      return {std::log(x.b / x.c), 1.0 / x.b + 1.0 / x.c};
    case MatchedMeasure::MPPETO:
      return {2.0 * (x.b - x.c) / discordant, 4.0 / discordant};
  }
  return {};
}

struct Margins {
  double n1, n2, p1, p2;
  double spread() const { return std::sqrt(p1 * (1.0 - p1) * p2 * (1.0 - p2)); }
  // The correlation from the share of pairs with the event twice.
  double correlation(double both) const { return (both - p1 * p2) / spread(); }
};

Margins margins_of(const Cells& x) { return {x.n1(), x.n2(), x.a / x.n1(), x.c / x.n2()}; }

// The correlation enters with the shares of the study itself, whatever risks the rest is taken at.
double margins_variance(const Margins& own, const Margins& at, double r) {
  if (!(std::fabs(r) <= 1.0)) return kNaN;
  return 1.0 / (at.n1 * at.p1 * (1.0 - at.p1)) + 1.0 / (at.n2 * at.p2 * (1.0 - at.p2)) -
         2.0 * r / (std::sqrt(at.n1 * at.n2) * own.spread());
}

Margins average_margins(const CorrectedCells& cells) {
  StudyMean p1, p2;
  for (Index i = 0; i < cells.size(); ++i) {
    const Margins m = margins_of(cells.at(i));
    p1.add(m.p1, m.n1);
    p2.add(m.p2, m.n2);
  }
  return {kNaN, kNaN, p1.value(), p2.value()};
}

}  // namespace

Effects effect_matched(const TwoByTwo& table, MatchedMeasure measure, const EffectSpec& spec) {
  check_table(table);
  const CorrectedCells cells(table, spec.add, spec.to, spec.drop00, spec.how);
  Effects out = each_study(
      table.size(), [&](Index i) { return matched(measure, cells.at(i)); },
      [&](Index i) { return cells.raw(i).total(); });
  out.fractional = fractional_rows({&table.ai, &table.bi, &table.ci, &table.di});
  return out;
}

Effects effect_matched_margins(const TwoByTwo& table, const VecRef& ri, const VecRef& pi,
                               const EffectSpec& spec) {
  check_table(table);
  check_vtype(spec, table.size());
  require_correlation(ri, "ri");
  require_share(pi, "pi");
  const CorrectedCells cells(table, spec.add, spec.to, spec.drop00, spec.how);
  const Margins average = any_vtype(spec, VarType::AV) ? average_margins(cells) : Margins{};
  const auto row = [&](Index i) -> Estimate {
    const Cells x = cells.at(i);
    const Margins own = margins_of(x);
    const double r =
        std::isnan(at(ri, i)) ? margins_of(cells.raw(i)).correlation(at(pi, i)) : at(ri, i);
    Margins risks = own;
    const VarType type = vtype_at(spec, i);
    if (type == VarType::AV)
      risks = {own.n1, own.n2, average.p1, average.p2};
    else if (type == VarType::H0)
      risks.p1 = risks.p2 = (x.a + x.c) / x.total();
    else if (type != VarType::LS)
      unknown_vtype();
    return {std::log(x.a * x.d / (x.b * x.c)), margins_variance(own, risks, r)};
  };
  return each_study(table.size(), row, [&](Index i) { return cells.raw(i).total() / 2.0; });
}

}  // namespace metaparity
