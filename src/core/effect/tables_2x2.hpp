// Cells of 2x2 tables from their margins and a statistic, or from measures of diagnostic accuracy.
// Bonett (2007); the definitions of phi and Pearson's chi-squared. Oracle: tables that the statistics came from.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// a of the table with first margins n1 (row) and n2 (column), total n; not rounded.
double cell_from_odds_ratio(double odds_ratio, double n, double n1, double n2);
double cell_from_phi(double phi, double n, double n1, double n2);
// The sign of `chisq` is that of a d - b c; `corrected`: Yates's correction was used.
double cell_from_chisq(double chisq, bool corrected, double n, double n1, double n2);

struct WholeCells {
  double a, b, c, d;
};

// Whole cells whose sensitivity, specificity and predictive values come closest (least squares) to those given; at
// least three of them, NaN for the one that is not known.
WholeCells cells_from_accuracy(double sens, double spec, double ppv, double npv, double n);

}  // namespace metaparity
