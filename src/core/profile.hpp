// Weighted least squares as a function of tau2: residual sums, trace of P and log-likelihood at
// one tau2, in double or long double. Sources: Harville (1977, JASA 72, 320); Raudenbush (2009).
// Invariants: y is centred at the most precise study, whose residual and 1 - leverage are then
// sums over the others: no cancellation however unequal the variances.
#pragma once

#include <Eigen/Core>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

template <class Real>
struct ProfileTerms {
  Real rss = 0;   // y'Py = sum w e^2
  Real w2e2 = 0;  // y'PPy = sum w^2 e^2
  Real tr_p = 0;  // trace of P
  Real sum_w = 0;
};

// The model with an intercept alone.
template <class Real>
class InterceptProfile {
 public:
  using Array = Eigen::Array<Real, Eigen::Dynamic, 1>;

  InterceptProfile(const VecRef& yi, const VecRef& vi) : v_(vi.template cast<Real>()) {
    vi.minCoeff(&top_);
    d_ = yi.template cast<Real>().array() - Real(yi[top_]);
    w_.resize(v_.size());
    e_.resize(v_.size());
  }

  Index size() const { return v_.size(); }
  int columns() const { return 1; }

  // Sum of squares about the unweighted mean.
  Real ols_rss() const { return (d_ - d_.mean()).square().sum(); }

  ProfileTerms<Real> terms(Real tau2) const {
    w_ = (v_ + tau2).inverse();
    const Real w_top = w_[top_];
    w_[top_] = Real(0);
    const Real rest = w_.sum(), rest2 = w_.square().sum();
    const Real sum_w = rest + w_top;
    const Real mu = (w_ * d_).sum() / sum_w;
    w_[top_] = w_top;
    e_ = d_ - mu;
    ProfileTerms<Real> out;
    out.sum_w = sum_w;
    out.tr_p = (sum_w * rest - rest2 + w_top * rest) / sum_w;
    e_ = w_ * e_.square();
    out.rss = e_.sum();
    out.w2e2 = (w_ * e_).sum();
    return out;
  }

  // -2 log L without constants.
  Real deviance(Real tau2, bool restricted) const {
    const ProfileTerms<Real> at = terms(tau2);
    Real dev = (v_ + tau2).log().sum() + at.rss;
    if (restricted) dev += std::log(at.sum_w);
    return dev;
  }

 private:
  Array v_, d_;
  mutable Array w_, e_;  // workspace: terms() runs dozens of times on the same size
  Index top_ = 0;
};

// Any design matrix. Rows are taken in the order of their precision, columns scaled to unit
// length: Householder QR is then stable row by row (Higham 2002, section 19.4).
template <class Real>
class DesignProfile {
 public:
  using Array = Eigen::Array<Real, Eigen::Dynamic, 1>;
  using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

  DesignProfile(const VecRef& yi, const VecRef& vi, const MatRef& X, bool centre)
      : v_(vi.size()), y_(yi.size()), X_(X.rows(), X.cols()) {
    std::vector<Index> order(static_cast<std::size_t>(vi.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return vi[a] < vi[b]; });
    const Real origin = centre ? Real(yi[order.front()]) : Real(0);
    for (Index i = 0; i < vi.size(); ++i) {
      const Index from = order[static_cast<std::size_t>(i)];
      v_[i] = Real(vi[from]);
      y_[i] = Real(yi[from]) - origin;
      X_.row(i) = X.row(from).template cast<Real>();
    }
    scale_ = X_.colwise().norm();
    for (Index j = 0; j < X_.cols(); ++j) X_.col(j) /= scale_[j];
    y_ -= X_ * X_.householderQr().solve(y_);
  }

  Index size() const { return v_.size(); }
  int columns() const { return static_cast<int>(X_.cols()); }
  Real ols_rss() const { return y_.squaredNorm(); }

  ProfileTerms<Real> terms(Real tau2) const {
    Real log_det;
    return terms(tau2, log_det);
  }

  Real deviance(Real tau2, bool restricted) const {
    Real log_det;
    const ProfileTerms<Real> at = terms(tau2, log_det);
    Real dev = (v_ + tau2).log().sum() + at.rss;
    if (restricted) dev += log_det;
    return dev;
  }

 private:
  ProfileTerms<Real> terms(Real tau2, Real& log_det) const {
    const Array w = (v_ + tau2).inverse();
    const Array root = w.sqrt();
    const Eigen::HouseholderQR<Matrix> qr(root.matrix().asDiagonal() * X_);
    const Matrix q = qr.householderQ() * Matrix::Identity(X_.rows(), X_.cols());
    Vector r = (root * y_.array()).matrix();
    for (int pass = 0; pass < 2; ++pass) r -= q * (q.transpose() * r);
    ProfileTerms<Real> out;
    out.sum_w = w.sum();
    out.tr_p = (w * (Real(1) - q.rowwise().squaredNorm().array())).sum();
    out.rss = r.squaredNorm();
    out.w2e2 = (w * r.array().square()).sum();
    log_det =
        Real(2) * (qr.matrixQR().diagonal().array().abs().log().sum() + scale_.array().log().sum());
    return out;
  }

  Array v_;
  Vector y_;
  Matrix X_;
  Eigen::Matrix<Real, 1, Eigen::Dynamic> scale_;
};

}  // namespace metaparity
