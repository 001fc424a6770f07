// Tests of equal heterogeneity. With P = W - W 1 1' W / 1'W1 (ML: P = W) the score of a study's variance is
// (w^2 e^2 - w + w^2 / W) / 2 and the information P o P / 2 (Harville 1977). Oracle: metafor.
#include "core/hettest.hpp"

#include <algorithm>
#include <cmath>

#include "core/dense.hpp"
#include "core/distributions.hpp"
#include "core/random_effects.hpp"
#include "core/threads.hpp"

namespace metaparity {
namespace {

struct Common {
  double mu, tau2;
};

Common fit_common(const VecRef& yi, const VecRef& vi, bool reml) {
  ModelSpec spec;
  spec.method = reml ? Tau2Method::REML : Tau2Method::ML;
  const RmaFit fit = fit_rma(yi, vi, Mat::Ones(yi.size(), 1), Vec(), spec);
  return {fit.beta(0), fit.tau2};
}

double log_likelihood(const VecRef& yi, const Vec& variance, double mu, bool reml) {
  const Vec w = variance.cwiseInverse();
  const double fit =
      -0.5 * variance.array().log().sum() - 0.5 * (w.array() * (yi.array() - mu).square()).sum();
  return reml ? fit - 0.5 * std::log(w.sum()) : fit;
}

Mat information(const Vec& w, bool reml) {
  Mat P = w.asDiagonal();
  if (reml) P -= w * w.transpose() / w.sum();
  return 0.5 * P.cwiseProduct(P);
}

double score_statistic(const VecRef& yi, const VecRef& vi, const Common& c, bool reml) {
  const Vec w = (vi.array() + c.tau2).inverse();
  const double share = reml ? 1.0 / w.sum() : 0.0;
  const Vec w2 = w.cwiseProduct(w);
  const Vec u = 0.5 * (w2.array() * ((yi.array() - c.mu).square() + share) - w.array());
  return inverse_form(information(w, reml), u);
}

double lrt_statistic(const VecRef& yi, const VecRef& vi, const Common& c, const Saturated& s,
                     bool reml) {
  const Vec full = vi + s.tau2, null = vi.array() + c.tau2;
  return 2.0 * (log_likelihood(yi, full, s.mu, reml) - log_likelihood(yi, null, c.mu, reml));
}

// All contrasts with the first study; any other choice gives the same.
double wald_statistic(const VecRef& vi, const Saturated& s, bool reml) {
  const Vec w = (vi + s.tau2).cwiseInverse();
  const Index k = vi.size();
  const Mat V = inverse_symmetric(information(w, reml));
  Mat C = Mat::Zero(k - 1, k);
  C.col(0).setConstant(-1.0);
  C.rightCols(k - 1).setIdentity();
  const Vec d = C * s.tau2;
  return inverse_form(product(C, V, C.transpose()), d);
}

double residual_statistic(const VecRef& yi, const VecRef& vi, const Common& c, HetTest test) {
  const bool squared = test == HetTest::KsChisq || test == HetTest::AdChisq;
  const Index k = yi.size();
  std::vector<double> below(static_cast<std::size_t>(k));
  for (Index i = 0; i < k; ++i) {
    const double z = (yi(i) - c.mu) / std::sqrt(vi(i) + c.tau2);
    below[static_cast<std::size_t>(i)] =
        squared ? std::erf(std::fabs(z) / std::sqrt(2.0)) : normal_upper(-z);
  }
  std::sort(below.begin(), below.end());
  const double n = static_cast<double>(k);
  double ks = 0.0, ad = 0.0;
  for (std::size_t i = 0; i < below.size(); ++i) {
    const double rank = static_cast<double>(i);
    ks = std::max({ks, (rank + 1.0) / n - below[i], below[i] - rank / n});
    ad += (2.0 * rank + 1.0) * (std::log(below[i]) + std::log1p(-below[below.size() - 1 - i]));
  }
  return test == HetTest::KsNormal || test == HetTest::KsChisq ? ks : -n - ad / n;
}

}  // namespace

Saturated fit_saturated(const VecRef& yi, const VecRef& vi, const VecRef& start,
                        const HetSpec& spec) {
  Saturated out;
  out.tau2 = start.size() == 1 ? Vec::Constant(yi.size(), start(0)) : Vec(start);
  for (int iter = 0; iter < spec.maxiter && !out.converged; ++iter) {
    const Vec w = (vi + out.tau2).cwiseInverse();
    const double mu = w.dot(yi) / w.sum(), share = spec.reml ? 1.0 / w.sum() : 0.0;
    const Vec next = ((yi.array() - mu).square() - vi.array() + share).max(0.0);
    out.converged = (next - out.tau2).cwiseAbs().maxCoeff() < spec.threshold;
    out.tau2 = next;
  }
  const Vec w = (vi + out.tau2).cwiseInverse();
  out.mu = w.dot(yi) / w.sum();
  out.se = inverse_symmetric(information(w, spec.reml)).diagonal().cwiseSqrt();
  return out;
}

double het_statistic(const VecRef& yi, const VecRef& vi, const HetSpec& spec) {
  const Common c = fit_common(yi, vi, spec.reml);
  if (spec.test == HetTest::Score) return score_statistic(yi, vi, c, spec.reml);
  if (spec.test != HetTest::Lrt && spec.test != HetTest::Wald)
    return residual_statistic(yi, vi, c, spec.test);
  const Saturated s = fit_saturated(yi, vi, Vec::Constant(1, c.tau2), spec);
  if (!s.converged) return kNaN;
  return spec.test == HetTest::Lrt ? lrt_statistic(yi, vi, c, s, spec.reml)
                                   : wald_statistic(vi, s, spec.reml);
}

Vec het_bootstrap(const MatRef& samples, const VecRef& vi, const HetSpec& spec, int threads) {
  Vec out(samples.cols());
  parallel_for(samples.cols(), threads,
               [&](Index j) { out(j) = het_statistic(samples.col(j), vi, spec); });
  return out;
}

}  // namespace metaparity
