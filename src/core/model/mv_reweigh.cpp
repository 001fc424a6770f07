// The mean by given weights A: b = (X'AX)^-1 X'Ay with variance (X'AX)^-1 X'AMAX (X'AX)^-1; the likelihood at this mean.
// Source: Aitken (1935). Oracle: metafor::rma.mv(W =).

#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/model/mv_fit.hpp"

namespace metaparity {

void mv_reweigh(MvFit& fit, const MvModel& model, const MatRef& weights) {
  const Mat& X = model.X;
  const Mat ax = weights * X, bread = X.transpose() * ax;
  const Eigen::FullPivLU<Mat> lu(bread);
  if (!lu.isInvertible()) throw InvalidInput("W", "does not identify the coefficients");
  const Vec beta = lu.solve(ax.transpose() * model.y);
  const MvMarginal marginal = mv_marginal_at(model, fit.tau2, fit.rho);
  Mat max = Mat::Zero(ax.rows(), ax.cols());
  double own = 0.0, given = 0.0;
  for (std::size_t c = 0; c < marginal.clusters.size(); ++c) {
    const IndexVec& rows = marginal.clusters[c].rows;
    const Index m = static_cast<Index>(rows.size());
    Vec r_own(m), r_given(m);
    Mat part(m, ax.cols());
    for (Index i = 0; i < m; ++i) {
      const Index row = rows[static_cast<std::size_t>(i)];
      part.row(i) = ax.row(row);
      r_own[i] = model.y[row] - X.row(row).dot(fit.beta);
      r_given[i] = model.y[row] - X.row(row).dot(beta);
    }
    const Mat mp = marginal.M[c] * part;
    for (Index i = 0; i < m; ++i) max.row(rows[static_cast<std::size_t>(i)]) = mp.row(i);
    own += inverse_form(marginal.M[c], r_own);
    given += inverse_form(marginal.M[c], r_given);
  }
  fit.vb = lu.solve((ax.transpose() * max).transpose());
  fit.vb = lu.solve(fit.vb.transpose()).eval();
  fit.vb = (0.5 * (fit.vb + fit.vb.transpose())).eval();
  fit.beta = beta;
  const double more = given - own;
  for (FitStats* s : {&fit.of_ml, &fit.of_reml}) {
    s->ll -= 0.5 * more;
    s->dev += more;
    s->AIC += more;
    s->BIC += more;
    s->AICc += more;
  }
}

}  // namespace metaparity
