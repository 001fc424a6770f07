#include "core/model/mv_likelihood.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/model/mv_block.hpp"

namespace metaparity {

namespace {

constexpr Index kLarge = 150;  // rows of a block from where the average information is taken

class BlockLikelihood : public MvLikelihood {
 public:
  BlockLikelihood(const MvModel& model, const std::vector<MvCluster>& clusters,
                  const MvLayout& layout)
      : layout_(layout),
        n_(static_cast<double>(model.y.size())),
        p_(model.X.cols()),
        own_(model.restricted.size() > 0) {
    const Mat& restricted = own_ ? model.restricted : model.X;
    r_ = restricted.cols();
    for (const MvCluster& c : clusters) {
      blocks_.push_back(mv_block(model, c));
      largest_ = std::max(largest_, static_cast<Index>(c.rows.size()));
      cost_ += std::pow(static_cast<double>(c.rows.size()), 3.0);
    }
    W_.resize(blocks_.size());
    e_.resize(blocks_.size());
    for (const MvTerm& t : model.terms) levels_.push_back(t.levels);
    const Mat xx = restricted.transpose() * restricted;
    log_det_x_ = 2.0 * Eigen::LLT<Mat>(xx).matrixLLT().diagonal().array().log().sum();
  }

  Index size() const override { return layout_.size; }
  double cost() const override { return cost_; }
  bool observed() const override { return largest_ <= kLarge; }
  MvMean mean(const Vec& psi) override;
  MvSlope slope(const Vec& psi, bool restricted, bool exact) override;

 private:
  std::vector<Mat> covariances(const Vec& psi) const;
  void add_block(std::size_t b, bool restricted, bool exact, MvSlope& out);
  void add_exact(std::size_t b, bool restricted, const Mat& U, MvSlope& out);

  // Of the block at hand; blocks of one size share it.
  struct Room {
    Mat WX, U, R, S, F, WF, WMU;
    std::vector<Mat> M, WM, MU;
    Vec r;
  };

  MvLayout layout_;
  std::vector<MvBlock> blocks_;
  double n_, log_det_x_ = 0.0, cost_ = 0.0;
  Index p_, r_ = 0, largest_ = 0;
  bool own_;  // the restricted likelihood leaves out more than the free columns of X
  IndexVec levels_;
  std::vector<Mat> W_;
  std::vector<Vec> e_;   // W (y - X beta)
  Mat root_vb_;          // C of vb = C C'
  Mat root_restricted_;  // the same of what the restricted likelihood leaves out
  std::vector<Mat> D_;   // dG / dpsi_j
  IndexVec owner_;       // term of psi_j
  std::vector<Mat> B_, S_;
  Mat uf_;
  Room room_;
};

std::vector<Mat> BlockLikelihood::covariances(const Vec& psi) const {
  std::vector<Mat> out;
  for (std::size_t t = 0; t < layout_.shapes.size(); ++t) {
    const MvShape& s = layout_.shapes[t];
    out.push_back(s.value(psi.segment(layout_.offset[t], s.size())));
  }
  return out;
}

MvMean BlockLikelihood::mean(const Vec& psi) {
  MvMean out;
  const std::vector<Mat> G = covariances(psi);
  Mat A = Mat::Zero(p_, p_), B = Mat::Zero(own_ ? r_ : 0, own_ ? r_ : 0);
  Vec xwy = Vec::Zero(p_);
  double log_det = 0.0;
  Mat M, WX;
  Eigen::LLT<Mat> llt;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const MvBlock& block = blocks_[b];
    M = sampling_of(block);
    for (std::size_t t = 0; t < G.size(); ++t) add_term(M, block.terms[t], G[t]);
    llt.compute(M);
    if (llt.info() != Eigen::Success) return out;
    const auto diagonal = llt.matrixLLT().diagonal();
    // Rounding alone keeps a singular matrix from failing.
    if (!(diagonal.minCoeff() > 1e-11 * diagonal.maxCoeff())) return out;
    log_det += 2.0 * diagonal.array().log().sum();
    W_[b].setIdentity(block.size(), block.size());
    llt.solveInPlace(W_[b]);
    WX.noalias() = W_[b] * block.X;
    A.noalias() += block.X.transpose() * WX;
    xwy.noalias() += WX.transpose() * block.y;
    if (own_) B.noalias() += block.restricted.transpose() * W_[b] * block.restricted;
  }
  out.beta = Vec::Zero(p_);
  root_vb_ = Mat::Zero(p_, p_);
  double log_det_a = 0.0;
  if (p_ > 0) {
    const Eigen::LLT<Mat> bread(A);
    if (bread.info() != Eigen::Success) return out;
    out.beta = bread.solve(xwy);
    root_vb_ = bread.matrixU().solve(Mat::Identity(p_, p_));
    log_det_a = 2.0 * bread.matrixLLT().diagonal().array().log().sum();
  }
  if (own_) {
    const Eigen::LLT<Mat> whole(B);
    if (whole.info() != Eigen::Success) return out;
    root_restricted_ = whole.matrixU().solve(Mat::Identity(r_, r_));
    log_det_a = 2.0 * whole.matrixLLT().diagonal().array().log().sum();
  }
  out.vb = root_vb_ * root_vb_.transpose();
  double rss = 0.0;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    room_.r = blocks_[b].y;
    room_.r.noalias() -= blocks_[b].X * out.beta;
    e_[b].noalias() = W_[b] * room_.r;
    rss += room_.r.dot(e_[b]);
  }
  out.ml = -0.5 * (n_ * kLog2Pi + log_det + rss);
  out.reml =
      -0.5 * ((n_ - static_cast<double>(r_)) * kLog2Pi + log_det + rss + log_det_a - log_det_x_);
  out.valid = std::isfinite(out.ml) && std::isfinite(out.reml);
  return out;
}

