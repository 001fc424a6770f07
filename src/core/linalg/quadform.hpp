// Distribution of Q = y'Py, P = A - AX(X'AX)^-1X'A, for y ~ N(X beta, diag(s)).
// Sources: Jackson (2013, Res Synth Methods 4, 220) for the use; Imhof (1961, Biometrika 48, 419)
// for inversion; the contour is bent around the branch cut, so that the sum converges geometrically.
// The characteristic function costs O(k p^2): no eigenvalues. Oracle: CompQuadForm::farebrother.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// P(Q > q); `a` are the weights, `s` the variances of y.
double quadform_upper(double q, const VecRef& a, const VecRef& s, const MatRef& X);

}  // namespace metaparity
