#include "core/bias/selection_likelihood.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity {
namespace {

bool has_cut(SelectionType type) {
  return type == SelectionType::Truncated || type == SelectionType::TruncatedAt;
}

bool is_stepped(SelectionType type) { return type == SelectionType::Step || has_cut(type); }

WeightSpec weight_spec(const SelectionSpec& spec, double widest, double density) {
  return {spec.type, spec.side == SelectionSide::TwoSided, spec.steps, spec.pval_min, widest,
          density};
}

Vec wls(const Mat& X, const Vec& w, const Vec& y) {
  const Vec xwy = X.transpose() * w.cwiseProduct(y);
  return solve_symmetric(cross(X, w, X), VecRef(xwy));
}

double median(Vec x) {
  const Index half = x.size() / 2;
  std::nth_element(x.data(), x.data() + half, x.data() + x.size());
  return x[half];
}

}  // namespace

struct SelectionLikelihood::Local {
  Local(Index d, Index rows)
      : gradient(2 + d), hessian(2 + d, 2 + d), D(rows, 5), ga(2 + d), ha(2 + d, 2 + d), q(rows) {}
  double value = 0.0;
  Vec gradient;
  Mat hessian;
  Mat D;  // moments of the density by the mean, a row for each cell and node
  Vec ga;
  Mat ha;
  Eigen::ArrayXd q;
};

SelectionLikelihood::SelectionLikelihood(const SelectionData& data, const SelectionSpec& spec,
                                         double density)
    : spec_(spec),
      weights_(
          weight_spec(spec, (data.yi.array() / data.vi.array().sqrt()).abs().maxCoeff(), density)),
      smooth_(weights_),
      p_(data.X.cols()),
      d_(weight_parameters(weights_)),
      affected_(data.affected),
      precision_(data.precision) {
  const Index k = data.yi.size();
  if (affected_.empty()) affected_.assign(static_cast<std::size_t>(k), true);
  sign_ = spec.side == SelectionSide::Less ? -1.0 : 1.0;
  scale_ = std::scalbn(1.0, std::ilogb(std::sqrt(median(data.vi))));
  y_ = sign_ * data.yi / scale_;
  v_ = data.vi / (scale_ * scale_);
  s_ = v_.cwiseSqrt();
  const ThinQr<double> qr = thin_qr<double>(data.X);
  const double size = std::sqrt(static_cast<double>(k));
  Q_ = qr.q * size;
  root_ = qr.r / size;
  common_precision_ = precision_.size() == 0;
  if (!has_cut(spec.type)) cells_ = cells_of(weights_);
  for (Index i = 0; i < k; ++i) {
    p_value_.push_back(p_value(y_[i] / s_[i], weights_));
    Index j = 0;
    while (spec.type == SelectionType::Step && j + 1 < d_ && p_value_.back().p > spec.steps[j]) ++j;
    interval_.push_back(j);
  }
}

double SelectionLikelihood::delta_unit(Index j) const {
  return spec_.type == SelectionType::TruncatedAt && j == 1 ? sign_ * scale_ : 1.0;
}

Box SelectionLikelihood::box() const {
  Box out{Vec::Constant(size(), -kInf), Vec::Constant(size(), kInf)};
  out.lower[p_] = std::isnan(spec_.tau2) ? 0.0 : spec_.tau2 / (scale_ * scale_);
  out.upper[p_] = std::isnan(spec_.tau2) ? spec_.tau2_max / (scale_ * scale_) : out.lower[p_];
  for (Index j = 0; j < d_; ++j) {
    const double unit = delta_unit(j);
    double lo = spec_.delta_min[j] / unit, hi = spec_.delta_max[j] / unit;
    if (!std::isnan(spec_.delta[j])) lo = hi = spec_.delta[j] / unit;
    if (spec_.decreasing) {
      lo = j == 0 ? 1.0 : 0.0;
      hi = 1.0;
    }
    out.lower[p_ + 1 + j] = std::min(lo, hi);
    out.upper[p_ + 1 + j] = std::max(lo, hi);
  }
  return out;
}

Mat SelectionLikelihood::to_real() const {
  Mat out = Mat::Identity(size(), size());
  out.topLeftCorner(p_, p_) = sign_ * scale_ * solve_upper(root_, Mat::Identity(p_, p_));
  out(p_, p_) = scale_ * scale_;
  for (Index j = 0; j < d_; ++j) out(p_ + 1 + j, p_ + 1 + j) = delta_unit(j);
  return out;
}

double SelectionLikelihood::ll_shift() const {
  return -static_cast<double>(y_.size()) * std::log(scale_);
}

