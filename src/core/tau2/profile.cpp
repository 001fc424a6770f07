#include "core/tau2/profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "core/errors.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity {

constexpr int kLanes = 4;

template <class Real>
InterceptProfile<Real>::InterceptProfile(const VecRef& yi, const VecRef& vi) : k_(yi.size()) {
  Index top = 0;
  v_top_ = Real(vi.minCoeff(&top));
  const Index padded = (k_ - 1 + kLanes - 1) / kLanes * kLanes;
  v_ = Array::Constant(padded, std::numeric_limits<Real>::infinity());
  d_ = Array::Zero(padded);
  w_.resize(padded);
  for (Index i = 0, to = 0; i < k_; ++i) {
    if (i == top) continue;
    v_[to] = Real(vi[i]);
    d_[to++] = Real(yi[i]) - Real(yi[top]);
  }
}

template <class Real>
Real InterceptProfile<Real>::ols_rss() const {
  const Real mean = d_.sum() / Real(k_);
  return mean * mean + (d_.head(k_ - 1) - mean).square().sum();
}

template <class Real>
ProfileTerms<Real> InterceptProfile<Real>::terms(Real tau2) const {
  using Group = Eigen::Array<Real, kLanes, 1>;
  Group sum = Group::Zero(), squares = sum, moment = sum;
  for (Index i = 0; i < v_.size(); i += kLanes) {
    const Group w = (v_.template segment<kLanes>(i) + tau2).inverse();
    w_.template segment<kLanes>(i) = w;
    sum += w;
    squares += w * w;
    moment += w * d_.template segment<kLanes>(i);
  }
  const Real w_top = Real(1) / (v_top_ + tau2), rest = sum.sum();
  ProfileTerms<Real> out;
  out.sum_w = rest + w_top;
  out.tr_p = (out.sum_w * rest - squares.sum() + w_top * rest) / out.sum_w;
  const Real mu = moment.sum() / out.sum_w;
  Group rss = Group::Zero(), w2e2 = rss;
  for (Index i = 0; i < v_.size(); i += kLanes) {
    const Group w = w_.template segment<kLanes>(i), we = w * (d_.template segment<kLanes>(i) - mu);
    rss += we * (d_.template segment<kLanes>(i) - mu);
    w2e2 += we * we;
  }
  const Real own = w_top * mu;
  out.rss = rss.sum() + own * mu;
  out.w2e2 = w2e2.sum() + own * own;
  return out;
}

template <class Real>
Real InterceptProfile<Real>::deviance(Real tau2, bool restricted) const {
  const ProfileTerms<Real> at = terms(tau2);
  Real dev = std::log(v_top_ + tau2) + (v_.head(k_ - 1) + tau2).log().sum() + at.rss;
  if (restricted) dev += std::log(at.sum_w);
  return dev;
}

template <class Real>
DesignProfile<Real>::DesignProfile(const VecRef& yi, const VecRef& vi, const MatRef& X, bool centre)
    : v_(vi.size()), y_(yi.size()), X_(X.rows(), X.cols()) {
  if (vi.size() == 0) throw InvalidInput("yi", "must hold at least one study");
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
  const auto q = thin_qr(X_).q;
  for (int pass = 0; pass < 2; ++pass) y_ -= q * (q.transpose() * y_);
}

template <class Real>
ProfileTerms<Real> DesignProfile<Real>::terms(Real tau2) const {
  Real log_det;
  return terms(tau2, log_det);
}

template <class Real>
Real DesignProfile<Real>::deviance(Real tau2, bool restricted) const {
  Real log_det;
  const ProfileTerms<Real> at = terms(tau2, log_det);
  Real dev = (v_ + tau2).log().sum() + at.rss;
  if (restricted) dev += log_det;
  return dev;
}

template <class Real>
ProfileTerms<Real> DesignProfile<Real>::terms(Real tau2, Real& log_det) const {
  const Array w = (v_ + tau2).inverse();
  const Array root = w.sqrt();
  const ThinQr<Real> qr = thin_qr<Real>(root.matrix().asDiagonal() * X_);
  Eigen::Matrix<Real, Eigen::Dynamic, 1> r = (root * y_.array()).matrix();
  for (int pass = 0; pass < 2; ++pass) r -= qr.q * (qr.q.transpose() * r);
  ProfileTerms<Real> out;
  out.sum_w = w.sum();
  out.tr_p = (w * (Real(1) - qr.q.rowwise().squaredNorm().array())).sum();
  out.rss = r.squaredNorm();
  out.w2e2 = (w * r.array().square()).sum();
  log_det = Real(2) * (qr.log_det() + scale_.array().log().sum());
  return out;
}

template class InterceptProfile<double>;
template class InterceptProfile<long double>;
template class DesignProfile<double>;
template class DesignProfile<long double>;

}  // namespace metaparity
