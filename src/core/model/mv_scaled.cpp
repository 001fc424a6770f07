#include "core/model/mv_scaled.hpp"

#include <cmath>

#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"

namespace metaparity::mv {

namespace {

double variance_unit(const MvModel& model) {
  const Vec& y = model.y;
  const double mean = y.mean(), spread = (y.array() - mean).square().mean();
  double typical = model.V.diagonal.mean() + spread;
  if (!(typical > 0.0)) typical = 1.0;
  return std::exp2(std::round(0.5 * std::log2(typical)));
}

// Columns that span those of X, orthonormal; R of X = QR.
Mat orthonormal(const Mat& X, Mat& R) {
  const Index p = X.cols(), n = X.rows();
  if (p == 0) {
    R = Mat();
    return X;
  }
  const Eigen::HouseholderQR<Mat> qr(X);
  R = qr.matrixQR().topRows(p).triangularView<Eigen::Upper>();
  if (!(R.diagonal().cwiseAbs().minCoeff() > 1e-13 * R.diagonal().cwiseAbs().maxCoeff()))
    throw SingularDesign("the moderators are linearly dependent");
  return qr.householderQ() * Mat::Identity(n, p);
}

}  // namespace

Scaled scaled(const MvModel& model) {
  Scaled out;
  out.model = model;
  out.unit = variance_unit(model);
  const double u2 = out.unit * out.unit;
  out.model.y /= out.unit;
  out.model.V.diagonal /= u2;
  for (Mat& block : out.model.V.blocks) block /= u2;
  for (MvTerm& t : out.model.terms) {
    t.tau2 /= u2;
    if (t.tau2_start.size() > 0) t.tau2_start /= u2;
  }
  Mat R;
  out.model.X = orthonormal(model.X, R);
  const Index p = R.cols();
  if (p > 0) out.back = R.triangularView<Eigen::Upper>().solve(Mat::Identity(p, p));
  if (model.restricted.size() > 0) out.model.restricted = orthonormal(model.restricted, R);
  out.log_det_x = 2.0 * R.diagonal().array().abs().log().sum();
  return out;
}

}  // namespace metaparity::mv
