#include "core/tau2/tau2_two_step.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/weighted_ls.hpp"

namespace metaparity {

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
  const Vec w = (vi.array() + start).inverse();
  const WlsFit fit = weighted_ls(yi, X, w);
  return std::max(0.0, (fit.rss - trace_pd(fit, w, vi)) / trace_pd(fit, w, Vec::Ones(yi.size())));
}

double sidik_jonkman_from(const VecRef& yi, const VecRef& vi, const MatRef& X, double start) {
  if (!(start > 0.0)) return 0.0;
  const Vec w = (vi.array() + start).inverse();
  return start * weighted_ls(yi, X, w).rss / static_cast<double>(yi.size() - X.cols());
}

}  // namespace metaparity
