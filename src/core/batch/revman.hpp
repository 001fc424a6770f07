// What Review Manager computes of one outcome: effects of the rows, pooled results of subgroups and of the whole, the test
// between subgroups, weights. Sources: Deeks & Higgins (2010) Statistical algorithms in Review Manager 5; Robins, Breslow &
// Greenland (1986); Greenland & Robins (1985); DerSimonian & Laird (1986); Hartung & Knapp (2001). Oracle: numbers stored in
// RevMan 5 files and in RevMan Web's data packages.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class RevmanMeasure { OR, RR, RD, Peto, OE, MD, SMD, Generic };
enum class RevmanMethod { MH, IV, Peto };
enum class RevmanTotals { Yes, Sub, No };
enum class RevmanTau2 { DL, REML };

struct RevmanSpec {
  RevmanMeasure measure = RevmanMeasure::OR;
  RevmanMethod method = RevmanMethod::MH;
  RevmanTotals totals = RevmanTotals::Yes;
  RevmanTau2 tau2 = RevmanTau2::DL;
  bool random = false;
  bool hksj = false;  // Hartung-Knapp-Sidik-Jonkman intervals; the P value stays that of Wald
  bool i2_from_tau2 = false;
  double level_study = 0.95, level_total = 0.95;
};

// The columns that a measure reads: x1, n1, x2, n2 of tables; also sd1, sd2 of means (x: the mean); x1, x2 of O - E and V,
// and of an estimate with its standard error.
struct RevmanRows {
  Vec x1, x2, n1, n2, sd1, sd2;
};

struct RevmanEffect {
  double est = kNaN, se = kNaN;
  bool estimable = false;
};

// On the scale of analysis: ratios as natural logarithms.
struct RevmanPool {
  bool estimable = false;
  int k = 0, df = 0;  // estimable rows, and one less
  double est = kNaN, se = kNaN, lb = kNaN, ub = kNaN, z = kNaN, p = kNaN;
  double Q = 0.0, Qp = 1.0, I2 = 0.0, tau2 = kNaN;
  double pi_lb = kNaN, pi_ub = kNaN;
  double weight = 0.0;
};

struct RevmanOutcome {
  std::vector<RevmanEffect> effects;
  Vec lb, ub, weight;
  std::vector<RevmanPool> groups;
  RevmanPool total;
  double Qb = 0.0, Qbp = kNaN, I2b = 0.0;
  int dfb = 0;
};

std::vector<RevmanEffect> revman_effects(const RevmanRows& rows, RevmanMeasure measure);

// `group`: the subgroup of each row from 0, or empty where there are none.
RevmanOutcome revman_outcome(const RevmanRows& rows, const std::vector<int>& group,
                             const RevmanSpec& spec);

}  // namespace metaparity
