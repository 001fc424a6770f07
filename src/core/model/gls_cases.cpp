#include "core/model/gls_cases.hpp"

#include <cmath>

#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity {

namespace {

Eigen::LLT<Mat> positive_factor(const MatRef& m) {
  Eigen::LLT<Mat> llt(m);
  if (llt.info() != Eigen::Success) {
    throw InvalidInput("V", "must be a positive definite covariance matrix");
  }
  return llt;
}

// Of its variance less than this share is left to the residual of an estimate that the model fits exactly.
constexpr double kExact = 1e-13;

// Their residuals, and the variances and covariances of these, are 0 and not what rounding makes of them.
void clear_exact(const MatRef& m, CaseStatistics& out) {
  for (Index i = 0; i < m.rows(); ++i) {
    if (out.residual_covariance(i, i) > kExact * m(i, i)) continue;
    out.resid[i] = 0.0;
    out.residual_covariance.row(i).setZero();
    out.residual_covariance.col(i).setZero();
  }
}

}  // namespace

CaseStatistics case_statistics(const VecRef& y, const MatRef& x, const MatRef& m) {
  const Index k = y.size();
  const Eigen::LLT<Mat> llt = positive_factor(m);
  const auto lower = llt.matrixL();
  const Mat xs = lower.solve(Mat(x));
  const Vec ys = lower.solve(Vec(y));
  // With X* = QR the projection onto the fitted values is Q Q' on the scale on which errors are uncorrelated.
  const ThinQr<double> qr = thin_qr(xs);
  const Vec fitted_scaled = qr.q * (qr.q.transpose() * ys);
  CaseStatistics out;
  out.fitted = lower * fitted_scaled;
  out.resid = y - out.fitted;
  const Mat projection = Mat::Identity(k, k) - qr.q * qr.q.transpose();
  const Mat left = lower * projection;
  out.residual_covariance = left * left.transpose();
  clear_exact(m, out);
  out.se = out.residual_covariance.diagonal().cwiseMax(0.0).cwiseSqrt();
  const Mat r_inverse = solve_upper(qr.r, Mat(Mat::Identity(x.cols(), x.cols())));
  out.vb = r_inverse * r_inverse.transpose();
  out.weight_matrix = llt.solve(Mat(Mat::Identity(k, k)));
  out.scaled = positive_factor(out.weight_matrix).matrixU() * out.resid;
  // H = L Q Q' L^-1.
  const Mat left_q = lower * qr.q, right_q = llt.matrixU().solve(qr.q);
  out.hat_matrix = left_q * right_q.transpose();
  out.hat = out.hat_matrix.diagonal();
  out.weight = out.weight_matrix.diagonal();
  return out;
}

CaseStatistics case_statistics(const VecRef& y, const MatRef& x, const MatRef& m, const MatRef& a) {
  const Index k = y.size();
  const Eigen::LLT<Mat> llt = positive_factor(m);
  const Eigen::FullPivLU<Mat> bread(x.transpose() * a * x);
  if (!bread.isInvertible()) throw InvalidInput("W", "does not identify the coefficients");
  const Mat b = bread.solve(Mat(x.transpose() * a));  // beta = B y
  CaseStatistics out;
  out.hat_matrix = x * b;
  out.hat = out.hat_matrix.diagonal();
  out.fitted = out.hat_matrix * y;
  out.resid = y - out.fitted;
  const Mat left = (Mat::Identity(k, k) - out.hat_matrix) * llt.matrixL();
  out.residual_covariance = left * left.transpose();
  clear_exact(m, out);
  out.se = out.residual_covariance.diagonal().cwiseMax(0.0).cwiseSqrt();
  out.vb = b * m * b.transpose();
  out.weight_matrix = a;
  out.weight = a.diagonal();
  out.scaled = positive_factor(llt.solve(Mat(Mat::Identity(k, k)))).matrixU() * out.resid;
  return out;
}

Mat mean_covariance(const MatRef& x, const VecRef& variances) {
  return inverse_symmetric(cross(x, variances.cwiseInverse(), x));
}

Mat mean_covariance(const MatRef& x, const MatRef& m) {
  const Mat scaled = positive_factor(m).matrixL().solve(Mat(x));
  return inverse_symmetric(product(scaled.transpose(), scaled));
}

Deletion deletion(double y, const VecRef& x, double hat, const MeanEstimate& full,
                  const MeanEstimate& without, double variance, const MatRef& vb_all) {
  const Vec shift = full.beta - without.beta;
  const double mean_variance = x.dot(without.vb * x), moved = x.dot(shift);
  Deletion out;
  out.resid = y - x.dot(without.beta);
  out.se = std::sqrt(variance + mean_variance);
  out.z = out.resid / out.se;
  out.dffits = moved / std::sqrt(hat * variance);
  out.cook = inverse_form(full.vb, shift);
  out.cov_r = determinant(without.vb) / determinant(full.vb);
  out.fit_shift = moved * moved / mean_variance;
  out.dfbetas = shift.cwiseQuotient(vb_all.diagonal().cwiseSqrt());
  return out;
}

}  // namespace metaparity
