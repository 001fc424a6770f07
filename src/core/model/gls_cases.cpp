#include "core/model/gls_cases.hpp"

#include <Eigen/Cholesky>

#include "core/errors.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity {

CaseStatistics case_statistics(const VecRef& y, const MatRef& x, const MatRef& m) {
  const Index k = y.size();
  const Eigen::LLT<Mat> llt(m);
  if (llt.info() != Eigen::Success) {
    throw InvalidInput("V", "must be a positive definite covariance matrix");
  }
  const auto lower = llt.matrixL();
  const Mat xs = lower.solve(Mat(x));
  const Vec ys = lower.solve(Vec(y));
  // With X* = QR the projection onto the fitted values is Q Q' on the scale on which errors are uncorrelated.
  const ThinQr<double> qr = thin_qr(xs);
  const Vec fitted_scaled = qr.q * (qr.q.transpose() * ys);
  CaseStatistics out;
  out.fitted = lower * fitted_scaled;
  out.resid = y - out.fitted;
  out.scaled = ys - fitted_scaled;
  const Mat projection = Mat::Identity(k, k) - qr.q * qr.q.transpose();
  const Mat left = lower * projection;
  out.residual_covariance = left * left.transpose();
  out.se = out.residual_covariance.diagonal().cwiseMax(0.0).cwiseSqrt();
  const Mat r_inverse = solve_upper(qr.r, Mat(Mat::Identity(x.cols(), x.cols())));
  out.vb = r_inverse * r_inverse.transpose();
  out.weight_matrix = llt.solve(Mat(Mat::Identity(k, k)));
  // H = L Q Q' L^-1.
  const Mat left_q = lower * qr.q, right_q = llt.matrixU().solve(qr.q);
  out.hat_matrix = left_q * right_q.transpose();
  out.hat = out.hat_matrix.diagonal();
  out.weight = out.weight_matrix.diagonal();
  return out;
}

}  // namespace metaparity
