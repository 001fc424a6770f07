#include "core/tau2/tau2_moments.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/weighted_ls.hpp"

namespace metaparity {
namespace {

// Var y'Py = 2 tr(P S P S) with S = V + tau2 I, spelled out.
double variance_of_q(const WlsFit& fit, const VecRef& a, const VecRef& vi, double tau2) {
  const Vec s = vi.array() + tau2;
  return 2.0 * trace_pdpe(fit, a, s, s);
}

Tau2Found hunter_schmidt(const Tau2Data& d, double factor) {
  const Vec w = d.vi.cwiseInverse();
  const WlsFit fit = weighted_ls(d.yi, d.X, w);
  const double sum_w = w.sum();
  const double tau2 = std::max(d.spec.tau2_min, (factor * fit.rss - d.k()) / sum_w);
  const double var = variance_of_q(fit, w, d.vi, std::max(0.0, tau2));
  return {tau2, factor * std::sqrt(var) / sum_w, true};
}

double hunter_schmidt_se(const Tau2Data& d, double factor, double tau2) {
  const Vec w = d.vi.cwiseInverse();
  return factor * std::sqrt(variance_of_q(weighted_ls(d.yi, d.X, w), w, d.vi, tau2)) / w.sum();
}

// The a priori value of Sidik and Jonkman: their first, or one that is given (2007).
double sidik_jonkman_start(const Tau2Data& d) {
  if (d.spec.tau2_start) return *d.spec.tau2_start;
  return (d.yi.array() - d.yi.mean()).square().sum() / d.k();
}

double cochran_start(const Tau2Data& d) {
  return moment_tau2(d.yi, d.vi, d.X, Vec::Ones(d.yi.size()), {}, 0.0).tau2;
}
double dl_start(const Tau2Data& d) {
  return moment_tau2(d.yi, d.vi, d.X, d.vi.cwiseInverse(), {}, 0.0).tau2;
}

Tau2Found two_steps(const Tau2Data& d, double start) {
  return {std::max(d.spec.tau2_min, dersimonian_kacker(d.yi, d.vi, d.X, start))};
}
double two_steps_se(const Tau2Data& d, double start, double tau2) {
  return moment_se(d.vi, d.X, (d.vi.array() + start).inverse().matrix(), tau2);
}

}  // namespace

Tau2Found moment_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& a,
                      std::optional<double> centre, double least) {
  const WlsFit fit = weighted_ls(yi, X, a);
  const double tr_p = trace_pd(fit, a, Vec::Ones(yi.size()));
  const double q = centre ? (a.array() * (yi.array() - *centre).square()).sum() : fit.rss;
  const double tau2 = std::max(least, (q - trace_pd(fit, a, vi)) / tr_p);
  return {tau2, std::sqrt(variance_of_q(fit, a, vi, std::max(0.0, tau2))) / tr_p, true};
}

double moment_se(const VecRef& vi, const MatRef& X, const VecRef& a, double tau2) {
  const WlsFit fit = weighted_ls(vi, X, a);
  return std::sqrt(variance_of_q(fit, a, vi, tau2)) / trace_pd(fit, a, Vec::Ones(vi.size()));
}

Vec q_weights(const Tau2Data& d) {
  return d.weights.size() > 0 ? Vec(d.weights) : Vec(d.vi.cwiseInverse());
}

double hartung_makambi(const VecRef& yi, const VecRef& vi, const MatRef& X) {
  const Vec w = vi.cwiseInverse();
  const WlsFit fit = weighted_ls(yi, X, w);
  const double df = static_cast<double>(yi.size() - X.cols());
  const double tr_p = trace_pd(fit, w, Vec::Ones(yi.size()));
  return fit.rss * fit.rss / ((2.0 * df + fit.rss) * tr_p);
}

double rukhin_bp(const VecRef& yi) {
  return (yi.array() - yi.mean()).square().sum() / static_cast<double>(yi.size() + 1);
}

