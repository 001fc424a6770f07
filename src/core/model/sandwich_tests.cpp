// Tests with cluster-robust variances, from the moments of C V C' when the working model holds: with P_st(i, j) the
// covariance of the scores of clusters i, j in the directions s, t, Cov((s,t), (u,v)) = P_sv.P_tu + P_su.P_tv.
// Sources: Tipton & Pustejovsky (2015), eq 12-23; Fai & Cornelius (1996, J Stat Comput Simul 54, 363) EDF; Alexander &
// Govern (1994, J Educ Stat 19, 91) and Hill (1970, CACM 13, 617) EDT. Oracle: clubSandwich.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/eigen_solvers.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/saddlepoint.hpp"
#include "core/model/sandwich.hpp"
#include "core/model/wald.hpp"

namespace metaparity {
namespace {

// A normal deviate with the tail probability of t. Hill (1970), eq 7.
double normal_of_t(double t, double df) {
  const double a = df - 0.5, b = 48.0 * a * a;
  const double z = std::sqrt(a * std::log1p(t * t / df)), z2 = z * z;
  const double top = z * (855.0 + z2 * (240.0 + z2 * (33.0 + 4.0 * z2)));
  return z + z * (z2 + 3.0) / b - top / (10.0 * b * b + 8.0 * b * z2 * z2 + 1000.0 * b);
}

struct ScaledF {
  double scale, df2;
};

// The F distribution with the first two moments of a sum of F(1, df) over q; a finite variance needs df > 4.
ScaledF two_moments(const Vec& df) {
  constexpr double kLeast = 4.1;
  const double q = static_cast<double>(df.size());
  double mean = 0.0, variance = 0.0;
  for (Index j = 0; j < df.size(); ++j) {
    const double d = std::max(df[j], kLeast), over = d - 2.0;
    mean += d / over;
    variance += 2.0 * d * d * (d - 1.0) / (over * over * (d - 4.0));
  }
  const double excess = q * variance - 2.0 * mean * mean;
  if (excess <= 0.0) return {q / mean, std::numeric_limits<double>::infinity()};
  const double df2 = 4.0 + 2.0 * mean * mean * (q + 2.0) / excess;
  return {q * df2 / ((df2 - 2.0) * mean), df2};
}

}  // namespace

ClusterSandwich::Moments::Moments(const ClusterSandwich& sandwich, const MatRef& C)
    : k_(sandwich.k_), q_(C.rows()) {
  std::vector<Factors> by;
  for (Index s = 0; s < q_; ++s) by.push_back(sandwich.factors(C.row(s).transpose()));
  for (const Factors& s : by) {
    const Mat fk = product(s.f, k_);
    for (const Factors& t : by) {
      cross_.push_back(product(s.f.transpose(), t.f));
      own_.push_back(sandwich.diagonal(s, t));
      low_.push_back(fk.cwiseProduct(t.f).rowwise().sum());
    }
  }
}

// The sum over clusters i, j of P_ab(i, j) P_cd(i, j), P_ab = diag(own) + F_a K F_b'.
double ClusterSandwich::Moments::paired(Index a, Index b, Index c, Index d) const {
  const auto at = [this](Index s, Index t) { return static_cast<std::size_t>(s * q_ + t); };
  const Vec &own = own_[at(a, b)], &other = own_[at(c, d)];
  const Mat turned = product(k_.transpose(), cross_[at(a, c)], k_);
  return own.dot(other) + own.dot(low_[at(c, d)]) + other.dot(low_[at(a, b)]) +
         turned.cwiseProduct(cross_[at(b, d)]).sum();
}

double ClusterSandwich::Moments::covariance(Index s, Index t, Index u, Index v) const {
  return paired(s, v, t, u) + paired(s, u, t, v);
}

// The matrix before C that gives C V C' the identity as its expectation.
Mat ClusterSandwich::standardising(const MatRef& C) const {
  const Index q = C.rows();
  std::vector<Factors> raw;
  for (Index s = 0; s < q; ++s) raw.push_back(factors(C.row(s).transpose()));
  Mat omega(q, q);
  for (Index s = 0; s < q; ++s) {
    for (Index t = 0; t < q; ++t) {
      omega(s, t) = expected(raw[static_cast<std::size_t>(s)], raw[static_cast<std::size_t>(t)]);
    }
  }
  return inverse_power(0.5 * (omega + omega.transpose()), 0.5);
}

double ClusterSandwich::satterthwaite_df(const MatRef& C) const {
  return 2.0 / Moments(*this, standardising(C) * C).covariance(0, 0, 0, 0);
}

// eta of the approximation by a Wishart distribution with the identity as its mean, whose element (s, t) has the
// variance (1 + [s = t]) / eta.
double ClusterSandwich::hotelling_df(const MatRef& C, WaldTest test) const {
  const Index q = C.rows();
  const Moments moments(*this, standardising(C) * C);
  double variances = 0.0, squares = 0.0;
  const bool half = test == WaldTest::HotellingB;
  for (Index s = 0; s < q; ++s) {
    for (Index t = 0; t < (half ? s + 1 : q); ++t) {
      variances += moments.covariance(s, t, s, t);
      if (test == WaldTest::Hotelling) continue;
      for (Index u = 0; u < (half ? s + 1 : q); ++u) {
        const Index to = !half ? q : u == s ? t + 1 : u + 1;
        for (Index v = 0; v < to; ++v) squares += std::pow(moments.covariance(s, t, u, v), 2);
      }
    }
  }
  return test == WaldTest::Hotelling ? static_cast<double>(q * (q + 1)) / variances
                                     : 2.0 * variances / squares;
}

double ClusterSandwich::naive_df(CoefficientTest test) const {
  const double n = static_cast<double>(rows_.size());
  switch (test) {
    case CoefficientTest::Normal:
      return std::numeric_limits<double>::infinity();
    case CoefficientTest::NaiveT:
      return n - 1.0;
    case CoefficientTest::NaiveTp:
      return n - static_cast<double>(X_.cols());
    case CoefficientTest::Satterthwaite:
    case CoefficientTest::Saddlepoint:
      return kNaN;
  }
  return kNaN;
}

// P values of each combination: the variance is a sum of chi-squares whose weights are the eigenvalues of P.
Vec ClusterSandwich::saddlepoint(const MatRef& L, const Vec& b,
                                 const std::vector<Visible>& visible) const {
  Vec out = Vec::Constant(b.size(), kNaN);
  for (Index i = 0; i < b.size(); ++i) {
    if (visible[static_cast<std::size_t>(i)] == Visible::None) continue;
    const Factors f = factors(L.row(i).transpose());
    Mat P = product(f.f, k_, f.f.transpose());
    P.diagonal() += diagonal(f, f);
    const Eigen::SelfAdjointEigenSolver<Mat> eigen(0.5 * (P + P.transpose()),
                                                   Eigen::EigenvaluesOnly);
    const double variance = L.row(i) * vb_ * L.row(i).transpose();
    out[i] = saddlepoint_p(b[i] * b[i] / variance, eigen.eigenvalues().cwiseMax(0.0));
  }
  return out;
}

void ClusterSandwich::principal(const MatRef& L, const Vec& b, WaldTest test, double wald,
                                RobustTests& out) const {
  const Index q = L.rows();
  const Mat root = standardising(L), C = root * L;
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(product(C, vb_, C.transpose()));
  const Mat directions = product(eigen.eigenvectors().transpose(), C);
  const Vec along = product(eigen.eigenvectors().transpose(), root) * b;
  Vec df(q), z2(q);
  for (Index j = 0; j < q; ++j) {
    df[j] = satterthwaite_df(directions.row(j));
    z2[j] = std::pow(normal_of_t(along[j] / std::sqrt(eigen.eigenvalues()[j]), df[j]), 2);
  }
  if (test == WaldTest::EigenT) {
    out.QM = z2.mean();
    out.df2 = std::numeric_limits<double>::infinity();
    return;
  }
  const ScaledF f = two_moments(df);
  out.QM = f.scale * wald / static_cast<double>(q);
  out.df2 = f.df2;
}

void ClusterSandwich::joint(const MatRef& L, const Vec& b, WaldTest test, bool testable,
                            RobustTests& out) const {
  const double q = static_cast<double>(L.rows());
  const double wald = testable ? wald_statistic(b, L * vb_ * L.transpose()) : kNaN;
  out.QM = wald / q;
  switch (test) {
    case WaldTest::ChiSquare:
      out.df2 = naive_df(CoefficientTest::Normal);
      return;
    case WaldTest::NaiveF:
      out.df2 = naive_df(CoefficientTest::NaiveT);
      return;
    case WaldTest::NaiveFp:
      out.df2 = naive_df(CoefficientTest::NaiveTp);
      return;
    case WaldTest::Hotelling:
    case WaldTest::HotellingA:
    case WaldTest::HotellingB: {
      const double eta = testable ? hotelling_df(L, test) : kNaN;
      out.df2 = eta - q + 1.0;
      if (testable) out.QM *= std::max(out.df2 / eta, 0.0);
      return;
    }
    case WaldTest::EigenF:
    case WaldTest::EigenT:
      if (testable) principal(L, b, test, wald, out);
  }
}

RobustTests ClusterSandwich::tests(const MatRef& L, const VecRef& rhs, CoefficientTest each,
                                   WaldTest all) const {
  const Index m = L.rows();
  RobustTests out;
  out.ddf = Vec::Constant(m, naive_df(each));
  const Mat directions = root_.transpose().triangularView<Eigen::Lower>().solve(Mat(L.transpose()));
  for (Index i = 0; i < m; ++i) out.visible.push_back(visible(directions.col(i)));
  if (each == CoefficientTest::Satterthwaite) {
    for (Index i = 0; i < m; ++i) {
      const bool seen = out.visible[static_cast<std::size_t>(i)] != Visible::None;
      out.ddf[i] = seen ? satterthwaite_df(L.row(i)) : kNaN;
    }
  }
  const Vec b = L * beta_ - rhs;
  if (each == CoefficientTest::Saddlepoint) out.pval = saddlepoint(L, b, out.visible);
  joint(L, b, all, m > 0 && m <= X_.cols() && all_visible(directions), out);
  return out;
}

}  // namespace metaparity
