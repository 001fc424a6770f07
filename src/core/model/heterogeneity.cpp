#include "core/model/heterogeneity.hpp"

#include <algorithm>
#include <cmath>

#include "core/eigen_solvers.hpp"

namespace metaparity {

Heterogeneity heterogeneity_from_tau2(double tau2, double vt) {
  return {vt, 100.0 * (tau2 / (tau2 + vt)), tau2 / vt + 1.0};
}

Heterogeneity heterogeneity_from_q(double Q, double df, double vt) {
  if (!(df > 0.0)) return {vt, 0.0, 1.0};
  if (!std::isfinite(Q)) return {vt, kNaN, Q / df};
  return {vt, Q > 0.0 ? std::max(0.0, 100.0 * ((Q - df) / Q)) : 0.0, Q / df};
}

double typical_variance(const MatRef& V, const MatRef& X) {
  const Eigen::LLT<Mat> root(V);
  if (root.info() != Eigen::Success || X.rows() <= X.cols()) return kNaN;
  const Mat W = root.solve(Mat::Identity(V.rows(), V.cols())), WX = W * X;
  const Eigen::LLT<Mat> inner(X.transpose() * WX);
  if (inner.info() != Eigen::Success) return kNaN;
  const double trace = W.trace() - inner.solve(WX.transpose() * WX).trace();
  return static_cast<double>(X.rows() - X.cols()) / trace;
}

double q_around(const VecRef& yi, const VecRef& vi, double centre) {
  return ((yi.array() - centre).square() / vi.array()).sum();
}

Vec i2_from_q(const VecRef& Q, const VecRef& df) {
  Vec out(Q.size());
  for (Index i = 0; i < Q.size(); ++i)
    out[i] = heterogeneity_from_q(Q[i], df[df.size() == 1 ? 0 : i], kNaN).I2;
  return out;
}

}  // namespace metaparity
