#include "core/model/random_coefficients.hpp"

#include <algorithm>
#include <cmath>

#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/box_newton.hpp"
#include "core/ranges.hpp"

namespace metaparity::random_coefficients {
namespace {

// The data of all groups: X orthonormal, y without its least squares fit, the columns of Z of size 1.
struct Problem {
  Vec y;
  Mat X, R;   // X R are the columns that were given
  Vec moved;  // the least squares coefficients of the orthonormal columns
  Mat Z;
  Vec scale;  // Z diag(scale) are the columns that were given
  std::vector<int> own;
  std::vector<Mat> A, B;  // Z'Z and Z'X of the groups
  std::vector<Vec> zy;    // Z'y
  double df = 0.0;
  bool restricted = false;
};

struct Profile {
  double ll = -kInf;
  double s2 = kNaN;
  Vec beta;
  Mat C;  // inverse of X'H^-1 X
  Mat D;  // derivative of ll by the elements of G / s2
  double quad = kNaN;
  std::vector<Vec> u;  // Z'H^-1 r of the groups
};

std::vector<Vec> group_sums(const Problem& d, const Vec& r) {
  std::vector<Vec> out(d.A.size(), Vec::Zero(d.Z.cols()));
  for (Index i = 0; i < r.size(); ++i)
    out[static_cast<std::size_t>(d.own[at(i)])] += r[i] * d.Z.row(i).transpose();
  return out;
}

Problem make_problem(const VecRef& y, const MatRef& X, const MatRef& Z, const std::vector<int>& own,
                     bool restricted) {
  const Index n = y.size(), p = X.cols(), q = Z.cols();
  if (X.rows() != n || Z.rows() != n || static_cast<Index>(own.size()) != n || q < 1)
    throw InvalidInput("Z", "must have a row for each outcome");
  check_indices(own, n, "group");
  if (n <= p) throw SingularDesign("there are no more outcomes than coefficients");
  Problem out;
  const Eigen::HouseholderQR<Mat> qr(X);
  out.X = qr.householderQ() * Mat::Identity(n, p);
  out.R = qr.matrixQR().topRows(p).triangularView<Eigen::Upper>();
  if (p > 0 &&
      out.R.diagonal().cwiseAbs().minCoeff() <= 1e-12 * out.R.diagonal().cwiseAbs().maxCoeff())
    throw SingularDesign("the columns of X depend on each other");
  out.moved = out.X.transpose() * y;
  out.y = y - out.X * out.moved;
  out.scale = (Z.colwise().squaredNorm() / static_cast<double>(n)).cwiseSqrt().transpose();
  for (Index j = 0; j < q; ++j)
    if (!(out.scale[j] > 0.0)) throw SingularDesign("a column of Z is 0");
  out.Z = Z * out.scale.cwiseInverse().asDiagonal();
  out.own = own;
  const int groups = 1 + *std::max_element(own.begin(), own.end());
  out.A.assign(static_cast<std::size_t>(groups), Mat::Zero(q, q));
  out.B.assign(static_cast<std::size_t>(groups), Mat::Zero(q, p));
  for (Index i = 0; i < n; ++i) {
    const std::size_t g = static_cast<std::size_t>(own[at(i)]);
    out.A[g] += out.Z.row(i).transpose() * out.Z.row(i);
    out.B[g] += out.Z.row(i).transpose() * out.X.row(i);
  }
  out.zy = group_sums(out, out.y);
  out.restricted = restricted;
  out.df = static_cast<double>(n - (restricted ? p : 0));
  return out;
}

// H = I + Z L Z' of a group with L = G / s2: Z'H^-1 Z = A (I + L A)^-1, log |H| = log |I + L A|.
Profile profile_at(const Problem& d, const Mat& L) {
  const Index p = d.X.cols(), q = L.rows();
  Profile out;
  Mat XHX = Mat::Identity(p, p);
  Vec XHy = Vec::Zero(p);  // y is orthogonal to X
  double logdet = 0.0;
  std::vector<Mat> K;  // (I + A L)^-1
  for (std::size_t g = 0; g < d.A.size(); ++g) {
    const Mat inner = Mat::Identity(q, q) + d.A[g] * L;
    const Eigen::PartialPivLU<Mat> lu(inner);
    const double det = lu.determinant();
    if (!(det > 0.0)) return out;
    logdet += std::log(det);
    K.push_back(lu.inverse());
    const Mat LK = L * K.back();
    XHX -= d.B[g].transpose() * LK * d.B[g];
    XHy -= d.B[g].transpose() * LK * d.zy[g];
  }
  const Eigen::LLT<Mat> llt(XHX);
  if (p > 0 && llt.info() != Eigen::Success) return out;
  out.C = llt.solve(Mat::Identity(p, p));
  out.beta = out.C * XHy;
  const Vec r = d.y - d.X * out.beta;
  const std::vector<Vec> zr = group_sums(d, r);
  out.quad = r.squaredNorm();
  for (std::size_t g = 0; g < d.A.size(); ++g) {
    out.u.push_back(K[g] * zr[g]);
    out.quad -= zr[g].dot(L * out.u.back());
  }
  if (!(out.quad > 0.0)) return out;
  out.s2 = out.quad / d.df;
  out.D = Mat::Zero(q, q);
  for (std::size_t g = 0; g < d.A.size(); ++g) {
    const Mat W = K[g] * d.B[g];
    out.D -= 0.5 * (K[g] * d.A[g] - out.u[g] * out.u[g].transpose() / out.s2);
    if (d.restricted) out.D += 0.5 * W * out.C * W.transpose();
  }
  out.D = (0.5 * (out.D + out.D.transpose())).eval();
  out.ll = -0.5 * (logdet + d.df * (std::log(2.0 * kPi * out.s2) + 1.0));
  if (d.restricted) {
    out.ll -= llt.matrixLLT().diagonal().array().log().sum();
    out.ll -= d.R.diagonal().cwiseAbs().array().log().sum();
  }
  return out;
}

// The parameters of G / s2 that are searched, in a box; the derivative of G / s2 by each.
struct Form {
  CoefficientCovariance structure;
  Index q;
  Vec scale;

