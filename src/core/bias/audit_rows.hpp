// What the numbers printed in the rows of a forest plot allow: intervals of effects from raw data under every
// measure, and the smallest misprint that would explain a row. Sources: Deeks & Higgins (2010); Borenstein et al.
// (2009) ch. 4, 5; Sweeting et al. (2004) continuity corrections. Oracle: escalc's measures, brute force over the
// boxes.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class AuditMeasure {
  OR,
  RR,
  RD,
  Peto,
  MD,
  MDPooled,
  SMDRevman,
  SMDHedges,
  SMDCohen,
  SMDGlass,
  SMDStata,         // exact correction, variance with N - 3.94
  SMDApproximate,   // approximate correction, variance with N
  SMDBorenstein,    // variance of d times the square of the correction
  SMDUnbiased,      // unbiased variance
  SMDPlain,         // no correction, variance with N
  SMDGlassG,        // Glass' delta with the exact correction
  SMDAverage,       // variance at the average difference of the studies
  SMDNull,          // variance where there is no difference
  SMDUnequal,       // root mean square of the arms' SDs (Bonett 2009)
  SMDGlassUnequal,  // Glass' delta with unequal variances (Bonett 2008)
  ORAverage,        // variance at the average shares of the studies
  RRAverage,
  RDAverage,
  ORNull,  // variance at one share in both arms
  RRNull,
  RDNull,
  RDUnbiased,  // n - 1 for n in the variance
  Log,
  Linear
};
// What is added to the cells of tables: to those with a zero, to all, nothing, or shares of the arms' sizes that sum
// to 1.
enum class AuditZero { Only0, All, None, ArmSize };
enum class AuditScale { Identity, Log, Atanh, Logit, Arcsine };

// Raw data as printed, with half a unit of their last digit. x: events or means; Log and Linear read x1 (estimate)
// and sd1 (its standard error) alone. average1, average2: the studies' average difference, or shares of the arms.
struct AuditData {
  Vec x1, n1, sd1, x2, n2, sd2;
  Vec x1_half, sd1_half, x2_half, sd2_half;
  Vec average1, average2, average1_half;
};

struct AuditBoxes {
  Vec est_lo, est_hi, lb_lo, lb_hi, ub_lo, ub_hi;  // as displayed: ratios are not logarithms
};

// critical: quantile of each row's interval. NaN where the measure does not apply to a row.
AuditBoxes audit_effects(const AuditData& data, AuditMeasure measure, AuditZero zero,
                         const VecRef& critical);

// A printed number: mantissa of its digits over 10^decimals.
struct PrintedRow {
  double est, lb, ub;
  int est_decimals, lb_decimals, ub_decimals;
};

// Does some triple inside the boxes have the estimate in the centre of its limits?
bool audit_centred(const PrintedRow& row, AuditScale scale);

// Kinds of misprint, the likeliest first.
enum class Misprint { Sign, Point, Swap, Digit, Reciprocal, None };

struct Repair {
  Misprint kind = Misprint::None;
  double value = kNaN;
};

// The likeliest single misprint of each of the three numbers that makes the row agree.
struct RowRepair {
  Repair est, lb, ub;
};
RowRepair audit_repair(const PrintedRow& row, AuditScale scale);

}  // namespace metaparity