// tr(P M_j P M_k) needs W M_j; its parts with the mean need U of W X vb X'W = U U'.
void BlockLikelihood::add_exact(std::size_t b, bool restricted, const Mat& U, MvSlope& out) {
  const Index count = layout_.size;
  for (Index j = 0; j < count; ++j) {
    room_.WM[at(j)].noalias() = W_[b] * room_.M[at(j)];
    if (!restricted) continue;
    room_.MU[at(j)].noalias() = room_.M[at(j)] * U;
    B_[at(j)].noalias() += U.transpose() * room_.MU[at(j)];
  }
  for (Index j = 0; j < count; ++j) {
    if (restricted) room_.WMU.noalias() = W_[b] * room_.MU[at(j)];
    for (Index k = 0; k <= j; ++k) {
      double trace = room_.WM[at(j)].cwiseProduct(room_.WM[at(k)].transpose()).sum();
      if (restricted) trace -= 2.0 * room_.MU[at(k)].cwiseProduct(room_.WMU).sum();
      out.information(j, k) -= 0.5 * trace;
    }
  }
}

void BlockLikelihood::add_block(std::size_t b, bool restricted, bool exact, MvSlope& out) {
  const MvBlock& block = blocks_[b];
  const Index m = block.size(), count = layout_.size;
  const Vec& e = e_[b];
  Mat &U = room_.U, &S = room_.S, &F = room_.F;
  room_.WX.noalias() = W_[b] * block.X;
  U.noalias() = room_.WX * root_vb_;
  if (own_) room_.R.noalias() = W_[b] * block.restricted * root_restricted_;
  const Mat& left_out = own_ ? room_.R : U;
  S.noalias() = e * e.transpose();
  S -= W_[b];
  if (restricted) S.noalias() += left_out * left_out.transpose();
  S *= 0.5;
  for (std::size_t t = 0; t < S_.size(); ++t) collect(S_[t], block.terms[t], S);
  // f_j = M_j e; y'P M_j P M_k P y = f_j' P f_k.
  F.resize(m, count);
  for (Index j = 0; j < count; ++j) {
    const MvLocalTerm& term = block.terms[at(owner_[at(j)])];
    if (!exact) {
      F.col(j) = times_term(term, D_[at(j)], e);
      continue;
    }
    Mat& Mj = room_.M[at(j)];
    Mj.setZero(m, m);
    add_term(Mj, term, D_[at(j)]);
    F.col(j).noalias() = Mj * e;
  }
  room_.WF.noalias() = W_[b] * F;
  out.information.noalias() += (exact ? 1.0 : 0.5) * F.transpose() * room_.WF;
  uf_.noalias() += U.transpose() * F;
  if (exact) add_exact(b, restricted, left_out, out);
}