  Index size() const {
    switch (structure) {
      case CoefficientCovariance::Identity:
        return 1;
      case CoefficientCovariance::Independent:
        return q;
      case CoefficientCovariance::Exchangeable:
        return 2;
      case CoefficientCovariance::Unstructured:
        return q * (q + 1) / 2;
    }
    return 0;
  }
  bool linear() const { return structure != CoefficientCovariance::Unstructured; }

  Mat root(const Vec& x) const {
    Mat out = Mat::Zero(q, q);
    Index k = 0;
    for (Index j = 0; j < q; ++j)
      for (Index i = j; i < q; ++i) out(i, j) = x[k++];
    return out;
  }

  // Exchangeable: x are the two eigenvalues. The columns' sizes enter where the structure ties columns.
  Mat basis(Index j) const {
    Mat out = Mat::Zero(q, q);
    if (structure == CoefficientCovariance::Independent) {
      out(j, j) = 1.0;
      return out;
    }
    const Mat mean = Mat::Constant(q, q, 1.0 / static_cast<double>(q));
    if (structure == CoefficientCovariance::Identity)
      out = Mat::Identity(q, q);
    else
      out = j == 0 ? Mat(Mat::Identity(q, q) - mean) : mean;
    return scale.asDiagonal() * out * scale.asDiagonal();
  }

  Mat value(const Vec& x) const {
    if (!linear()) return root(x) * root(x).transpose();
    Mat out = Mat::Zero(q, q);
    for (Index j = 0; j < x.size(); ++j) out += x[j] * basis(j);
    return out;
  }

  Vec gradient(const Vec& x, const Mat& D) const {
    Vec out(size());
    if (linear()) {
      for (Index j = 0; j < x.size(); ++j) out[j] = D.cwiseProduct(basis(j)).sum();
      return out;
    }
    const Mat slope = 2.0 * D * root(x);
    Index k = 0;
    for (Index j = 0; j < q; ++j)
      for (Index i = j; i < q; ++i) out[k++] = slope(i, j);
    return out;
  }

  Box box() const {
    return {Vec::Constant(size(), linear() ? 0.0 : -kInf), Vec::Constant(size(), kInf)};
  }

