#include "core/model/profile_mean.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {
namespace {

// -2 log L without constants.
double deviance(const Vec& e2, const VecRef& vi, double t) {
  const auto v = vi.array() + t;
  return (v.log() + e2.array() / v).sum();
}

// Its slope in tau2.
double slope(const Vec& e2, const VecRef& vi, double t) {
  const Eigen::ArrayXd w = (vi.array() + t).inverse();
  return (w - e2.array() * w.square()).sum();
}

// The global minimum: the slope is scanned on a grid for changes from minus to plus.
double least_tau2(const Vec& e2, const VecRef& vi) {
  const double high = std::max(e2.maxCoeff(), 1e-300);
  const double low = std::max(std::min(1e-6 * vi.minCoeff(), 1e-3 * high),
                              std::numeric_limits<double>::min());  // a step of 0 would stay there
  double best = 0.0, least = deviance(e2, vi, 0.0);
  double a = 0.0, fa = slope(e2, vi, a);
  for (double b = low; a < high; b = std::min(1.3 * b, 1.000001 * high)) {
    const double fb = slope(e2, vi, b);
    if (fa < 0.0 && fb >= 0.0) {
      const double t = find_root<double>([&](double x) { return slope(e2, vi, x); }, a, fa, b, fb,
                                         root_resolution<double>());
      const double d = deviance(e2, vi, t);
      if (d < least) {
        least = d;
        best = t;
      }
    }
    a = b;
    fa = fb;
    if (b > high) break;
  }
  return best;
}

Vec squares(const VecRef& yi, double mu) { return (yi.array() - mu).square().matrix(); }

}  // namespace

double tau2_at_mean(const VecRef& yi, const VecRef& vi, double mu) {
  return least_tau2(squares(yi, mu), vi);
}

Interval profile_mean_interval(const VecRef& yi, const VecRef& vi, double mu, double tau2,
                               double level) {
  const double limit = deviance(squares(yi, mu), vi, tau2) + chisq_quantile(level, 1.0);
  const auto excess = [&](double m) {
    const Vec e2 = squares(yi, m);
    return deviance(e2, vi, least_tau2(e2, vi)) - limit;
  };
  const double step = std::sqrt(1.0 / (vi.array() + tau2).inverse().sum());
  const auto end = [&](double sign) {
    double inner = mu, f_inner = excess(mu), reach = step;
    for (int i = 0; i < 200; ++i, reach *= 1.6) {
      const double outer = mu + sign * reach, f_outer = excess(outer);
      if (f_outer >= 0.0) return find_root<double>(excess, inner, f_inner, outer, f_outer, 1e-13);
      inner = outer;
      f_inner = f_outer;
    }
    throw NotConverged("the profile likelihood of the mean has no bound within reach");
  };
  return {end(-1.0), end(1.0)};
}

Vec profile_log_likelihood(const VecRef& yi, const VecRef& vi, const VecRef& grid, bool of_tau2) {
  const double constant = static_cast<double>(yi.size()) * kLog2Pi;
  Vec out(grid.size());
  for (Index i = 0; i < grid.size(); ++i) {
    if (of_tau2) {
      const Eigen::ArrayXd w = (vi.array() + grid[i]).inverse();
      const Vec e2 = squares(yi, (w * yi.array()).sum() / w.sum());
      out[i] = -0.5 * (deviance(e2, vi, grid[i]) + constant);
    } else {
      const Vec e2 = squares(yi, grid[i]);
      out[i] = -0.5 * (deviance(e2, vi, least_tau2(e2, vi)) + constant);
    }
  }
  return out;
}

}  // namespace metaparity
