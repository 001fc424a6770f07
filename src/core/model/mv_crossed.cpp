// Crossed components and known matrices: M = N + Z K Z', N of small blocks (V and the terms that nest), K = sum sigma2 R over
// the levels of the others. With K = L L' an evaluation factorises N and B = I + L'Z'N^-1Z L, of the levels and not of the
// rows; L may be singular, so that sigma2 = 0 is an ordinary point. Sources: Henderson (1975, Biometrics 31, 423); Gilmour,
// Thompson & Cullis (1995, Biometrics 51, 1440) for the average information. Oracle: mv_block_likelihood().
#include <Eigen/Cholesky>
#include <cmath>
#include <map>

#include "core/constants.hpp"
#include "core/model/mv_block.hpp"
#include "core/model/mv_likelihood.hpp"
#include "core/model/mv_split.hpp"

namespace metaparity {

namespace {

// A block of near rows and the columns of Z that it has.
struct NearBlock {
  IndexVec rows, columns, local;  // local: of each row and group, group by group
  MvBlock block;
  Mat Ni, T;  // N^-1, N^-1 Z
};

class CrossedLikelihood : public MvLikelihood {
 public:
  CrossedLikelihood(const MvModel& model, const MvLayout& layout, MvSplit split, double dense_cost);
  Index size() const override { return layout_.size; }
  double cost() const override { return cost_; }
  bool observed() const override { return false; }
  double exact_cost() const override { return dense_cost_; }
  MvMean mean(const Vec& psi) override;
  MvSlope slope(const Vec& psi, bool restricted, bool exact) override;

 private:
  bool factor_near(const Vec& psi, double& log_det);
  bool factor_far(const Vec& psi, double& log_det);
  Mat levels_of(const Mat& rows) const;  // Z' times
  Mat inverse_times(const Mat& rows) const;
  void set_derivatives(const Vec& psi);
  Mat effects() const;
  void add_near(const NearBlock& b, const Mat& U, std::vector<Mat>& S) const;

