#include "core/tau2/tau2.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"
#include "core/linalg/quadform.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/tau2/pool.hpp"
#include "core/tau2/tau2_solver.hpp"
#include "core/tau2/tau2_two_step.hpp"

namespace metaparity {
namespace {

Vec q_weights(const VecRef& vi, const VecRef& weights) {
  return weights.size() > 0 ? Vec(weights) : Vec(vi.cwiseInverse());
}

// Var y'Py = 2 tr(P S P S) with S = V + tau2 I, spelled out.
double variance_of_q(const WlsFit& fit, const VecRef& a, const VecRef& vi, double tau2) {
  const Vec s = vi.array() + tau2;
  return 2.0 * trace_pdpe(fit, a, s, s);
}

// Moment estimator with fixed weights a: E y'Py = tr(PV) + tau2 tr(P). The residual sum may be
// taken around a given centre instead (DerSimonian-Laird around the Mantel-Haenszel estimate). Not
// below `least`; the standard error is that of Q, at a tau2 that is not negative.
Tau2Estimate moment_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& a,
                         std::optional<double> centre, double least = 0.0) {
  const WlsFit fit = weighted_ls(yi, X, a);
  const double tr_p = trace_pd(fit, a, Vec::Ones(yi.size()));
  const double q = centre ? (a.array() * (yi.array() - *centre).square()).sum() : fit.rss;
  const double tau2 = std::max(least, (q - trace_pd(fit, a, vi)) / tr_p);
  return {tau2, std::sqrt(variance_of_q(fit, a, vi, std::max(0.0, tau2))) / tr_p};
}

double moment_se(const VecRef& vi, const MatRef& X, const VecRef& a, double tau2) {
  const WlsFit fit = weighted_ls(vi, X, a);
  return std::sqrt(variance_of_q(fit, a, vi, tau2)) / trace_pd(fit, a, Vec::Ones(vi.size()));
}

// The first step of DerSimonian and Kacker: Cochran's ANOVA estimate or that of DerSimonian and Laird.
double two_step_start(const VecRef& yi, const VecRef& vi, const MatRef& X, Tau2Method method) {
  const Vec a = method == Tau2Method::CA2 ? Vec(Vec::Ones(yi.size())) : Vec(vi.cwiseInverse());
  return moment_tau2(yi, vi, X, a, {}).tau2;
}

// HS: (Q - k) / sum w; HSk: (k/(k-p) Q - k) / sum w.
Tau2Estimate hunter_schmidt(const VecRef& yi, const VecRef& vi, const MatRef& X, bool corrected,
                            double least) {
  const Vec w = vi.cwiseInverse();
  const WlsFit fit = weighted_ls(yi, X, w);
  const double k = static_cast<double>(yi.size()), df = k - static_cast<double>(X.cols());
  const double factor = corrected ? k / df : 1.0, sum_w = w.sum();
  const double tau2 = std::max(least, (factor * fit.rss - k) / sum_w);
  return {tau2, factor * std::sqrt(variance_of_q(fit, w, vi, std::max(0.0, tau2))) / sum_w};
}

// The a priori value of Sidik and Jonkman: their first, or one that is given (2007).
double sidik_jonkman_start(const VecRef& yi, const ModelSpec& spec) {
  if (spec.tau2_start) return *spec.tau2_start;
  return (yi.array() - yi.mean()).square().sum() / static_cast<double>(yi.size());
}

Tau2Estimate sidik_jonkman(const VecRef& yi, const VecRef& vi, const MatRef& X,
                           const ModelSpec& spec) {
  const double df = static_cast<double>(yi.size() - X.cols()),
               start = sidik_jonkman_start(yi, spec);
  if (!(start > 0.0)) return {std::max(spec.tau2_min, 0.0), kNaN};
  const Vec w = (vi.array() + start).inverse();
  const WlsFit fit = weighted_ls(yi, X, w);
  const double tau2 = std::max(spec.tau2_min, start * fit.rss / df);
  return {tau2, start / df * std::sqrt(variance_of_q(fit, w, vi, tau2))};
}

// The tau2 under which the observed Q with fixed weights is the median of its distribution.
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

void check_zero_variances(const VecRef& vi, const ModelSpec& spec) {
  switch (spec.method) {
    case Tau2Method::ML:
    case Tau2Method::REML:
    case Tau2Method::EB:
    case Tau2Method::PM:
    case Tau2Method::PMM:
    case Tau2Method::SJ:
    case Tau2Method::SJIT:
    case Tau2Method::DLIT:
    case Tau2Method::HE:
    case Tau2Method::Given:
    case Tau2Method::FE:
      return;
    default:
      break;
  }
  std::vector<int> rows;
  for (Index i = 0; i < vi.size(); ++i) {
    if (vi[i] == 0.0) rows.push_back(static_cast<int>(i));
  }
  if (!rows.empty())
    throw InvalidStudies("vi", rows, "must be positive for this method, but is zero");
}

// ML and REML by the expected information; the estimators that solve Q(tau2) = k - p share the
// empirical Bayes form.
double root_se(const VecRef& vi, const MatRef& X, double tau2, Tau2Method method) {
  if (method == Tau2Method::REML && is_intercept_only(X))
    return std::sqrt(2.0 / pool(vi, vi, tau2).tr_pp);
  const Vec w = (vi.array() + tau2).inverse();
  if (method == Tau2Method::ML) return std::sqrt(2.0 / w.squaredNorm());
  if (method == Tau2Method::REML) {
    const Vec one = Vec::Ones(vi.size());
    return std::sqrt(2.0 / trace_pdpe(weighted_ls(vi, X, w), w, one, one));
  }
  const double k = static_cast<double>(vi.size()), df = k - static_cast<double>(X.cols());
  return std::sqrt(2.0 * k * k / df) / w.sum();
}

// What the method would report, had it found the given tau2.
double given_se(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                const ModelSpec& spec) {
  const double k = static_cast<double>(yi.size()), df = k - static_cast<double>(X.cols());
  const bool weighs = vi.minCoeff() > 0.0;
  if (df <= 0.0) return kNaN;
  switch (spec.error_of) {
    case Tau2Method::Given:
    case Tau2Method::FE:
      return kNaN;
    case Tau2Method::HE:
      return moment_se(vi, X, Vec::Ones(yi.size()), spec.tau2);
    case Tau2Method::DL:
      return weighs ? moment_se(vi, X, vi.cwiseInverse(), spec.tau2) : kNaN;
    case Tau2Method::GENQ:
    case Tau2Method::GENQM:
      return weighs ? moment_se(vi, X, q_weights(vi, weights), spec.tau2) : kNaN;
    case Tau2Method::HS:
    case Tau2Method::HSk: {
      const Vec w = vi.cwiseInverse();
      const double factor = spec.error_of == Tau2Method::HSk ? k / df : 1.0;
      return weighs ? factor * std::sqrt(variance_of_q(weighted_ls(yi, X, w), w, vi, spec.tau2)) /
                          w.sum()
                    : kNaN;
    }
    case Tau2Method::SJ: {
      const double start = sidik_jonkman_start(yi, spec);
      const Vec w = (vi.array() + start).inverse();
      return start / df * std::sqrt(variance_of_q(weighted_ls(yi, X, w), w, vi, spec.tau2));
    }
    default:
      return root_se(vi, X, spec.tau2, spec.error_of);
  }
}

// Those in which tau2 enters as v + tau2 alone, with `a` the fixed weights of GENQM.
double root_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& a,
                 Tau2Method method) {
  const double df = static_cast<double>(yi.size() - X.cols());
  switch (method) {
    case Tau2Method::GENQM:
      return median_unbiased(yi, vi, X, a);
    case Tau2Method::ML:
      return maximise_likelihood(yi, vi, X, false);
    case Tau2Method::REML:
      return maximise_likelihood(yi, vi, X, true);
    case Tau2Method::PMM:
      return solve_residual_sum(yi, vi, X, chisq_quantile(0.5, df));
    default:
      return solve_residual_sum(yi, vi, X, df);  // PM, EB, DLIT, SJIT share the equation
  }
}

