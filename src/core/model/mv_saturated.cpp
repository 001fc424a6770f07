// Cochran's Q by the sampling variances alone, and the likelihood of a model that fits every estimate. Source: Gleser & Olkin
// (2009) for correlated estimates. Oracle: metafor::rma.mv.

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/model/mv_fit.hpp"

namespace metaparity {

MvSaturated mv_saturated(const MvModel& model) {
  MvSaturated out;
  double log_det = 0.0;
  const Index p = model.X.cols();
  Mat A = Mat::Zero(p, p);
  Vec xwy = Vec::Zero(p);
  // In whitened rows, so that nothing cancels.
  Mat Xw(model.X.rows(), p);
  Vec yw(model.y.size());
  if (model.V.is_diagonal()) {
    if (!(model.V.diagonal.minCoeff() > 0.0)) return out;
    log_det = model.V.diagonal.array().log().sum();
    const Vec root = model.V.diagonal.cwiseSqrt().cwiseInverse();
    Xw = root.asDiagonal() * model.X;
    yw = root.cwiseProduct(model.y);
  } else {
    Index to = 0;
    for (std::size_t b = 0; b < model.V.blocks.size(); ++b) {
      const Index m = model.V.blocks[b].rows();
      const Eigen::LLT<Mat> llt(model.V.blocks[b]);
      const auto d = llt.matrixLLT().diagonal();
      if (llt.info() != Eigen::Success || !(d.minCoeff() > 1e-10 * d.maxCoeff())) return out;
      log_det += 2.0 * d.array().log().sum();
      Mat X(m, p);
      Vec y(m);
      for (Index i = 0; i < m; ++i) {
        X.row(i) = model.X.row(model.V.rows[b][at(i)]);
        y[i] = model.y[model.V.rows[b][at(i)]];
      }
      Xw.middleRows(to, m) = llt.matrixL().solve(X);
      yw.segment(to, m) = llt.matrixL().solve(y);
      to += m;
    }
  }
  A = Xw.transpose() * Xw;
  xwy = Xw.transpose() * yw;
  const Eigen::LLT<Mat> llt(A);
  if (llt.info() != Eigen::Success) return out;
  out.Q = (yw - Xw * llt.solve(xwy)).squaredNorm();
  out.ll = -0.5 * (static_cast<double>(model.y.size()) * kLog2Pi + log_det);
  return out;
}

}  // namespace metaparity
