// Heterogeneity on the scale of the "typical" sampling variance.
// Source: Higgins & Thompson (2002, Stat Med 21, 1539), eqs 9, 10, 16; of covariances Nakagawa & Santos (2012, Evol
// Ecol 26, 1253). Oracle: metafor.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Heterogeneity {
  double vt = kNaN, I2 = kNaN, H2 = kNaN;
};

// With tau2: I2 = tau2 / (tau2 + vt). Without (common effect): from Q, floored at 0.
Heterogeneity heterogeneity_from_tau2(double tau2, double vt);
Heterogeneity heterogeneity_from_q(double Q, double df, double vt);

// (k - p) / tr(P), P = W - W X (X' W X)^-1 X' W with W = V^-1. NaN where V is not positive definite or k <= p.
double typical_variance(const MatRef& V, const MatRef& X);

// sum (yi - centre)^2 / vi
double q_around(const VecRef& yi, const VecRef& vi, double centre);

// I2 of several Q; one df, or one for each.
Vec i2_from_q(const VecRef& Q, const VecRef& df);

}  // namespace metaparity
