#include "core/linalg/weighted_ls.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/errors.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity {
namespace {

// Centred at the heaviest study, whose residual and leverage are then sums over the others.
WlsFit intercept_ls(const VecRef& y, const VecRef& w) {
  Index top = 0;
  const double w_top = w.maxCoeff(&top);
  double rest = 0.0, moment = 0.0;
  for (Index i = 0; i < y.size(); ++i) {
    if (i == top) continue;
    rest += w[i];
    moment += w[i] * (y[i] - y[top]);
  }
  const double sum_w = rest + w_top, shift = moment / sum_w;
  WlsFit out;
  out.beta = Vec::Constant(1, y[top] + shift);
  out.inv = Mat::Constant(1, 1, 1.0 / sum_w);
  out.resid = (y.array() - y[top]) - shift;
  out.hat = w / sum_w;
  out.one_minus_hat = 1.0 - out.hat.array();
  out.one_minus_hat[top] = rest / sum_w;
  out.rss = (w.array() * out.resid.array().square()).sum();
  out.log_det = std::log(sum_w);
  return out;
}

Eigen::VectorXi descending(const VecRef& w) {
  Eigen::VectorXi order(w.size());
  std::iota(order.data(), order.data() + order.size(), 0);
  std::stable_sort(order.data(), order.data() + order.size(),
                   [&](int a, int b) { return w[a] > w[b]; });
  return order;
}

}  // namespace

bool is_intercept_only(const MatRef& X) { return X.cols() == 1 && (X.array() == 1.0).all(); }

// Gram-Schmidt with a second pass; a column counts as dependent when less than 1e-7 of its length
// remains, the tolerance of lm().
std::vector<int> independent_columns(const MatRef& X) {
  Mat basis(X.rows(), X.cols());
  std::vector<int> kept;
  for (Index j = 0; j < X.cols(); ++j) {
    const auto found = basis.leftCols(static_cast<Index>(kept.size()));
    Vec rest = X.col(j);
    const double length = rest.norm();
    for (int pass = 0; pass < 2; ++pass) rest -= found * (found.transpose() * rest);
    if (!(rest.norm() > 1e-7 * length)) continue;
    basis.col(static_cast<Index>(kept.size())) = rest.normalized();
    kept.push_back(static_cast<int>(j) + 1);
    if (static_cast<Index>(kept.size()) == X.rows()) break;
  }
  return kept;
}

WlsFit weighted_ls(const VecRef& y, const MatRef& X, const VecRef& w) {
  if (is_intercept_only(X)) return intercept_ls(y, w);
  const Index k = X.rows(), p = X.cols();
  const Eigen::VectorXi order = descending(w);
  const Eigen::RowVectorXd scale = X.colwise().norm();
  Mat A(k, p);
  Vec z(k);
  for (Index i = 0; i < k; ++i) {
    const double root = std::sqrt(w[order[i]]);
    A.row(i) = root * X.row(order[i]).cwiseQuotient(scale);
    z[i] = root * y[order[i]];
  }
  const ThinQr<double> qr = thin_qr(A);
  if (qr.diagonal().minCoeff() <= 0.0) {
    throw SingularDesign("the moderators are linearly dependent");
  }
  const Mat& q = qr.q;
  Vec coef = solve_upper(qr.r, q.transpose() * z);
  coef += solve_upper(qr.r, q.transpose() * (z - A * coef));
  const Mat r_inv = scale.cwiseInverse().asDiagonal() * solve_upper(qr.r, Mat(Mat::Identity(p, p)));
  WlsFit out;
  out.q.resize(k, p);
  for (Index i = 0; i < k; ++i) out.q.row(order[i]) = q.row(i);
  out.beta = coef.cwiseQuotient(scale.transpose());
  out.inv = product(r_inv, r_inv.transpose());
  out.resid = y - X * out.beta;
  out.hat = out.q.rowwise().squaredNorm();
  out.one_minus_hat = 1.0 - out.hat.array();
  out.rss = (w.array() * out.resid.array().square()).sum();
  out.log_det = 2.0 * (qr.log_det() + scale.array().log().sum());
  return out;
}

namespace {

// Diagonal plus the squares off it: P_ii = w_i (1 - h_i), P_ij = -w_i w_j / sum w. The terms of the
// heaviest study stand apart, or the others would be lost beside them.
double intercept_trace(const WlsFit& fit, const VecRef& w, const VecRef& d, const VecRef& e) {
  Index top = 0;
  w.maxCoeff(&top);
  double diagonal = 0.0, sum_d = 0.0, sum_e = 0.0, own = 0.0;
  for (Index i = 0; i < w.size(); ++i) {
    const double kept = w[i] * fit.one_minus_hat[i];
    diagonal += kept * kept * d[i] * e[i];
    if (i == top) continue;
    const double share = w[i] * fit.hat[i];
    sum_d += share * d[i];
    sum_e += share * e[i];
    own += share * share * d[i] * e[i];
  }
  const double share = w[top] * fit.hat[top];
  return diagonal + share * (d[top] * sum_e + e[top] * sum_d) + (sum_d * sum_e - own);
}

}  // namespace

// With q_i = sqrt(w_i) R^-T x_i: sum w^2 d e (1 - 2 h) + tr(B_D B_E), B_D = sum w d q q'.
double trace_pdpe(const WlsFit& fit, const VecRef& w, const VecRef& d, const VecRef& e) {
  if (fit.q.size() == 0) return intercept_trace(fit, w, d, e);
  const auto wd = (w.array() * d.array()).matrix();
  const auto we = (w.array() * e.array()).matrix();
  const Mat bd = cross(fit.q, wd, fit.q), be = cross(fit.q, we, fit.q);
  const auto kept = fit.one_minus_hat.array() - fit.hat.array();
  return (wd.array() * we.array() * kept).sum() + bd.cwiseProduct(be.transpose()).sum();
}

double trace_pd(const WlsFit& fit, const VecRef& w, const VecRef& d) {
  return (w.array() * d.array() * fit.one_minus_hat.array()).sum();
}

}  // namespace metaparity
