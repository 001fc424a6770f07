#include "core/model/common_effect.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/model/heterogeneity.hpp"

namespace metaparity {
namespace {

struct Sums {
  int k = 0;
  double q = 0.0, w = 0.0, log_v = 0.0;
};

Sums sums_about(const CommonFit& fit) {
  Sums s;
  for (Index i = 0; i < fit.yi.size(); ++i) {
    if (std::isnan(fit.yi(i)) || std::isnan(fit.vi(i))) continue;
    const double d = fit.yi(i) - fit.beta;
    ++s.k;
    s.q += d * d / fit.vi(i);
    s.w += 1.0 / fit.vi(i);
    s.log_v += std::log(fit.vi(i));
  }
  if (s.k == 1) s.q = 0.0;
  return s;
}

// n: observations behind the likelihood (k, or k - 1 for the restricted one); one parameter.
FitStats criteria(double ll, double dev, double n) {
  const double m = std::max(n, 3.0);
  return {ll, dev, -2.0 * ll + 2.0, -2.0 * ll + std::log(n), -2.0 * ll + 2.0 * m / (m - 2.0)};
}

void set_likelihood(CommonFit& fit, const Sums& s) {
  if (s.k == 0 || std::isinf(s.q)) return;
  const double n = s.k;
  const double ll = -0.5 * (n * kLog2Pi + s.log_v + s.q);
  const double restricted =
      -0.5 * ((n - 1.0) * kLog2Pi - std::log(n) + s.log_v + std::log(s.w) + s.q);
  fit.ml = criteria(ll, s.q, n);
  fit.reml = criteria(restricted, -2.0 * restricted, n - 1.0);
}

}  // namespace

void take_effects(CommonFit& fit, const Effects& e) {
  fit.yi = e.yi;
  fit.vi = e.vi;
  fit.ni = e.ni;
  fit.weights = Vec::Constant(e.yi.size(), kNaN);
  fit.fractional = e.fractional;
}

void set_heterogeneity(CommonFit& fit, double q, int df) {
  fit.QE = q;
  fit.QEp = df > 0 ? chisq_upper(q, df) : 1.0;
  const Heterogeneity h = heterogeneity_from_q(q, df, kNaN);
  fit.I2 = h.I2;
  fit.H2 = h.H2;
}

void complete_fit(CommonFit& fit, double level, const char* arg) {
  const Sums s = sums_about(fit);
  fit.k_yi = s.k;
  if (s.k == 0) set_heterogeneity(fit, 0.0, 0);
  if (std::isnan(fit.beta)) return;
  if (std::isinf(fit.beta) || std::isinf(fit.se))
    throw InvalidInput(arg, "spans too many orders of magnitude: the pooled estimate overflows");
  const double z = critical_value(level, kNaN);
  fit.zval = fit.se > 0.0 ? fit.beta / fit.se : kNaN;
  fit.pval = std::isnan(fit.zval) ? kNaN : normal_two_sided(fit.zval);
  fit.ci_lb = fit.beta - z * fit.se;
  fit.ci_ub = fit.beta + z * fit.se;
  set_heterogeneity(fit, s.q, s.k - 1);
  set_likelihood(fit, s);
}

}  // namespace metaparity
