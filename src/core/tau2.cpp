#include "core/tau2.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/distributions.hpp"
#include "core/errors.hpp"
#include "core/optimize.hpp"
#include "core/pool.hpp"
#include "core/profile.hpp"
#include "core/quadform.hpp"
#include "core/tau2_two_step.hpp"
#include "core/weighted_ls.hpp"

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
  // Below v_min the score is close to linear in tau2; above, its features are as wide as those of
  // 1/(v + tau2) in log tau2, about a decade: four points a decade resolve them.
  constexpr double ratio = 1.7782794100389228;
  const double end = upper_bound();
  std::vector<Point> grid;
  double t = std::max(0.3 * v_min_, std::numeric_limits<double>::min());
  if (v_min_ > 0.0) {
    grid.push_back(evaluate(0.0, restricted));
    t = std::max(t, kEps * kEps * kEps * kEps * end);
  } else {
    t = std::max(t, kEps * kEps * end);
  }
  for (; t < end; t *= ratio) grid.push_back(evaluate(t, restricted));
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

double likelihood_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, bool restricted) {
  return with_solver(yi, vi, X, [&](auto& s) { return s.likelihood_maximum(restricted); });
}

Vec q_weights(const VecRef& vi, const VecRef& weights) {
  return weights.size() > 0 ? Vec(weights) : Vec(vi.cwiseInverse());
}

// Var y'Py = 2 tr(P S P S) with S = V + tau2 I, spelled out.
double variance_of_q(const WlsFit& fit, const VecRef& a, const VecRef& vi, double tau2) {
  const Vec s = vi.array() + tau2;
  return 2.0 * trace_pdpe(fit, a, s, s);
}

// Moment estimator with fixed weights a: E y'Py = tr(PV) + tau2 tr(P). The residual sum may be
// taken around a given centre instead (DerSimonian-Laird around the Mantel-Haenszel estimate).
Tau2Estimate moment_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& a,
                         std::optional<double> centre) {
  const WlsFit fit = weighted_ls(yi, X, a);
  const double tr_p = trace_pd(fit, a, Vec::Ones(yi.size()));
  const double q = centre ? (a.array() * (yi.array() - *centre).square()).sum() : fit.rss;
  const double tau2 = std::max(0.0, (q - trace_pd(fit, a, vi)) / tr_p);
  return {tau2, std::sqrt(variance_of_q(fit, a, vi, tau2)) / tr_p};
}

double moment_se(const VecRef& vi, const MatRef& X, const VecRef& a, double tau2) {
  const WlsFit fit = weighted_ls(vi, X, a);
  return std::sqrt(variance_of_q(fit, a, vi, tau2)) / trace_pd(fit, a, Vec::Ones(vi.size()));
}

// The first step of DerSimonian and Kacker: Cochran's ANOVA estimate or that of DerSimonian and Laird.
double two_step_start(const VecRef& yi, const VecRef& vi, const MatRef& X, Tau2Method method) {
  const Vec a = method == Tau2Method::CA2 ? Vec(Vec::Ones(yi.size())) : Vec(vi.cwiseInverse());
  return moment_tau2(yi, vi, X, a, {}).tau2;
}

// HS: (Q - k) / sum w; HSk: (k/(k-p) Q - k) / sum w.
Tau2Estimate hunter_schmidt(const VecRef& yi, const VecRef& vi, const MatRef& X, bool corrected) {
  const Vec w = vi.cwiseInverse();
  const WlsFit fit = weighted_ls(yi, X, w);
  const double k = static_cast<double>(yi.size()), df = k - static_cast<double>(X.cols());
  const double factor = corrected ? k / df : 1.0, sum_w = w.sum();
  const double tau2 = std::max(0.0, (factor * fit.rss - k) / sum_w);
  return {tau2, factor * std::sqrt(variance_of_q(fit, w, vi, tau2)) / sum_w};
}

Tau2Estimate sidik_jonkman(const VecRef& yi, const VecRef& vi, const MatRef& X) {
  const double k = static_cast<double>(yi.size()), df = k - static_cast<double>(X.cols());
  const double start = (yi.array() - yi.mean()).square().sum() / k;
  if (!(start > 0.0)) return {0.0, kNaN};
  const Vec w = (vi.array() + start).inverse();
  const WlsFit fit = weighted_ls(yi, X, w);
  const double tau2 = start * fit.rss / df;
  return {tau2, start / df * std::sqrt(variance_of_q(fit, w, vi, tau2))};
}

