#include "core/tau2/tau2_solver.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/optimize.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/tau2/profile.hpp"

namespace metaparity {
namespace {

using Extended = long double;
constexpr double kEps = std::numeric_limits<double>::epsilon();
// A root is polished in extended precision when rounding could move it by more than this.
constexpr double kEnough = 1e-14;

template <class Real>
Real score(const ProfileTerms<Real>& at, bool restricted) {
  return at.w2e2 - (restricted ? at.tr_p : at.sum_w);
}

// Roots and maxima in tau2 of one data set. The double profile finds them; the extended one, made
// on demand, settles signs near zero and polishes.
template <template <class> class Profile>
class Tau2Solver {
 public:
  template <class... Args>
  explicit Tau2Solver(const VecRef& yi, const VecRef& vi, Args... args)
      : fast_(yi, vi, args...),
        make_exact_([=]() { return Profile<Extended>(yi, vi, args...); }),
        v_min_(vi.minCoeff()),
        v_max_(vi.maxCoeff()) {}

  double residual_sum_root(double target);
  double likelihood_maximum(bool restricted);
  double deviance(double tau2, bool restricted) {
    return static_cast<double>(exact().deviance(Extended(tau2), restricted));
  }

 private:
  struct Point {
    double tau2, score, size;
  };
  struct Root {
    double tau2, slope, size;
  };

  const Profile<Extended>& exact() {
    if (!exact_) exact_.emplace(make_exact_());
    return *exact_;
  }

  Point evaluate(double tau2, bool restricted) {
    const auto at = fast_.terms(tau2);
    const double s = score(at, restricted), size = at.w2e2 + (restricted ? at.tr_p : at.sum_w);
    if (std::fabs(s) > 1e-11 * size) return {tau2, s, size};
    return {tau2, static_cast<double>(score(exact().terms(Extended(tau2)), restricted)), size};
  }

  // Every root of the score lies below: sum w^2 e^2 <= w_max SS / tau2 and tr P >= (k-p) w_min.
  double upper_bound() const {
    const double ss = fast_.ols_rss();
    const double s2 = ss / static_cast<double>(fast_.size() - fast_.columns());
    const double half = 0.5 * (s2 - v_min_);
    const double root = half + std::sqrt(half * half + s2 * v_max_);
    return 1.01 * std::min(ss, root);
  }

  std::vector<Point> scan(bool restricted);
  void refine_touch(std::vector<std::pair<Point, Point>>& falls, const std::vector<Point>& grid,
                    std::size_t i, bool restricted);
  Root double_root(const Point& above, const Point& below, bool restricted);
  double polish_root(Point above, Point below, bool restricted);

