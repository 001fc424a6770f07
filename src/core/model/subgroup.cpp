#include "core/model/subgroup.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {

// Weights relative to the smallest standard error neither overflow nor underflow; the mean is taken
// around the most precise group, so that its large weight cancels nothing.
BetweenTest test_between(const VecRef& estimate, const VecRef& se) {
  if (estimate.size() == 0) throw InvalidInput("by", "has no group");
  if (estimate.size() != se.size())
    throw InvalidInput("by", "needs an estimate and a standard error per group");
  BetweenTest out;
  out.df = static_cast<int>(estimate.size()) - 1;
  if (!estimate.allFinite() || !se.allFinite() || se.minCoeff() <= 0.0) return out;
  Index first = 0;
  const double least = se.minCoeff(&first);
  const Vec shifted = estimate.array() - estimate[first];
  const Vec w = (least / se.array()).square();
  const double centre = w.dot(shifted) / w.sum();
  out.Q = ((shifted.array() - centre) / se.array()).square().sum();
  out.pval = out.df > 0 ? chisq_upper(out.Q, out.df) : 1.0;
  return out;
}

}  // namespace metaparity
