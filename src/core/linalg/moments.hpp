// Weighted moments that can be merged without cancellation. Chan, Golub & LeVeque (1983, Am Stat
// 37:242) for mean and sum of squares; e2 is the second elementary symmetric polynomial of the
// weights, so that sum(w) - sum(w^2)/sum(w) = 2 e2 / sum(w).
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Moments {
  double w = 0.0, mean = 0.0, m2 = 0.0, e2 = 0.0;
  int k = 0;

  static Moments of(double y, double weight) { return {weight, y, 0.0, 0.0, 1}; }

  Moments merged(const Moments& b) const {
    if (k == 0) return b;
    if (b.k == 0) return *this;
    Moments out;
    const double delta = b.mean - mean;
    out.w = w + b.w;
    out.mean = mean + delta * (b.w / out.w);
    out.m2 = m2 + b.m2 + delta * delta * (w * (b.w / out.w));
    out.e2 = e2 + b.e2 + w * b.w;
    out.k = k + b.k;
    return out;
  }
};

}  // namespace metaparity