// Of a decreasing function theta are the ratios of each delta to the one before.
Vec SelectionLikelihood::delta(const Vec& x) const {
  Vec out = x.tail(d_);
  for (Index j = 1; spec_.decreasing && j < d_; ++j) out[j] *= out[j - 1];
  return out;
}

Vec SelectionLikelihood::real_delta(const Vec& x) const {
  Vec out = delta(x);
  for (Index j = 0; j < d_; ++j) out[j] *= delta_unit(j);
  return out;
}

Mat SelectionLikelihood::delta_jacobian(const Vec& x) const {
  Mat out = Mat::Identity(d_, d_);
  if (!spec_.decreasing) return out;
  for (Index j = 0; j < d_; ++j) {
    for (Index l = 0; l <= j; ++l) {
      out(j, l) = 1.0;
      for (Index m = 0; m <= j; ++m)
        if (m != l) out(j, l) *= x[p_ + 1 + m];
    }
  }
  return out;
}

Vec SelectionLikelihood::start(double tau2, const Vec& delta, double shift) const {
  Vec out(size());
  const Vec w = (v_.array() + tau2).inverse();
  out.head(p_) = wls(Q_, w, y_) + Q_.colwise().mean().transpose() * shift;
  out[p_] = tau2;
  out.tail(d_) = delta;
  return out;
}

Vec SelectionLikelihood::start_from(const SelectionFit& fit) const {
  Vec out(size());
  out.head(p_) = root_ * fit.beta * (sign_ / scale_);
  out[p_] = fit.tau2 / (scale_ * scale_);
  for (Index j = 0; j < d_; ++j) out[p_ + 1 + j] = fit.delta[j] / delta_unit(j);
  for (Index j = d_ - 1; spec_.decreasing && j > 0; --j)
    out[p_ + 1 + j] = fit.delta[j - 1] > 0.0 ? fit.delta[j] / fit.delta[j - 1] : 0.0;
  return out;
}

double SelectionLikelihood::moment_tau2() const {
  const Vec w = v_.cwiseInverse();
  const Vec r = y_ - Q_ * wls(Q_, w, y_);
  const double excess = w.dot(r.cwiseAbs2()) - static_cast<double>(y_.size() - p_);
  return std::max(excess / w.sum(), 0.1 * median(v_));
}

// Rows: cells, then nodes; columns: the weight, its first and its second derivatives by delta.
Mat SelectionLikelihood::weight_columns(const Vec& delta, double precision) const {
  const Index cells = static_cast<Index>(cells_.lo.size()), n = cells + cells_.node.size();
  if (is_stepped(spec_.type)) {
    Mat out = Mat::Zero(n, 1 + d_);
    for (Index c = 0; c < cells; ++c) {
      const Index j = cells_.interval[static_cast<std::size_t>(c)];
      out(c, 0) = delta[j];
      out(c, 1 + j) = 1.0;
    }
    return out;
  }
  Mat out(n, 1 + d_ + d_ * (d_ + 1) / 2);
  std::vector<LogWeight> logs(static_cast<std::size_t>(n));
  double top = -kInf;
  for (Index i = 0; i < n; ++i) {
    const auto c = static_cast<std::size_t>(i);
    const PValue& p =
        i < cells ? cells_.cell_p[c] : cells_.node_p[static_cast<std::size_t>(i - cells)];
    logs[c] = smooth_.at(p, delta, precision);
    top = std::max(top, logs[c].value);
  }
  for (Index i = 0; i < n; ++i) {
    const LogWeight& l = logs[static_cast<std::size_t>(i)];
    const double w = std::exp(l.value - top);
    out(i, 0) = w;
    Index column = 1 + d_;
    for (Index a = 0; a < d_; ++a) {
      out(i, 1 + a) = w == 0.0 ? 0.0 : w * l.first[a];
      for (Index b = a; b < d_; ++b, ++column)
        out(i, column) = w == 0.0 ? 0.0 : w * (l.second[a + b] + l.first[a] * l.first[b]);
    }
  }
  // The common factor leaves the likelihood once more with the weight of the study itself.
  out.conservativeResize(n + 1, Eigen::NoChange);
  out.row(n).setConstant(top);
  return out;
}

