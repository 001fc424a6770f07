#include "core/model/sandwich.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/influence.hpp"
#include "core/model/wald.hpp"
#include "core/ranges.hpp"

namespace metaparity {
namespace {

// The scores of cluster j, c'M X_j'W_j e_j, have the model variance u'G_j(I - G_j)u for G_j = Q_j'Q_j and
// u = R^-T c. Below this share of u'G_j u a cluster is fitted exactly.
constexpr double kSeen = 1e-10;

Mat inverse_root(const Mat& a) { return inverse_power(a, 0.5); }

template <class Derived>
Mat take_rows(const Eigen::MatrixBase<Derived>& x, const std::vector<Index>& rows) {
  Mat out(static_cast<Index>(rows.size()), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) out.row(static_cast<Index>(i)) = x.row(rows[i]);
  return out;
}

// The groups of the rows, still empty, once the codes of the rows are known to be theirs.
template <class Data>
std::vector<std::vector<Index>> groups_of(Index n, const Data& data) {
  check_fits(
      data.X.rows() == data.yi.size() && static_cast<Index>(data.cluster.size()) == data.yi.size(),
      "x");
  check_indices(data.cluster, n, "cluster");
  return std::vector<std::vector<Index>>(static_cast<std::size_t>(n));
}

}  // namespace

// K carries the covariance of fitted values: with a = X'g and b = X'W Phi g of a cluster,
// p_i'Phi p_j = [i = j] g'Phi g - a_i'M b_j - b_i'M a_j + a_i'M S M a_j, S = X'W Phi W X.
ClusterSandwich::ClusterSandwich(const SandwichData& data, SandwichType type)
    : type_(type), rows_(groups_of(data.n, data)), X_(data.X) {
  check_fits(data.vi.size() == data.yi.size() &&
                 (data.weights.size() == 0 || data.weights.size() == data.yi.size()),
             "x");
  for (std::size_t i = 0; i < data.cluster.size(); ++i) {
    rows_[static_cast<std::size_t>(data.cluster[i])].push_back(static_cast<Index>(i));
  }
  const Index p = X_.cols();
  // Only ratios of variances matter: they are taken relative to the smallest.
  const double unit = data.vi.minCoeff() + data.tau2 > 0.0 ? data.vi.minCoeff() + data.tau2 : 1.0;
  phi_ = (data.vi.array() + data.tau2) / unit;
  w_ = data.weighted && data.weights.size() == 0
           ? Vec(phi_.cwiseInverse())
           : model_weights(data.vi, data.weights, data.tau2, data.weighted);
  const WlsFit fit = weighted_ls(data.yi, X_, w_);
  beta_ = fit.beta;
  inv_ = fit.inv;
  const Vec spread = w_.array().square() * phi_.array();
  const Mat S = cross(X_, spread, X_);
  k_ = Mat::Zero(2 * p, 2 * p);
  k_.topLeftCorner(p, p) = product(inv_, S, inv_);
  k_.topRightCorner(p, p) = -inv_;
  k_.bottomLeftCorner(p, p) = -inv_;
  const ThinQr<double> qr = thin_qr<double>(w_.cwiseSqrt().asDiagonal() * X_);
  root_ = qr.r;
  const Mat WX = w_.asDiagonal() * X_;
  Mat meat = Mat::Zero(p, p);
  for (const auto& rows : rows_) {
    const Mat q = take_rows(qr.q, rows);
    share_.push_back(product(q.transpose(), q));
    const Mat x = take_rows(X_, rows);
    const Mat wx = take_rows(WX, rows);
    Vec e = take_rows(fit.resid, rows);
    if (type_ == SandwichType::CR2) {
      const Vec phi = take_rows(phi_, rows), root = phi.cwiseSqrt();
      const Mat hphi = product(x, inv_, (phi.asDiagonal() * wx).transpose());
      const Mat left = Mat(phi.asDiagonal()) - hphi - hphi.transpose() +
                       product(x, k_.topLeftCorner(p, p), x.transpose());
      adjust_.push_back(root.asDiagonal() *
                        inverse_root(root.asDiagonal() * left * root.asDiagonal()) *
                        root.asDiagonal());
    } else if (type_ == SandwichType::CR3) {
      // I - X M X'W is similar to the symmetric I - QQ'.
      const Vec root = take_rows(w_, rows).cwiseSqrt();
      const Mat left = Mat::Identity(q.rows(), q.rows()) - product(q, q.transpose());
      adjust_.push_back(root.cwiseInverse().asDiagonal() * inverse_power(left, 1.0) *
                        root.asDiagonal());
    }
    if (!adjust_.empty()) e = adjust_.back() * e;
    const Vec score = wx.transpose() * e;
    meat += score * score.transpose();
  }
  vb_ = scale(X_.rows()) * product(inv_, meat, inv_);
}

// With weights that are the inverse of the model's variances S = X'WX, and W Phi is the identity.
ClusterSandwich::ClusterSandwich(const BlockSandwichData& data, SandwichType type)
    : type_(type), rows_(groups_of(static_cast<Index>(data.marginal.size()), data)), X_(data.X) {
  for (std::size_t i = 0; i < data.cluster.size(); ++i) {
    rows_[static_cast<std::size_t>(data.cluster[i])].push_back(static_cast<Index>(i));
  }
  const Index p = X_.cols();
  Mat white(X_.rows(), p);
  Vec y(X_.rows());
  std::vector<Eigen::LLT<Mat>> factors;
  Index from = 0;
  for (std::size_t j = 0; j < rows_.size(); ++j) {
    const Index m = static_cast<Index>(rows_[j].size());
    check_fits(data.marginal[j].rows() == m && data.marginal[j].cols() == m, "V");
    factors.emplace_back(data.marginal[j]);
    if (factors.back().info() != Eigen::Success)
      throw InvalidInput("V", "must give variances that are positive definite");
    white.middleRows(from, m) = factors.back().matrixL().solve(take_rows(X_, rows_[j]));
    y.segment(from, m) = factors.back().matrixL().solve(take_rows(data.yi, rows_[j]));
    from += m;
  }
  const WlsFit fit = weighted_ls(y, white, Vec::Ones(y.size()));
  beta_ = fit.beta;
  inv_ = fit.inv;
  k_ = Mat::Zero(2 * p, 2 * p);
  k_.topLeftCorner(p, p) = inv_;
  k_.topRightCorner(p, p) = -inv_;
  k_.bottomLeftCorner(p, p) = -inv_;
  const ThinQr<double> qr = thin_qr<double>(white);
  root_ = qr.r;
  Mat meat = Mat::Zero(p, p);
  from = 0;
  for (std::size_t j = 0; j < rows_.size(); ++j) {
    const Index m = static_cast<Index>(rows_[j].size());
    const Mat q = qr.q.middleRows(from, m), x = take_rows(X_, rows_[j]);
    const Mat upper = factors[j].matrixU();
    share_.push_back(product(q.transpose(), q));
    wx_.push_back(factors[j].solve(x));
    phi_root_.push_back(upper);
    Vec e = take_rows(data.yi, rows_[j]) - x * beta_;
    if (type_ == SandwichType::CR2) {
      const Mat left = data.marginal[j] - product(x, inv_, x.transpose());
      adjust_.push_back(
          product(upper.transpose(), inverse_root(product(upper, left, upper.transpose())), upper));
    } else if (type_ == SandwichType::CR3) {
      const Mat left = Mat::Identity(m, m) - product(q, q.transpose());
      adjust_.push_back(
          factors[j].matrixL() *
          Mat(factors[j].matrixU().solve(inverse_power(left, 1.0).transpose())).transpose());
    }
    if (!adjust_.empty()) e = adjust_.back() * e;
    const Vec score = wx_.back().transpose() * e;
    meat += score * score.transpose();
    from += m;
  }
  vb_ = scale(X_.rows()) * product(inv_, meat, inv_);
}

double ClusterSandwich::scale(Index k) const {
  const double n = static_cast<double>(rows_.size()), p = static_cast<double>(X_.cols());
  const double studies = static_cast<double>(k);
  switch (type_) {
    case SandwichType::CR1:
      return n / (n - 1.0);
    case SandwichType::CR1p:
      return n / (n - p);
    case SandwichType::CR1S:
      return n * (studies - 1.0) / ((n - 1.0) * (studies - p));
    case SandwichType::CR0:
    case SandwichType::CR2:
    case SandwichType::CR3:
      return 1.0;
  }
  return kNaN;
}

ClusterSandwich::Factors ClusterSandwich::factors(const VecRef& c) const {
  const Index p = X_.cols(), n = static_cast<Index>(rows_.size());
  const Vec direction = inv_ * c;
  Factors out{Mat(n, 2 * p), {}};
  for (Index j = 0; j < n; ++j) {
    const auto& rows = rows_[static_cast<std::size_t>(j)];
    const Mat x = take_rows(X_, rows);
    if (!wx_.empty()) {
      Vec g = wx_[static_cast<std::size_t>(j)] * direction;
      if (!adjust_.empty()) g = adjust_[static_cast<std::size_t>(j)].transpose() * g;
      out.f.row(j).head(p) = x.transpose() * g;
      out.f.row(j).tail(p) = out.f.row(j).head(p);
      out.g.push_back(phi_root_[static_cast<std::size_t>(j)] * g);
      continue;
    }
    const Vec w = take_rows(w_, rows), phi = take_rows(phi_, rows);
    Vec g = w.cwiseProduct(x * direction);
    if (!adjust_.empty()) g = adjust_[static_cast<std::size_t>(j)].transpose() * g;
    out.f.row(j).head(p) = x.transpose() * g;
    out.f.row(j).tail(p) = x.transpose() * w.cwiseProduct(phi).cwiseProduct(g);
    out.g.push_back(phi.cwiseSqrt().cwiseProduct(g));
  }
  return out;
}

Vec ClusterSandwich::diagonal(const Factors& s, const Factors& t) const {
  Vec out(static_cast<Index>(s.g.size()));
  for (std::size_t j = 0; j < s.g.size(); ++j) out[static_cast<Index>(j)] = s.g[j].dot(t.g[j]);
  return out;
}

// Expectation under the model of c_s' V c_t.
double ClusterSandwich::expected(const Factors& s, const Factors& t) const {
  return diagonal(s, t).sum() + product(s.f, k_).cwiseProduct(t.f).sum();
}

Visible ClusterSandwich::visible(const VecRef& u) const {
  double seen = 0.0;
  bool part = false;
  for (const Mat& g : share_) {
    const Vec gu = g * u;
    const double own = u.dot(gu), left = own - gu.squaredNorm();
    seen += std::max(left, 0.0);
    part = part || (own > kSeen * u.squaredNorm() && left <= kSeen * own);
  }
  if (seen <= kSeen * u.squaredNorm()) return Visible::None;
  return part ? Visible::Part : Visible::All;
}

// Whether no combination of the directions, which are columns, is fitted exactly by every cluster.
bool ClusterSandwich::all_visible(const MatRef& directions) const {
  const Mat q = thin_qr<double>(directions).q;
  Mat seen = Mat::Zero(q.cols(), q.cols());
  for (const Mat& g : share_) {
    const Mat gq = product(g, q);
    seen += product(q.transpose(), gq) - product(gq.transpose(), gq);
  }
  return Eigen::SelfAdjointEigenSolver<Mat>(seen).eigenvalues().minCoeff() > kSeen;
}

}  // namespace metaparity
