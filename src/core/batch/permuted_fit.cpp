#include "core/batch/permuted_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/constants.hpp"
#include "core/linalg/dense.hpp"
#include "core/model/knapp_hartung.hpp"
#include "core/model/wald.hpp"

namespace metaparity {
namespace {

constexpr int kMost = PermutedFitter::kMost;
constexpr double kRange =
    1e10;  // largest ratio of weights at which normal equations keep enough digits

// Symmetric positive definite systems of a few unknowns, without allocation.
struct Cholesky {
  int p;
  double l[kMost][kMost];

  // `a`: upper triangle by rows. FALSE when not positive definite.
  bool factor(const double* a, int size) {
    p = size;
    for (int i = 0, at = 0; i < p; ++i) {
      for (int j = i; j < p; ++j, ++at) l[j][i] = a[at];
    }
    for (int j = 0; j < p; ++j) {
      for (int m = 0; m < j; ++m) l[j][j] -= l[j][m] * l[j][m];
      if (!(l[j][j] > 0.0)) return false;
      l[j][j] = std::sqrt(l[j][j]);
      for (int i = j + 1; i < p; ++i) {
        for (int m = 0; m < j; ++m) l[i][j] -= l[i][m] * l[j][m];
        l[i][j] /= l[j][j];
      }
    }
    return true;
  }

  void solve(double* x) const {
    for (int i = 0; i < p; ++i) {
      for (int m = 0; m < i; ++m) x[i] -= l[i][m] * x[m];
      x[i] /= l[i][i];
    }
    for (int i = p - 1; i >= 0; --i) {
      for (int m = i + 1; m < p; ++m) x[i] -= l[m][i] * x[m];
      x[i] /= l[i][i];
    }
  }
};

constexpr int kTriangle = kMost * (kMost + 1) / 2;

// score_of() for one column.
bool line_score(double m, double c, double m2, double c2, double yy2, double sum_w, bool restricted,
                double& score, double& size) {
  const double per = 1.0 / m, b = c * per, w2e2 = yy2 - b * (2.0 * c2 - b * m2);
  if (!(m > 0.0 && w2e2 > 1e-9 * yy2)) return false;
  const double level = restricted ? sum_w - m2 * per : sum_w;
  score = w2e2 - level;
  size = w2e2 + level;
  return true;
}

// y'PPy - tr P (REML) or y'PPy - sum w (ML) from sums over studies with weights w (m, c) and w^2 (m2, c2).
bool score_of(const double* m, const double* c, const double* m2, const double* c2, double yy2,
              double sum_w, int p, bool restricted, double& score, double& size) {
  if (p == 1) return line_score(*m, *c, *m2, *c2, yy2, sum_w, restricted, score, size);
  Cholesky chol;
  if (!chol.factor(m, p)) return false;
  double b[kMost];
  for (int i = 0; i < p; ++i) b[i] = c[i];
  chol.solve(b);
  double w2e2 = yy2, trace = 0.0;
  for (int i = 0, at = 0; i < p; ++i) {
    w2e2 -= 2.0 * b[i] * c2[i];
    for (int j = i; j < p; ++j, ++at) w2e2 += (i == j ? 1.0 : 2.0) * b[i] * b[j] * m2[at];
  }
  if (!(w2e2 > 1e-9 * yy2)) return false;  // digits lost to cancellation
  double level = sum_w;
  if (restricted) {
    for (int col = 0; col < p; ++col) {
      double x[kMost];
      for (int i = 0; i < p; ++i) {
        const int a = std::min(i, col), z = std::max(i, col);
        x[i] = m2[a * p - a * (a - 1) / 2 + (z - a)];
      }
      chol.solve(x);
      trace += x[col];
    }
    level -= trace;
  }
  score = w2e2 - level;
  size = w2e2 + level;
  return true;
}

}  // namespace

// Of one set of weights: X'WX (upper triangle), X'Wy, and with squared weights.
struct PermutedFitter::Sums {
  double m[kTriangle], c[kMost], m2[kTriangle], c2[kMost];
  double yy = 0.0, yy2 = 0.0, w = 0.0;

