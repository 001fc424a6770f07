#include "core/model/mv_effects.hpp"

#include <map>
#include <utility>

#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"

namespace metaparity {

namespace {

// What one cluster of rows knows: W, W (y - Xb) and U with U U' = W X vb X'W.
struct Known {
  Mat W, U;
  Vec e;
};

Known known_of(const MvModel& model, const MvFit& fit, const IndexVec& rows, const Mat& M) {
  const Index m = static_cast<Index>(rows.size());
  Mat X(m, model.X.cols());
  Vec r(m);
  for (Index i = 0; i < m; ++i) {
    X.row(i) = model.X.row(rows[at(i)]);
    r[i] = model.y[rows[at(i)]] - X.row(i).dot(fit.beta);
  }
  const Eigen::LLT<Mat> llt(M), root(fit.vb);
  if (llt.info() != Eigen::Success)
    throw InvalidInput("V", "must give variances that are positive definite");
  Known out;
  out.W = llt.solve(Mat::Identity(m, m));
  out.e = out.W * r;
  out.U = out.W * X * Mat(root.matrixL());
  return out;
}

// The effects of a term that rows of a cluster have, in the order of outer and inner levels.
std::map<std::pair<Index, Index>, Index> effects_of(const MvTerm& term, const IndexVec& rows) {
  std::map<std::pair<Index, Index>, Index> out;
  for (Index row : rows) {
    const Index outer = term.outer[at(row)];
    if (term.general()) {
      for (Index j = 0; j < term.levels; ++j) out.emplace(std::make_pair(outer, j), 0);
    } else {
      out.emplace(std::make_pair(outer, term.inner[at(row)]), 0);
    }
  }
  return out;
}

// Covariance of an effect with the estimates of the cluster.
Vec covariance(const MvTerm& term, const Mat& G, const std::pair<Index, Index>& effect,
               const IndexVec& rows) {
  Vec out = Vec::Zero(static_cast<Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (term.outer[at(rows[i])] != effect.first) continue;
    out[static_cast<Index>(i)] = term.general() ? G.row(effect.second).dot(term.design.row(rows[i]))
                                                : G(effect.second, term.inner[at(rows[i])]);
  }
  return out;
}

}  // namespace

std::vector<MvEffects> mv_effects(const MvModel& model, const MvFit& fit) {
  const MvMarginal marginal = mv_marginal_at(model, fit.tau2, fit.rho);
  std::vector<std::map<std::pair<Index, Index>, std::pair<double, double>>> found(
      model.terms.size());
  for (std::size_t c = 0; c < marginal.clusters.size(); ++c) {
    const IndexVec& rows = marginal.clusters[c].rows;
    const Known known = known_of(model, fit, rows, marginal.M[c]);
    for (std::size_t t = 0; t < model.terms.size(); ++t) {
      for (const auto& effect : effects_of(model.terms[t], rows)) {
        const Vec own = covariance(model.terms[t], fit.G[t], effect.first, rows);
        const double prior = fit.G[t](effect.first.second, effect.first.second);
        const double left =
            prior - own.dot(known.W * own) + (known.U.transpose() * own).squaredNorm();
        found[t][effect.first] = {own.dot(known.e), left};
      }
    }
  }
  std::vector<MvEffects> out(model.terms.size());
  for (std::size_t t = 0; t < found.size(); ++t) {
    const Index m = static_cast<Index>(found[t].size());
    out[t].pred.resize(m);
    out[t].variance.resize(m);
    Index i = 0;
    for (const auto& [effect, value] : found[t]) {
      out[t].outer.push_back(effect.first);
      out[t].inner.push_back(effect.second);
      out[t].pred[i] = value.first;
      out[t].variance[i] = std::max(value.second, 0.0);
      ++i;
    }
  }
  return out;
}

}  // namespace metaparity
