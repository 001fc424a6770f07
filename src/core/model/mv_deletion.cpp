#include "core/model/mv_deletion.hpp"

#include <cmath>

#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/model/wald.hpp"

namespace metaparity {

namespace {

IndexVec others(Index n, const IndexVec& set) {
  std::vector<char> out(at(n), 0);
  for (Index i : set) out[at(i)] = 1;
  IndexVec keep;
  for (Index i = 0; i < n; ++i) {
    if (!out[at(i)]) keep.push_back(i);
  }
  return keep;
}

Mat rows_of(const Mat& x, const IndexVec& rows) {
  Mat out(static_cast<Index>(rows.size()), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) out.row(static_cast<Index>(i)) = x.row(rows[i]);
  return out;
}

// The marginal variances among these rows.
Mat among(const MvMarginal& marginal, const IndexVec& rows, Index n) {
  IndexVec place(at(n), -1);
  for (std::size_t i = 0; i < rows.size(); ++i) place[at(rows[i])] = static_cast<Index>(i);
  const Index m = static_cast<Index>(rows.size());
  Mat out = Mat::Zero(m, m);
  for (std::size_t c = 0; c < marginal.clusters.size(); ++c) {
    const IndexVec& own = marginal.clusters[c].rows;
    for (std::size_t j = 0; j < own.size(); ++j) {
      if (place[at(own[j])] < 0) continue;
      for (std::size_t i = 0; i < own.size(); ++i) {
        if (place[at(own[i])] >= 0)
          out(place[at(own[i])], place[at(own[j])]) =
              marginal.M[c](static_cast<Index>(i), static_cast<Index>(j));
      }
    }
  }
  return out;
}

MvDeleted without(const MvModel& model, const MvSpec& spec, const MvFit& full,
                  const IndexVec& set) {
  const Index n = model.y.size();
  MvModel rest = mv_subset(model, others(n, set));
  if (rest.X.rows() <= rest.X.cols()) return {};
  MvSpec quick = spec;
  quick.vcov = false;
  const MvFit fit = fit_mv(rest, quick);
  MvDeleted out;
  out.tau2 = fit.tau2;
  out.rho = fit.rho;
  out.QE = fit.QE;
  const MvMarginal marginal = mv_marginal_at(model, fit.tau2, fit.rho);
  const Mat M = among(marginal, set, n);
  const Index m = static_cast<Index>(set.size());
  Mat X(m, model.X.cols());
  out.resid.resize(m);
  for (Index i = 0; i < m; ++i) {
    X.row(i) = model.X.row(set[at(i)]);
    out.resid[i] = model.y[set[at(i)]] - X.row(i).dot(fit.beta);
  }
  // Coefficients given have no variance.
  const Mat vb = fit.vb.array().isNaN().select(0.0, fit.vb);
  const Mat spread = M + X * vb * X.transpose();
  out.se = spread.diagonal().cwiseSqrt();
  const Eigen::LLT<Mat> llt(spread);
  if (llt.info() == Eigen::Success) out.X2 = out.resid.dot(llt.solve(out.resid));
  const Vec shift = full.beta - fit.beta;
  out.cook = wald_statistic(shift, full.vb);
  out.shift = shift;
  out.cov_r = fit.vb.determinant() / full.vb.determinant();
  out.dfbetas = shift.cwiseQuotient(mv_mean_covariance(model, marginal).diagonal().cwiseSqrt());
  out.valid = true;
  return out;
}

}  // namespace

Mat mv_mean_covariance(const MvModel& model, const MvMarginal& marginal) {
  const Index p = model.X.cols();
  const bool own = model.weights.size() > 0;
  const Mat AX = own ? Mat(model.weights * model.X) : Mat();
  Mat bread = own ? Mat(model.X.transpose() * AX) : Mat(Mat::Zero(p, p)), meat = Mat::Zero(p, p);
  for (std::size_t c = 0; c < marginal.clusters.size(); ++c) {
    const Mat X = rows_of(own ? AX : model.X, marginal.clusters[c].rows);
    if (own) {
      meat.noalias() += X.transpose() * marginal.M[c] * X;
      continue;
    }
    const Eigen::LLT<Mat> llt(marginal.M[c]);
    if (llt.info() != Eigen::Success)
      throw InvalidInput("V", "must give variances that are positive definite");
    const Mat whitened = llt.matrixL().solve(X);
    bread.noalias() += whitened.transpose() * whitened;
  }
  const Mat inverse = inverse_symmetric(bread);
  return own ? Mat(inverse * meat * inverse) : inverse;
}

MvModel mv_started(const MvModel& model, const std::vector<Vec>& tau2,
                   const std::vector<Vec>& rho) {
  MvModel out = model;
  for (std::size_t t = 0; t < out.terms.size(); ++t) {
    out.terms[t].tau2_start = tau2[t];
    out.terms[t].rho_start = rho[t];
  }
  return out;
}

std::vector<MvDeleted> mv_delete(const MvModel& model, const MvSpec& spec, const MvFit& full,
                                 const std::vector<IndexVec>& sets, bool reestimate,
                                 Checkpoint checkpoint) {
  MvModel from = mv_started(model, full.tau2, full.rho);
  if (!reestimate) {
    for (std::size_t t = 0; t < from.terms.size(); ++t) {
      from.terms[t].tau2 = full.tau2[t];
      from.terms[t].rho = full.rho[t];
    }
  }
  std::vector<MvDeleted> out;
  for (const IndexVec& set : sets) {
    ask(checkpoint);
    try {
      out.push_back(without(from, spec, full, set));
    } catch (const SingularDesign&) {
      out.emplace_back();
    } catch (const NotConverged&) {
      out.emplace_back();
    } catch (const InvalidInput&) {
      out.emplace_back();
    }
  }
  return out;
}

namespace {

// A combination of the residuals of a set that the model fits exactly has no variance.
bool is_definite(const Mat& part) {
  const Eigen::LDLT<Mat> ldlt(part);
  const Vec pivots = ldlt.vectorD();
  return pivots.size() > 0 && pivots.minCoeff() > 1e-10 * pivots.maxCoeff();
}

}  // namespace

Vec mv_set_statistics(const VecRef& resid, const MatRef& S, const std::vector<IndexVec>& sets) {
  Vec out(static_cast<Index>(sets.size()));
  for (std::size_t s = 0; s < sets.size(); ++s) {
    const IndexVec& set = sets[s];
    const Index m = static_cast<Index>(set.size());
    Vec r(m);
    Mat part(m, m);
    for (Index j = 0; j < m; ++j) {
      r[j] = resid[set[at(j)]];
      for (Index i = 0; i < m; ++i) part(i, j) = S(set[at(i)], set[at(j)]);
    }
    out[static_cast<Index>(s)] = is_definite(part) ? wald_statistic(r, part) : kNaN;
  }
  return out;
}

}  // namespace metaparity
