// Effect sizes of 2x2 tables: log risk ratio, log odds ratio, risk difference, Peto's log odds
// ratio, arcsine and probit difference, odds ratios as standardised differences; and the rule for zero cells that pooling uses too.
// Sources: Fleiss & Berlin (2009) Handbook of Research Synthesis ch. 13; Yusuf et al. (1985) Prog
// Cardiovasc Dis 27:335; Ruecker et al. (2009) Stat Med 28:721. Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_common.hpp"

namespace metaparity {

// OR2DN and OR2DL make a log odds ratio a standardised difference of normal or logistic responses.
enum class BinaryMeasure { RR, OR, RD, PETO, AS, PBIT, OR2DN, OR2DL };

// Events and non-events of group 1 (ai, bi) and group 2 (ci, di).
struct TwoByTwo {
  VecRef ai, bi, ci, di;
  Index size() const { return ai.size(); }
};

struct Cells {
  double a, b, c, d;
  double n1() const { return a + b; }
  double n2() const { return c + d; }
  double total() const { return a + b + c + d; }
  bool any_zero() const { return a == 0.0 || b == 0.0 || c == 0.0 || d == 0.0; }
  bool same_column_empty() const { return (a == 0.0 && c == 0.0) || (b == 0.0 && d == 0.0); }
  bool full() const { return a > 0.0 && c > 0.0 && b == 0.0 && d == 0.0; }
  bool any_missing() const;
};

// The cells of each study after the zero-cell rule; NaN under drop00 for studies without events, or
// without non-events, in both groups. Missing cells stay missing.
class CorrectedCells {
 public:
  CorrectedCells(const TwoByTwo& table, double add, AddTo to, bool drop00,
                 AddHow how = AddHow::Equal);
  Index size() const { return table_.size(); }
  Cells raw(Index i) const { return {table_.ai(i), table_.bi(i), table_.ci(i), table_.di(i)}; }
  Cells at(Index i) const;

 private:
  bool is_dropped(const Cells& x) const;

  const TwoByTwo& table_;
  double add_;
  AddTo to_;
  bool drop00_;
  AddHow how_;
};

struct PetoScore {
  double o_minus_e, v;
};
PetoScore peto_score(const Cells& x);

void check_table(const TwoByTwo& table);
Effects effect_binary(const TwoByTwo& table, BinaryMeasure measure, const EffectSpec& spec);

}  // namespace metaparity