MvSlope BlockLikelihood::slope(const Vec& psi, bool restricted, bool exact) {
  const Index count = layout_.size;
  exact = exact || largest_ <= kLarge;
  MvSlope out{Vec::Zero(count), Mat::Zero(count, count)};
  D_.clear();
  owner_.clear();
  S_.clear();
  for (std::size_t t = 0; t < layout_.shapes.size(); ++t) {
    const MvShape& s = layout_.shapes[t];
    const Vec own = psi.segment(layout_.offset[t], s.size());
    for (Index j = 0; j < s.size(); ++j) {
      D_.push_back(s.derivative(own, j));
      owner_.push_back(static_cast<Index>(t));
    }
    S_.push_back(Mat::Zero(levels_[t], levels_[t]));
  }
  B_.assign(at(count), Mat::Zero(r_, r_));
  for (std::vector<Mat>* each : {&room_.M, &room_.WM, &room_.MU}) each->resize(at(count));
  uf_ = Mat::Zero(p_, count);
  for (std::size_t b = 0; b < blocks_.size(); ++b) add_block(b, restricted, exact, out);
  out.information.noalias() -= (exact ? 1.0 : 0.5) * uf_.transpose() * uf_;
  for (Index j = 0; j < count; ++j) {
    const std::size_t t = at(owner_[at(j)]);
    const MvShape& s = layout_.shapes[t];
    const Vec own = psi.segment(layout_.offset[t], s.size());
    out.score[j] = S_[t].cwiseProduct(D_[at(j)]).sum();
    for (Index k = 0; k <= j; ++k) {
      double more = 0.0;
      if (exact && restricted) more -= 0.5 * B_[at(j)].cwiseProduct(B_[at(k)].transpose()).sum();
      if (exact && at(owner_[at(k)]) == t)
        more -= s.curvature(own, S_[t], j - layout_.offset[t], k - layout_.offset[t]);
      if (exact) out.information(j, k) += more;
    }
  }
  for (Index j = 0; j < count; ++j) {
    for (Index k = 0; k < j; ++k) out.information(k, j) = out.information(j, k);
  }
  return out;
}

}  // namespace

MvLayout mv_layout(const MvModel& model, const IndexVec& ranks) {
  MvLayout out;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    out.offset.push_back(out.size);
    out.shapes.emplace_back(model.terms[t], ranks[t]);
    out.size += out.shapes.back().size();
  }
  return out;
}

std::unique_ptr<MvLikelihood> mv_block_likelihood(const MvModel& model,
                                                  const std::vector<MvCluster>& clusters,
                                                  const MvLayout& layout) {
  return std::make_unique<BlockLikelihood>(model, clusters, layout);
}

std::vector<Mat> mv_marginal(const MvModel& model, const std::vector<MvCluster>& clusters,
                             const MvLayout& layout, const Vec& psi) {
  std::vector<Mat> G, out;
  for (std::size_t t = 0; t < layout.shapes.size(); ++t)
    G.push_back(layout.shapes[t].value(psi.segment(layout.offset[t], layout.shapes[t].size())));
  for (const MvCluster& c : clusters) {
    const MvBlock block = mv_block(model, c);
    out.push_back(sampling_of(block));
    for (std::size_t t = 0; t < G.size(); ++t) add_term(out.back(), block.terms[t], G[t]);
  }
  return out;
}

}  // namespace metaparity