// A lower bound m of tau2 is 0 for the variances v + m.
double bounded_root(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    const ModelSpec& spec) {
  const Vec a = spec.method == Tau2Method::GENQM ? q_weights(vi, weights) : Vec();
  if (spec.tau2_min == 0.0) return root_tau2(yi, vi, X, a, spec.method);
  const Vec moved = vi.array() + spec.tau2_min;
  return spec.tau2_min + root_tau2(yi, moved, X, a, spec.method);
}

}  // namespace

double estimate_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                     const ModelSpec& spec) {
  const double least = spec.tau2_min;
  check_zero_variances(vi, spec);
  switch (spec.method) {
    case Tau2Method::FE:
      return 0.0;
    case Tau2Method::Given:
      return spec.tau2;
    case Tau2Method::HS:
      return hunter_schmidt(yi, vi, X, false, least).tau2;
    case Tau2Method::HSk:
      return hunter_schmidt(yi, vi, X, true, least).tau2;
    case Tau2Method::HE:
      return moment_tau2(yi, vi, X, Vec::Ones(yi.size()), spec.q_centre, least).tau2;
    case Tau2Method::DL:
      return moment_tau2(yi, vi, X, vi.cwiseInverse(), spec.q_centre, least).tau2;
    case Tau2Method::GENQ:
      return moment_tau2(yi, vi, X, q_weights(vi, weights), {}, least).tau2;
    case Tau2Method::SJ:
      return sidik_jonkman(yi, vi, X, spec).tau2;
    case Tau2Method::HM:
      return std::max(least, hartung_makambi(yi, vi, X));
    case Tau2Method::BP:
      return std::max(least, rukhin_bp(yi));
    case Tau2Method::CA2:
    case Tau2Method::DL2:
      return std::max(least, dersimonian_kacker(yi, vi, X, two_step_start(yi, vi, X, spec.method)));
    default:
      return bounded_root(yi, vi, X, weights, spec);
  }
}