double rukhin_b0(const VecRef& yi, const VecRef& vi, double participants) {
  if (!std::isfinite(participants))
    throw InvalidInput("npts", "is needed by this estimator of tau2");
  const double k = static_cast<double>(yi.size());
  const double rest = participants - k;
  return std::max(0.0, rukhin_bp(yi) - rest * (k - 1.0) * vi.mean() / ((k + 1.0) * (rest + 2.0)));
}

double dersimonian_kacker(const VecRef& yi, const VecRef& vi, const MatRef& X, double start) {
  return moment_tau2(yi, vi, X, (vi.array() + start).inverse().matrix(), {}, 0.0).tau2;
}

double sidik_jonkman_from(const VecRef& yi, const VecRef& vi, const MatRef& X, double start) {
  if (!(start > 0.0)) return 0.0;
  const Vec w = (vi.array() + start).inverse();
  return start * weighted_ls(yi, X, w).rss / static_cast<double>(yi.size() - X.cols());
}

Tau2Found hs_tau2(const Tau2Data& d) { return hunter_schmidt(d, 1.0); }
Tau2Found hsk_tau2(const Tau2Data& d) { return hunter_schmidt(d, d.k() / d.df()); }
double hs_se(const Tau2Data& d, double tau2) { return hunter_schmidt_se(d, 1.0, tau2); }
double hsk_se(const Tau2Data& d, double tau2) { return hunter_schmidt_se(d, d.k() / d.df(), tau2); }

Tau2Found he_tau2(const Tau2Data& d) {
  return moment_tau2(d.yi, d.vi, d.X, Vec::Ones(d.yi.size()), d.spec.q_centre, d.spec.tau2_min);
}
double he_se(const Tau2Data& d, double tau2) {
  return moment_se(d.vi, d.X, Vec::Ones(d.yi.size()), tau2);
}

Tau2Found dl_tau2(const Tau2Data& d) {
  return moment_tau2(d.yi, d.vi, d.X, d.vi.cwiseInverse(), d.spec.q_centre, d.spec.tau2_min);
}
double dl_se(const Tau2Data& d, double tau2) {
  return moment_se(d.vi, d.X, d.vi.cwiseInverse(), tau2);
}

Tau2Found genq_tau2(const Tau2Data& d) {
  return moment_tau2(d.yi, d.vi, d.X, q_weights(d), {}, d.spec.tau2_min);
}
double genq_se(const Tau2Data& d, double tau2) { return moment_se(d.vi, d.X, q_weights(d), tau2); }

Tau2Found sj_tau2(const Tau2Data& d) {
  const double start = sidik_jonkman_start(d), least = d.spec.tau2_min;
  if (!(start > 0.0)) return {std::max(least, 0.0), kNaN, true};
  return {std::max(least, sidik_jonkman_from(d.yi, d.vi, d.X, start))};
}
double sj_se(const Tau2Data& d, double tau2) {
  const double start = sidik_jonkman_start(d);
  const Vec w = (d.vi.array() + start).inverse();
  return start / d.df() * std::sqrt(variance_of_q(weighted_ls(d.yi, d.X, w), w, d.vi, tau2));
}

Tau2Found hm_tau2(const Tau2Data& d) {
  return {std::max(d.spec.tau2_min, hartung_makambi(d.yi, d.vi, d.X))};
}
Tau2Found bp_tau2(const Tau2Data& d) { return {std::max(d.spec.tau2_min, rukhin_bp(d.yi))}; }

Tau2Found ca2_tau2(const Tau2Data& d) { return two_steps(d, cochran_start(d)); }
double ca2_se(const Tau2Data& d, double tau2) { return two_steps_se(d, cochran_start(d), tau2); }
Tau2Found dl2_tau2(const Tau2Data& d) { return two_steps(d, dl_start(d)); }
double dl2_se(const Tau2Data& d, double tau2) { return two_steps_se(d, dl_start(d), tau2); }

}  // namespace metaparity
