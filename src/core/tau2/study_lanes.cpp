#include "core/tau2/study_lanes.hpp"

#include <algorithm>
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
  for (Index i = 0, to = 0; i < k; ++i) {
    if (i == top) continue;
    v_(lane, to) = vi[i];
    d_(lane, to++) = yi[i] - origin;
  }
  origin_[lane] = origin;
  v_least_[lane] = least;
  v_most_[lane] = most;
  k_[lane] = static_cast<double>(k);
  widest_ = std::max(widest_, k - 1);
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
