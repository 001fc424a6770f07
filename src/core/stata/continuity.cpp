#include "core/stata/continuity.hpp"

#include <cmath>

#include "core/errors.hpp"

namespace metaparity {

CorrectedTables correct_tables(const MatRef& cells, double amount, Continuity rule, double ratio,
                               bool all) {
  if (rule == Continuity::Empirical && !(ratio > 0.0 && std::isfinite(ratio))) {
    throw InvalidInput("cc", "empirical needs at least one study without an empty cell");
  }
  CorrectedTables out{cells.col(0), cells.col(1), cells.col(2), cells.col(3), {}};
  bool any = false;
  for (Index i = 0; i < cells.rows(); ++i) any = any || (cells.row(i).array() == 0.0).any();
  for (Index i = 0; i < cells.rows(); ++i) {
    const bool empty = (cells.row(i).array() == 0.0).any();
    if (!(empty || (all && any)) || amount == 0.0) continue;
    const double n1 = out.ai[i] + out.bi[i], n2 = out.ci[i] + out.di[i], r = n2 / n1;
    double share = 0.5;
    if (rule == Continuity::Opposite) share = n1 / (n1 + n2);
    if (rule == Continuity::Empirical) share = ratio / (r + ratio);
    // Opposite: both arms together receive 2 amount by their sizes; empirical: theta to R.
    const double other = rule == Continuity::Empirical ? r / (r + ratio) : 1.0 - share;
    out.ai[i] += 2.0 * amount * share;
    out.bi[i] += 2.0 * amount * share;
    out.ci[i] += 2.0 * amount * other;
    out.di[i] += 2.0 * amount * other;
    out.corrected.push_back(static_cast<int>(i));
  }
  return out;
}

}  // namespace metaparity