  Vec start(double ratio) const {
    if (structure == CoefficientCovariance::Independent) return Vec::Constant(size(), ratio);
    if (linear())
      return Vec::Constant(size(), ratio * static_cast<double>(q) / scale.squaredNorm());
    Vec out = Vec::Zero(size());
    Index k = 0;
    for (Index j = 0; j < q; ++j)
      for (Index i = j; i < q; ++i) out[k++] = i == j ? std::sqrt(ratio) : 0.0;
    return out;
  }
};

// Second derivatives from first ones: central differences, extrapolated twice.
template <class Gradient>
Mat hessian_of(Gradient&& gradient, const Vec& x, const Vec& step) {
  const Index n = x.size();
  Mat out(n, n);
  for (Index j = 0; j < n; ++j) {
    const auto slope = [&](double h) {
      Vec up = x, down = x;
      up[j] += h;
      down[j] -= h;
      return Vec((gradient(up) - gradient(down)) / (2.0 * h));
    };
    const Vec a = slope(step[j]), b = slope(step[j] / 2.0), c = slope(step[j] / 4.0);
    const Vec ab = (4.0 * b - a) / 3.0, bc = (4.0 * c - b) / 3.0;
    out.col(j) = (16.0 * bc - ab) / 15.0;
  }
  return 0.5 * (out + out.transpose());
}

BoxMaximum search(const Problem& d, const Form& form) {
  const auto f = [&](const Vec& x) {
    const Profile here = profile_at(d, form.value(x));
    Expansion out;
    if (!std::isfinite(here.ll)) return out;
    out.value = here.ll;
    out.gradient = form.gradient(x, here.D);
    const auto gradient = [&](const Vec& z) {
      const Profile near = profile_at(d, form.value(z));
      return std::isfinite(near.ll) ? form.gradient(z, near.D) : out.gradient;
    };
    const double typical = x.cwiseAbs().maxCoeff();
    Vec step(x.size());
    for (Index j = 0; j < x.size(); ++j)
      step[j] = 1e-3 * (std::fabs(x[j]) > 0.0 ? std::fabs(x[j]) : std::max(typical * 1e-3, 1e-8));
    out.hessian = hessian_of(gradient, x, step);
    return out;
  };
  BoxMaximum best;
  for (const double ratio : {0.05, 1.0, 20.0}) {
    const BoxMaximum found = maximise_in_box(f, form.start(ratio), form.box());
    if (best.x.size() == 0 || found.at.value > best.at.value + 1e-10) best = found;
  }
  return best;
}

// What is printed: logarithms of standard deviations, atanh of correlations, the residual's logarithm last.
struct Shown {
  CoefficientCovariance structure;
  Index q;

  bool one_variance() const {
    return structure == CoefficientCovariance::Identity ||
           structure == CoefficientCovariance::Exchangeable;
  }

  Index size() const {
    switch (structure) {
      case CoefficientCovariance::Identity:
        return 2;
      case CoefficientCovariance::Independent:
        return q + 1;
      case CoefficientCovariance::Exchangeable:
        return 3;
      case CoefficientCovariance::Unstructured:
        return q * (q + 1) / 2 + 1;
    }
    return 0;
  }

  Vec of(const Mat& G, double s2) const {
    Vec out(size());
    Index k = 0;
    const bool one = one_variance();
    for (Index j = 0; j < (one ? 1 : q); ++j) out[k++] = 0.5 * std::log(G(j, j));
    if (structure == CoefficientCovariance::Exchangeable) out[k++] = std::atanh(G(1, 0) / G(0, 0));
    if (structure == CoefficientCovariance::Unstructured)
      for (Index j = 0; j < q; ++j)
        for (Index i = j + 1; i < q; ++i)
          out[k++] = std::atanh(G(i, j) / std::sqrt(G(i, i) * G(j, j)));
    out[k] = 0.5 * std::log(s2);
    return out;
  }

  Mat covariance(const Vec& t) const {
    Mat out = Mat::Zero(q, q);
    const bool one = one_variance();
    for (Index j = 0; j < q; ++j) out(j, j) = std::exp(2.0 * t[one ? 0 : j]);
    Index k = one ? 1 : q;
    if (structure == CoefficientCovariance::Exchangeable ||
        structure == CoefficientCovariance::Unstructured) {
      for (Index j = 0; j < q; ++j)
        for (Index i = j + 1; i < q; ++i) {
          const double rho =
              std::tanh(t[structure == CoefficientCovariance::Exchangeable ? 1 : k++]);
          out(i, j) = out(j, i) = rho * std::sqrt(out(i, i) * out(j, j));
        }
    }
    return out;
  }