void SelectionLikelihood::normaliser(Index i, double m, double T, const Vec& delta,
                                     const Mat& columns, Local& out) const {
  if (has_cut(spec_.type)) return truncated(i, m, T, delta, out);
  const Index cells = static_cast<Index>(cells_.lo.size()), nodes = cells_.node.size(),
              n = cells + nodes;
  Mat& D = out.D;
  for (Index c = 0; c < cells; ++c) {
    double moment[5];
    cell_moments(cells_.lo[static_cast<std::size_t>(c)], cells_.hi[static_cast<std::size_t>(c)], m,
                 T, moment);
    for (int j = 0; j < 5; ++j) D(c, j) = moment[j];
  }
  if (nodes > 0) {
    const double r = 1.0 / std::sqrt(T);
    auto q = out.q.head(nodes);
    auto f = D.col(0).tail(nodes).array();
    q = (cells_.node.array() - m) * r;
    f = (-0.5 * q.square() - 0.5 * kLog2Pi).exp() * cells_.node_weight.array() * r;
    D.col(1).tail(nodes).array() = f * q * r;
    D.col(2).tail(nodes).array() = f * (q.square() - 1.0) * (r * r);
    D.col(3).tail(nodes).array() = f * q * (q.square() - 3.0) * (r * r * r);
    D.col(4).tail(nodes).array() = f * (q.square() * (q.square() - 6.0) + 3.0) * (r * r * r * r);
  }
  const auto sum = [&](Index column, Index moment) {
    return columns.col(column).head(n).dot(D.col(moment));
  };
  const auto set = [&](Index a, Index b, double x) { out.hessian(a, b) = out.hessian(b, a) = x; };
  out.value = sum(0, 0);
  out.gradient[0] = sum(0, 1);
  set(0, 0, sum(0, 2));
  out.gradient[1] = 0.5 * out.hessian(0, 0);
  set(0, 1, 0.5 * sum(0, 3));
  set(1, 1, 0.25 * sum(0, 4));
  Index column = 1 + d_;
  for (Index a = 0; a < d_; ++a) {
    out.gradient[2 + a] = sum(1 + a, 0);
    set(0, 2 + a, sum(1 + a, 1));
    set(1, 2 + a, 0.5 * sum(1 + a, 2));
    for (Index b = a; b < d_; ++b, ++column)
      set(2 + a, 2 + b, is_stepped(spec_.type) ? 0.0 : sum(column, 0));
  }
}

// A = P(y > c) + delta1 P(y <= c).
void SelectionLikelihood::truncated(Index i, double m, double T, const Vec& delta,
                                    Local& out) const {
  const bool free_cut = spec_.type == SelectionType::TruncatedAt;
  const double s = s_[i], cut = free_cut ? delta[1] : sign_ * spec_.steps[0] / scale_, z = cut / s;
  double above[5], below[5], f[5];
  cell_moments(z, kInf, m, T, above);
  cell_moments(-kInf, z, m, T, below);
  density_moments(z, m, T, f);
  const double w = delta[0];
  const auto sum = [&](int n) { return above[n] + w * below[n]; };
  out.value = sum(0);
  out.gradient[0] = sum(1);
  out.gradient[1] = 0.5 * sum(2);
  out.gradient[2] = below[0];
  out.hessian.setZero();
  const auto set = [&](Index a, Index b, double x) { out.hessian(a, b) = out.hessian(b, a) = x; };
  set(0, 0, sum(2));
  set(0, 1, 0.5 * sum(3));
  set(1, 1, 0.25 * sum(4));
  set(0, 2, below[1]);
  set(1, 2, 0.5 * below[2]);
  if (!free_cut) return;
  out.gradient[3] = (w - 1.0) * f[0] / s;
  set(0, 3, (w - 1.0) * f[1] / s);
  set(1, 3, (w - 1.0) * 0.5 * f[2] / s);
  set(2, 3, f[0] / s);
  set(3, 3, -(w - 1.0) * f[1] / (s * s));
}

// The weight of the study itself; false where it is 0.
bool SelectionLikelihood::own_weight(Index i, const Vec& delta, LogWeight& out,
                                     Index& interval) const {
  const auto c = static_cast<std::size_t>(i);
  if (!is_stepped(spec_.type)) {
    out = smooth_.at(p_value_[c], delta, common_precision_ ? 1.0 : precision_[i]);
    return std::isfinite(out.value);
  }
  interval = interval_[c];
  if (has_cut(spec_.type)) {
    const double cut =
        spec_.type == SelectionType::TruncatedAt ? delta[1] : sign_ * spec_.steps[0] / scale_;
    interval = y_[i] > cut ? -1 : 0;
    if (interval < 0) return true;
  }
  if (!(delta[interval] > 0.0)) return false;
  out.value = std::log(delta[interval]);
  return true;
}

