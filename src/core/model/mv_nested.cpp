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

// P: the number of coefficients, or Eigen::Dynamic; with few of them all sums of a cluster stay in registers.
template <int P>
class NestedLikelihood : public MvLikelihood {
 public:
  NestedLikelihood(const MvModel& model, const std::vector<MvCluster>& clusters, Index group,
                   Index own);
  Index size() const override { return group_ < 0 || own_ < 0 ? 1 : 2; }
  MvMean mean(const Vec& psi) override;
  MvSlope slope(const Vec& psi, bool restricted, bool exact) override;

 private:
  using Column = Eigen::Matrix<double, P, 1>;
  using Square = Eigen::Matrix<double, P, P>;
  using Columns = Eigen::Matrix<double, P, Eigen::Dynamic>;

  // What slope() gathers over the clusters; the derivatives of M are K1 = u u' and K2 = I, f_j = K_j e.
  struct Sums {
    explicit Sums(Index p);
    double score[2] = {0.0, 0.0}, trace[3] = {0.0, 0.0, 0.0};
    double quad[3] = {0.0, 0.0, 0.0};  // f1'W f1, f1'W f2, f2'W f2
    Square B[2], C[3];  // X'W K W X of K1, K2; of K1 W K1, K1 W K2 (symmetric), K2 W K2
    Column xf[2];
    Column wug, uwx, g;  // of the cluster at hand
  };
  void add_cluster(Index c, bool restricted, Sums& out) const;
  Index clusters() const { return static_cast<Index>(begin_.size()) - 1; }

  Index group_, own_, p_, n_;
  double log_det_x_ = 0.0, s1_ = 0.0;
  IndexVec begin_;
  Columns X_;  // a column for each row of the data, rotated
  Vec y_, u_, lambda_, w_, e_;
  Vec a_, ur_;  // u' D^-1 u and u' D^-1 r of each cluster
  Columns ux_;  // u' D^-1 X
  Square vb_;
};

template <int P>
NestedLikelihood<P>::Sums::Sums(Index p)
    : wug(Column::Zero(p)), uwx(Column::Zero(p)), g(Column::Zero(p)) {
  for (Square* m : {&B[0], &B[1], &C[0], &C[1], &C[2]}) *m = Square::Zero(p, p);
  xf[0] = xf[1] = Column::Zero(p);
}

template <int P>
NestedLikelihood<P>::NestedLikelihood(const MvModel& model, const std::vector<MvCluster>& clusters,
                                      Index group, Index own)
    : group_(group), own_(own), p_(model.X.cols()), n_(model.y.size()) {
  X_.resize(p_, n_);
  y_.resize(n_);
  u_.resize(n_);
  lambda_.resize(n_);
  w_.resize(n_);
  e_.resize(n_);
  begin_.reserve(clusters.size() + 1);
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
  a_.resize(this->clusters());
  ur_.resize(this->clusters());
  ux_.resize(p_, this->clusters());
  const Mat xx = model.X.transpose() * model.X;
  log_det_x_ = 2.0 * Eigen::LLT<Mat>(xx).matrixLLT().diagonal().array().log().sum();
}

