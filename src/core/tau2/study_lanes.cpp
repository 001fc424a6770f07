#include "core/tau2/study_lanes.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace metaparity {

void StudyLanes::add(const VecRef& yi, const VecRef& vi) {
  if (filled_ == 0) {
    v_.setConstant(std::numeric_limits<double>::infinity());
    d_.setZero();
    origin_.setZero();
    v_least_.setOnes();
    v_most_.setOnes();
    k_.setOnes();
    widest_ = 0;
  }
  const int lane = filled_++;
  const Index k = yi.size();
  Index top = 0;
  double least = vi[0], most = vi[0];
  for (Index i = 1; i < k; ++i) {
    if (vi[i] < least) {
      least = vi[i];
      top = i;
    }
    most = std::max(most, vi[i]);
  }
  const double origin = yi[top];
  // The last study takes the place of the most precise one, as in load().
  for (Index i = 0; i < k - 1; ++i) {
    const Index from = i == top ? k - 1 : i;
    v_(lane, i) = vi[from];
    d_(lane, i) = yi[from] - origin;
  }
  origin_[lane] = origin;
  v_least_[lane] = least;
  v_most_[lane] = most;
  k_[lane] = static_cast<double>(k);
  widest_ = std::max(widest_, k - 1);
}

bool StudyLanes::load(const double* yi, const double* vi, Index stride, Index k, double above,
                      double below) {
  // Plain loops over the lanes, which compilers turn into vector instructions.
  std::array<double, kLanes> least, most, origin, top;
  double bad = 0.0;
  for (std::size_t l = 0; l < kLanes; ++l) {
    least[l] = most[l] = vi[l];
    origin[l] = yi[l];
    top[l] = 0.0;
  }
  for (Index i = 0; i < k; ++i) {
    const double *y = yi + i * stride, *v = vi + i * stride, at = static_cast<double>(i);
    for (std::size_t l = 0; l < kLanes; ++l) {
      // x - x is 0 for numbers, NaN else.
      bad += (y[l] - y[l]) + (v[l] - v[l]) + (v[l] > 0.0 ? 0.0 : 1.0);
      const bool lower = v[l] < least[l];
      top[l] = lower ? at : top[l];
      origin[l] = lower ? y[l] : origin[l];
      least[l] = lower ? v[l] : least[l];
      most[l] = v[l] > most[l] ? v[l] : most[l];
    }
  }
  for (std::size_t l = 0; l < kLanes; ++l) bad += most[l] > above && most[l] < below ? 0.0 : 1.0;
  if (!(bad == 0.0)) return false;
  const double *last_y = yi + (k - 1) * stride, *last_v = vi + (k - 1) * stride;
  for (Index i = 0; i < k - 1; ++i) {
    const double *y = yi + i * stride, *v = vi + i * stride, at = static_cast<double>(i);
    double *to_v = v_.data() + i * kLanes, *to_d = d_.data() + i * kLanes;
    for (std::size_t l = 0; l < kLanes; ++l) {
      to_v[l] = top[l] == at ? last_v[l] : v[l];
      to_d[l] = (top[l] == at ? last_y[l] : y[l]) - origin[l];
    }
  }
  origin_ = Eigen::Map<const Lane>(origin.data());
  v_least_ = Eigen::Map<const Lane>(least.data());
  v_most_ = Eigen::Map<const Lane>(most.data());
  k_.setConstant(static_cast<double>(k));
  filled_ = kLanes;
  widest_ = k - 1;
  return true;
}

// tr P = sum w (1 - w / sum w).
PooledLanes pool_lanes(const StudyLanes& x, const StudyLanes::Lane& tau2) {
  using Row = StudyLanes::Lane;
  Row rest = Row::Zero(), moment = rest;
  for (Index i = 0; i < x.others(); ++i) {
    const Row w = (x.v(i) + tau2).inverse();
    rest += w;
    moment += w * x.d(i);
  }
  const Row top = (x.least() + tau2).inverse();
  PooledLanes out;
  out.sum_w = rest + top;
  const Row per = out.sum_w.inverse(), shift = moment * per;
  out.mu = x.origin() + shift;
  out.rss = top * shift * shift;
  out.tr_p = top * (rest * per);
  for (Index i = 0; i < x.others(); ++i) {
    const Row w = (x.v(i) + tau2).inverse(), residual = x.d(i) - shift;
    out.rss += w * residual * residual;
    out.tr_p += w * (1.0 - w * per);
  }
  return out;
}

}  // namespace metaparity
