// Nodes and weights of Gaussian quadrature by Newton's method on the orthogonal polynomials.
// Source: Davis & Rabinowitz (1984), Methods of Numerical Integration, section 2.7. Oracle: exact moments.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Quadrature {
  Vec node, weight;
};

// Of the integral over [lo, hi].
Quadrature gauss_legendre(Index n, double lo, double hi);
// Of the integral of exp(-x^2) g(x) over the line; n up to 100.
Quadrature gauss_hermite(Index n);

}  // namespace metaparity
