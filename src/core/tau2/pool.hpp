// Pooling with an intercept alone, in three passes over the data and without storage.
// Source: Hedges & Olkin (1985), ch. 6. Oracle: weighted_ls().
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Pooled {
  double mu = kNaN;
  double sum_w = 0, rss = 0;  // w = 1 / (v + tau2)
  double tr_p = 0, tr_pp = 0;
};

Pooled pool(const VecRef& yi, const VecRef& vi, double tau2);

}  // namespace metaparity
