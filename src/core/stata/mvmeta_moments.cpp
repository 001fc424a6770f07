#include "core/stata/mvmeta_moments.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity {
namespace {

// The rows of two outcomes where both were estimated, each with the columns of its own coefficients.
struct Pair {
  Vec y1, y2, v1, v2, cov;
  Mat X1, X2;
};

Mat used_columns(const Mat& X) {
  std::vector<Index> keep;
  for (Index j = 0; j < X.cols(); ++j)
    if (X.col(j).cwiseAbs().maxCoeff() > 0.0) keep.push_back(j);
  Mat out(X.rows(), static_cast<Index>(keep.size()));
  for (std::size_t j = 0; j < keep.size(); ++j) out.col(static_cast<Index>(j)) = X.col(keep[j]);
  return out;
}

Pair pair_of(const MvmetaData& data, Index a, Index b) {
  const Index p = data.outcomes;
  std::vector<Index> rows;
  for (Index i = 0; i < data.S.rows(); ++i)
    if (!std::isnan(data.y[i * p + a]) && !std::isnan(data.y[i * p + b])) rows.push_back(i);
  const Index k = static_cast<Index>(rows.size());
  Pair out{Vec(k), Vec(k), Vec(k), Vec(k), Vec(k), Mat(k, data.X.cols()), Mat(k, data.X.cols())};
  for (Index r = 0; r < k; ++r) {
    const Index i = rows[static_cast<std::size_t>(r)];
    out.y1[r] = data.y[i * p + a];
    out.y2[r] = data.y[i * p + b];
    out.v1[r] = data.S(i, a * p + a);
    out.v2[r] = data.S(i, b * p + b);
    out.cov[r] = data.S(i, a * p + b);
    out.X1.row(r) = data.X.row(i * p + a);
    out.X2.row(r) = data.X.row(i * p + b);
  }
  if (k > 0) {
    out.X1 = used_columns(out.X1);
    out.X2 = used_columns(out.X2);
  }
  return out;
}

// sum_i w_i c_i of (I - H1) diag(c) (I - H2)', H = X (X'WX)^-1 X'W.
double expectation(const Pair& d, const Vec& w, const Vec& c, const Mat& B1, const Mat& B2) {
  const Vec h1 = (d.X1 * B1).cwiseProduct(d.X1).rowwise().sum().cwiseProduct(w);
  const Vec h2 = (d.X2 * B2).cwiseProduct(d.X2).rowwise().sum().cwiseProduct(w);
  const Vec wc = w.cwiseProduct(c);
  const Mat middle = cross(d.X1, Vec(wc.cwiseProduct(w)), d.X2);
  const Mat back = cross(d.X2, w, d.X1);
  return wc.sum() - wc.dot(h1) - wc.dot(h2) + (B1 * middle * B2 * back).trace();
}

// The moment of one pair, and the slope of Q in it.
struct Moment {
  double value = 0.0, slope = 0.0;
};

Moment moment(const Pair& d) {
  if (d.y1.size() <= std::max(d.X1.cols(), d.X2.cols())) return {};
  const Vec w = d.v1.cwiseProduct(d.v2).cwiseSqrt().cwiseInverse();
  const Mat B1 = inverse_symmetric(cross(d.X1, w, d.X1)),
            B2 = inverse_symmetric(cross(d.X2, w, d.X2));
  const Vec r1 = d.y1 - d.X1 * (B1 * (d.X1.transpose() * w.cwiseProduct(d.y1)));
  const Vec r2 = d.y2 - d.X2 * (B2 * (d.X2.transpose() * w.cwiseProduct(d.y2)));
  const double Q = w.cwiseProduct(r1).dot(r2), from = expectation(d, w, d.cov, B1, B2);
  Moment out;
  out.slope = expectation(d, w, Vec::Ones(w.size()), B1, B2);
  if (out.slope > 0.0 && std::isfinite(Q)) out.value = (Q - from) / out.slope;
  return out;
}

void truncate(MvmetaMoments& out) {
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(out.raw);
  out.negative = static_cast<int>((eigen.eigenvalues().array() < 0.0).count());
  out.Sigma = out.negative == 0
                  ? out.raw
                  : Mat(eigen.eigenvectors() * eigen.eigenvalues().cwiseMax(0.0).asDiagonal() *
                        eigen.eigenvectors().transpose());
}

// Weights of the size of all outcomes: 0 where an outcome has no estimate.
struct Wide {
  Vec y;
  Mat X, W, kept;  // kept: 1 on the diagonal where there is an estimate
};

std::vector<Wide> wide_studies(const MvmetaData& data) {
  std::vector<Wide> out;
  const Index p = data.outcomes;
  for (const MvmetaStudy& s : mvmeta_studies(data)) {
    Wide w{Vec::Zero(p), Mat::Zero(p, data.X.cols()), Mat::Zero(p, p), Mat::Zero(p, p)};
    const Mat inverse = inverse_symmetric(s.S);
    for (Index i = 0; i < s.y.size(); ++i) {
      const Index a = s.at[static_cast<std::size_t>(i)];
      w.y[a] = s.y[i];
      w.X.row(a) = s.X.row(i);
      w.kept(a, a) = 1.0;
      for (Index j = 0; j < s.y.size(); ++j)
        w.W(a, s.at[static_cast<std::size_t>(j)]) = inverse(i, j);
    }
    out.push_back(w);
  }
  return out;
}

// What Q is expected to be from covariances Sigma between studies.
Mat expected_of(const std::vector<Wide>& all, const Mat& bread, const Mat& Sigma) {
  Mat middle = Mat::Zero(bread.rows(), bread.rows());
  for (const Wide& s : all) {
    const Mat WX = s.W * s.X;
    middle += WX.transpose() * Sigma * WX;
  }
  Mat out = Mat::Zero(Sigma.rows(), Sigma.rows());
  for (const Wide& s : all) {
    const Mat hat = s.X * bread * s.X.transpose();
    const Mat once = hat * s.W * Sigma;
    out += s.W *
           (Sigma - once - Sigma * s.W * hat + s.X * bread * middle * bread * s.X.transpose()) *
           s.kept;
  }
  return out;
}

}  // namespace