template <int P>
MvMean NestedLikelihood<P>::mean(const Vec& psi) {
  MvMean out;
  s1_ = group_ < 0 ? 0.0 : psi[group_];
  const double s2 = own_ < 0 ? 0.0 : psi[own_];
  Square A = Square::Zero(p_, p_);
  Column xwy = Column::Zero(p_), ux = Column::Zero(p_);
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
  product = 1.0;
  for (Index c = 0; c < clusters(); ++c) {
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
    ux_.col(c) = ux;
    const double k = s1_ / (1.0 + s1_ * a);
    product *= 1.0 + s1_ * a;
    if (product > 1e200) {
      log_det += std::log(product);
      product = 1.0;
    }
    for (Index r = 0; r < p_; ++r) {
      xwy[r] -= k * ux[r] * uy;
      for (Index q = 0; q <= r; ++q) A(r, q) -= k * ux[r] * ux[q];
    }
  }
  log_det += std::log(product);
  const Eigen::LLT<Square> bread(A);
  if (bread.info() != Eigen::Success) return out;
  const Column beta = bread.solve(xwy);
  const Square root = bread.matrixU().solve(Square::Identity(p_, p_));
  vb_ = root * root.transpose();
  out.beta = beta;
  out.vb = vb_;
  double rss = 0.0;
  for (Index c = 0; c < clusters(); ++c) {
    const Index from = begin_[at(c)], to = begin_[at(c + 1)];
    double ur = 0.0;
    for (Index i = from; i < to; ++i) {
      double r = y_[i];
      for (Index q = 0; q < p_; ++q) r -= X_(q, i) * beta[q];
      e_[i] = r;
      ur += w_[i] * u_[i] * r;
    }
    ur_[c] = ur;
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

template <int P>
void NestedLikelihood<P>::add_cluster(Index c, bool restricted, Sums& out) const {
  const double shrink = 1.0 / (1.0 + s1_ * a_[c]), k = s1_ * shrink;
  double ee = 0.0, ewe = 0.0, uwe = 0.0, b1 = 0.0, b2 = 0.0, d1 = 0.0, d2 = 0.0;
  Column& g = out.g;
  out.wug.setZero();
  for (Index i = begin_[at(c)]; i < begin_[at(c + 1)]; ++i) {
    const double w = w_[i], u = u_[i], e = e_[i], wu = w * u;
    d1 += w;
    d2 += w * w;
    b1 += wu * wu;
    b2 += wu * wu * w;
    ee += e * e;
    ewe += w * e * e;
    uwe += wu * e;
    for (Index r = 0; r < p_; ++r) {
      g[r] = w * (X_(r, i) - k * u * ux_(r, c));
      out.xf[1][r] += g[r] * e;
    }
    if (!restricted) continue;
    for (Index r = 0; r < p_; ++r) {
      out.wug[r] += wu * g[r];
      for (Index q = 0; q <= r; ++q) {
        const double square = g[r] * g[q];
        out.B[1](r, q) += square;
        out.C[2](r, q) += w * square;
      }
    }
  }
  const double h = a_[c] * shrink, ue = ur_[c] * shrink;  // u'Wu, u'e
  out.uwx = shrink * ux_.col(c);
  out.xf[0] += ue * out.uwx;
  out.quad[0] += h * ue * ue;
  out.quad[1] += ue * uwe * shrink;
  out.quad[2] += ewe - k * uwe * uwe;
  out.score[0] += 0.5 * (ue * ue - h);
  out.score[1] += 0.5 * (ee - (d1 - k * b1));
  out.trace[0] += h * h;
  out.trace[1] += b1 * shrink * shrink;
  out.trace[2] += d2 - 2.0 * k * b2 + k * k * b1 * b1;
  if (!restricted) return;
  for (Index r = 0; r < p_; ++r) {
    for (Index q = 0; q <= r; ++q) {
      const double square = out.uwx[r] * out.uwx[q];
      out.B[0](r, q) += square;
      out.C[0](r, q) += h * square;
      out.C[1](r, q) += 0.5 * shrink * (out.uwx[r] * out.wug[q] + out.wug[r] * out.uwx[q]);
      out.C[2](r, q) -= k * out.wug[r] * out.wug[q];
    }
  }
}

template <int P>
MvSlope NestedLikelihood<P>::slope(const Vec&, bool restricted, bool) {
  Sums sums(p_);
  for (Index c = 0; c < clusters(); ++c) add_cluster(c, restricted, sums);
  for (Square* m : {&sums.B[0], &sums.B[1], &sums.C[0], &sums.C[1], &sums.C[2]}) {
    for (Index r = 0; r < p_; ++r) {
      for (Index q = 0; q < r; ++q) (*m)(q, r) = (*m)(r, q);
    }
  }
  const auto first = [](Index i) { return i == 2 ? Index{1} : Index{0}; };
  const auto second = [](Index i) { return i == 0 ? Index{0} : Index{1}; };
  Eigen::Matrix2d info;
  if (restricted) {
    for (Index j = 0; j < 2; ++j) sums.score[j] += 0.5 * vb_.cwiseProduct(sums.B[j]).sum();
  }
  for (Index i = 0; i < 3; ++i) {
    const Index j = first(i), k = second(i);
    double trace = sums.trace[i];
    if (restricted) {
      const Square bj = vb_ * sums.B[j], bk = vb_ * sums.B[k];
      trace += bj.cwiseProduct(bk.transpose()).sum() - 2.0 * vb_.cwiseProduct(sums.C[i]).sum();
    }
    const double quad = sums.quad[i] - sums.xf[j].dot(vb_ * sums.xf[k]);
    info(j, k) = info(k, j) = quad - 0.5 * trace;
  }
  MvSlope out{Vec(size()), Mat(size(), size())};
  const Index where[2] = {group_, own_};
  for (Index j = 0; j < 2; ++j) {
    if (where[j] < 0) continue;
    out.score[where[j]] = sums.score[j];
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
  if (model.X.cols() == 1)
    return std::make_unique<NestedLikelihood<1>>(model, clusters, group, own);
  if (model.X.cols() == 2)
    return std::make_unique<NestedLikelihood<2>>(model, clusters, group, own);
  return std::make_unique<NestedLikelihood<Eigen::Dynamic>>(model, clusters, group, own);
}

}  // namespace metaparity
