// DerSimonian and Laird's moment of each outcome; the expectation of the matrix of Q written out with the whole residual
// maker; numbers of a genuine log.
#include "core/stata/mvmeta_moments.hpp"

#include <Eigen/LU>
#include <cmath>

#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

MvmetaData data_of(stress::Random& r, Index k) {
  MvmetaData out;
  out.outcomes = 2;
  out.y.resize(2 * k);
  out.X = Mat::Zero(2 * k, 2);
  out.S = Mat::Zero(k, 4);
  for (Index i = 0; i < k; ++i) {
    const double a = r.power10(-1.5, -0.5), b = r.power10(-1.5, -0.5), shared = r.normal();
    out.y[2 * i] = shared + 0.3 * r.normal();
    out.y[2 * i + 1] = 1.0 + 0.8 * shared + 0.3 * r.normal();
    out.X(2 * i, 0) = out.X(2 * i + 1, 1) = 1.0;
    out.S(i, 0) = a;
    out.S(i, 3) = b;
    out.S(i, 1) = out.S(i, 2) = 0.4 * std::sqrt(a * b);
  }
  return out;
}

double laird(const MvmetaData& d, Index j) {
  double sw = 0, sw2 = 0, sy = 0, q = 0;
  const Index k = d.S.rows();
  for (Index i = 0; i < k; ++i) {
    const double w = 1 / d.S(i, 3 * j);
    sw += w;
    sw2 += w * w;
    sy += w * d.y[2 * i + j];
  }
  for (Index i = 0; i < k; ++i) q += std::pow(d.y[2 * i + j] - sy / sw, 2) / d.S(i, 3 * j);
  return (q - static_cast<double>(k - 1)) / (sw - sw2 / sw);
}

// Sums over studies of W_i (R M R')_ii with the residual maker R of all studies.
Mat expected_whole(const MvmetaData& d, const Mat& Sigma, bool sampling) {
  const Index k = d.S.rows();
  Mat W = Mat::Zero(2 * k, 2 * k), M = W;
  for (Index i = 0; i < k; ++i) {
    const Vec row = d.S.row(i).transpose();
    const Mat S = Eigen::Map<const Mat>(row.data(), 2, 2);
    W.block(2 * i, 2 * i, 2, 2) = S.inverse();
    M.block(2 * i, 2 * i, 2, 2) = sampling ? Mat(S + Sigma) : Sigma;
  }
  const Mat A = d.X.transpose() * W * d.X;
  const Mat R = Mat::Identity(2 * k, 2 * k) - d.X * A.inverse() * d.X.transpose() * W;
  const Mat all = R * M * R.transpose();
  Mat out = Mat::Zero(2, 2);
  for (Index i = 0; i < k; ++i) out += W.block(2 * i, 2 * i, 2, 2) * all.block(2 * i, 2 * i, 2, 2);
  return out;
}

}  // namespace

TEST_CASE("moments outcome by outcome are those of DerSimonian and Laird") {
  stress::Random r(2);
  const MvmetaData d = data_of(r, 12);
  const MvmetaMoments m = mvmeta_moments_each(d);
  for (Index j : {Index{0}, Index{1}}) CHECK(m.raw(j, j) == rel(laird(d, j), 1e-10));
  CHECK(m.raw(0, 1) == m.raw(1, 0));
}

TEST_CASE("the matrix of Q has the expectation that its moments solve") {
  stress::Random r(3);
  const MvmetaData d = data_of(r, 9);
  const MvmetaMoments m = mvmeta_moments_matrix(d);
  CHECK((m.expected - expected_whole(d, Mat::Zero(2, 2), true)).cwiseAbs().maxCoeff() < 1e-9);
  // With the same sampling covariances in all studies the solution is symmetric and solves the equations.
  MvmetaData same = d;
  for (Index i = 0; i < 9; ++i) same.S.row(i) = d.S.row(0);
  const MvmetaMoments solved = mvmeta_moments_matrix(same);
  CHECK((solved.Q - expected_whole(same, solved.raw, true)).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("one outcome has one moment by either way") {
  stress::Random r(7);
  MvmetaData two = data_of(r, 10), d;
  d.outcomes = 1;
  d.y.resize(10);
  d.X = Mat::Ones(10, 1);
  d.S.resize(10, 1);
  for (Index i = 0; i < 10; ++i) {
    d.y[i] = two.y[2 * i];
    d.S(i, 0) = two.S(i, 0);
  }
  CHECK(mvmeta_moments_matrix(d).raw(0, 0) == rel(mvmeta_moments_each(d).raw(0, 0), 1e-10));
  CHECK(mvmeta_moments_each(d).raw(0, 0) == rel(laird(two, 0), 1e-10));
}

TEST_CASE("negative eigenvalues are set to 0 and counted") {
  stress::Random r(5);
  MvmetaData d = data_of(r, 6);
  d.y.setConstant(0.3);
  const MvmetaMoments m = mvmeta_moments_each(d);
  CHECK(m.negative == 2);
  CHECK(m.Sigma.cwiseAbs().maxCoeff() < 1e-12);
  CHECK(m.raw(0, 0) < 0.0);
}

TEST_CASE("the typical variance is that of Higgins and Thompson") {
  stress::Random r(6);
  const MvmetaData d = data_of(r, 8);
  double sw = 0, sw2 = 0;
  for (Index i = 0; i < 8; ++i) {
    sw += 1 / d.S(i, 0);
    sw2 += 1 / (d.S(i, 0) * d.S(i, 0));
  }
  CHECK(mvmeta_typical(d)[0] == rel(7 * sw / (sw * sw - sw2), 1e-10));
}
