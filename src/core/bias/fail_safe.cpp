// Fail-safe N of Rosenthal (1979), Orwin (1983), Rosenberg (2005) and the general method (Viechtbauer 2024).
// Oracle: metafor.
#include "core/bias/fail_safe.hpp"

#include <cmath>

#include "core/linalg/distributions.hpp"
#include "core/model/random_effects.hpp"

namespace metaparity {
namespace {

FileDrawer null_result(double est, double pval) {
  FileDrawer out;
  out.N = 0.0;
  out.est = est;
  out.pval = pval;
  return out;
}

// N studies with mean 0 and the variance that exact estimators see: half of them at +a, half at -a.
struct Sample {
  Vec yi, vi;
};

Sample fill_drawer(const VecRef& yi, const VecRef& vi, Index n, double variance, double null_vi,
                   double mean) {
  const Index k = yi.size();
  Sample out = {Vec::Constant(k + n, mean), Vec::Constant(k + n, null_vi)};
  out.yi.head(k) = yi;
  out.vi.head(k) = vi;
  const Index pairs = n / 2;
  if (pairs > 0) {
    const double a =
        std::sqrt(static_cast<double>(n - 1) * variance / static_cast<double>(2 * pairs));
    out.yi.segment(k, pairs).setConstant(mean + a);
    out.yi.segment(k + pairs, pairs).setConstant(mean - a);
  }
  return out;
}

WithDrawer from_fit(const RmaFit& fit) { return {fit.beta(0), fit.tau2, fit.pval(0)}; }

RmaFit fit_intercept(const VecRef& yi, const VecRef& vi, const ModelSpec& spec) {
  return fit_rma(yi, vi, Mat::Ones(yi.size(), 1), Vec(), spec);
}

}  // namespace

FileDrawer rosenthal_n(const VecRef& yi, const VecRef& vi, double alpha) {
  const double k = static_cast<double>(yi.size());
  const double z = (yi.array() / vi.array().sqrt()).sum();
  const double pval = normal_upper(std::fabs(z) / std::sqrt(k));
  if (pval >= alpha) return null_result(kNaN, pval);
  FileDrawer out = null_result(kNaN, pval);
  const double crit = normal_quantile(1.0 - alpha);
  out.N = (z / crit) * (z / crit) - k;
  return out;
}

FileDrawer fisher_n(const VecRef& yi, const VecRef& vi, double alpha) {
  const double k = static_cast<double>(yi.size());
  double stat = 0.0;
  for (Index i = 0; i < yi.size(); ++i)
    stat -= 2.0 * std::log(normal_upper(std::fabs(yi[i]) / std::sqrt(vi[i])));
  const auto p = [&](double n) {
    return chisq_upper(stat + 2.0 * n * std::log(2.0), 2.0 * (k + n));
  };
  FileDrawer out = null_result(kNaN, p(0.0));
  if (out.pval >= alpha) return out;
  double from = 0.0, to = 1.0;
  while (p(to) < alpha && to < 1e15) {
    from = to;
    to *= 2.0;
  }
  while (to - from > 1.0) {
    const double middle = std::floor(0.5 * (from + to));
    (p(middle) < alpha ? from : to) = middle;
  }
  out.N = to < 1e15 ? to : kInf;
  return out;
}

FileDrawer orwin_n(const VecRef& yi, const VecRef& vi, double target) {
  const double k = static_cast<double>(yi.size());
  const double est =
      vi.size() == 0 ? yi.mean() : (yi.array() / vi.array()).sum() / vi.array().inverse().sum();
  if (std::isnan(target)) target = 0.5 * est;
  FileDrawer out = null_result(est, kNaN);
  if (std::fabs(est) > std::fabs(target))
    out.N = k * (std::fabs(est) - std::fabs(target)) / std::fabs(target);
  return out;
}

FileDrawer rosenberg_n(const VecRef& yi, const VecRef& vi, double alpha) {
  const double k = static_cast<double>(yi.size());
  const double w = vi.array().inverse().sum();
  const double est = (yi.array() / vi.array()).sum() / w;
  const double z = est * std::sqrt(w);
  FileDrawer out = null_result(est, normal_two_sided(z));
  const double ratio = z / normal_quantile(1.0 - 0.5 * alpha);
  if (out.pval < alpha) out.N = k * (ratio * ratio - 1.0);
  return out;
}

WithDrawer with_file_drawer(const VecRef& yi, const VecRef& vi, const ModelSpec& spec, double N,
                            bool exact, double missing) {
  const RmaFit observed = fit_intercept(yi, vi, spec);
  if (N == 0.0) return from_fit(observed);
  const double k = static_cast<double>(yi.size()), tau2 = observed.tau2, est = observed.beta(0);
  const double null_vi = k / vi.array().inverse().sum();
  if (exact) {
    const Sample all = fill_drawer(yi, vi, static_cast<Index>(N), tau2 + null_vi, null_vi, missing);
    return from_fit(fit_intercept(all.yi, all.vi, spec));
  }
  const bool given = spec.method == Tau2Method::Given;
  double t = given ? spec.tau2 : 0.0;
  const double apart = est - missing;
  if (spec.method != Tau2Method::FE && !given)
    t = ((k + N - 2.0) * tau2 + k * N / (k + N) * apart * apart) / (k + N - 1.0);
  double mean, variance;
  if (spec.weighted) {
    const Vec w = (vi.array() + t).inverse();
    const double total = w.sum() + N / (null_vi + t);
    mean = (w.dot(yi) + N / (null_vi + t) * missing) / total;
    variance = 1.0 / total;
  } else {
    mean = (yi.sum() + N * missing) / (k + N);
    variance = ((vi.array() + t).sum() + N * (null_vi + t)) / ((k + N) * (k + N));
  }
  return {mean, t, normal_two_sided(mean / std::sqrt(variance))};
}

}  // namespace metaparity
