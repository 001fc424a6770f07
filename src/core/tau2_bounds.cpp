#include "core/tau2_bounds.hpp"

#include <algorithm>

#include "core/tau2.hpp"
#include "core/weighted_ls.hpp"

namespace metaparity {
namespace {

// (y'Py - tr PV) / tr P with fixed weights a, of either sign.
double moment(const VecRef& yi, const VecRef& vi, const MatRef& X, const Vec& a,
              std::optional<double> centre) {
  const WlsFit fit = weighted_ls(yi, X, a);
  const double q = centre ? (a.array() * (yi.array() - *centre).square()).sum() : fit.rss;
  return (q - trace_pd(fit, a, vi)) / trace_pd(fit, a, Vec::Ones(yi.size()));
}

double hunter_schmidt(const VecRef& yi, const VecRef& vi, const MatRef& X, bool corrected) {
  const Vec w = vi.cwiseInverse();
  const double k = static_cast<double>(yi.size()), df = k - static_cast<double>(X.cols());
  return ((corrected ? k / df : 1.0) * weighted_ls(yi, X, w).rss - k) / w.sum();
}

double sidik_jonkman(const VecRef& yi, const VecRef& vi, const MatRef& X, double start) {
  const Vec w = (vi.array() + start).inverse();
  return start * weighted_ls(yi, X, w).rss / static_cast<double>(yi.size() - X.cols());
}

}  // namespace

bool has_moment_form(Tau2Method method) {
  return method == Tau2Method::HS || method == Tau2Method::HSk || method == Tau2Method::HE ||
         method == Tau2Method::DL || method == Tau2Method::GENQ || method == Tau2Method::GENQM;
}

double bounded_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    const ModelSpec& spec) {
  ModelSpec free = spec;
  free.tau2_min = 0.0;
  free.tau2_start.reset();
  const double least = spec.tau2_min;
  const Vec a = weights.size() > 0 ? Vec(weights) : Vec(vi.cwiseInverse());
  const Vec moved = vi.array() + least;
  switch (spec.method) {
    case Tau2Method::FE:
      return 0.0;
    case Tau2Method::Given:
      return spec.tau2;
    case Tau2Method::HS:
    case Tau2Method::HSk:
      return std::max(least, hunter_schmidt(yi, vi, X, spec.method == Tau2Method::HSk));
    case Tau2Method::HE:
      return std::max(least, moment(yi, vi, X, Vec::Ones(yi.size()), spec.q_centre));
    case Tau2Method::DL:
      return std::max(least, moment(yi, vi, X, vi.cwiseInverse(), spec.q_centre));
    case Tau2Method::GENQ:
      return std::max(least, moment(yi, vi, X, a, {}));
    case Tau2Method::SJ:
      if (spec.tau2_start) return std::max(least, sidik_jonkman(yi, vi, X, *spec.tau2_start));
      return std::max(least, estimate_tau2(yi, vi, X, weights, free));
    case Tau2Method::HM:
    case Tau2Method::BP:
    case Tau2Method::CA2:
    case Tau2Method::DL2:
      return std::max(least, estimate_tau2(yi, vi, X, weights, free));
    case Tau2Method::GENQM:
      return least + estimate_tau2(yi, moved, X, a, free);
    default:
      return least + estimate_tau2(yi, moved, X, weights, free);
  }
}

}  // namespace metaparity
