#include "core/model/gls.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/tau2/tau2_solver.hpp"

namespace metaparity {
namespace {

struct Part {
  Vec y;
  Mat X;
};

std::vector<Part> parts_of(const VecRef& yi, const MatRef& X, const VarianceModel& model) {
  std::vector<Part> out;
  for (const Rows& rows : model.partition()) {
    const Index n = static_cast<Index>(rows.size());
    Part part{Vec(n), Mat(n, X.cols())};
    for (Index i = 0; i < n; ++i) {
      part.y[i] = yi[rows[static_cast<std::size_t>(i)]];
      part.X.row(i) = X.row(rows[static_cast<std::size_t>(i)]);
    }
    out.push_back(std::move(part));
  }
  return out;
}

// The fit at one theta; `valid` is false where the marginal variance is not positive definite.
struct State {
  bool valid = false;
  Vec beta;
  Mat vb;
  double ll = -kInf;
  std::vector<Mat> W;
};

class Likelihood {
 public:
  Likelihood(const VecRef& yi, const MatRef& X, const VarianceModel& model, bool restricted)
      : parts_(parts_of(yi, X, model)),
        model_(model),
        restricted_(restricted),
        k_(static_cast<double>(yi.size())),
        p_(X.cols()) {
    log_det_x_ = invert_symmetric(product(X.transpose(), X)).log_det;
  }

  State at(const VecRef& theta) const;
  // Score and expected information.
  std::pair<Vec, Mat> slope(const VecRef& theta, const State& s) const;