  MvModel model_;
  MvLayout layout_;
  std::vector<MvFarGroup> far_;
  IndexVec from_;  // first column of each group
  IndexVec near_terms_;
  std::vector<NearBlock> blocks_;
  double cost_, dense_cost_, log_det_x_ = 0.0;
  Index q_ = 0;
  Mat A_, LB_, U_;  // Z'N^-1Z; L B^-1 L' = LB' LB; W X C with vb = C C'
  Mat root_vb_;
  Vec e_;
  std::vector<Mat> D_;  // dG / dpsi_j of near terms
  IndexVec owner_;
  std::unique_ptr<MvLikelihood> dense_;
};

CrossedLikelihood::CrossedLikelihood(const MvModel& model, const MvLayout& layout, MvSplit split,
                                     double dense_cost)
    : model_(model),
      layout_(layout),
      far_(std::move(split.far)),
      cost_(split.cost),
      dense_cost_(dense_cost) {
  for (const MvFarGroup& g : far_) {
    from_.push_back(q_);
    q_ += g.size;
  }
  const MvModel near = mv_near_model(model, far_, near_terms_);
  for (const MvCluster& c : mv_clusters(near)) {
    NearBlock b;
    b.rows = c.rows;
    b.block = mv_block(near, c);
    std::map<Index, Index> number;
    for (std::size_t g = 0; g < far_.size(); ++g) {
      for (Index row : b.rows) {
        const Index column = from_[g] + far_[g].column[at(row)];
        const auto found = number.emplace(column, static_cast<Index>(number.size()));
        if (found.second) b.columns.push_back(column);
        b.local.push_back(found.first->second);
      }
    }
    blocks_.push_back(std::move(b));
  }
  const Mat xx = model.X.transpose() * model.X;
  log_det_x_ = 2.0 * Eigen::LLT<Mat>(xx).matrixLLT().diagonal().array().log().sum();
}

bool CrossedLikelihood::factor_near(const Vec& psi, double& log_det) {
  std::vector<Mat> G;
  for (Index t : near_terms_) {
    const MvShape& s = layout_.shapes[at(t)];
    G.push_back(s.value(psi.segment(layout_.offset[at(t)], s.size())));
  }
  A_ = Mat::Zero(q_, q_);
  Eigen::LLT<Mat> llt;
  for (NearBlock& b : blocks_) {
    Mat N = sampling_of(b.block);
    const Index m = N.rows();
    for (std::size_t t = 0; t < G.size(); ++t) add_term(N, b.block.terms[t], G[t]);
    llt.compute(N);
    if (llt.info() != Eigen::Success) return false;
    const auto diagonal = llt.matrixLLT().diagonal();
    if (!(diagonal.minCoeff() > 1e-11 * diagonal.maxCoeff())) return false;
    log_det += 2.0 * diagonal.array().log().sum();
    b.Ni.setIdentity(m, m);
    llt.solveInPlace(b.Ni);
    b.T = Mat::Zero(m, static_cast<Index>(b.columns.size()));
    for (std::size_t i = 0; i < b.local.size(); ++i)
      b.T.col(b.local[i]) += b.Ni.col(static_cast<Index>(i) % m);
    for (std::size_t i = 0; i < b.local.size(); ++i) {
      const Index column = b.columns[at(b.local[i])];
      for (std::size_t k = 0; k < b.columns.size(); ++k)
        A_(column, b.columns[k]) += b.T(static_cast<Index>(i) % m, static_cast<Index>(k));
    }
  }
  return true;
}

// L of K = L L' of one group, by a decomposition that bears singular K.
Mat far_factor(const MvFarGroup& g, const Vec& sigma2) {
  Mat K = Mat::Zero(g.size, g.size);
  for (std::size_t j = 0; j < g.terms.size(); ++j) {
    const double s = sigma2[static_cast<Index>(j)];
    if (g.known[j].size() > 0) {
      K += s * g.known[j];
    } else {
      K.diagonal().array() += s;
    }
  }
  const Eigen::LLT<Mat> llt(K);
  if (llt.info() == Eigen::Success) return llt.matrixL();
  const Eigen::LDLT<Mat> ldlt(K);
  const Mat L = ldlt.matrixL();
  const Vec root = ldlt.vectorD().cwiseMax(0.0).cwiseSqrt();
  return ldlt.transpositionsP().transpose() * Mat(L * root.asDiagonal());
}

bool CrossedLikelihood::factor_far(const Vec& psi, double& log_det) {
  Mat L = Mat::Zero(q_, q_), AL(q_, q_);
  for (std::size_t g = 0; g < far_.size(); ++g) {
    const Index from = from_[g], q = far_[g].size;
    Vec sigma2(static_cast<Index>(far_[g].terms.size()));
    for (Index j = 0; j < sigma2.size(); ++j) sigma2[j] = psi[layout_.offset[far_[g].terms[at(j)]]];
    if (far_[g].plain()) {
      const double root = std::sqrt(sigma2.sum());
      L.block(from, from, q, q).diagonal().setConstant(root);
      AL.middleCols(from, q) = root * A_.middleCols(from, q);
    } else {
      L.block(from, from, q, q) = far_factor(far_[g], sigma2);
      AL.middleCols(from, q).noalias() = A_.middleCols(from, q) * L.block(from, from, q, q);
    }
  }
  Mat B(q_, q_);
  for (std::size_t g = 0; g < far_.size(); ++g) {
    const Index from = from_[g], q = far_[g].size;
    if (far_[g].plain()) {
      B.middleRows(from, q) = L(from, from) * AL.middleRows(from, q);
    } else {
      B.middleRows(from, q).noalias() =
          L.block(from, from, q, q).transpose() * AL.middleRows(from, q);
    }
  }
  B.diagonal().array() += 1.0;
  const Eigen::LLT<Mat> llt(B);
  if (llt.info() != Eigen::Success) return false;
  log_det += 2.0 * llt.matrixLLT().diagonal().array().log().sum();
  LB_ = L.transpose();
  llt.matrixL().solveInPlace(LB_);  // L B^-1 L' = LB' LB
  return true;
}

Mat CrossedLikelihood::levels_of(const Mat& rows) const {
  Mat out = Mat::Zero(q_, rows.cols());
  for (std::size_t g = 0; g < far_.size(); ++g) {
    for (Index i = 0; i < rows.rows(); ++i)
      out.row(from_[g] + far_[g].column[at(i)]) += rows.row(i);
  }
  return out;
}

Mat CrossedLikelihood::inverse_times(const Mat& x) const {
  Mat out(x.rows(), x.cols());
  for (const NearBlock& b : blocks_) {
    Mat part(static_cast<Index>(b.rows.size()), x.cols());
    for (std::size_t i = 0; i < b.rows.size(); ++i)
      part.row(static_cast<Index>(i)) = x.row(b.rows[i]);
    part = (b.Ni * part).eval();
    for (std::size_t i = 0; i < b.rows.size(); ++i)
      out.row(b.rows[i]) = part.row(static_cast<Index>(i));
  }
  const Mat inner = LB_ * levels_of(out), h = LB_.transpose() * inner;
  for (const NearBlock& b : blocks_) {
    Mat part(static_cast<Index>(b.columns.size()), x.cols());
    for (std::size_t k = 0; k < b.columns.size(); ++k)
      part.row(static_cast<Index>(k)) = h.row(b.columns[k]);
    const Mat less = b.T * part;
    for (std::size_t i = 0; i < b.rows.size(); ++i)
      out.row(b.rows[i]) -= less.row(static_cast<Index>(i));
  }
  return out;
}

MvMean CrossedLikelihood::mean(const Vec& psi) {
  MvMean out;
  double log_det = 0.0;
  if (!factor_near(psi, log_det) || !factor_far(psi, log_det)) return out;
  const Index n = model_.y.size(), p = model_.X.cols();
  const Mat WX = inverse_times(model_.X);
  const Eigen::LLT<Mat> bread(model_.X.transpose() * WX);
  if (bread.info() != Eigen::Success) return out;
  out.beta = bread.solve(WX.transpose() * model_.y);
  root_vb_ = bread.matrixU().solve(Mat::Identity(p, p));
  out.vb = root_vb_ * root_vb_.transpose();
  U_.noalias() = WX * root_vb_;
  const Vec r = model_.y - model_.X * out.beta;
  e_ = inverse_times(r);
  const double log_det_a = 2.0 * bread.matrixLLT().diagonal().array().log().sum();
  const double dn = static_cast<double>(n), dp = static_cast<double>(p), rss = r.dot(e_);
  out.ml = -0.5 * (dn * kLog2Pi + log_det + rss);
  out.reml = -0.5 * ((dn - dp) * kLog2Pi + log_det + rss + log_det_a - log_det_x_);
  out.valid = std::isfinite(out.ml) && std::isfinite(out.reml);
  return out;
}

void CrossedLikelihood::set_derivatives(const Vec& psi) {
  D_.clear();
  owner_.clear();
  for (std::size_t t = 0; t < near_terms_.size(); ++t) {
    const MvShape& s = layout_.shapes[at(near_terms_[t])];
    const Vec own = psi.segment(layout_.offset[at(near_terms_[t])], s.size());
    for (Index j = 0; j < s.size(); ++j) {
      D_.push_back(s.derivative(own, j));
      owner_.push_back(static_cast<Index>(t));
    }
  }
}

// Columns M_j e, in the order of psi.
Mat CrossedLikelihood::effects() const {
  Mat F = Mat::Zero(model_.y.size(), layout_.size);
  for (const NearBlock& b : blocks_) {
    Vec e(static_cast<Index>(b.rows.size()));
    for (std::size_t i = 0; i < b.rows.size(); ++i) e[static_cast<Index>(i)] = e_[b.rows[i]];
    for (std::size_t d = 0, j = 0; d < D_.size(); ++d, ++j) {
      const std::size_t t = at(owner_[d]);
      if (d > 0 && owner_[d] != owner_[d - 1]) j = 0;
      const Vec f = times_term(b.block.terms[t], D_[d], e);
      const Index column = layout_.offset[at(near_terms_[t])] + static_cast<Index>(j);
      for (std::size_t i = 0; i < b.rows.size(); ++i)
        F(b.rows[i], column) = f[static_cast<Index>(i)];
    }
  }
  const Vec ze = levels_of(e_);
  for (std::size_t g = 0; g < far_.size(); ++g) {
    const Vec own = ze.segment(from_[g], far_[g].size);
    for (std::size_t j = 0; j < far_[g].terms.size(); ++j) {
      const Vec f = far_[g].known[j].size() > 0 ? Vec(far_[g].known[j] * own) : own;
      for (Index i = 0; i < F.rows(); ++i)
        F(i, layout_.offset[far_[g].terms[j]]) = f[far_[g].column[at(i)]];
    }
  }
  return F;
}

// The derivative of the likelihood in the matrix of one block's rows.
void CrossedLikelihood::add_near(const NearBlock& b, const Mat& U, std::vector<Mat>& S) const {
  const Index m = static_cast<Index>(b.rows.size()), q = static_cast<Index>(b.columns.size());
  Mat Lb(q_, q), own(m, U.cols());
  for (Index k = 0; k < q; ++k) Lb.col(k) = LB_.col(b.columns[at(k)]);
  Vec e(m);
  for (Index i = 0; i < m; ++i) {
    e[i] = e_[b.rows[at(i)]];
    own.row(i) = U.row(b.rows[at(i)]);
  }
  const Mat LT = Lb * b.T.transpose();
  Mat W = e * e.transpose() - b.Ni;
  W.noalias() += LT.transpose() * LT;
  W.noalias() += own * own.transpose();
  W *= 0.5;
  for (std::size_t t = 0; t < S.size(); ++t) collect(S[t], b.block.terms[t], W);
}

MvSlope CrossedLikelihood::slope(const Vec& psi, bool restricted, bool exact) {
  if (exact) {
    if (!dense_) dense_ = mv_block_likelihood(model_, mv_clusters(model_), layout_);
    dense_->mean(psi);
    return dense_->slope(psi, restricted, true);
  }
  set_derivatives(psi);
  MvSlope out{Vec::Zero(layout_.size), Mat::Zero(layout_.size, layout_.size)};
  const Mat U = restricted ? U_ : Mat::Zero(U_.rows(), 0);
  std::vector<Mat> S;
  for (Index t : near_terms_)
    S.push_back(Mat::Zero(model_.terms[at(t)].levels, model_.terms[at(t)].levels));
  for (const NearBlock& b : blocks_) add_near(b, U, S);
  for (std::size_t d = 0, j = 0; d < D_.size(); ++d, ++j) {
    if (d > 0 && owner_[d] != owner_[d - 1]) j = 0;
    out.score[layout_.offset[at(near_terms_[at(owner_[d])])] + static_cast<Index>(j)] =
        S[at(owner_[d])].cwiseProduct(D_[d]).sum();
  }
  const Vec ze = levels_of(e_);
  const Mat zu = levels_of(U), LA = LB_ * A_;  // Z'WZ = A - (LB A)' (LB A)
  for (std::size_t g = 0; g < far_.size(); ++g) {
    const Index from = from_[g], q = far_[g].size;
    Mat C = -A_.block(from, from, q, q);
    C.noalias() += LA.middleCols(from, q).transpose() * LA.middleCols(from, q);
    C.noalias() += ze.segment(from, q) * ze.segment(from, q).transpose();
    C.noalias() += zu.middleRows(from, q) * zu.middleRows(from, q).transpose();
    for (std::size_t j = 0; j < far_[g].terms.size(); ++j) {
      const Mat& R = far_[g].known[j];
      out.score[layout_.offset[far_[g].terms[j]]] =
          0.5 * (R.size() > 0 ? R.cwiseProduct(C).sum() : C.trace());
    }
  }
  const Mat F = effects(), uf = U.transpose() * F;
  out.information.noalias() = 0.5 * (F.transpose() * inverse_times(F) - uf.transpose() * uf);
  return out;
}

// Sampling variances that N^-1 bears.
bool well_conditioned(const SamplingV& V) {
  if (!(V.diagonal.minCoeff() > 1e-9 * V.diagonal.maxCoeff())) return false;
  for (const Mat& block : V.blocks) {
    const Eigen::LLT<Mat> llt(block);
    if (llt.info() != Eigen::Success) return false;
    const auto d = llt.matrixLLT().diagonal();
    if (!(d.minCoeff() > 1e-6 * d.maxCoeff())) return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<MvLikelihood> mv_crossed_likelihood(const MvModel& model,
                                                    const std::vector<MvCluster>& clusters,
                                                    const MvLayout& layout) {
  double whole = 0.0;
  for (const MvCluster& c : clusters)
    whole += 3.0 * std::pow(static_cast<double>(c.rows.size()), 3.0);
  if (whole < 1e5 || !well_conditioned(model.V)) return nullptr;
  MvSplit split = mv_split(model);
  if (!(split.cost < 0.5 * whole)) return nullptr;
  return std::make_unique<CrossedLikelihood>(model, layout, std::move(split), whole);
}

}  // namespace metaparity
