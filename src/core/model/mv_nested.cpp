// Two nested components: M = Q (Lambda + s2 I + s1 u u') Q' in each cluster, with V = Q Lambda Q' and u = Q'1, so that an
// evaluation costs O(n p^2) and no matrix of a cluster is ever factorised. Source: Harville (1977, JASA 72, 320); Bartlett
// (1951, Ann Math Stat 22, 107) for the inverse. Oracle: mv_block_likelihood().
#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/model/mv_likelihood.hpp"

namespace metaparity {

namespace {

bool plain(const MvTerm& t) {
  return t.structure == MvStruct::Known && t.known.size() == 0 && t.levels == 1;
}

bool each_row(const MvTerm& t) {
  std::vector<char> seen;
  for (Index o : t.outer) {
    if (at(o) >= seen.size()) seen.resize(at(o) + 1, 0);
    if (seen[at(o)]) return false;
    seen[at(o)] = 1;
  }
  return true;
}

class NestedLikelihood : public MvLikelihood {
 public:
  NestedLikelihood(const MvModel& model, const std::vector<MvCluster>& clusters, Index group,
                   Index own);
  Index size() const override { return group_ < 0 || own_ < 0 ? 1 : 2; }
  MvMean mean(const Vec& psi) override;
  MvSlope slope(const Vec& psi, bool restricted, bool exact) override;

 private:
  // Sums of one cluster at the current parameters.
  struct Sums {
    double h = 0, uw2u = 0, w = 0, w2 = 0, ue = 0;
  };
  Sums sums(Index c) const;
  void add_cluster(Index c, bool restricted);

