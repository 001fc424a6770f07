#include "core/model/blup.hpp"

#include "core/linalg/distributions.hpp"

namespace metaparity {

// With lambda = tau2 / (tau2 + v): u = lambda (y - Xb), its error variance lambda v + lambda^2 x Vb x'; the effect
// adds Xb, whose share of the estimate is 1 - lambda.
Blup blup(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& beta, const MatRef& vb,
          double tau2, double level, double ddf, bool random_only) {
  const Vec fitted = X * beta;
  const Vec spread = (X * vb).cwiseProduct(X).rowwise().sum();
  Vec lambda = Vec::Zero(vi.size());
  if (tau2 > 0.0) lambda = tau2 / (vi.array() + tau2);
  const Vec share = random_only ? lambda : Vec(1.0 - lambda.array());
  Blup out;
  out.pred = lambda.array() * (yi - fitted).array() + 0.0;  // no -0
  if (!random_only) out.pred += fitted;
  out.se = (lambda.array() * vi.array() + share.array().square() * spread.array()).sqrt();
  const double reach = critical_value(level, ddf);
  out.pi_lb = out.pred - reach * out.se;
  out.pi_ub = out.pred + reach * out.se;
  return out;
}

}  // namespace metaparity
