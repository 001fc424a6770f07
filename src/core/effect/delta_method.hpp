// Covariance matrix of functions of normal estimates by Taylor expansion (van der Vaart 1998, chapter 3; moments of
// normal variables by Isserlis 1918). Oracle: exact moments of quadratic and cubic forms; metafor.
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

// What the cubic terms C = T[d, d, d] / 6 add: with L = g'd and t = T contracted by v over two of its indices,
// cov(L, C) = g'vt / 2 and cov(C, C) = (9 t'vt + 6 T[v, v, v]T) / 36. third: for each result the p matrices dH/dx_k.
inline Mat cubic_variance(const MatRef& gradient, const MatRef& third, const MatRef& v) {
  const Index p = v.rows(), q = gradient.rows();
  const auto slice = [&](Index i, Index k) { return third.middleRows((i * p + k) * p, p); };
  Mat t(q, p);
  for (Index i = 0; i < q; ++i) {
    for (Index k = 0; k < p; ++k) t(i, k) = slice(i, k).cwiseProduct(v).sum();
  }
  const Mat linear = 0.5 * gradient * v * t.transpose();
  Mat out = linear + linear.transpose() + 0.25 * t * v * t.transpose();
  for (Index i = 0; i < q; ++i) {
    for (Index k = 0; k < p; ++k) {
      const Mat left = v * slice(i, k) * v;
      for (Index j = 0; j < q; ++j) {
        for (Index l = 0; l < p; ++l)
          out(i, j) += v(k, l) / 6.0 * left.cwiseProduct(slice(j, l)).sum();
      }
    }
  }
  return out;
}

}  // namespace metaparity
