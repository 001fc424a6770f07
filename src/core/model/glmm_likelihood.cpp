#include "core/model/glmm_likelihood.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"

namespace metaparity {
namespace {

constexpr double kFarthest = 40.0;  // a study's own parameter without a finite maximum stops here
constexpr double kNothing = -41.5;  // the log of a weight that adds nothing to a sum

struct Response {
  double value = 0.0, first = 0.0, second = 0.0;
};

// log p of one arm by its linear predictor.
inline Response respond(const Arm& arm, double eta) {
  switch (arm.kind) {
    case ArmKind::Binomial: {
      const double e = std::exp(-std::fabs(eta)), whole = 1.0 + e, inverse = 1.0 / whole;
      // log(1 + e) with what rounding took from 1 + e.
      const double log1pe = std::log(whole) + (e - (whole - 1.0)) * inverse;
      const double p = eta >= 0.0 ? inverse : e * inverse;
      const double log_q = eta >= 0.0 ? -eta - log1pe : -log1pe;
      return {arm.log_constant + arm.events * eta + arm.size * log_q, arm.events - arm.size * p,
              -arm.size * e * inverse * inverse};
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

template <int D>
using Place = Eigen::Matrix<double, D, 1>;
template <int D>
using Curve = Eigen::Matrix<double, D, D>;

// The log of the integrand at v, with its derivatives.
template <int D>
struct Height {
  double value;
  Place<D> slope;
  Curve<D> curvature;  // minus the second derivatives
};

template <int D, int J>
Height<D> height(const std::vector<Arm>& arms, const double* base, const Mat& along,
                 const Place<D>& v) {
  Height<D> out{-0.5 * v.squaredNorm(), -v, Curve<D>::Identity()};
  for (int j = 0; j < J; ++j) {
    const Place<D> s = along.col(j).head<D>();
    const Response r = respond(arms[static_cast<std::size_t>(j)], base[j] + s.dot(v));
    out.value += r.value;
    out.slope += r.first * s;
    out.curvature -= r.second * s * s.transpose();
  }
  return out;
}

// The mode of the integrand from a place near it, and the Cholesky factor of its inverse curvature.
template <int D, int J>
Curve<D> find_mode(const std::vector<Arm>& arms, const double* base, const Mat& along,
                   Place<D>& v) {
  Height<D> here = height<D, J>(arms, base, along, v);
  if (!std::isfinite(here.value)) {
    v.setZero();
    here = height<D, J>(arms, base, along, v);
  }
  for (int iter = 0; iter < 60; ++iter) {
    const Place<D> step = here.curvature.llt().solve(here.slope);
    const double size = step.squaredNorm();
    if (!step.allFinite() || size < 1e-22) break;
    if (size < 1e-16) {
      v += step;
      break;
    }
    double length = 1.0;
    bool moved = false;
    for (int half = 0; half < 30 && !moved; ++half, length *= 0.5) {
      const Place<D> next = v + length * step;
      const Height<D> there = height<D, J>(arms, base, along, next);
      if (!(there.value >= here.value - 1e-13 * std::fabs(here.value))) continue;
      v = next;
      here = there;
      moved = true;
    }
    if (!moved) break;
  }
  return here.curvature.llt().solve(Curve<D>::Identity()).eval().llt().matrixL();
}

// Where a study's own parameter is looked for first: what its arms tell, less what the arms without it tell.
double own_guess(const std::vector<Arm>& arms) {
  double with = 0.0, without = 0.0;
  int n_with = 0, n_without = 0;
  for (const Arm& arm : arms) {
    if (arm.kind == ArmKind::Hypergeometric) return 0.0;
    const double events = arm.events + 0.5;
    const double told =
        std::log(arm.kind == ArmKind::Binomial ? events / (arm.size - arm.events + 0.5) : events) -
        arm.offset;
    (arm.own != 0.0 ? with : without) += told;
    ++(arm.own != 0.0 ? n_with : n_without);
  }
  if (n_with == 0) return 0.0;
  return with / n_with - (n_without > 0 ? without / n_without : 0.0);
}

}  // namespace

GlmmLikelihood::GlmmLikelihood(const GlmmModel& model, Index points)
    : model_(model),
      own_(Vec::Zero(static_cast<Index>(model.studies.size()))),
      own_information_(own_) {
  const RandomParts& r = model.random;
  const Index D = r.dimension(), k = static_cast<Index>(model.studies.size()), n = size() + 1;
  nodes_ = D == 0 ? 1 : (D == 1 ? points : points * points);
  modes_ = Mat::Zero(D, k);
  own_cross_ = Mat::Zero(k, size());
  standard_ = Mat(D, nodes_);
  log_weights_ = Vec::Zero(nodes_);
  const Quadrature rule = gauss_hermite(D == 0 ? 1 : points);
  for (Index t = 0; D > 0 && t < nodes_; ++t) {
    for (Index dim = 0, rest = t; dim < D; ++dim, rest /= points) {
      const double z = rule.node[rest % points];
      standard_(dim, t) = kSqrt2 * z;
      log_weights_[t] += std::log(rule.weight[rest % points]) + z * z - 0.5 * std::log(kPi);
    }
  }
  for (Index i = 0; model.own && i < k; ++i)
    own_[i] = own_guess(model.studies[static_cast<std::size_t>(i)]);
  for (const std::vector<Arm>& arms : model.studies) {
    const Index J = static_cast<Index>(arms.size());
    if (J < 1 || J > 2) throw InvalidInput("data", "must have one or two arms in each study");
    Loads loads{Mat::Zero(n, J), std::vector<int>(static_cast<std::size_t>(n), 0)};
    for (Index j = 0; j < J; ++j) {
      const Arm& arm = arms[static_cast<std::size_t>(j)];
      loads.load.col(j).head(model.fixed) = arm.fixed;
      Index c = model.fixed;
      if (r.effect) loads.load(c++, j) = arm.effect;
      if (r.level) loads.load(c++, j) = arm.level;
      if (r.correlated) loads.load(c++, j) = arm.level;
      loads.load(n - 1, j) = model.own ? arm.own : 0.0;
    }
    auto c = static_cast<std::size_t>(model.fixed);
    if (r.effect) loads.part[c++] = 1;
    if (r.level) loads.part[c++] = r.effect ? 2 : 1;
    if (r.correlated) loads.part[c++] = 1;
    loads_.push_back(std::move(loads));
  }
  slope_ = Mat::Zero(std::max<Index>(D, 1), 2);
  v_.resize(D, nodes_);
  first_.resize(2, nodes_);
  second_.resize(2, nodes_);
  logs_.resize(nodes_);
  study_ = {-kInf, Vec::Zero(n), Mat::Zero(n, n)};
}

// Moments under the posterior weights: of u, the answers times (1, v) of each arm, and of their slopes.
template <int D, int J>
void GlmmLikelihood::assemble(const Loads& loads) const {
  constexpr int Z = D + 1, M = J * Z;
  const double top = logs_.maxCoeff();
  study_.value = -kInf;
  study_.gradient.setZero();
  study_.hessian.setZero();
  if (!std::isfinite(top)) return;
  double mass = 0.0, mean[M] = {}, square[M][M] = {}, bend[J][Z][Z] = {};
  for (Index t = 0; t < nodes_; ++t) {
    const double height = logs_[t] - top;
    if (height < kNothing) continue;
    const double w = std::exp(height);
    mass += w;
    double z[Z], u[M];
    z[0] = 1.0;
    for (int d = 0; d < D; ++d) z[d + 1] = v_(d, t);
    for (int j = 0; j < J; ++j) {
      for (int a = 0; a < Z; ++a) {
        u[j * Z + a] = first_(j, t) * z[a];
        const double wz = w * second_(j, t) * z[a];
        for (int b = 0; b <= a; ++b) bend[j][a][b] += wz * z[b];
      }
    }
    for (int a = 0; a < M; ++a) {
      const double wu = w * u[a];
      mean[a] += wu;
      for (int b = 0; b <= a; ++b) square[a][b] += wu * u[b];
    }
  }
  study_.value = top + std::log(mass);
  for (int a = 0; a < M; ++a) {
    mean[a] /= mass;
    for (int b = 0; b <= a; ++b) square[a][b] = square[b][a] = square[a][b] / mass;
  }
  for (int j = 0; j < J; ++j) {
    for (int a = 0; a < Z; ++a)
      for (int b = 0; b <= a; ++b) bend[j][a][b] = bend[j][b][a] = bend[j][a][b] / mass;
  }
  const Index n = study_.gradient.size();
  for (Index q = 0; q < n; ++q) {
    const int a = loads.part[static_cast<std::size_t>(q)];
    double g = 0.0;
    for (int j = 0; j < J; ++j) g += loads.load(q, j) * mean[j * Z + a];
    study_.gradient[q] = g;
    for (Index r = 0; r <= q; ++r) {
      const int b = loads.part[static_cast<std::size_t>(r)];
      double h = 0.0;
      for (int j = 0; j < J; ++j) {
        double along = loads.load(r, j) * bend[j][a][b];
        for (int l = 0; l < J; ++l) along += loads.load(r, l) * square[j * Z + a][l * Z + b];
        h += loads.load(q, j) * along;
      }
      study_.hessian(q, r) = study_.hessian(r, q) = h - g * study_.gradient[r];
    }
  }
}

template <int D, int J>
void GlmmLikelihood::integrate(std::size_t i, bool derivatives) const {
  const std::vector<Arm>& arms = model_.studies[i];
  Place<D> mode = modes_.col(static_cast<Index>(i));
  Curve<D> spread = Curve<D>::Identity();
  double log_spread = 0.0;
  if constexpr (D > 0) {
    spread = find_mode<D, J>(arms, base_, slope_, mode);
    if (mode.allFinite()) modes_.col(static_cast<Index>(i)) = mode;
    log_spread = spread.diagonal().array().log().sum();
  }
  for (Index t = 0; t < nodes_; ++t) {
    Place<D> at = mode;
    if constexpr (D > 0) {
      at += spread * standard_.col(t).head<D>();
      v_.col(t) = at;
    }
    double sum = log_weights_[t] + log_spread - 0.5 * at.squaredNorm();
    for (int j = 0; j < J; ++j) {
      double eta = base_[j];
      if constexpr (D > 0) eta += slope_.col(j).head<D>().dot(at);
      const Response r = respond(arms[static_cast<std::size_t>(j)], eta);
      sum += r.value;
      first_(j, t) = r.first;
      second_(j, t) = r.second;
    }
    logs_[t] = sum;
  }
  if (derivatives) {
    assemble<D, J>(loads_[i]);
    return;
  }
  const double top = logs_.maxCoeff();
  study_.value = std::isfinite(top) ? top + std::log((logs_.array() - top).exp().sum()) : -kInf;
}

// Fills study_ by x and the study's own parameter, and what the nodes tell.
void GlmmLikelihood::take_study(std::size_t i, const Vec& x, double own, bool derivatives) const {
  const RandomParts& r = model_.random;
  const std::vector<Arm>& arms = model_.studies[i];
  const Index D = r.dimension();
  for (std::size_t j = 0; j < arms.size(); ++j) {
    const Arm& arm = arms[j];
    const Index col = static_cast<Index>(j);
    base_[j] =
        arm.offset + arm.fixed.dot(x.head(model_.fixed)) + (model_.own ? arm.own * own : 0.0);
    slope_.col(col).setZero();
    Index at = model_.fixed;
    if (r.effect) slope_(0, col) += x[at++] * arm.effect;
    if (r.level) slope_(r.effect ? 1 : 0, col) += x[at++] * arm.level;
    if (r.correlated) slope_(0, col) += x[at] * arm.level;
  }
  const bool one = arms.size() == 1;
  if (D == 0) {
    one ? integrate<0, 1>(i, derivatives) : integrate<0, 2>(i, derivatives);
  } else if (D == 1) {
    one ? integrate<1, 1>(i, derivatives) : integrate<1, 2>(i, derivatives);
  } else {
    one ? integrate<2, 1>(i, derivatives) : integrate<2, 2>(i, derivatives);
  }
}

// Where x has moved, the own parameters are expected to have moved along their ridge.
void GlmmLikelihood::expect_own(const Vec& x) const {
  if (!model_.own) return;
  if (last_x_.size() == x.size()) {
    for (Index i = 0; i < own_.size(); ++i) {
      if (!(own_information_[i] > 1e-6) || std::fabs(own_[i]) >= kFarthest) continue;
      const double step = -own_cross_.row(i).dot(x - last_x_) / own_information_[i];
      own_[i] += std::clamp(step, -1.0, 1.0);
    }
  }
  last_x_ = x;
}

// study_ at the maximum by the study's own parameter. Of the last step, which is short, the quadratic tells.
void GlmmLikelihood::settle_own(std::size_t i, const Vec& x) const {
  const Index n = size(), row = static_cast<Index>(i);
  double own = own_[row];
  take_study(i, x, own, true);
  for (int iter = 0; iter < 100; ++iter) {
    const double g = study_.gradient[n], h = study_.hessian(n, n), before = study_.value;
    if (std::fabs(g) < 1e-12 || std::fabs(own) >= kFarthest) break;
    double step = h < -1e-12 ? -g / h : (g > 0.0 ? 1.0 : -1.0);
    if (h < -1e-6 && std::fabs(step) < 1e-5) {
      own += step;
      study_.value += 0.5 * g * step;
      study_.gradient += step * study_.hessian.col(n);
      break;
    }
    step = std::clamp(step, -4.0, 4.0);
    bool moved = false;
    for (int half = 0; half < 30 && !moved; ++half, step *= 0.5) {
      const double next = std::clamp(own + step, -kFarthest, kFarthest);
      take_study(i, x, next, true);
      if (!(study_.value >= before - 1e-13 * (1.0 + std::fabs(before)))) continue;
      moved = true;
      own = next;
    }
    if (!moved) {
      take_study(i, x, own, true);
      break;
    }
    if (std::fabs(step) < 1e-10) break;
  }
  own_[row] = own;
}

Expansion GlmmLikelihood::operator()(const Vec& x) const {
  const Index n = size();
  Expansion out{0.0, Vec::Zero(n), Mat::Zero(n, n)};
  expect_own(x);
  for (std::size_t i = 0; i < model_.studies.size(); ++i) {
    if (model_.own) {
      settle_own(i, x);
    } else {
      take_study(i, x, 0.0, true);
    }
    const Expansion& e = study_;
    out.value += e.value;
    if (!std::isfinite(out.value)) {
      last_x_.resize(0);
      return out;
    }
    out.gradient += e.gradient.head(n);
    out.hessian += e.hessian.topLeftCorner(n, n);
    if (model_.own) {
      const Index at = static_cast<Index>(i);
      const double h = e.hessian(n, n);
      own_information_[at] = -h;
      own_cross_.row(at) = -e.hessian.col(n).head(n).transpose();
      if (h < -1e-10)
        out.hessian.noalias() -= e.hessian.col(n).head(n) * e.hessian.row(n).head(n) / h;
    }
  }
  return out;
}

double GlmmLikelihood::value(const Vec& x) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < model_.studies.size(); ++i) {
    take_study(i, x, 0.0, false);
    sum += study_.value;
    if (!std::isfinite(sum)) return -kInf;
  }
  return sum;
}

void GlmmLikelihood::random_effects(const Vec& x, Index which, Vec& mean, Vec& sd) const {
  const RandomParts& r = model_.random;
  const Index k = static_cast<Index>(model_.studies.size()), D = r.dimension();
  mean = Vec::Zero(k);
  sd = Vec::Zero(k);
  if (D == 0) return;
  // What v adds to (L v)_1 or (L v)_2.
  Vec along = Vec::Zero(D);
  Index at = model_.fixed;
  const double effect = r.effect ? x[at++] : 0.0, level = r.level ? x[at++] : 0.0;
  if (which == 0 && r.effect) along[0] = effect;
  if (which != 0 && r.level) along[r.effect ? 1 : 0] = level;
  if (which != 0 && r.correlated) along[0] += x[at];
  for (Index i = 0; i < k; ++i) {
    take_study(static_cast<std::size_t>(i), x, own_[i], false);
    const Vec values = v_.transpose() * along, w = (logs_.array() - logs_.maxCoeff()).exp();
    mean[i] = w.dot(values) / w.sum();
    sd[i] = std::sqrt(std::max(0.0, w.dot((values.array() - mean[i]).square().matrix()) / w.sum()));
  }
}

}  // namespace metaparity
