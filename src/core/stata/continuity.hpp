// Corrections for tables with an empty cell. Source: Sweeting, Sutton & Lambert (2004, Stat Med 23,
// 1351): constant, reciprocal of the opposite arm's size, empirical. Oracle: metan 4 logs on their
// tables.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class Continuity { Constant, Opposite, Empirical };

struct CorrectedTables {
  Vec ai, bi, ci, di;
  std::vector<int> corrected;  // rows, from 0
};

// `amount` is what the constant rule adds to each cell; the others share 2 `amount` between the
// arms. `ratio`: pooled odds ratio of the tables without empty cells (Empirical). `all`: correct
// every table as soon as one has an empty cell.
CorrectedTables correct_tables(const MatRef& cells, double amount, Continuity rule, double ratio,
                               bool all);

}  // namespace metaparity
