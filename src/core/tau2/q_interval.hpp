// Intervals of Cochran's Q under heterogeneity. Sources: Hedges & Pigott (2001, Psychol Methods 6,
// 203) non-central chi-squared for common effects; Biggerstaff & Tweedie (1997, Stat Med 16, 753,
// eq. 6-7) gamma with the moments of Q for random effects; Higgins & Thompson (2002) test-based.
// Oracle: metan 4 logs.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct QMoments {
  double mean = kNaN, var = kNaN;
};

// Mean and variance of Q with weights 1/v when the between-study variance is tau2.
QMoments q_moments(const VecRef& vi, double tau2);

double gamma_lower(double x, const QMoments& m);  // P(Gamma <= x)
double gamma_quantile(double prob, const QMoments& m);

Interval q_interval_noncentral(double Q, double df, double level);
// tau2 is the moment estimate, so that the mean is Q itself wherever Q exceeds df.
Interval q_interval_gamma(double Q, const VecRef& vi, double level);
Interval q_interval_test(double Q, double df, double level);

// tau2 = (Q - df) / scale for weights 1/v.
double q_scale(const VecRef& vi);
// Half of what tau2^2 adds to the variance of Q.
double q_square(const VecRef& vi);

}  // namespace metaparity