// The tau2 under which the observed Q with fixed weights is the median of its distribution.
double median_unbiased(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& a) {
  const WlsFit fit = weighted_ls(yi, X, a);
  const auto excess = [&](double t) {
    return quadform_upper(fit.rss, a, (vi.array() + t).matrix(), X) - 0.5;
  };
  const double at_zero = excess(0.0);
  if (at_zero >= 0.0) return 0.0;
  double hi = std::max(fit.rss / trace_pd(fit, a, Vec::Ones(yi.size())), vi.minCoeff());
  double at_hi = excess(hi);
  while (at_hi < 0.0) at_hi = excess(hi *= 4.0);
  return find_root<double>(excess, 0.0, at_zero, hi, at_hi, 1e-13);
}

void check_zero_variances(const VecRef& vi, const ModelSpec& spec) {
  switch (spec.method) {
    case Tau2Method::ML:
    case Tau2Method::REML:
    case Tau2Method::EB:
    case Tau2Method::PM:
    case Tau2Method::PMM:
    case Tau2Method::SJ:
    case Tau2Method::SJIT:
    case Tau2Method::DLIT:
    case Tau2Method::HE:
    case Tau2Method::Given:
    case Tau2Method::FE:
      return;
    default:
      break;
  }
  std::vector<int> rows;
  for (Index i = 0; i < vi.size(); ++i) {
    if (vi[i] == 0.0) rows.push_back(static_cast<int>(i));
  }
  if (!rows.empty())
    throw InvalidStudies("vi", rows, "must be positive for this method, but is zero");
}

// ML and REML by the expected information; the estimators that solve Q(tau2) = k - p share the
// empirical Bayes form.
double root_se(const VecRef& vi, const MatRef& X, double tau2, Tau2Method method) {
  if (method == Tau2Method::REML && is_intercept_only(X))
    return std::sqrt(2.0 / pool(vi, vi, tau2).tr_pp);
  const Vec w = (vi.array() + tau2).inverse();
  if (method == Tau2Method::ML) return std::sqrt(2.0 / w.squaredNorm());
  if (method == Tau2Method::REML) {
    const Vec one = Vec::Ones(vi.size());
    return std::sqrt(2.0 / trace_pdpe(weighted_ls(vi, X, w), w, one, one));
  }
  const double k = static_cast<double>(vi.size()), df = k - static_cast<double>(X.cols());
  return std::sqrt(2.0 * k * k / df) / w.sum();
}

// What the method would report, had it found the given tau2.
double given_se(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                const ModelSpec& spec) {
  const double k = static_cast<double>(yi.size()), df = k - static_cast<double>(X.cols());
  const bool weighs = vi.minCoeff() > 0.0;
  if (df <= 0.0) return kNaN;
  switch (spec.error_of) {
    case Tau2Method::Given:
    case Tau2Method::FE:
      return kNaN;
    case Tau2Method::HE:
      return moment_se(vi, X, Vec::Ones(yi.size()), spec.tau2);
    case Tau2Method::DL:
      return weighs ? moment_se(vi, X, vi.cwiseInverse(), spec.tau2) : kNaN;
    case Tau2Method::GENQ:
    case Tau2Method::GENQM:
      return weighs ? moment_se(vi, X, q_weights(vi, weights), spec.tau2) : kNaN;
    case Tau2Method::HS:
    case Tau2Method::HSk: {
      const Vec w = vi.cwiseInverse();
      const double factor = spec.error_of == Tau2Method::HSk ? k / df : 1.0;
      return weighs ? factor * std::sqrt(variance_of_q(weighted_ls(yi, X, w), w, vi, spec.tau2)) /
                          w.sum()
                    : kNaN;
    }
    case Tau2Method::SJ: {
      const double start = (yi.array() - yi.mean()).square().sum() / k;
      const Vec w = (vi.array() + start).inverse();
      return start / df * std::sqrt(variance_of_q(weighted_ls(yi, X, w), w, vi, spec.tau2));
    }
    default:
      return root_se(vi, X, spec.tau2, spec.error_of);
  }
}

}  // namespace