MvmetaMoments mvmeta_moments_each(const MvmetaData& data) {
  const Index p = data.outcomes;
  MvmetaMoments out;
  out.raw = Mat::Zero(p, p);
  for (Index a = 0; a < p; ++a) {
    for (Index b = 0; b <= a; ++b)
      out.raw(a, b) = out.raw(b, a) = moment(pair_of(data, a, b)).value;
  }
  truncate(out);
  return out;
}

MvmetaMoments mvmeta_moments_matrix(const MvmetaData& data) {
  const std::vector<Wide> all = wide_studies(data);
  const Index p = data.outcomes, q = data.X.cols();
  Mat A = Mat::Zero(q, q);
  Vec b = Vec::Zero(q);
  for (const Wide& s : all) {
    A += s.X.transpose() * s.W * s.X;
    b += s.X.transpose() * (s.W * s.y);
  }
  const SymmetricInverse inverse = invert_symmetric(A);
  if (!inverse.positive) throw SingularDesign("the coefficients cannot be told apart");
  const Vec beta = inverse.inverse * b;
  MvmetaMoments out;
  out.Q = out.expected = Mat::Zero(p, p);
  for (const Wide& s : all) {
    const Vec r = s.kept * (s.y - s.X * beta);
    out.Q += s.W * r * r.transpose();
    out.expected += s.kept - s.W * s.X * inverse.inverse * s.X.transpose() * s.kept;
  }
  Mat system(p * p, p * p);
  for (Index j = 0; j < p * p; ++j) {
    Mat unit = Mat::Zero(p, p);
    unit(j % p, j / p) = 1.0;
    const Mat column = expected_of(all, inverse.inverse, unit);
    system.col(j) = Eigen::Map<const Vec>(column.data(), p * p);
  }
  const Mat rest = out.Q - out.expected;
  const Vec solved = Eigen::CompleteOrthogonalDecomposition<Mat>(system).solve(
      Vec(Eigen::Map<const Vec>(rest.data(), p * p)));
  const Mat sigma = Eigen::Map<const Mat>(solved.data(), p, p);
  out.raw = 0.5 * (sigma + sigma.transpose());
  truncate(out);
  return out;
}

Vec mvmeta_typical(const MvmetaData& data) {
  Vec out(data.outcomes);
  for (Index a = 0; a < data.outcomes; ++a) {
    const Pair own = pair_of(data, a, a);
    const Moment m = moment(own);
    const double df = static_cast<double>(own.y1.size() - own.X1.cols());
    out[a] = m.slope > 0.0 ? df / m.slope : own.v1.mean();
  }
  return out;
}

}  // namespace metaparity
