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

using Effect = std::pair<Index, Index>;  // outer and inner level

struct Predicted {
  double pred, left;
  std::size_t cluster;
  Vec own, weighed, seen;  // G Z', M^-1 times it, its part of the coefficients
};

// Effects of different clusters share the errors of the coefficients alone.
Mat errors_together(const std::map<Effect, Predicted>& found, const Mat& G) {
  const Index m = static_cast<Index>(found.size());
  Mat out(m, m);
  Index i = 0;
  for (const auto& [a, one] : found) {
    Index j = 0;
    for (const auto& [b, two] : found) {
      double value = one.seen.dot(two.seen);
      if (a.first == b.first) value += G(a.second, b.second);
      if (one.cluster == two.cluster) value -= one.own.dot(two.weighed);
      out(i, j++) = value;
    }
    ++i;
  }
  return out;
}

}  // namespace

std::vector<MvEffects> mv_effects(const MvModel& model, const MvFit& fit, bool covariances) {
  const MvMarginal marginal = mv_marginal_at(model, fit.tau2, fit.rho);
  std::vector<std::map<Effect, Predicted>> found(model.terms.size());
  for (std::size_t c = 0; c < marginal.clusters.size(); ++c) {
    const IndexVec& rows = marginal.clusters[c].rows;
    const Known known = known_of(model, fit, rows, marginal.M[c]);
    for (std::size_t t = 0; t < model.terms.size(); ++t) {
      for (const auto& effect : effects_of(model.terms[t], rows)) {
        Vec own = covariance(model.terms[t], fit.G[t], effect.first, rows);
        const double prior = fit.G[t](effect.first.second, effect.first.second);
        const Vec seen = known.U.transpose() * own;
        const Vec weighed = known.W * own;
        Predicted& p = found[t][effect.first];
        p = {own.dot(known.e),
             prior - own.dot(weighed) + seen.squaredNorm(),
             c,
             Vec(),
             Vec(),
             Vec()};
        if (covariances) {
          p.own = std::move(own);
          p.weighed = weighed;
          p.seen = seen;
        }
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
      out[t].pred[i] = value.pred;
      out[t].variance[i] = std::max(value.left, 0.0);
      ++i;
    }
    if (covariances) out[t].vcov = errors_together(found[t], fit.G[t]);
  }
  return out;
}

}  // namespace metaparity
