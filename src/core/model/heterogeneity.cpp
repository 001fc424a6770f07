#include "core/model/heterogeneity.hpp"

#include <algorithm>
#include <cmath>

namespace metaparity {

Heterogeneity heterogeneity_from_tau2(double tau2, double vt) {
  return {vt, 100.0 * (tau2 / (tau2 + vt)), tau2 / vt + 1.0};
}

Heterogeneity heterogeneity_from_q(double Q, double df, double vt) {
  if (!(df > 0.0)) return {vt, 0.0, 1.0};
  if (!std::isfinite(Q)) return {vt, kNaN, Q / df};
  return {vt, Q > 0.0 ? std::max(0.0, 100.0 * ((Q - df) / Q)) : 0.0, Q / df};
}

double q_around(const VecRef& yi, const VecRef& vi, double centre) {
  return ((yi.array() - centre).square() / vi.array()).sum();
}

Vec i2_from_q(const VecRef& Q, const VecRef& df) {
  Vec out(Q.size());
  for (Index i = 0; i < Q.size(); ++i)
    out[i] = heterogeneity_from_q(Q[i], df[df.size() == 1 ? 0 : i], kNaN).I2;
  return out;
}

}  // namespace metaparity
