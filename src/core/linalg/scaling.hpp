// Data on a scale where squares neither overflow nor underflow. Powers of two are exact, so the
// result for data times 2^n is the result for the data, scaled.
#pragma once

#include <cmath>

#include "core/types.hpp"

namespace metaparity {

struct Scaled {
  Vec yi, vi;
  int exponent = 0;  // data are divided by 2^exponent
};

inline Scaled scale_data(const VecRef& yi, const VecRef& vi) {
  Scaled out{yi, vi, 0};
  const double v_max = vi.maxCoeff();
  if (v_max > 1e-30 && v_max < 1e30) return out;
  const double reference = v_max > 0.0 ? std::sqrt(v_max) : yi.cwiseAbs().maxCoeff();
  if (!(reference > 0.0)) return out;
  out.exponent = std::ilogb(reference);
  for (Index i = 0; i < yi.size(); ++i) {
    out.yi[i] = std::scalbn(yi[i], -out.exponent);
    out.vi[i] = std::scalbn(std::scalbn(vi[i], -out.exponent), -out.exponent);
  }
  return out;
}

// Only the ratios of user weights matter: the largest is brought near 1 so that their squares stay finite.
inline Vec scale_weights(const VecRef& weights) {
  Vec out = weights;
  const double largest = out.size() > 0 ? out.maxCoeff() : 0.0;
  if (!(largest > 0.0)) return out;
  const int exponent = std::ilogb(largest);
  for (Index i = 0; i < out.size(); ++i) out[i] = std::scalbn(out[i], -exponent);
  return out;
}

}  // namespace metaparity