double solve_residual_sum(const VecRef& yi, const VecRef& vi, const MatRef& X, double target) {
  return with_solver(yi, vi, X, [&](auto& s) { return s.residual_sum_root(target); });
}

double profile_deviance(const VecRef& yi, const VecRef& vi, const MatRef& X, double tau2,
                        bool restricted) {
  return with_solver(yi, vi, X, [&](auto& s) { return s.deviance(tau2, restricted); });
}

double estimate_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                     const ModelSpec& spec) {
  const double df = static_cast<double>(yi.size() - X.cols());
  check_zero_variances(vi, spec);
  switch (spec.method) {
    case Tau2Method::FE:
      return 0.0;
    case Tau2Method::Given:
      return spec.tau2;
    case Tau2Method::HS:
      return hunter_schmidt(yi, vi, X, false).tau2;
    case Tau2Method::HSk:
      return hunter_schmidt(yi, vi, X, true).tau2;
    case Tau2Method::HE:
      return moment_tau2(yi, vi, X, Vec::Ones(yi.size()), spec.q_centre).tau2;
    case Tau2Method::DL:
      return moment_tau2(yi, vi, X, vi.cwiseInverse(), spec.q_centre).tau2;
    case Tau2Method::GENQ:
      return moment_tau2(yi, vi, X, q_weights(vi, weights), {}).tau2;
    case Tau2Method::GENQM:
      return median_unbiased(yi, vi, X, q_weights(vi, weights));
    case Tau2Method::SJ:
      return sidik_jonkman(yi, vi, X).tau2;
    case Tau2Method::HM:
      return hartung_makambi(yi, vi, X);
    case Tau2Method::BP:
      return rukhin_bp(yi);
    case Tau2Method::CA2:
    case Tau2Method::DL2:
      return dersimonian_kacker(yi, vi, X, two_step_start(yi, vi, X, spec.method));
    case Tau2Method::ML:
      return likelihood_tau2(yi, vi, X, false);
    case Tau2Method::REML:
      return likelihood_tau2(yi, vi, X, true);
    case Tau2Method::PMM:
      return solve_residual_sum(yi, vi, X, chisq_quantile(0.5, df));
    default:
      return solve_residual_sum(yi, vi, X, df);  // PM, EB, DLIT, SJIT share the equation
  }
}

Tau2Estimate estimate_tau2_se(const VecRef& yi, const VecRef& vi, const MatRef& X,
                              const VecRef& weights, const ModelSpec& spec) {
  switch (spec.method) {
    case Tau2Method::FE:
      return {};
    case Tau2Method::Given:
      return {spec.tau2, given_se(yi, vi, X, weights, spec)};
    default:
      break;
  }
  check_zero_variances(vi, spec);
  switch (spec.method) {
    case Tau2Method::HS:
      return hunter_schmidt(yi, vi, X, false);
    case Tau2Method::HSk:
      return hunter_schmidt(yi, vi, X, true);
    case Tau2Method::HE:
      return moment_tau2(yi, vi, X, Vec::Ones(yi.size()), spec.q_centre);
    case Tau2Method::DL:
      return moment_tau2(yi, vi, X, vi.cwiseInverse(), spec.q_centre);
    case Tau2Method::GENQ:
      return moment_tau2(yi, vi, X, q_weights(vi, weights), {});
    case Tau2Method::SJ:
      return sidik_jonkman(yi, vi, X);
    default:
      break;
  }
  const double tau2 = estimate_tau2(yi, vi, X, weights, spec);
  if (spec.method == Tau2Method::HM || spec.method == Tau2Method::BP) return {tau2, kNaN};
  if (spec.method == Tau2Method::CA2 || spec.method == Tau2Method::DL2) {
    const Vec w = (vi.array() + two_step_start(yi, vi, X, spec.method)).inverse();
    return {tau2, moment_se(vi, X, w, tau2)};
  }
  if (spec.method == Tau2Method::GENQM) {
    return {tau2, moment_se(vi, X, q_weights(vi, weights), tau2)};
  }
  return {tau2, root_se(vi, X, tau2, spec.method)};
}

}  // namespace metaparity