  explicit Sums(int p) {
    std::fill_n(m, p * (p + 1) / 2, 0.0);
    std::fill_n(m2, p * (p + 1) / 2, 0.0);
    std::fill_n(c, p, 0.0);
    std::fill_n(c2, p, 0.0);
  }
};

PermutedFitter::PermutedFitter(const VecRef& yi, const VecRef& vi, const MatRef& X,
                               const ModelSpec& spec)
    : vi_(vi), spec_(spec), p_(static_cast<int>(X.cols())) {
  const bool method = spec.method == Tau2Method::REML || spec.method == Tau2Method::ML ||
                      spec.method == Tau2Method::DL || spec.method == Tau2Method::FE ||
                      spec.method == Tau2Method::Given;
  if (!method || spec.q_centre || spec.has_own_bounds() || !spec.weighted || p_ > kMost ||
      X.rows() <= X.cols())
    return;
  const double v_min = vi.minCoeff();
  if (!(v_min > 0.0) || vi.maxCoeff() > kRange * v_min) return;
  const ThinQr<double> qr = thin_qr(Mat(X));
  if (!(qr.diagonal().minCoeff() > 1e-10 * qr.diagonal().maxCoeff())) return;
  q_ = qr.q;
  r_inv_ = solve_upper(qr.r, Mat(Mat::Identity(p_, p_)));
  usable_ = true;
  // Every root of the score lies below (see Tau2Solver); the sum of squares without fit bounds them all.
  const double ss = yi.squaredNorm(), s2 = ss / static_cast<double>(vi.size() - p_),
               half = 0.5 * (s2 - v_min);
  const double end = 1.01 * std::min(ss, half + std::sqrt(half * half + s2 * vi.maxCoeff()));
  std::vector<double> at{0.0};
  const double first =
      std::max({0.3 * v_min, 1e-12 * end, std::numeric_limits<double>::denorm_min()});
  for (double t = first; t < end; t *= kTau2Grid) at.push_back(t);
  at.push_back(end);
  const auto n = static_cast<Index>(at.size());
  grid_ = Eigen::Map<const Vec>(at.data(), n);
  weights_.resize(2 * n, vi.size());
  for (Index g = 0; g < n; ++g) {
    weights_.row(g) = (vi.array() + grid_[g]).inverse();
    weights_.row(n + g) = weights_.row(g).array().square();
  }
  sum_w_ = weights_.topRows(n).rowwise().sum();
  yy2_ = weights_.bottomRows(n) * yi.cwiseAbs2();
}

PermutedFitter::Sums PermutedFitter::sums(const double* w, const VecRef& y, const Mat& q) const {
  Sums out(p_);
  for (Index i = 0; i < y.size(); ++i) {
    const double a = w[i], a2 = a * a;
    out.w += a;
    out.yy += a * y[i] * y[i];
    out.yy2 += a2 * y[i] * y[i];
    for (int r = 0, at = 0; r < p_; ++r) {
      const double x = q(i, r);
      out.c[r] += a * x * y[i];
      out.c2[r] += a2 * x * y[i];
      for (int s = r; s < p_; ++s, ++at) {
        out.m[at] += a * x * q(i, s);
        out.m2[at] += a2 * x * q(i, s);
      }
    }
  }
  return out;
}

PermutedFitter::Point PermutedFitter::score(double tau2, const VecRef& y, const Mat& q) const {
  const Vec w = (vi_.array() + tau2).inverse();
  const Sums s = sums(w.data(), y, q);
  Point out{tau2, kNaN, kNaN};
  score_of(s.m, s.c, s.m2, s.c2, s.yy2, s.w, p_, spec_.method == Tau2Method::REML, out.score,
           out.size);
  return out;
}

// `products`: weights_ times the features of the studies, X'X first, then X'y.
PermutedFitter::Point PermutedFitter::grid_score(Index g, const Mat& products) const {
  const Index n = grid_.size(), triangle = p_ * (p_ + 1) / 2;
  const double* w = products.col(g).data();
  const double* w2 = products.col(n + g).data();
  Point out{grid_[g], kNaN, kNaN};
  score_of(w, w + triangle, w2, w2 + triangle, yy2_[g], sum_w_[g], p_,
           spec_.method == Tau2Method::REML, out.score, out.size);
  return out;
}

// Secants on the excess that is nearly linear in tau2, guarded by the bracket.
double PermutedFitter::root(Point above, Point below, const VecRef& y, const Mat& q) const {
  const auto excess = [](const Point& x) { return -2.0 * x.score / (x.size + x.score); };
  Point lo = above, hi = below, last = above, next = below;
  for (int iter = 0; iter < 60; ++iter) {
    const double f0 = excess(last), f1 = excess(next);
    double t = next.tau2 - f1 * (next.tau2 - last.tau2) / (f1 - f0);
    if (!(t > lo.tau2 && t < hi.tau2) || iter % 8 == 7) t = 0.5 * (lo.tau2 + hi.tau2);
    last = next;
    next = score(t, y, q);
    if (std::isnan(next.score)) return kNaN;
    (next.score > 0.0 ? lo : hi) = next;
    if (std::fabs(next.tau2 - last.tau2) <= 1e-9 * t || next.score == 0.0) return t;
  }
  return kNaN;
}

// NaN where scores are too close to 0, bend towards it, or change sign more than once.
double PermutedFitter::likelihood_tau2(const VecRef& y, const Mat& q) const {
  const Index k = y.size(), triangle = p_ * (p_ + 1) / 2;
  Mat features(triangle + p_, k);
  for (Index i = 0; i < k; ++i) {
    Index at = 0;
    for (int r = 0; r < p_; ++r) {
      for (int s = r; s < p_; ++s) features(at++, i) = q(i, r) * q(i, s);
    }
    for (int r = 0; r < p_; ++r) features(at++, i) = q(i, r) * y[i];
  }
  const Mat products = product(features, weights_.transpose());
  Point before = grid_score(0, products), found_above{}, found_below{};
  int falls = 0;
  double height2 = kNaN, height1 = before.score / before.size;
  const bool falling_start = before.score <= 0.0;
  for (Index g = 0; g < grid_.size(); ++g) {
    const Point now = g == 0 ? before : grid_score(g, products);
    const double height = now.score / now.size;
    if (std::isnan(height) || std::fabs(height) < 1e-10) return kNaN;
    // A local approach to 0 of less than a tenth may hide two roots.
    if (g > 1 && std::fabs(height1) < 0.1 && std::fabs(height1) < std::fabs(height2) &&
        std::fabs(height1) < std::fabs(height) && (height2 > 0) == (height1 > 0) &&
        (height1 > 0) == (height > 0)) {
      return kNaN;
    }
    if (g > 0 && before.score > 0.0 && now.score <= 0.0) {
      ++falls;
      found_above = before;
      found_below = now;
    }
    height2 = height1;
    height1 = height;
    before = now;
  }
  if (falls + (falling_start ? 1 : 0) != 1) return kNaN;
  return falling_start ? 0.0 : root(found_above, found_below, y, q);
}

double PermutedFitter::tau2(const VecRef& y, const Mat& q) const {
  if (spec_.method == Tau2Method::FE) return 0.0;
  if (spec_.method == Tau2Method::Given) return spec_.tau2;
  if (spec_.method != Tau2Method::DL) return likelihood_tau2(y, q);
  const Vec w = vi_.cwiseInverse();
  const Sums s = sums(w.data(), y, q);
  double trace = 0.0, size = 0.0;
  Cholesky chol;
  double b[kMost], rss = s.yy;
  for (int i = 0; i < p_; ++i) b[i] = s.c[i];
  if (!chol.factor(s.m, p_) || !score_of(s.m, s.c, s.m2, s.c2, s.yy2, s.w, p_, true, trace, size))
    return kNaN;
  chol.solve(b);
  for (int i = 0; i < p_; ++i) rss -= b[i] * s.c[i];
  if (!(rss > 1e-9 * s.yy)) return kNaN;
  const double tr_p = 0.5 * (size - trace);
  return std::max(0.0, (rss - static_cast<double>(y.size() - p_)) / tr_p);
}

PermutedFit PermutedFitter::fit(const VecRef& y, const std::vector<Index>& rows) const {
  Mat q(q_.rows(), p_);
  for (Index i = 0; i < q.rows(); ++i) q.row(i) = q_.row(rows[static_cast<std::size_t>(i)]);
  PermutedFit out;
  const double t = tau2(y, q);
  if (std::isnan(t)) return out;
  const Vec w = (vi_.array() + t).inverse();
  const Sums s = sums(w.data(), y, q);
  Cholesky chol;
  if (!chol.factor(s.m, p_)) return out;
  Mat inv = Mat::Identity(p_, p_);
  for (int j = 0; j < p_; ++j) chol.solve(inv.col(j).data());
  const Vec b = inv * Eigen::Map<const Vec>(s.c, p_);
  double factor = 1.0;
  if (scales_variance(spec_.test)) {
    const double rss = (w.array() * (y - q * b).array().square()).sum();
    factor = variance_factor(spec_.test, rss, static_cast<double>(y.size() - p_));
  }
  out.vb = factor * product(r_inv_, inv, r_inv_.transpose());
  out.beta = r_inv_ * b;
  out.zval = out.beta.cwiseQuotient(out.vb.diagonal().cwiseSqrt());
  out.settled = out.zval.allFinite();
  return out;
}

}  // namespace metaparity
