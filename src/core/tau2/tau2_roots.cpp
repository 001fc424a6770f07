#include "core/tau2/tau2_roots.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"
#include "core/linalg/quadform.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/tau2/pool.hpp"
#include "core/tau2/tau2_moments.hpp"
#include "core/tau2/tau2_solver.hpp"

namespace metaparity {
namespace {

double median_unbiased(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& a) {
  const WlsFit fit = weighted_ls(yi, X, a);
  const auto excess = [&](double t) {
    return quadform_upper(fit.rss, a, (vi.array() + t).matrix(), X) - 0.5;
  };
  const double at_zero = excess(0.0);
  if (at_zero >= 0.0) return 0.0;
  double hi = std::max(fit.rss / trace_pd(fit, a, Vec::Ones(yi.size())), vi.minCoeff());
  double at_hi = excess(hi);
  while (at_hi < 0.0 && hi > 0.0 && std::isfinite(hi)) at_hi = excess(hi *= 4.0);
  if (!(at_hi >= 0.0)) throw NotConverged("the median-unbiased tau2 is out of reach: it overflows");
  return find_root<double>(excess, 0.0, at_zero, hi, at_hi, 1e-13);
}

// tau2 enters as v + tau2 alone, so that a lower bound m of tau2 is 0 for the variances v + m.
template <class Root>
Tau2Found above_bound(const Tau2Data& d, Root&& root) {
  const double least = d.spec.tau2_min;
  if (least == 0.0) return {root(d.vi)};
  const Vec moved = d.vi.array() + least;
  return {least + root(moved)};
}

}  // namespace

Tau2Found ml_tau2(const Tau2Data& d) {
  return above_bound(d, [&](const VecRef& v) { return maximise_likelihood(d.yi, v, d.X, false); });
}

Tau2Found reml_tau2(const Tau2Data& d) {
  return above_bound(d, [&](const VecRef& v) { return maximise_likelihood(d.yi, v, d.X, true); });
}

Tau2Found pm_tau2(const Tau2Data& d) {
  return above_bound(d, [&](const VecRef& v) { return solve_residual_sum(d.yi, v, d.X, d.df()); });
}

Tau2Found pmm_tau2(const Tau2Data& d) {
  const double median = chisq_quantile(0.5, d.df());
  return above_bound(d, [&](const VecRef& v) { return solve_residual_sum(d.yi, v, d.X, median); });
}

Tau2Found genqm_tau2(const Tau2Data& d) {
  const Vec a = q_weights(d);
  Tau2Found out = above_bound(d, [&](const VecRef& v) { return median_unbiased(d.yi, v, d.X, a); });
  out.se = moment_se(d.vi, d.X, a, std::max(0.0, out.tau2));
  out.with_se = true;
  return out;
}

double ml_se(const Tau2Data& d, double tau2) {
  const Vec w = (d.vi.array() + tau2).inverse();
  return std::sqrt(2.0 / w.squaredNorm());
}

double reml_se(const Tau2Data& d, double tau2) {
  if (is_intercept_only(d.X)) return std::sqrt(2.0 / pool(d.vi, d.vi, tau2).tr_pp);
  const Vec w = (d.vi.array() + tau2).inverse(), one = Vec::Ones(d.vi.size());
  return std::sqrt(2.0 / trace_pdpe(weighted_ls(d.vi, d.X, w), w, one, one));
}

double pm_se(const Tau2Data& d, double tau2) {
  const Vec w = (d.vi.array() + tau2).inverse();
  return std::sqrt(2.0 * d.k() * d.k() / d.df()) / w.sum();
}

}  // namespace metaparity