  // The derivative of G by the j-th of what is shown, short of the residual's.
  Mat derivative(const Mat& G, Index j) const {
    Mat out = Mat::Zero(q, q);
    if (one_variance() && j == 0) return 2.0 * G;
    if (!one_variance() && j < q) {
      out.row(j) += G.row(j);
      out.col(j) += G.col(j);
      return out;
    }
    Index k = one_variance() ? 1 : q;
    for (Index c = 0; c < q; ++c)
      for (Index r = c + 1; r < q; ++r) {
        const bool this_one = structure == CoefficientCovariance::Exchangeable || k++ == j;
        const double size = std::sqrt(G(r, r) * G(c, c));
        if (this_one) out(r, c) = out(c, r) = size - G(r, c) * G(r, c) / size;
      }
    return out;
  }
};

// The gradient of the log-likelihood with the coefficients at their best.
Vec shown_gradient(const Problem& d, const Shown& shown, const Vec& t) {
  const Index n = t.size();
  const double s2 = std::exp(2.0 * t[n - 1]);
  const Mat G = shown.covariance(t);
  const Mat L = d.scale.asDiagonal() * G * d.scale.asDiagonal() / s2;
  const Profile p = profile_at(d, L);
  // The residual variance is given here: that of the profile leaves the derivative.
  Mat D = p.D;
  for (const Vec& u : p.u) D += 0.5 * u * u.transpose() * (1.0 / s2 - 1.0 / p.s2);
  const Mat by_G = d.scale.asDiagonal() * D * d.scale.asDiagonal() / s2;
  Vec out(n);
  for (Index j = 0; j + 1 < n; ++j) out[j] = by_G.cwiseProduct(shown.derivative(G, j)).sum();
  out[n - 1] = -d.df + p.quad / s2 - 2.0 * by_G.cwiseProduct(G).sum();
  return out;
}

void add_information(const Problem& d, CoefficientCovariance structure, RandomCoefficients& out) {
  const Shown shown{structure, out.G.rows()};
  out.theta = shown.of(out.G, out.s2);
  const Index n = out.theta.size();
  out.v_theta = Mat::Constant(n, n, kNaN);
  const double size = (d.scale.asDiagonal() * out.G * d.scale.asDiagonal()).diagonal().maxCoeff();
  std::vector<bool> free(static_cast<std::size_t>(n), true);
  Vec t = out.theta;
  for (Index j = 0; j < n; ++j) {
    const bool gone = !std::isfinite(t[j]) || std::fabs(t[j]) > 300.0;
    if (gone) t[j] = 0.0;
    free[at(j)] = !gone;
  }
  const bool whole = std::all_of(free.begin(), free.end(), [](bool x) { return x; });
  if (!whole && (structure != CoefficientCovariance::Independent || !(size > 0.0))) {
    out.v_theta(n - 1, n - 1) = size > 0.0 ? kNaN : 0.5 / d.df;
    return;
  }
  if (!whole)
    for (Index j = 0; j + 1 < n; ++j)
      if (!free[at(j)]) t[j] = -400.0;  // a variance of 0
  const auto gradient = [&](const Vec& x) { return shown_gradient(d, shown, x); };
  const Mat hessian = hessian_of(gradient, t, Vec::Constant(n, 2e-3));
  const Mat inverse = information_inverse(hessian, free);
  if (inverse.size() == 0) return;
  out.v_theta = inverse;
  for (Index j = 0; j < n; ++j)
    if (!free[at(j)]) {
      out.v_theta.row(j).setConstant(kNaN);
      out.v_theta.col(j).setConstant(kNaN);
    }
}

}  // namespace

RandomCoefficients fit(const VecRef& y, const MatRef& X, const MatRef& Z,
                       const std::vector<int>& own, CoefficientCovariance structure,
                       bool restricted) {
  const Problem d = make_problem(y, X, Z, own, restricted);
  const Form form{structure, Z.cols(), d.scale};
  const Profile none = profile_at(d, Mat::Zero(Z.cols(), Z.cols()));
  if (!std::isfinite(none.ll)) throw SingularDesign("the coefficients fit the outcomes perfectly");
  const BoxMaximum found = search(d, form);
  const Mat L = form.value(found.x);
  const Profile top = profile_at(d, L);
  if (!std::isfinite(top.ll)) throw NotConverged("the likelihood has no maximum");
  RandomCoefficients out;
  const Mat inverse = d.R.triangularView<Eigen::Upper>().solve(Mat::Identity(X.cols(), X.cols()));
  out.beta = inverse * (top.beta + d.moved);
  out.vb = top.s2 * inverse * top.C * inverse.transpose();
  const Vec back = d.scale.cwiseInverse();
  out.G = top.s2 * back.asDiagonal() * L * back.asDiagonal();
  out.s2 = top.s2;
  out.ll = top.ll;
  out.ll_0 = none.ll;
  out.converged = found.converged;
  out.effects.resize(static_cast<Index>(d.A.size()), Z.cols());
  for (std::size_t g = 0; g < d.A.size(); ++g)
    out.effects.row(static_cast<Index>(g)) = (back.asDiagonal() * (L * top.u[g])).transpose();
  add_information(d, structure, out);
  return out;
}

}  // namespace metaparity::random_coefficients

namespace metaparity {

RandomCoefficients fit_random_coefficients(const VecRef& y, const MatRef& X, const MatRef& Z,
                                           const std::vector<int>& own,
                                           CoefficientCovariance structure, bool restricted) {
  return random_coefficients::fit(y, X, Z, own, structure, restricted);
}

}  // namespace metaparity