  Profile<double> fast_;
  std::function<Profile<Extended>()> make_exact_;
  std::optional<Profile<Extended>> exact_;
  double v_min_, v_max_;
};

// Newton on 1/Q, which is concave and nearly linear in tau2: from 0 it rises to the root.
template <template <class> class Profile>
double Tau2Solver<Profile>::residual_sum_root(double target) {
  auto at = fast_.terms(0.0);
  const bool close = v_min_ > 0.0 && std::fabs(at.rss - target) <= 1e-9 * target;
  const Extended q0 = close ? exact().terms(Extended(0)).rss : Extended(at.rss);
  if (q0 <= Extended(target)) return 0.0;
  double t = v_min_ > 0.0 ? 0.0 : kEps * kEps * fast_.ols_rss();
  if (t > 0.0) {
    at = fast_.terms(t);
    if (at.rss <= target) return 0.0;
  }
  for (int iter = 0; iter < 200; ++iter) {
    const double step = at.rss * (at.rss / target - 1.0) / at.w2e2;
    t += step;
    at = fast_.terms(t);
    if (!(std::fabs(step) > 1e-9 * t)) break;
  }
  if (!std::isfinite(t)) throw NotConverged("the equation of tau2 is out of reach: it overflows");
  if (8.0 * kEps * at.rss <= kEnough * at.w2e2 * t) {
    return t + at.rss * (at.rss / target - 1.0) / at.w2e2;
  }
  Extended root = t;
  for (int iter = 0; iter < 4; ++iter) {
    const auto fine = exact().terms(root);
    root += fine.rss * (fine.rss / Extended(target) - Extended(1)) / fine.w2e2;
  }
  return std::max(0.0, static_cast<double>(root));
}

template <template <class> class Profile>
std::vector<typename Tau2Solver<Profile>::Point> Tau2Solver<Profile>::scan(bool restricted) {
  // Below v_min the score is close to linear in tau2.
  const double end = upper_bound();
  std::vector<Point> grid;
  double t = std::max(0.3 * v_min_, std::numeric_limits<double>::min());
  if (v_min_ > 0.0) {
    grid.push_back(evaluate(0.0, restricted));
    t = std::max(t, kEps * kEps * kEps * kEps * end);
  } else {
    t = std::max(t, kEps * kEps * end);
  }
  for (; t < end; t *= kTau2Grid) grid.push_back(evaluate(t, restricted));
  grid.push_back(evaluate(end, restricted));
  return grid;
}

// Between grid points the score may touch zero twice where it bends back towards it.
template <template <class> class Profile>
void Tau2Solver<Profile>::refine_touch(std::vector<std::pair<Point, Point>>& falls,
                                       const std::vector<Point>& grid, std::size_t i,
                                       bool restricted) {
  const auto height = [](const Point& x) { return x.score / x.size; };
  const double a = height(grid[i - 1]), b = height(grid[i]), c = height(grid[i + 1]);
  const bool bends = std::fabs(b) < std::fabs(a) && std::fabs(b) < std::fabs(c);
  if (!bends || std::fabs(b) > 0.1 || (a > 0) != (b > 0) || (b > 0) != (c > 0)) return;
  constexpr int parts = 12;
  Point last = grid[i - 1];
  for (int n = 1; n < 2 * parts; ++n) {
    const std::size_t left = n < parts ? i - 1 : i;
    const double share = static_cast<double>(n % parts) / parts;
    const double at = grid[left].tau2 + share * (grid[left + 1].tau2 - grid[left].tau2);
    const Point next = evaluate(at, restricted);
    if (last.score > 0.0 && next.score <= 0.0) falls.emplace_back(last, next);
    last = next;
  }
  if (last.score > 0.0 && grid[i + 1].score <= 0.0) falls.emplace_back(last, grid[i + 1]);
}

// The root in double and the slope of the score per relative change of tau2 there. Where all v are
// equal, tr P / y'PPy (REML) and sum w / y'PPy (ML) are linear in tau2, and nearly so otherwise:
// secants on them meet the root in a few steps; the bracket guards them.
template <template <class> class Profile>
typename Tau2Solver<Profile>::Root Tau2Solver<Profile>::double_root(const Point& above,
                                                                    const Point& below,
                                                                    bool restricted) {
  const auto excess = [](const Point& x) { return -2.0 * x.score / (x.size + x.score); };
  Point lo = above, hi = below, last = above, next = below;
  for (int iter = 0; iter < 12; ++iter) {
    const double f0 = excess(last), f1 = excess(next);
    double t = next.tau2 - f1 * (next.tau2 - last.tau2) / (f1 - f0);
    if (!(t > lo.tau2 && t < hi.tau2)) t = 0.5 * (lo.tau2 + hi.tau2);
    const auto at = fast_.terms(t);
    last = next;
    next = {t, score(at, restricted), at.w2e2 + (restricted ? at.tr_p : at.sum_w)};
    (next.score > 0.0 ? lo : hi) = next;
    const double change = next.tau2 - last.tau2;
    if (std::fabs(change) > 1e-5 * t || change == 0.0) continue;
    const double slope = (next.score - last.score) / change;
    const double root = t - next.score / slope;
    if (root > lo.tau2 && root < hi.tau2 && std::fabs(root - t) <= 1e-9 * t) {
      return {root, std::fabs(slope) * t, next.size};
    }
  }
  const auto f = [&](double t) { return score(fast_.terms(t), restricted); };
  const double t = find_root<double>(f, above.tau2, above.score, below.tau2, below.score,
                                     root_resolution<double>());
  constexpr double nudge = 1e-4;
  const auto at = fast_.terms(t), beside = fast_.terms(t * (1.0 + nudge));
  return {t, std::fabs(score(beside, restricted) - score(at, restricted)) / nudge,
          at.w2e2 + (restricted ? at.tr_p : at.sum_w)};
}

template <template <class> class Profile>
double Tau2Solver<Profile>::polish_root(Point above, Point below, bool restricted) {
  const auto [t, slope, size] = double_root(above, below, restricted);
  const double noise = 8.0 * kEps * size;
  if (noise <= kEnough * slope) return t;
  const auto g = [&](Extended x) { return score(exact().terms(x), restricted); };
  // Where the slope is known to a few digits, one Newton step with the extended score is enough.
  if (noise <= 1e-10 * slope) {
    const double root = t * (1.0 + static_cast<double>(g(Extended(t))) / slope);
    const bool near = std::fabs(root - t) <= 16.0 * noise / slope * t;
    if (near && root > above.tau2 && root < below.tau2) return root;
  }
  for (double reach = std::max(1e-13, 100.0 * noise / slope); reach < 0.5; reach *= 10.0) {
    const Extended lo = std::max(Extended(above.tau2), Extended(t) * (Extended(1) - reach));
    const Extended hi = std::min(Extended(below.tau2), Extended(t) * (Extended(1) + reach));
    const Extended g_lo = g(lo), g_hi = g(hi);
    if (g_lo > 0 && g_hi <= 0) {
      return static_cast<double>(
          find_root<Extended>(g, lo, g_lo, hi, g_hi, root_resolution<Extended>()));
    }
  }
  return static_cast<double>(find_root<Extended>(g, above.tau2, g(above.tau2), below.tau2,
                                                 g(below.tau2), root_resolution<Extended>()));
}

template <template <class> class Profile>
double Tau2Solver<Profile>::likelihood_maximum(bool restricted) {
  if (!(fast_.ols_rss() > 0.0)) return 0.0;
  const std::vector<Point> grid = scan(restricted);
  std::vector<std::pair<Point, Point>> falls;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    if (grid[i].score > 0.0 && grid[i + 1].score <= 0.0) falls.emplace_back(grid[i], grid[i + 1]);
    if (i > 0) refine_touch(falls, grid, i, restricted);
  }
  std::vector<double> maxima;
  if (grid.front().score <= 0.0) maxima.push_back(0.0);
  for (const auto& fall : falls) maxima.push_back(polish_root(fall.first, fall.second, restricted));
  if (maxima.empty()) return grid.back().tau2;
  if (maxima.size() == 1) return maxima.front();
  std::vector<Extended> dev;
  for (double t : maxima) dev.push_back(exact().deviance(Extended(t), restricted));
  const auto best = std::min_element(dev.begin(), dev.end()) - dev.begin();
  return maxima[static_cast<std::size_t>(best)];
}

template <class F>
auto with_solver(const VecRef& yi, const VecRef& vi, const MatRef& X, F&& use) {
  if (is_intercept_only(X)) {
    Tau2Solver<InterceptProfile> solver(yi, vi);
    return use(solver);
  }
  const bool centre = (X.col(0).array() == 1.0).all();
  Tau2Solver<DesignProfile> solver(yi, vi, X, centre);
  return use(solver);
}

}  // namespace

double maximise_likelihood(const VecRef& yi, const VecRef& vi, const MatRef& X, bool restricted) {
  return with_solver(yi, vi, X, [&](auto& s) { return s.likelihood_maximum(restricted); });
}

double solve_residual_sum(const VecRef& yi, const VecRef& vi, const MatRef& X, double target) {
  return with_solver(yi, vi, X, [&](auto& s) { return s.residual_sum_root(target); });
}

double profile_deviance(const VecRef& yi, const VecRef& vi, const MatRef& X, double tau2,
                        bool restricted) {
  return with_solver(yi, vi, X, [&](auto& s) { return s.deviance(tau2, restricted); });
}

}  // namespace metaparity