Tau2Estimate estimate_tau2_se(const VecRef& yi, const VecRef& vi, const MatRef& X,
                              const VecRef& weights, const ModelSpec& spec) {
  switch (spec.method) {
    case Tau2Method::FE:
      return {};
    case Tau2Method::Given:
      return {spec.tau2, given_se(yi, vi, X, weights, spec)};
    default:
      break;
  }
  check_zero_variances(vi, spec);
  switch (spec.method) {
    case Tau2Method::HS:
      return hunter_schmidt(yi, vi, X, false, spec.tau2_min);
    case Tau2Method::HSk:
      return hunter_schmidt(yi, vi, X, true, spec.tau2_min);
    case Tau2Method::HE:
      return moment_tau2(yi, vi, X, Vec::Ones(yi.size()), spec.q_centre, spec.tau2_min);
    case Tau2Method::DL:
      return moment_tau2(yi, vi, X, vi.cwiseInverse(), spec.q_centre, spec.tau2_min);
    case Tau2Method::GENQ:
      return moment_tau2(yi, vi, X, q_weights(vi, weights), {}, spec.tau2_min);
    case Tau2Method::SJ:
      return sidik_jonkman(yi, vi, X, spec);
    default:
      break;
  }
  const double tau2 = estimate_tau2(yi, vi, X, weights, spec);
  if (spec.method == Tau2Method::HM || spec.method == Tau2Method::BP) return {tau2, kNaN};
  if (spec.method == Tau2Method::CA2 || spec.method == Tau2Method::DL2) {
    const Vec w = (vi.array() + two_step_start(yi, vi, X, spec.method)).inverse();
    return {tau2, moment_se(vi, X, w, tau2)};
  }
  if (spec.method == Tau2Method::GENQM) {
    return {tau2, moment_se(vi, X, q_weights(vi, weights), std::max(0.0, tau2))};
  }
  return {tau2, root_se(vi, X, tau2, spec.method)};
}

}  // namespace metaparity
