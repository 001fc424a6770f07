#include "core/tau2/tau2_interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"
#include "core/linalg/quadform.hpp"
#include "core/linalg/scaling.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/heterogeneity_interval.hpp"
#include "core/model/random_effects.hpp"
#include "core/tau2/tau2_solver.hpp"

namespace metaparity {
namespace {

struct Problem {
  Scaled data;
  MatRef X;
  VecRef weights;
  double level;
  double df() const { return static_cast<double>(data.yi.size() - X.cols()); }
};

Tau2Interval q_profile(const Problem& in) {
  const double tail = 0.5 * (1.0 - in.level);
  const double low = chisq_quantile(tail, in.df()), high = chisq_quantile(1.0 - tail, in.df());
  Tau2Interval out;
  out.lb = solve_residual_sum(in.data.yi, in.data.vi, in.X, high);
  out.ub = solve_residual_sum(in.data.yi, in.data.vi, in.X, low);
  // Columns that differ by rounding alone leave a sum of squares that does not fall with tau2.
  if (!(out.lb <= out.ub))
    throw NotConverged("the interval of tau2 is out of reach: the moderators are collinear");
  out.empty = out.ub == 0.0;
  return out;
}

// The ends are where the observed Q is in the upper and the lower tail of its distribution.
Tau2Interval generalised_q(const Problem& in) {
  const Vec a = in.weights.size() > 0 ? Vec(in.weights) : Vec(in.data.vi.cwiseInverse());
  const WlsFit fit = weighted_ls(in.data.yi, in.X, a);
  const double tail = 0.5 * (1.0 - in.level);
  const auto exceed = [&](double t) {
    return quadform_upper(fit.rss, a, (in.data.vi.array() + t).matrix(), in.X);
  };
  const double at_zero = exceed(0.0);
  const auto solve = [&](double target) {
    if (at_zero >= target) return 0.0;
    double lo = 0.0, f_lo = at_zero - target;
    double hi = std::max(fit.rss / trace_pd(fit, a, Vec::Ones(a.size())), in.data.vi.minCoeff());
    double f_hi = exceed(hi) - target;
    while (f_hi < 0.0 && hi > 0.0 && std::isfinite(hi)) {
      lo = hi;
      f_lo = f_hi;
      f_hi = exceed(hi *= 4.0) - target;
    }
    if (!(f_hi >= 0.0))
      throw NotConverged("the interval of tau2 is out of reach: its end overflows");
    return find_root<double>([&](double t) { return exceed(t) - target; }, lo, f_lo, hi, f_hi,
                             1e-12);
  };
  Tau2Interval out;
  out.lb = solve(tail);
  out.ub = solve(1.0 - tail);
  out.empty = out.ub == 0.0;
  return out;
}

// The set where the deviance is within the chi-squared quantile of its minimum; when the set has
// gaps, its outermost ends.
Tau2Interval profile_likelihood(const Problem& in, double tau2, bool restricted) {
  const auto dev = [&](double t) {
    return profile_deviance(in.data.yi, in.data.vi, in.X, t, restricted);
  };
  const double limit = dev(tau2) + chisq_quantile(in.level, 1.0);
  const auto excess = [&](double t) { return dev(t) - limit; };
  const double unit = std::max(tau2, in.data.vi.maxCoeff());
  double hi = 4.0 * unit;
  while (excess(hi) < 0.0 && hi > 0.0 && std::isfinite(hi)) hi *= 4.0;
  if (!(excess(hi) >= 0.0))
    throw NotConverged("the profile likelihood is out of reach: its upper bound overflows");
  std::vector<double> at{0.0};
  const double start = std::max(
      {0.1 * in.data.vi.minCoeff(), 1e-20 * unit, std::numeric_limits<double>::denorm_min()});
  for (double t = start; t < hi; t *= 1.5) at.push_back(t);
  at.push_back(tau2);
  at.push_back(hi);
  std::sort(at.begin(), at.end());
  std::vector<double> f;
  for (double t : at) f.push_back(excess(t));
  std::size_t first = 0, last = at.size() - 1;
  while (f[first] > 0.0) ++first;
  while (f[last] > 0.0) --last;
  const auto cross = [&](std::size_t i) {
    return find_root<double>(excess, at[i], f[i], at[i + 1], f[i + 1], root_resolution<double>());
  };
  Tau2Interval out;
  out.lb = first == 0 ? 0.0 : cross(first - 1);
  out.ub = last + 1 < at.size() ? cross(last) : hi;
  return out;
}

// Test-based interval of H around the estimate, carried to tau2.
Tau2Interval test_based(const Problem& in, double tau2) {
  const Vec w = in.data.vi.cwiseInverse();
  const WlsFit fit = weighted_ls(in.data.yi, in.X, w);
  const double k = static_cast<double>(in.data.yi.size()), df = in.df(), Q = fit.rss;
  const double se = se_log_h(Q, df, k);
  const double vt = df / trace_pd(fit, w, Vec::Ones(w.size()));
  const double log_h = 0.5 * std::log1p(tau2 / vt), z = critical_value(in.level, kNaN);
  Tau2Interval out;
  out.lb = std::max(0.0, vt * std::expm1(2.0 * (log_h - z * se)));
  out.ub = std::max(0.0, vt * std::expm1(2.0 * (log_h + z * se)));
  return out;
}

Tau2Interval wald(double tau2, double se, double level, double least, IntervalType type) {
  const double reach = critical_value(level, kNaN) * se;
  Tau2Interval out;
  if (type == IntervalType::Wald) {
    out.lb = std::max(least, tau2 - reach);
    out.ub = std::max(least, tau2 + reach);
  } else if (type == IntervalType::WaldLog) {
    out.lb = tau2 > 0.0 ? tau2 * std::exp(-reach / tau2) : 0.0;
    out.ub = tau2 > 0.0 ? tau2 * std::exp(reach / tau2) : kNaN;
  } else {
    const double root = std::sqrt(tau2), half = tau2 > 0.0 ? 0.5 * reach / root : kNaN;
    const double low = std::max(0.0, root - half);
    out.lb = tau2 > 0.0 ? low * low : 0.0;
    out.ub = tau2 > 0.0 ? (root + half) * (root + half) : kNaN;
  }
  return out;
}

bool is_searched(IntervalType type) {
  return type == IntervalType::QP || type == IntervalType::GENQ || type == IntervalType::PL;
}

// v + tau2 = (v + least) + (tau2 - least): a search that starts at `least` is one that starts at 0.
Tau2Interval shifted_interval(const VecRef& yi, const VecRef& vi, const MatRef& X,
                              const VecRef& weights, const ModelSpec& spec, double tau2,
                              IntervalType type) {
  ModelSpec from_zero = spec;
  from_zero.tau2_min = 0.0;
  const bool own = weights.size() > 0 || type != IntervalType::GENQ;
  const Vec w = own ? Vec(weights) : Vec(vi.cwiseInverse());
  const Vec v = vi.array() + spec.tau2_min;
  Tau2Interval out =
      tau2_interval(yi, v, X, w, from_zero, std::max(0.0, tau2 - spec.tau2_min), kNaN, type);
  out.lb += spec.tau2_min;
  out.ub += spec.tau2_min;
  return out;
}

}  // namespace

Tau2Interval tau2_interval(const VecRef& yi, const VecRef& vi, const MatRef& X,
                           const VecRef& weights, const ModelSpec& spec, double tau2, double se,
                           IntervalType type) {
  check_study_data(yi, vi, X, weights);
  if (yi.size() <= X.cols())
    throw InvalidInput("object", "has too few studies for an interval of tau2");
  if (spec.tau2_min != 0.0 && is_searched(type))
    return shifted_interval(yi, vi, X, weights, spec, tau2, type);
  const Problem in{scale_data(yi, vi), X, weights, spec.level};
  const double scaled = std::scalbn(tau2, -2 * in.data.exponent);
  Tau2Interval out;
  switch (type) {
    case IntervalType::QP:
      out = q_profile(in);
      break;
    case IntervalType::GENQ:
      out = generalised_q(in);
      break;
    case IntervalType::HT:
      out = test_based(in, scaled);
      break;
    case IntervalType::PL:
      out = profile_likelihood(in, scaled, spec.method == Tau2Method::REML);
      break;
    case IntervalType::Wald:
    case IntervalType::WaldLog:
    case IntervalType::WaldSqrt:
      out = wald(scaled, std::scalbn(se, -2 * in.data.exponent), spec.level,
                 std::scalbn(spec.tau2_min, -2 * in.data.exponent), type);
  }
  out.lb = std::scalbn(out.lb, 2 * in.data.exponent);
  out.ub = std::scalbn(out.ub, 2 * in.data.exponent);
  if (std::isinf(out.lb))
    throw InvalidInput("object", "holds effects so large that the interval of tau2 overflows");
  return out;
}

}  // namespace metaparity
