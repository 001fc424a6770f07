#include "core/tau2/likelihood_lanes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/constants.hpp"

namespace metaparity {
namespace {

constexpr double kLaneEps = std::numeric_limits<double>::epsilon();
// A score closer to zero than this share of its terms has no sign to build on.
constexpr double kLaneSign = 1e-10;
// A root that rounding could move by more than this is left to the solver of one data set.
constexpr double kLaneEnough = 1e-12;

using Lane = StudyLanes::Lane;
constexpr int kWide = StudyLanes::kLanes;

// size: what the score is a difference of; noise: what rounding moves it in proportion to.
struct Terms {
  Lane score, size, noise;
};

struct Brackets {
  Lane above, below;
  Terms at_above, at_below;
  std::array<bool, kWide> plain, falls, rises_at_zero;
};

// tr P = sum w - sum w^2 / sum w, y'PPy = sum w^2 (d - mu)^2. The most precise study has d = 0.
Terms terms(const StudyLanes& x, const Lane& tau2, bool restricted) {
  Lane sum = Lane::Zero(), squares = sum, moment = sum, moment2 = sum, second = sum;
  for (Index i = 0; i < x.others(); ++i) {
    const Lane w = (x.v(i) + tau2).inverse(), wd = w * x.d(i);
    sum += w;
    squares += w * w;
    moment += wd;
    moment2 += w * wd;
    second += wd * wd;
  }
  const Lane top = (x.least() + tau2).inverse(), all = sum + top, mu = moment / all;
  const Lane spread = mu * mu * (squares + top * top);
  const Lane w2e2 = second - 2.0 * mu * moment2 + spread;
  const Lane other = restricted ? Lane((all * sum - squares + top * sum) / all) : all;
  return {w2e2 - other, w2e2 + other, second + spread + other};
}

// The bound of tau2_solver: every root of the score lies below.
Lane bounds(const StudyLanes& x) {
  Lane sum = Lane::Zero(), second = sum;
  for (Index i = 0; i < x.others(); ++i) {
    sum += x.d(i);
    second += x.d(i) * x.d(i);
  }
  Lane out = Lane::Zero();
  for (int lane = 0; lane < x.size(); ++lane) {
    const double k = x.studies(lane);
    const double ss = std::max(0.0, second[lane] - sum[lane] * sum[lane] / k);
    const double half = 0.5 * (ss / (k - 1.0) - x.least()[lane]);
    const double root = half + std::sqrt(half * half + ss / (k - 1.0) * x.most()[lane]);
    out[lane] = 1.01 * std::min(ss, root);
  }
  return out;
}

Brackets scan(const StudyLanes& x, const Lane& start, const Lane& end, bool restricted) {
  Brackets out;
  const Lane zero = Lane::Zero(), one = Lane::Ones();
  out.above = out.below = zero;
  out.at_above = out.at_below = {one, one, one};
  Lane t = Lane::Zero(), next = start.min(end);
  Terms at = terms(x, t, restricted);
  Lane height = at.score / at.size, before = height;
  for (int lane = 0; lane < kWide; ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    out.plain[l] = lane < x.size() && std::fabs(at.score[lane]) > kLaneSign * at.noise[lane];
    out.falls[l] = false;
    out.rises_at_zero[l] = at.score[lane] > 0.0;
  }
  // Lanes that are at their end stay there: nothing changes between two equal points.
  for (bool first = true; (t < end).any(); first = false) {
    const Lane from = t;
    const Terms last = at;
    t = next;
    next = (t * kTau2Grid).min(end);
    at = terms(x, t, restricted);
    const Lane now = at.score / at.size;
    for (int lane = 0; lane < x.size(); ++lane) {
      if (!(from[lane] < end[lane])) continue;
      const auto l = static_cast<std::size_t>(lane);
      bool& plain = out.plain[l];
      if (!(std::fabs(at.score[lane]) > kLaneSign * at.noise[lane])) plain = false;
      if (last.score[lane] > 0.0 && at.score[lane] <= 0.0) {
        if (out.falls[l]) plain = false;
        out.falls[l] = true;
        out.above[lane] = from[lane];
        out.at_above.score[lane] = last.score[lane];
        out.at_above.size[lane] = last.size[lane];
        out.below[lane] = t[lane];
        out.at_below.score[lane] = at.score[lane];
        out.at_below.size[lane] = at.size[lane];
      }
      // Where the score bends back towards zero it may have touched it between the points.
      const double a = before[lane], b = height[lane], c = now[lane];
      const bool bends =
          std::fabs(b) < std::fabs(a) && std::fabs(b) < std::fabs(c) && std::fabs(b) <= 0.1;
      if (!first && bends && (a > 0.0) == (b > 0.0) && (b > 0.0) == (c > 0.0)) plain = false;
    }
    before = height;
    height = now;
  }
  return out;
}

// Secants on the ratio of the score's two terms less 1, which is nearly linear in tau2; the bracket guards them.
Lane secants(const Lane& t0, const Terms& at0, const Lane& t1, const Terms& at1, const Lane& lo,
             const Lane& hi) {
  const auto excess = [](const Terms& at) { return Lane(-2.0 * at.score / (at.size + at.score)); };
  const Lane f0 = excess(at0), f1 = excess(at1), t = t1 - f1 * (t1 - t0) / (f1 - f0);
  return (t > lo && t < hi).select(t, 0.5 * (lo + hi));
}

// Follows the brackets of the open lanes to their roots.
void find_roots(const StudyLanes& x, const Brackets& found, bool restricted,
                std::array<bool, kWide>& open, Lane& out) {
  Lane lo = found.above, hi = found.below, t0 = lo, t1 = hi;
  Terms at0 = found.at_above, at1 = found.at_below;
  for (int iter = 0; iter < 12; ++iter) {
    const Lane t = secants(t0, at0, t1, at1, lo, hi);
    t0 = t1;
    at0 = at1;
    t1 = t;
    at1 = terms(x, t, restricted);
    bool any = false;
    for (int lane = 0; lane < x.size(); ++lane) {
      bool& looking = open[static_cast<std::size_t>(lane)];
      if (!looking) continue;
      any = true;
      (at1.score[lane] > 0.0 ? lo : hi)[lane] = t[lane];
      const double change = t1[lane] - t0[lane];
      if (std::fabs(change) > 1e-5 * t[lane] || change == 0.0) continue;
      const double slope = (at1.score[lane] - at0.score[lane]) / change,
                   root = t[lane] - at1.score[lane] / slope;
      const bool inside = root > lo[lane] && root < hi[lane];
      if (!inside || std::fabs(root - t[lane]) > 1e-9 * t[lane]) continue;
      looking = false;
      if (8.0 * kLaneEps * at1.noise[lane] <= kLaneEnough * std::fabs(slope) * t[lane])
        out[lane] = root;
    }
    if (!any) return;
  }
}

}  // namespace

Lane likelihood_maxima(const StudyLanes& x, bool restricted) {
  Lane out = Lane::Constant(kNaN);
  const Lane end = bounds(x);
  const Lane start = (0.3 * x.least()).max(Lane::Constant(std::numeric_limits<double>::min()));
  const Brackets found = scan(x, start, end, restricted);
  std::array<bool, kWide> open{};
  for (int lane = 0; lane < x.size(); ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    if (!found.plain[l] || !(end[lane] > 0.0) || !std::isfinite(end[lane])) continue;
    if (found.rises_at_zero[l] != found.falls[l]) continue;
    open[l] = found.falls[l];
    if (!open[l]) out[lane] = 0.0;
  }
  find_roots(x, found, restricted, open, out);
  return out;
}

}  // namespace metaparity
