#include "core/bias/extended_funnel.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace metaparity {

ExtendedFunnel extended_funnel(const VecRef& yi, const VecRef& vi, const VecRef& effect,
                               const VecRef& error, bool random) {
  const Index k = yi.size();
  if (k < 1 || vi.size() != k) throw InvalidInput("yi", "must hold estimates with their variances");
  if (!(vi.minCoeff() > 0.0) || (error.size() > 0 && !(error.minCoeff() > 0.0)))
    throw InvalidInput("vi", "must be larger than 0");
  const Vec w = vi.cwiseInverse();
  const double W = w.sum(), W2 = w.squaredNorm();
  const double mean = w.dot(yi) / W;
  const double Q = w.dot((yi.array() - mean).square().matrix());
  const Mat blank = Mat::Constant(error.size(), effect.size(), kNaN);
  ExtendedFunnel out{blank, blank, blank, blank};
  for (Index i = 0; i < error.size(); ++i) {
    const double v = error[i] * error[i], x = 1.0 / v;
    for (Index j = 0; j < effect.size(); ++j) {
      const double d = effect[j] - mean;
      // Q of all studies from that of the old ones and the distance of the new one.
      const double q = Q + d * d * W * x / (W + x), df = static_cast<double>(k);
      const double C = W + x - (W2 + x * x) / (W + x);
      const double tau2 = C > 0.0 ? std::max(0.0, (q - df) / C) : 0.0;
      double total = W + x, sum = W * mean + x * effect[j];
      if (random && tau2 > 0.0) {
        const Vec u = (vi.array() + tau2).inverse().matrix();
        const double add = 1.0 / (v + tau2);
        total = u.sum() + add;
        sum = u.dot(yi) + add * effect[j];
      }
      out.estimate(i, j) = sum / total;
      out.se(i, j) = 1.0 / std::sqrt(total);
      out.tau2(i, j) = tau2;
      out.I2(i, j) = q > 0.0 ? std::max(0.0, 100.0 * (q - df) / q) : 0.0;
    }
  }
  return out;
}

}  // namespace metaparity
