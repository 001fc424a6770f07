// First derivative from central differences by Richardson extrapolation (Richardson & Gaunt, 1927).
// Oracle: analytic derivatives.
#pragma once

#include <array>

#include "core/types.hpp"

namespace metaparity {

// Offsets, in units of the step, at which a function is to be known.
inline constexpr std::array<double, 8> kDerivativeNodes = {-1.0,  1.0,  -0.5,   0.5,
                                                           -0.25, 0.25, -0.125, 0.125};

// values: one row per point, columns as the nodes.
inline Vec richardson_derivative(const MatRef& values, const VecRef& step) {
  Vec out(values.rows());
  for (Index i = 0; i < values.rows(); ++i) {
    std::array<double, 4> d{};
    for (int j = 0; j < 4; ++j) {
      const double width = 2.0 * kDerivativeNodes[static_cast<std::size_t>(2 * j + 1)] * step(i);
      d[static_cast<std::size_t>(j)] = (values(i, 2 * j + 1) - values(i, 2 * j)) / width;
    }
    double factor = 4.0;
    for (std::size_t level = 1; level < 4; ++level, factor *= 4.0) {
      for (std::size_t j = 3; j >= level; --j) d[j] += (d[j] - d[j - 1]) / (factor - 1.0);
    }
    out(i) = d[3];
  }
  return out;
}

}  // namespace metaparity