  Index group_, own_, p_, n_;
  double log_det_x_ = 0.0, s1_ = 0.0;
  IndexVec begin_;
  Mat X_;  // transposed: a column for each row of the data, rotated
  Vec y_, u_, lambda_, w_, e_;
  Mat G_;  // W X, transposed
  Vec a_;  // u' D^-1 u of each cluster
  Mat root_vb_, vb_;
  // What slope() gathers.
  Vec score_, trace_[3], quad_;
  Mat B_[2], C_[3], xf_;
};

NestedLikelihood::NestedLikelihood(const MvModel& model, const std::vector<MvCluster>& clusters,
                                   Index group, Index own)
    : group_(group), own_(own), p_(model.X.cols()), n_(model.y.size()) {
  X_.resize(p_, n_);
  y_.resize(n_);
  u_.resize(n_);
  lambda_.resize(n_);
  w_.resize(n_);
  e_.resize(n_);
  G_.resize(p_, n_);
  begin_.push_back(0);
  for (const MvCluster& c : clusters) {
    const Index from = begin_.back(), m = static_cast<Index>(c.rows.size());
    for (Index i = 0; i < m; ++i) {
      const Index row = c.rows[at(i)];
      X_.col(from + i) = model.X.row(row).transpose();
      y_[from + i] = model.y[row];
      lambda_[from + i] = model.V.diagonal[row];
    }
    u_.segment(from, m).setOnes();
    if (c.V.size() > 0 && m > 1) {
      const Eigen::SelfAdjointEigenSolver<Mat> eigen(c.V);
      const Mat& Q = eigen.eigenvectors();
      X_.middleCols(from, m) = (X_.middleCols(from, m) * Q).eval();
      y_.segment(from, m) = (Q.transpose() * y_.segment(from, m)).eval();
      u_.segment(from, m) = (Q.transpose() * u_.segment(from, m)).eval();
      lambda_.segment(from, m) = eigen.eigenvalues();
    }
    begin_.push_back(from + m);
  }
  a_.resize(static_cast<Index>(clusters.size()));
  const Mat xx = model.X.transpose() * model.X;
  log_det_x_ = 2.0 * Eigen::LLT<Mat>(xx).matrixLLT().diagonal().array().log().sum();
}

MvMean NestedLikelihood::mean(const Vec& psi) {
  MvMean out;
  s1_ = group_ < 0 ? 0.0 : psi[group_];
  const double s2 = own_ < 0 ? 0.0 : psi[own_];
  Mat A = Mat::Zero(p_, p_);
  Vec xwy = Vec::Zero(p_);
  double log_det = 0.0, product = 1.0;
  if (!((lambda_.array() + s2).minCoeff() > 0.0)) return out;
  w_ = (lambda_.array() + s2).inverse();
  for (Index i = 0; i < n_; ++i) {
    product *= w_[i];
    if (product < 1e-200 || product > 1e200) {
      log_det -= std::log(product);
      product = 1.0;
    }
  }
  log_det -= std::log(product);
  Vec ux(p_);
  for (Index c = 0; c + 1 < static_cast<Index>(begin_.size()); ++c) {
    const Index from = begin_[at(c)], to = begin_[at(c + 1)];
    double a = 0.0, uy = 0.0;
    ux.setZero();
    for (Index i = from; i < to; ++i) {
      const double wu = w_[i] * u_[i];
      a += wu * u_[i];
      uy += wu * y_[i];
      for (Index r = 0; r < p_; ++r) {
        const double wx = w_[i] * X_(r, i);
        ux[r] += wu * X_(r, i);
        xwy[r] += wx * y_[i];
        for (Index q = 0; q <= r; ++q) A(r, q) += wx * X_(q, i);
      }
    }
    a_[c] = a;
    const double k = s1_ / (1.0 + s1_ * a);
    log_det += std::log1p(s1_ * a);
    for (Index r = 0; r < p_; ++r) {
      xwy[r] -= k * ux[r] * uy;
      for (Index q = 0; q <= r; ++q) A(r, q) -= k * ux[r] * ux[q];
    }
  }
  const Eigen::LLT<Mat> bread(A);
  if (bread.info() != Eigen::Success) return out;
  out.beta = bread.solve(xwy);
  root_vb_ = bread.matrixU().solve(Mat::Identity(p_, p_));
  vb_ = out.vb = root_vb_ * root_vb_.transpose();
  double rss = 0.0;
  for (Index c = 0; c + 1 < static_cast<Index>(begin_.size()); ++c) {
    const Index from = begin_[at(c)], to = begin_[at(c + 1)];
    double ur = 0.0;
    for (Index i = from; i < to; ++i) {
      double r = y_[i];
      for (Index q = 0; q < p_; ++q) r -= X_(q, i) * out.beta[q];
      e_[i] = r;
      ur += w_[i] * u_[i] * r;
    }
    const double k = s1_ / (1.0 + s1_ * a_[c]);
    for (Index i = from; i < to; ++i) {
      const double r = e_[i];
      e_[i] = w_[i] * (r - k * u_[i] * ur);
      rss += r * e_[i];
    }
  }
  const double log_det_a = 2.0 * bread.matrixLLT().diagonal().array().log().sum();
  const double n = static_cast<double>(n_), p = static_cast<double>(p_);
  out.ml = -0.5 * (n * kLog2Pi + log_det + rss);
  out.reml = -0.5 * ((n - p) * kLog2Pi + log_det + rss + log_det_a - log_det_x_);
  out.valid = std::isfinite(out.ml) && std::isfinite(out.reml);
  return out;
}

// u'Wu, u'W W u, tr W, tr W W and u'e.
NestedLikelihood::Sums NestedLikelihood::sums(Index c) const {
  Sums s;
  double b1 = 0.0, b2 = 0.0, d1 = 0.0, d2 = 0.0;
  for (Index i = begin_[at(c)]; i < begin_[at(c + 1)]; ++i) {
    const double w = w_[i], u2 = u_[i] * u_[i];
    d1 += w;
    d2 += w * w;
    b1 += u2 * w * w;
    b2 += u2 * w * w * w;
    s.ue += u_[i] * e_[i];
  }
  const double shrink = 1.0 / (1.0 + s1_ * a_[c]), k = s1_ * shrink;
  s.h = a_[c] * shrink;
  s.uw2u = b1 * shrink * shrink;
  s.w = d1 - k * b1;
  s.w2 = d2 - 2.0 * k * b2 + k * k * b1 * b1;
  return s;
}

// The derivatives of M are K1 = u u' and K2 = I; f_j = K_j e.
void NestedLikelihood::add_cluster(Index c, bool restricted) {
  const Index from = begin_[at(c)], to = begin_[at(c + 1)];
  const Sums s = sums(c);
  const double k = s1_ / (1.0 + s1_ * a_[c]);
  double ee = 0.0, ewe = 0.0, uwe = 0.0;
  Vec ux = Vec::Zero(p_), ug = Vec::Zero(p_), wug = Vec::Zero(p_);
  for (Index i = from; i < to; ++i) {
    const double wu = w_[i] * u_[i];
    ee += e_[i] * e_[i];
    ewe += w_[i] * e_[i] * e_[i];
    uwe += wu * e_[i];
    ux += wu * X_.col(i);
  }
  for (Index i = from; i < to; ++i) {
    G_.col(i) = w_[i] * (X_.col(i) - k * u_[i] * ux);
    xf_.col(1) += G_.col(i) * e_[i];
    if (!restricted) continue;
    ug += u_[i] * G_.col(i);
    wug += w_[i] * u_[i] * G_.col(i);
    for (Index r = 0; r < p_; ++r) {
      for (Index q = 0; q <= r; ++q) {
        B_[1](r, q) += G_(r, i) * G_(q, i);
        C_[2](r, q) += w_[i] * G_(r, i) * G_(q, i);
      }
    }
  }
  const Vec uwx = ux / (1.0 + s1_ * a_[c]);
  xf_.col(0) += uwx * s.ue;
  // f1'W f1, f1'W f2, f2'W f2.
  quad_[0] += s.h * s.ue * s.ue;
  quad_[1] += s.ue * uwe / (1.0 + s1_ * a_[c]);
  quad_[2] += ewe - k * uwe * uwe;
  score_[0] += 0.5 * (s.ue * s.ue - s.h);
  score_[1] += 0.5 * (ee - s.w);
  trace_[0][0] += s.h * s.h;
  trace_[1][0] += s.uw2u;
  trace_[2][0] += s.w2;
  if (!restricted) return;
  // X'W K1 W X, X'W K1 W K1 W X, X'W K1 W K2 W X (made symmetric), X'W K2 W K2 W X.
  const Vec wuwg = wug / (1.0 + s1_ * a_[c]);
  B_[0].noalias() += uwx * uwx.transpose();
  C_[0].noalias() += s.h * uwx * uwx.transpose();
  C_[1].noalias() += 0.5 * (uwx * wuwg.transpose() + wuwg * uwx.transpose());
  for (Index r = 0; r < p_; ++r) {
    for (Index q = 0; q <= r; ++q) C_[2](r, q) -= k * wug[r] * wug[q];
  }
}

MvSlope NestedLikelihood::slope(const Vec&, bool restricted, bool) {
  score_ = Vec::Zero(2);
  quad_ = Vec::Zero(3);
  xf_ = Mat::Zero(p_, 2);
  for (Index i = 0; i < 3; ++i) {
    trace_[i] = Vec::Zero(1);
    C_[i] = Mat::Zero(p_, p_);
    if (i < 2) B_[i] = Mat::Zero(p_, p_);
  }
  for (Index c = 0; c + 1 < static_cast<Index>(begin_.size()); ++c) add_cluster(c, restricted);
  for (Mat* m : {&B_[1], &C_[2]}) {
    for (Index r = 0; r < p_; ++r) {
      for (Index q = 0; q < r; ++q) (*m)(q, r) = (*m)(r, q);
    }
  }
  const auto first = [](Index i) { return i == 2 ? Index{1} : Index{0}; };
  const auto second = [](Index i) { return i == 0 ? Index{0} : Index{1}; };
  Mat info(2, 2);
  if (restricted) {
    for (Index j = 0; j < 2; ++j) score_[j] += 0.5 * vb_.cwiseProduct(B_[j]).sum();
  }
  for (Index i = 0; i < 3; ++i) {
    const Index j = first(i), k = second(i);
    double trace = trace_[i][0];
    if (restricted) {
      const Mat bj = vb_ * B_[j], bk = vb_ * B_[k];
      trace += bj.cwiseProduct(bk.transpose()).sum() - 2.0 * vb_.cwiseProduct(C_[i]).sum();
    }
    const double quad = quad_[i] - xf_.col(j).dot(vb_ * xf_.col(k));
    info(j, k) = info(k, j) = quad - 0.5 * trace;
  }
  MvSlope out{Vec(size()), Mat(size(), size())};
  const Index where[2] = {group_, own_};
  for (Index j = 0; j < 2; ++j) {
    if (where[j] < 0) continue;
    out.score[where[j]] = score_[j];
    for (Index k = 0; k < 2; ++k) {
      if (where[k] >= 0) out.information(where[j], where[k]) = info(j, k);
    }
  }
  return out;
}

}  // namespace

std::unique_ptr<MvLikelihood> mv_nested_likelihood(const MvModel& model,
                                                   const std::vector<MvCluster>& clusters) {
  if (model.terms.empty() || model.terms.size() > 2) return nullptr;
  Index group = -1, own = -1;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    if (!plain(model.terms[t])) return nullptr;
    Index& slot = each_row(model.terms[t]) ? own : group;
    if (slot >= 0) return nullptr;
    slot = static_cast<Index>(t);
  }
  // A cluster whose rows share no effect, or not all of them, is none of these.
  for (const MvCluster& c : clusters) {
    if (group < 0) break;
    const IndexVec& outer = model.terms[at(group)].outer;
    for (Index row : c.rows) {
      if (outer[at(row)] != outer[at(c.rows.front())]) return nullptr;
    }
  }
  return std::make_unique<NestedLikelihood>(model, clusters, group, own);
}

}  // namespace metaparity
