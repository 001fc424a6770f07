#include "core/model/glmm_likelihood.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"

namespace metaparity {
namespace {

constexpr double kFarthest = 40.0;  // a study's own parameter without a finite maximum stops here

struct Response {
  double value = 0.0, first = 0.0, second = 0.0;
};

// log p of one arm by its linear predictor.
Response respond(const Arm& arm, double eta) {
  switch (arm.kind) {
    case ArmKind::Binomial: {
      const double e = std::exp(-std::fabs(eta)), log1pe = std::log1p(e);
      const double p = eta >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
      const double log_q = eta >= 0.0 ? -eta - log1pe : -log1pe;
      return {arm.log_constant + arm.events * eta + arm.size * log_q, arm.events - arm.size * p,
              -arm.size * e / ((1.0 + e) * (1.0 + e))};
    }
    case ArmKind::Poisson: {
      const double mu = std::exp(eta);
      return {arm.log_constant + arm.events * eta - mu, arm.events - mu, -mu};
    }
    case ArmKind::Hypergeometric: {
      const HypergeometricPoint h = arm.table->at(arm.events, eta);
      return {h.log_prob, arm.events - h.mean, -h.variance};
    }
  }
  return {};
}

// What multiplies each parameter in an arm's linear predictor, given v.
struct Loading {
  double effect, level, product;
};

Loading loading(const Arm& arm, const RandomParts& r, const Vec& v) {
  Loading out{0.0, 0.0, 0.0};
  if (r.effect) out.effect = arm.effect * v[0];
  if (r.level) out.level = arm.level * v[r.effect ? 1 : 0];
  if (r.correlated) out.product = arm.level * v[0];
  return out;
}

double predictor(const Arm& arm, const GlmmModel& m, const Vec& x, double own, const Vec& v) {
  double eta = arm.offset + arm.fixed.dot(x.head(m.fixed)) + (m.own ? arm.own * own : 0.0);
  const Loading l = loading(arm, m.random, v);
  Index at = m.fixed;
  if (m.random.effect) eta += x[at++] * l.effect;
  if (m.random.level) eta += x[at++] * l.level;
  if (m.random.correlated) eta += x[at] * l.product;
  return eta;
}

// d eta / dv.
Vec slope(const Arm& arm, const GlmmModel& m, const Vec& x) {
  const RandomParts& r = m.random;
  Vec out = Vec::Zero(r.dimension());
  Index at = m.fixed;
  if (r.effect) out[0] += x[at++] * arm.effect;
  if (r.level) out[r.effect ? 1 : 0] += x[at++] * arm.level;
  if (r.correlated) out[0] += x[at] * arm.level;
  return out;
}

}  // namespace

GlmmLikelihood::GlmmLikelihood(const GlmmModel& model, Index points)
    : model_(model),
      rule_(gauss_hermite(points)),
      own_(Vec::Zero(static_cast<Index>(model.studies.size()))),
      own_information_(own_) {
  const Index D = model.random.dimension(),
              total = D == 0 ? 1 : (D == 1 ? points : points * points);
  modes_.assign(model.studies.size(), Vec::Zero(D));
  own_cross_ = Mat::Zero(static_cast<Index>(model.studies.size()), size());
  standard_ = Mat(D, total);
  log_weights_ = Vec::Zero(total);
  for (Index t = 0; t < total; ++t) {
    for (Index dim = 0, rest = t; dim < D; ++dim, rest /= points) {
      const double z = rule_.node[rest % points];
      standard_(dim, t) = z;
      log_weights_[t] += std::log(rule_.weight[rest % points]) + z * z - 0.5 * std::log(kPi);
    }
  }
}

// v at every node, a column each.
Mat GlmmLikelihood::nodes_at(const Vec& v, const Mat& spread) const {
  if (v.size() == 0) return Mat(0, 1);
  return ((kSqrt2 * spread) * standard_).colwise() + v;
}

// The mode of the integrand and the Cholesky factor of its inverse curvature.
void GlmmLikelihood::mode(std::size_t i, const Vec& x, double own, Vec& v, Mat& spread) const {
  const Index D = model_.random.dimension();
  v = modes_[i];
  Mat curvature;
  const auto height = [&](const Vec& at) {
    double sum = -0.5 * at.squaredNorm();
    for (const Arm& arm : model_.studies[i])
      sum += respond(arm, predictor(arm, model_, x, own, at)).value;
    return sum;
  };
  double level = height(v);
  if (!std::isfinite(level)) {
    v.setZero();
    level = height(v);
  }
  for (int iter = 0; iter < 60; ++iter) {
    Vec g = -v;
    curvature = Mat::Identity(D, D);
    for (const Arm& arm : model_.studies[i]) {
      const Response r = respond(arm, predictor(arm, model_, x, own, v));
      const Vec s = slope(arm, model_, x);
      g += r.first * s;
      curvature -= r.second * s * s.transpose();
    }
    const Vec step = curvature.llt().solve(g);
    if (!step.allFinite() || step.squaredNorm() < 1e-22) break;
    double length = 1.0;
    bool moved = false;
    for (int half = 0; half < 30 && !moved; ++half, length *= 0.5) {
      const Vec next = v + length * step;
      const double h = height(next);
      if (!(h >= level - 1e-13 * std::fabs(level))) continue;
      v = next;
      level = h;
      moved = true;
    }
    // The curvature is that of the point before the last step.
    if (!moved || step.squaredNorm() < 1e-20) break;
  }
  if (v.allFinite()) modes_[i] = v;
  spread = curvature.llt().solve(Mat::Identity(D, D)).llt().matrixL();
}

// Two passes over the nodes: what each arm answers there, then moments under the posterior weights.
Expansion GlmmLikelihood::study(std::size_t i, const Vec& x, double own) const {
  const Index D = model_.random.dimension(), n = size() + 1, F = model_.fixed;
  const auto& arms = model_.studies[i];
  const Index J = static_cast<Index>(arms.size());
  Vec v(D);
  Mat spread(D, D);
  if (D > 0) mode(i, x, own, v, spread);
  const Mat nodes = nodes_at(v, spread);
  const Index total = nodes.cols();
  Vec logs = log_weights_;
  if (D > 0) logs.array() += spread.diagonal().array().log().sum();
  Mat first(J, total), second(J, total);
  Vec at(D);
  for (Index t = 0; t < total; ++t) {
    at = nodes.col(t);
    logs[t] -= 0.5 * at.squaredNorm();
    for (Index j = 0; j < J; ++j) {
      const Arm& arm = arms[static_cast<std::size_t>(j)];
      const Response r = respond(arm, predictor(arm, model_, x, own, at));
      logs[t] += r.value;
      first(j, t) = r.first;
      second(j, t) = r.second;
    }
  }
  const double top = logs.maxCoeff();
  Expansion out{-kInf, Vec::Zero(n), Mat::Zero(n, n)};
  if (!std::isfinite(top)) return out;
  const Vec weight = (logs.array() - top).exp();
  const double mass = weight.sum();
  out.value = top + std::log(mass);
  Mat d = Mat::Zero(n, J);
  for (Index j = 0; j < J; ++j) {
    d.col(j).head(F) = arms[static_cast<std::size_t>(j)].fixed;
    d(n - 1, j) = model_.own ? arms[static_cast<std::size_t>(j)].own : 0.0;
  }
  Vec score(n);
  for (Index t = 0; t < total; ++t) {
    const double w = weight[t] / mass;
    if (w < 1e-18) continue;
    at = nodes.col(t);
    for (Index j = 0; j < J; ++j) {
      const Loading l = loading(arms[static_cast<std::size_t>(j)], model_.random, at);
      Index c = F;
      if (model_.random.effect) d(c++, j) = l.effect;
      if (model_.random.level) d(c++, j) = l.level;
      if (model_.random.correlated) d(c++, j) = l.product;
    }
    score.noalias() = d * first.col(t);
    out.gradient += w * score;
    out.hessian.noalias() += (w * score) * score.transpose();
    for (Index j = 0; j < J; ++j)
      out.hessian.noalias() += (w * second(j, t)) * d.col(j) * d.col(j).transpose();
  }
  out.hessian.noalias() -= out.gradient * out.gradient.transpose();
  return out;
}

Expansion GlmmLikelihood::operator()(const Vec& x) const {
  const Index n = size();
  Expansion out{0.0, Vec::Zero(n), Mat::Zero(n, n)};
  for (std::size_t i = 0; i < model_.studies.size(); ++i) {
    const Index at = static_cast<Index>(i);
    double own = own_[at];
    Expansion e = study(i, x, own);
    for (int iter = 0; model_.own && iter < 100; ++iter) {
      const double g = e.gradient[n], h = e.hessian(n, n);
      if (std::fabs(g) < 1e-12 || std::fabs(own) >= kFarthest) break;
      double step = h < -1e-12 ? -g / h : (g > 0.0 ? 1.0 : -1.0);
      step = std::clamp(step, -4.0, 4.0);
      bool moved = false;
      for (int half = 0; half < 30 && !moved; ++half, step *= 0.5) {
        const double next = std::clamp(own + step, -kFarthest, kFarthest);
        const Expansion candidate = study(i, x, next);
        if (!(candidate.value >= e.value - 1e-13 * (1.0 + std::fabs(e.value)))) continue;
        moved = true;
        own = next;
        e = candidate;
      }
      if (!moved || std::fabs(step) < 1e-10) break;
    }
    out.value += e.value;
    if (!std::isfinite(out.value)) return out;
    out.gradient += e.gradient.head(n);
    out.hessian += e.hessian.topLeftCorner(n, n);
    if (model_.own) {
      own_[at] = own;
      const double h = e.hessian(n, n);
      own_information_[at] = -h;
      own_cross_.row(at) = -e.hessian.col(n).head(n).transpose();
      if (h < -1e-10) out.hessian -= e.hessian.col(n).head(n) * e.hessian.row(n).head(n) / h;
    }
  }
  return out;
}

double GlmmLikelihood::value(const Vec& x) const {
  const Index D = model_.random.dimension();
  Vec v(D), at(D);
  Mat spread(D, D);
  double sum = 0.0;
  for (std::size_t i = 0; i < model_.studies.size(); ++i) {
    if (D > 0) mode(i, x, 0.0, v, spread);
    const Mat nodes = nodes_at(v, spread);
    Vec logs = log_weights_;
    if (D > 0) logs.array() += spread.diagonal().array().log().sum();
    for (Index t = 0; t < nodes.cols(); ++t) {
      at = nodes.col(t);
      logs[t] -= 0.5 * at.squaredNorm();
      for (const Arm& arm : model_.studies[i])
        logs[t] += respond(arm, predictor(arm, model_, x, 0.0, at)).value;
    }
    const double top = logs.maxCoeff();
    if (!std::isfinite(top)) return -kInf;
    sum += top + std::log((logs.array() - top).exp().sum());
  }
  return sum;
}

void GlmmLikelihood::random_effects(const Vec& x, Index which, Vec& mean, Vec& sd) const {
  const Index k = static_cast<Index>(model_.studies.size()), D = model_.random.dimension();
  mean = Vec::Zero(k);
  sd = Vec::Zero(k);
  if (D == 0) return;
  for (Index i = 0; i < k; ++i) {
    Vec v(D);
    Mat spread(D, D);
    const auto s = static_cast<std::size_t>(i);
    mode(s, x, own_[i], v, spread);
    const Mat nodes = nodes_at(v, spread);
    Vec logs = log_weights_, values(nodes.cols());
    Arm probe;
    probe.fixed = Vec::Zero(model_.fixed);
    (which == 0 ? probe.effect : probe.level) = 1.0;
    const Vec along = slope(probe, model_, x);
    for (Index t = 0; t < nodes.cols(); ++t) {
      const Vec at = nodes.col(t);
      logs[t] -= 0.5 * at.squaredNorm();
      for (const Arm& arm : model_.studies[s])
        logs[t] += respond(arm, predictor(arm, model_, x, own_[i], at)).value;
      values[t] = along.dot(at);
    }
    const Vec w = (logs.array() - logs.maxCoeff()).exp();
    mean[i] = w.dot(values) / w.sum();
    sd[i] = std::sqrt(std::max(0.0, w.dot((values.array() - mean[i]).square().matrix()) / w.sum()));
  }
}

}  // namespace metaparity