void SelectionLikelihood::add_study(Index i, const Vec& x, const Vec& delta, const Mat& columns,
                                    Local& a, Expansion& out) const {
  const double mu = Q_.row(i).dot(x.head(p_)), t = v_[i] + x[p_], r = y_[i] - mu;
  double value = -0.5 * (kLog2Pi + std::log(t) + r * r / t);
  double g_mu = r / t, g_t = 0.5 * (r * r / t - 1.0) / t;
  double h_mm = -1.0 / t, h_mt = -r / (t * t), h_tt = (0.5 - r * r / t) / (t * t);
  if (is_affected(i)) {
    normaliser(i, mu / s_[i], t / v_[i], delta, columns, a);
    LogWeight own;
    Index interval = -1;
    if (!(a.value > 0.0) || !own_weight(i, delta, own, interval)) {
      out.value = -kInf;
      return;
    }
    const bool stepped = is_stepped(spec_.type);
    Vec& ga = a.ga;
    Mat& ha = a.ha;
    ga = a.gradient / a.value;
    ha.noalias() = a.hessian / a.value;
    ha.noalias() -= ga * ga.transpose();
    value += own.value - std::log(a.value) - (stepped ? 0.0 : columns(columns.rows() - 1, 0));
    const double sm = 1.0 / s_[i], st = 1.0 / v_[i];
    g_mu -= ga[0] * sm;
    g_t -= ga[1] * st;
    h_mm -= ha(0, 0) * sm * sm;
    h_mt -= ha(0, 1) * sm * st;
    h_tt -= ha(1, 1) * st * st;
    for (Index j = 0; j < d_; ++j) {
      const Index at = p_ + 1 + j;
      out.gradient[at] -= ga[2 + j];
      out.hessian.block(0, at, p_, 1) -= Q_.row(i).transpose() * (ha(0, 2 + j) * sm);
      out.hessian(p_, at) -= ha(1, 2 + j) * st;
      for (Index l = 0; l <= j; ++l) out.hessian(p_ + 1 + l, at) -= ha(2 + l, 2 + j);
    }
    if (stepped && interval >= 0) {
      out.gradient[p_ + 1 + interval] += 1.0 / delta[interval];
      out.hessian(p_ + 1 + interval, p_ + 1 + interval) -=
          1.0 / (delta[interval] * delta[interval]);
    }
    if (!stepped) {
      for (Index j = 0; j < d_; ++j) {
        out.gradient[p_ + 1 + j] += own.first[j];
        for (Index l = 0; l <= j; ++l) out.hessian(p_ + 1 + l, p_ + 1 + j) += own.second[l + j];
      }
    }
  }
  out.value += value;
  out.gradient.head(p_) += g_mu * Q_.row(i).transpose();
  out.gradient[p_] += g_t;
  out.hessian.topLeftCorner(p_, p_) += h_mm * Q_.row(i).transpose() * Q_.row(i);
  out.hessian.block(0, p_, p_, 1) += h_mt * Q_.row(i).transpose();
  out.hessian(p_, p_) += h_tt;
}

Expansion SelectionLikelihood::by_delta(const Vec& x) const {
  Expansion out{0.0, Vec::Zero(size()), Mat::Zero(size(), size())};
  const Vec d = delta(x);
  Local room(d_, static_cast<Index>(cells_.lo.size()) + cells_.node.size());
  Mat columns;
  if (!has_cut(spec_.type) && common_precision_) columns = weight_columns(d, 1.0);
  for (Index i = 0; i < y_.size(); ++i) {
    if (!common_precision_ && is_affected(i)) columns = weight_columns(d, precision_[i]);
    add_study(i, x, d, columns, room, out);
    if (!std::isfinite(out.value)) return out;
  }
  out.hessian.triangularView<Eigen::StrictlyLower>() = out.hessian.transpose();
  return out;
}

Expansion SelectionLikelihood::operator()(const Vec& x) const {
  Expansion out = by_delta(x);
  if (!spec_.decreasing || !std::isfinite(out.value)) return out;
  const Mat J = delta_jacobian(x);
  const Vec g = out.gradient.tail(d_);
  out.gradient.tail(d_) = J.transpose() * g;
  out.hessian.bottomRightCorner(d_, d_) =
      (J.transpose() * out.hessian.bottomRightCorner(d_, d_) * J).eval();
  out.hessian.topRightCorner(p_ + 1, d_) = (out.hessian.topRightCorner(p_ + 1, d_) * J).eval();
  out.hessian.bottomLeftCorner(d_, p_ + 1) = out.hessian.topRightCorner(p_ + 1, d_).transpose();
  for (Index j = 0; j < d_; ++j) {
    for (Index a = 0; a <= j; ++a) {
      for (Index b = 0; b <= j; ++b) {
        if (a == b) continue;
        double product = g[j];
        for (Index m = 0; m <= j; ++m)
          if (m != a && m != b) product *= x[p_ + 1 + m];
        out.hessian(p_ + 1 + a, p_ + 1 + b) += product;
      }
    }
  }
  return out;
}

}  // namespace metaparity
