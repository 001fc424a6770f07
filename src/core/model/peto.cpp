#include "core/model/peto.hpp"

#include <cmath>

#include "core/errors.hpp"

namespace metaparity {
namespace {

struct PetoSums {
  double score = 0.0, v = 0.0;
  int k = 0;
  void add(const PetoScore& s) {
    score += s.o_minus_e;
    v += s.v;
    ++k;
  }
};

}  // namespace

PetoFit fit_peto(const TwoByTwo& table, const EffectSpec& effects, const PetoSpec& spec) {
  PetoFit fit;
  take_effects(fit, effect_binary(table, BinaryMeasure::PETO, effects));
  const CorrectedCells cells(table, spec.add, spec.to, spec.drop00);
  std::vector<PetoScore> scores;
  PetoSums sums;
  for (Index i = 0; i < cells.size(); ++i) {
    const Cells x = cells.at(i);
    if (x.any_missing()) continue;
    ++fit.k;
    const PetoScore s = x.total() > 1.0 ? peto_score(x) : PetoScore{0.0, 0.0};
    fit.weights(i) = s.v;
    if (!(s.v > 0.0)) continue;
    sums.add(s);
    scores.push_back(s);
  }
  if (sums.k == 0)
    throw InvalidInput("ai",
                       "and the others leave no table with both outcomes: Peto's method needs one");
  fit.beta = sums.score / sums.v;
  fit.se = 1.0 / std::sqrt(sums.v);
  fit.k_pos = sums.k;
  complete_fit(fit, spec.level);
  double q = 0.0;
  for (const PetoScore& s : scores) {
    const double d = s.o_minus_e / s.v - fit.beta;
    q += s.v * d * d;
  }
  set_heterogeneity(fit, q, sums.k - 1);
  return fit;
}

}  // namespace metaparity
