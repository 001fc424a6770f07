// Tests of equal heterogeneity. With P = W - W 1 1' W / 1'W1 (ML: P = W) the score of a study's variance is
// (w^2 e^2 - w + w^2 / W) / 2 and the information P o P / 2 (Harville 1977). Oracle: metafor; dense algebra.
#include "core/bias/hettest.hpp"

#include <algorithm>
#include <cmath>

#include "core/linalg/distributions.hpp"
#include "core/model/random_effects.hpp"
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

// The information of the variances is s^2 / 2 W (diag(1 - 2 c w) + c w w') W with weights w that sum to 1, W = diag(w)
// and c = 1 (ML: diag(1), c = 0). One weight may be above a half: that study stands apart, all others have a positive
// diagonal, so the inverse takes time and memory of order k.
class Information {
 public:
  Information(const Vec& w, bool reml) : w_(w) {
    a_ = reml ? Vec(w / w.sum()) : Vec(Vec::Zero(w.size()));
    d_ = 1.0 - 2.0 * a_.array();
    a_.maxCoeff(&top_);
    others_ = 0.0;
    for (Index i = 0; i < w.size(); ++i) {
      if (i != top_) others_ += a_(i) * a_(i) / d_(i);
    }
    apart_ = d_(top_) + a_(top_) * a_(top_) / (1.0 + others_);
  }

  Vec times(const Vec& x) const {
    const Vec wx = w_.cwiseProduct(x);
    return 0.5 * (w_.array() * (d_.array() * wx.array() + a_.array() * a_.dot(wx)));
  }

  // u' H^-1 u for u = W z.
  double inverse_form(const Vec& z) const {
    double q = 0.0;
    for (Index i = 0; i < z.size(); ++i) {
      if (i != top_) q += a_(i) * z(i) / d_(i);
    }
    const double at_top = (z(top_) - a_(top_) * q / (1.0 + others_)) / apart_;
    const double along = (q - a_(top_) * at_top * others_) / (1.0 + others_) + a_(top_) * at_top;
    double form = z(top_) * at_top;
    for (Index i = 0; i < z.size(); ++i) {
      if (i != top_) form += z(i) * (z(i) - a_(i) * along) / d_(i);
    }
    return 2.0 * form;
  }

  Vec inverse_diagonal() const {
    const double share = 1.0 + others_;
    const Vec ratio = a_.cwiseQuotient(d_);
    Vec out = d_.cwiseInverse().array() - ratio.array().square() / share +
              (ratio.array() * a_(top_) / share).square() / apart_;
    out(top_) = 1.0 / apart_;
    return 2.0 * out.array() / w_.array().square();
  }

 private:
  Vec w_, a_, d_;
  Index top_ = 0;
  double others_ = 0.0, apart_ = 0.0;
};

double score_statistic(const VecRef& yi, const VecRef& vi, const Common& c, bool reml) {
  const Vec w = (vi.array() + c.tau2).inverse();
  const double share = reml ? 1.0 / w.sum() : 0.0;
  const Vec z = 0.5 * (w.array() * ((yi.array() - c.mu).square() + share) - 1.0);
  return Information(w, reml).inverse_form(z);
}

double lrt_statistic(const VecRef& yi, const VecRef& vi, const Common& c, const Saturated& s,
                     bool reml) {
  const Vec full = vi + s.tau2, null = vi.array() + c.tau2;
  return 2.0 * (log_likelihood(yi, full, s.mu, reml) - log_likelihood(yi, null, c.mu, reml));
}

// The form of all contrasts of the variances is that of their distance from the nearest common one.
double wald_statistic(const VecRef& vi, const Saturated& s, bool reml) {
  const Vec w = (vi + s.tau2).cwiseInverse();
  const Information H(w, reml);
  const Vec to_one = H.times(Vec::Ones(w.size()));
  const Vec apart = s.tau2.array() - to_one.dot(s.tau2) / to_one.sum();
  return apart.dot(H.times(apart));
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
  const double scale = vi.mean() + start.mean();
  out.tau2 = start.size() == 1 ? Vec::Constant(yi.size(), start(0)) : Vec(start);
  for (int iter = 0; iter < spec.maxiter && !out.converged; ++iter) {
    const Vec w = (vi + out.tau2).cwiseInverse();
    const double mu = w.dot(yi) / w.sum(), share = spec.reml ? 1.0 / w.sum() : 0.0;
    const Vec next = ((yi.array() - mu).square() - vi.array() + share).max(0.0);
    out.converged = (next - out.tau2).cwiseAbs().maxCoeff() < spec.threshold * scale;
    out.tau2 = next;
  }
  const Vec w = (vi + out.tau2).cwiseInverse();
  out.mu = w.dot(yi) / w.sum();
  out.se = Information(w, spec.reml).inverse_diagonal().cwiseSqrt();
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
  parallel_for(samples.cols(), threads, spec.checkpoint,
               [&](Index j) { out(j) = het_statistic(samples.col(j), vi, spec); });
  return out;
}

}  // namespace metaparity
