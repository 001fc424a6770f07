// Covariance matrix of functions of normal estimates by Taylor expansion (van der Vaart 1998, chapter 3).
// Oracle: exact moments of quadratic forms.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// gradient: q x p; hessian: the q matrices of p x p below each other, or empty for first order; v: p x p.
inline Mat delta_variance(const MatRef& gradient, const MatRef& hessian, const MatRef& v) {
  const Index p = v.rows(), q = gradient.rows();
  Mat out = gradient * v * gradient.transpose();
  if (hessian.size() == 0) return out;
  for (Index i = 0; i < q; ++i) {
    const Mat left = hessian.middleRows(i * p, p) * v;
    for (Index j = 0; j < q; ++j)
      out(i, j) += 0.5 * (left * hessian.middleRows(j * p, p) * v).trace();
  }
  return out;
}

}  // namespace metaparity
