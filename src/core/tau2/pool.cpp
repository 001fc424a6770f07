#include "core/tau2/pool.hpp"

#include <limits>

namespace metaparity {
namespace {

constexpr int kWidth = 4;
using Lanes = Eigen::Array<double, kWidth, 1>;

// f(variances, distances from the origin) for the studies from..to-1, the last lanes filled up by
// studies of no weight.
template <class F>
void over_lanes(const VecRef& yi, const VecRef& vi, Index from, Index to, double origin, F&& f) {
  Index i = from;
  for (; i + kWidth <= to; i += kWidth) {
    f(Lanes(vi.segment<kWidth>(i)), Lanes(yi.segment<kWidth>(i).array() - origin));
  }
  if (i == to) return;
  Lanes v = Lanes::Constant(std::numeric_limits<double>::infinity()), d = Lanes::Zero();
  v.head(to - i) = vi.segment(i, to - i);
  d.head(to - i) = yi.segment(i, to - i).array() - origin;
  f(v, d);
}

// All but one study.
template <class F>
void over_others(const VecRef& yi, const VecRef& vi, Index top, F&& f) {
  over_lanes(yi, vi, 0, top, yi[top], f);
  over_lanes(yi, vi, top + 1, yi.size(), yi[top], f);
}

}  // namespace

// Centred at the most precise study, whose residual and leverage are sums over the others.
// tr P = sum w (1 - h); tr PP adds the squares off the diagonal, w_i^2 w_j^2 / (sum w)^2.
Pooled pool(const VecRef& yi, const VecRef& vi, double tau2) {
  Index top = 0;
  vi.minCoeff(&top);
  Lanes sum = Lanes::Zero(), squares = sum, fourth = sum, moment = sum;
  over_others(yi, vi, top, [&](const Lanes& v, const Lanes& d) {
    const Lanes w = (v + tau2).inverse(), w2 = w * w;
    sum += w;
    squares += w2;
    fourth += w2 * w2;
    moment += w * d;
  });
  const double w_top = 1.0 / (vi[top] + tau2), rest = sum.sum();
  Pooled out;
  out.sum_w = rest + w_top;
  const double shift = moment.sum() / out.sum_w, per = 1.0 / out.sum_w;
  out.mu = yi[top] + shift;
  Lanes rss = Lanes::Zero(), trace = rss, diagonal = rss;
  over_others(yi, vi, top, [&](const Lanes& v, const Lanes& d) {
    const Lanes w = (v + tau2).inverse(), kept = w * (1.0 - w * per), residual = d - shift;
    rss += w * residual * residual;
    trace += kept;
    diagonal += kept * kept;
  });
  const double kept_top = w_top * (rest / out.sum_w), share_top = w_top * (w_top / out.sum_w);
  out.rss = rss.sum() + w_top * shift * shift;
  out.tr_p = trace.sum() + kept_top;
  const double share = squares.sum() / out.sum_w;
  out.tr_pp = diagonal.sum() + kept_top * kept_top + 2.0 * share_top * share +
              (share * share - fourth.sum() / out.sum_w / out.sum_w);
  return out;
}

}  // namespace metaparity
