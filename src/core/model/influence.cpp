#include "core/model/influence.hpp"

#include <cmath>
#include <stdexcept>

#include "core/batch/leave1out.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/scaling.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/random_effects.hpp"

namespace metaparity {
namespace {

bool own_weights(const VecRef& weights, bool weighted) { return weighted && weights.size() == 0; }

Vec row_forms(const MatRef& X, const Mat& v) {
  return product(X, v).cwiseProduct(X).rowwise().sum();
}

// (X'AX)^-1 X'A M A X (X'AX)^-1 for diagonal A, M.
Mat vb_of_weights(const Mat& inv, const MatRef& X, const VecRef& a, const VecRef& m) {
  return sandwich(inv, X, a.array().square() * m.array());
}

bool full_rank(const MatRef& X) {
  return is_intercept_only(X) || static_cast<Index>(independent_columns(X).size()) == X.cols();
}

Mat without_row(const MatRef& X, Index i) {
  Mat out(X.rows() - 1, X.cols());
  out.topRows(i) = X.topRows(i);
  out.bottomRows(X.rows() - 1 - i) = X.bottomRows(X.rows() - 1 - i);
  return out;
}

// What the deletions are measured against.
struct FullFit {
  RmaFit fit;
  Vec hat;
};

void set_deletion(Influence& out, Index i, const RmaFit& del, const FullFit& full, const VecRef& yi,
                  const VecRef& vi, const MatRef& X, const VecRef& weights, bool weighted) {
  const Vec x = X.row(i);
  const Vec change = full.fit.beta - del.beta;
  const double m_i = vi[i] + del.tau2;
  out.tau2[i] = del.tau2;
  out.QE[i] = del.QE;
  out.resid[i] = yi[i] - x.dot(del.beta);
  out.se[i] = std::sqrt(del.s2w * m_i + x.dot(del.vb * x));
  out.z[i] = out.resid[i] / out.se[i];
  const double shift = x.dot(change);
  out.fit_shift[i] = shift * shift / x.dot(del.vb * x);
  out.cook[i] = inverse_form(full.fit.vb, change);
  out.cov_r[i] = determinant(del.vb) / determinant(full.fit.vb);

  // The spread of all studies at the tau2 of the fit without study i.
  const Vec m = vi.array() + del.tau2;
  const Vec a = model_weights(vi, weights, del.tau2, weighted);
  const Mat inv = weighted_ls(yi, X, a).inv;
  const bool own = own_weights(weights, weighted);
  const Mat vb = own ? inv : vb_of_weights(inv, X, a, m);
  out.dfbetas.row(i) = change.array() / (del.s2w * vb.diagonal().array()).sqrt();
  const double fitted = own ? full.hat[i] * m_i : x.dot(vb * x);
  out.dffits[i] = x.dot(change) / std::sqrt(del.s2w * fitted);
}

}  // namespace

Influence::Influence(Index k, Index p)
    : resid(Vec::Constant(k, kNaN)),
      se(resid),
      z(resid),
      dffits(resid),
      cook(resid),
      cov_r(resid),
      tau2(resid),
      QE(resid),
      hat(resid),
      fit_shift(resid),
      dfbetas(Mat::Constant(k, p, kNaN)) {}

Vec model_weights(const VecRef& vi, const VecRef& weights, double tau2, bool weighted) {
  if (!weighted) return Vec::Constant(vi.size(), 1.0 / static_cast<double>(vi.size()));
  if (weights.size() > 0) return weights;
  return (vi.array() + tau2).inverse();
}

// Relative to the smallest variance, so that nothing overflows.
Vec percent_weights(const VecRef& vi, const VecRef& weights, double tau2, bool weighted) {
  Vec w = weighted && weights.size() == 0 ? Vec((vi.minCoeff() + tau2) / (vi.array() + tau2))
                                          : model_weights(vi, weights, tau2, weighted);
  return 100.0 * (w / w.sum());
}

// In units in which neither squares nor weighted sums leave the range.
Residuals residuals(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    double tau2, bool weighted) {
  const Scaled data = scale_data(yi, vi);
  const Vec own = 0.25 * scale_weights(weights),
            m = data.vi.array() + std::scalbn(tau2, -2 * data.exponent);
  const Vec a = model_weights(data.vi, own, std::scalbn(tau2, -2 * data.exponent), weighted);
  const WlsFit fit = weighted_ls(data.yi, X, a);
  Residuals out;
  out.resid = fit.resid;
  out.hat = fit.hat;
  Vec variance = m.array() * fit.one_minus_hat.array();
  if (!own_weights(weights, weighted)) {
    const Vec spread = row_forms(X, vb_of_weights(fit.inv, X, a, m));
    variance = m.array() * (fit.one_minus_hat - fit.hat).array() + spread.array();
  }
  out.se = variance.cwiseMax(0.0).cwiseSqrt();
  out.z = out.resid.cwiseQuotient(out.se);
  out.pearson = out.resid.array() / m.array().sqrt();
  const double unit = std::scalbn(1.0, data.exponent);
  out.resid *= unit;
  out.se *= unit;
  return out;
}

// The effect is predicted by lambda y + (1 - lambda) x b, lambda = tau2 / (tau2 + v): the share 1 - lambda of the
// residual is left, in its standard error too.
Residuals conditional_residuals(const VecRef& yi, const VecRef& vi, const MatRef& X,
                                const VecRef& weights, double tau2, bool weighted) {
  Residuals out = residuals(yi, vi, X, weights, tau2, weighted);
  if (tau2 == 0.0) return out;
  const Vec left = vi.array() / (vi.array() + tau2);
  out.resid = out.resid.cwiseProduct(left);
  out.se = out.se.cwiseProduct(left);
  return out;
}

Influence influence(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    const ModelSpec& spec) {
  const Index k = yi.size();
  Influence out(k, X.cols());
  FullFit full{fit_rma(yi, vi, X, weights, spec), {}};
  full.hat = residuals(yi, vi, X, weights, full.fit.tau2, spec.weighted).hat;
  out.hat = full.hat;
  std::vector<Index> rows;
  for (Index i = 0; i < k; ++i) {
    ask(spec.checkpoint);
    if (!full_rank(without_row(X, i))) continue;
    rows.clear();
    for (Index j = 0; j < k; ++j) {
      if (j != i) rows.push_back(j);
    }
    try {
      const RmaFit del = fit_rows(yi, vi, X, weights, spec, rows);
      set_deletion(out, i, del, full, yi, vi, X, weights, spec.weighted);
    } catch (const std::runtime_error&) {
      continue;
    }
  }
  return out;
}

}  // namespace metaparity