 private:
  std::vector<Part> parts_;
  const VarianceModel& model_;
  bool restricted_;
  double k_, log_det_x_ = 0.0;
  Index p_;
};

State Likelihood::at(const VecRef& theta) const {
  State out;
  const Blocks V = model_.marginal(theta);
  Mat xwx = Mat::Zero(p_, p_);
  Vec xwy = Vec::Zero(p_);
  double log_det = 0.0;
  for (std::size_t b = 0; b < V.size(); ++b) {
    const SymmetricInverse inverse = invert_symmetric(V[b]);
    if (!inverse.positive) return out;
    log_det += inverse.log_det;
    const Mat xw = product(parts_[b].X.transpose(), inverse.inverse);
    xwx += product(xw, parts_[b].X);
    xwy += xw * parts_[b].y;
    out.W.push_back(inverse.inverse);
  }
  const SymmetricInverse bread = invert_symmetric(xwx);
  if (!bread.positive) throw SingularDesign("the moderators are linearly dependent");
  out.vb = bread.inverse;
  out.beta = out.vb * xwy;
  double rss = 0.0;
  for (std::size_t b = 0; b < V.size(); ++b) {
    const Vec e = parts_[b].y - parts_[b].X * out.beta;
    rss += e.dot(out.W[b] * e);
  }
  const double n = restricted_ ? k_ - static_cast<double>(p_) : k_;
  out.ll = -0.5 * (n * kLog2Pi + log_det + rss);
  if (restricted_) out.ll += 0.5 * (log_det_x_ - bread.log_det);
  out.valid = std::isfinite(out.ll);
  return out;
}

// tr(P V_j) and tr(P V_j P V_k) of P = W - WX (X'WX)^-1 X'W, block by block; ML has W in place of P.
std::pair<Vec, Mat> Likelihood::slope(const VecRef& theta, const State& s) const {
  const Index m = model_.parameters();
  std::vector<Blocks> D;
  for (Index j = 0; j < m; ++j) D.push_back(model_.derivative(theta, j));
  std::vector<Mat> B(static_cast<std::size_t>(m), Mat::Zero(p_, p_));
  Vec score = Vec::Zero(m);
  Mat info = Mat::Zero(m, m);
  for (std::size_t b = 0; b < parts_.size(); ++b) {
    const Mat& W = s.W[b];
    const Vec we = W * (parts_[b].y - parts_[b].X * s.beta);
    const Mat wx = product(W, parts_[b].X), inner = product(wx, s.vb, wx.transpose());
    std::vector<Mat> wd;
    for (Index j = 0; j < m; ++j) {
      const Mat& d = D[static_cast<std::size_t>(j)][b];
      wd.push_back(product(W, d));
      score[j] += 0.5 * (we.dot(d * we) - wd.back().trace());
      if (!restricted_) continue;
      score[j] += 0.5 * inner.cwiseProduct(d).sum();
      B[static_cast<std::size_t>(j)] += product(wx.transpose(), d, wx);
    }
    for (Index j = 0; j < m; ++j) {
      const Mat& dj = D[static_cast<std::size_t>(j)][b];
      for (Index l = 0; l <= j; ++l) {
        const Mat& wl = wd[static_cast<std::size_t>(l)];
        double trace = wd[static_cast<std::size_t>(j)].cwiseProduct(wl.transpose()).sum();
        // tr(A^-1 X'W D_j W D_l W X) = tr(inner' D_j W D_l).
        if (restricted_) trace -= 2.0 * inner.cwiseProduct(product(dj, wl)).sum();
        info(j, l) += 0.5 * trace;
      }
    }
  }
  for (Index j = 0; j < m; ++j) {
    for (Index l = 0; l <= j; ++l) {
      if (restricted_) {
        const Mat a = product(s.vb, B[static_cast<std::size_t>(j)]),
                  c = product(s.vb, B[static_cast<std::size_t>(l)]);
        info(j, l) += 0.5 * a.cwiseProduct(c.transpose()).sum();
      }
      info(l, j) = info(j, l);
    }
  }
  return {score, info};
}

std::vector<Index> free_parameters(const Vec& theta, const Vec& score, const Bounds& bounds) {
  std::vector<Index> out;
  for (Index j = 0; j < theta.size(); ++j) {
    const bool held = (theta[j] <= bounds.lower[j] && score[j] <= 0.0) ||
                      (theta[j] >= bounds.upper[j] && score[j] >= 0.0);
    if (!held) out.push_back(j);
  }
  return out;
}

Mat among(const Mat& x, const std::vector<Index>& at) {
  const Index n = static_cast<Index>(at.size());
  Mat out(n, n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j)
      out(i, j) = x(at[static_cast<std::size_t>(i)], at[static_cast<std::size_t>(j)]);
  }
  return out;
}

// The scoring step of the free parameters; theirs alone move.
Vec scoring_step(const Vec& score, const Mat& info, const std::vector<Index>& at) {
  Vec part(static_cast<Index>(at.size())), out = Vec::Zero(score.size());
  for (std::size_t i = 0; i < at.size(); ++i) part[static_cast<Index>(i)] = score[at[i]];
  const Vec step = solve_symmetric(among(info, at), VecRef(part));
  for (std::size_t i = 0; i < at.size(); ++i) out[at[i]] = step[static_cast<Index>(i)];
  return out;
}

// From `theta` uphill. The step is halved until the likelihood does not fall.
int climb(const Likelihood& likelihood, const Bounds& bounds, Vec& theta, State& state) {
  constexpr int most = 500;
  for (int iter = 1; iter <= most; ++iter) {
    const auto [score, info] = likelihood.slope(theta, state);
    const std::vector<Index> at = free_parameters(theta, score, bounds);
    if (at.empty()) return iter;
    const Vec step = scoring_step(score, info, at);
    bool risen = false;
    for (double share = 1.0; share > 1e-9 && !risen; share *= 0.5) {
      const Vec next = (theta + share * step).cwiseMax(bounds.lower).cwiseMin(bounds.upper);
      if (((next - theta).array().abs() <= 1e-13 * theta.array().abs()).all()) return iter;
      State there = likelihood.at(next);
      if (!there.valid || there.ll < state.ll - 1e-14 * std::fabs(state.ll)) continue;
      // Scoring gains half of step'score: less than rounding is the end.
      const bool settled = step.dot(score) < 1e-22 * (1.0 + std::fabs(state.ll));
      theta = next;
      state = std::move(there);
      risen = true;
      if (settled) return iter;
    }
    if (!risen) return iter;
  }
  throw NotConverged("the likelihood of the variance parameters has not come to its maximum");
}

void check_design(const VecRef& yi, const MatRef& X, const VarianceModel& model) {
  if (model.size() != yi.size()) throw InvalidInput("vi", "must be as long as `yi`");
  if (X.rows() != yi.size())
    throw InvalidInput("mods", "must have as many rows as there are studies");
  if (X.cols() >= X.rows())
    throw InvalidInput("mods", "must have fewer columns than there are studies");
}

GlsFit concluded(const Likelihood& likelihood, const VarianceModel& model, const Vec& theta,
                 const State& state) {
  if (!state.valid) throw InvalidInput("vi", "must give variances that are positive definite");
  GlsFit out;
  out.theta = theta;
  out.beta = state.beta;
  out.vb = state.vb;
  out.ll = state.ll;
  const auto [score, info] = likelihood.slope(theta, state);
  out.information = info;
  out.se_theta = Vec::Constant(theta.size(), kNaN);
  const std::vector<Index> at = free_parameters(theta, score, model.bounds());
  if (at.empty()) return out;
  const Mat inverse = inverse_symmetric(among(info, at));
  for (std::size_t i = 0; i < at.size(); ++i)
    out.se_theta[at[i]] = std::sqrt(inverse(static_cast<Index>(i), static_cast<Index>(i)));
  return out;
}

}  // namespace

GlsFit gls_at(const VecRef& yi, const MatRef& X, const VarianceModel& model, const VecRef& theta,
              bool restricted) {
  check_design(yi, X, model);
  const Likelihood likelihood(yi, X, model, restricted);
  return concluded(likelihood, model, theta, likelihood.at(theta));
}

GlsFit fit_gls(const VecRef& yi, const MatRef& X, const VarianceModel& model, bool restricted) {
  check_design(yi, X, model);
  if (const auto* one = dynamic_cast<const AdditiveVariance*>(&model)) {
    const Vec theta = Vec::Constant(1, maximise_likelihood(yi, one->vi(), X, restricted));
    return gls_at(yi, X, model, theta, restricted);
  }
  const Likelihood likelihood(yi, X, model, restricted);
  const WlsFit ols = weighted_ls(yi, X, Vec::Ones(yi.size()));
  Vec theta = model.start(ols.resid.cwiseAbs2());
  State state = likelihood.at(theta);
  if (!state.valid) throw InvalidInput("vi", "must give variances that are positive definite");
  const int iterations = climb(likelihood, model.bounds(), theta, state);
  GlsFit out = concluded(likelihood, model, theta, state);
  out.iterations = iterations;
  return out;
}

}  // namespace metaparity
