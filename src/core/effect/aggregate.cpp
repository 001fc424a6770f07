#include "core/effect/aggregate.hpp"

#include <cmath>

#include "core/eigen_solvers.hpp"

namespace metaparity {
namespace {

double correlation(const ErrorModel& m, Index i, Index j, int c) {
  const auto decay = [&] { return std::pow(m.phi(c), std::fabs(m.time(i) - m.time(j))); };
  switch (m.structure) {
    case ErrorStructure::CS:
      return m.rho(c);
    case ErrorStructure::CAR:
      return decay();
    case ErrorStructure::CSPlusCAR:
      return m.rho(c) + (1.0 - m.rho(c)) * decay();
    case ErrorStructure::CSTimesCAR:
      return (m.obs(i) == m.obs(j) ? 1.0 : m.rho(c)) * decay();
    case ErrorStructure::ID:
    case ErrorStructure::Given:
      return 0.0;
  }
  return kNaN;
}

Mat cluster_covariance(const VecRef& vi, const std::vector<Index>& rows, int c,
                       const ErrorModel& m) {
  const Index k = static_cast<Index>(rows.size());
  Mat out(k, k);
  for (Index a = 0; a < k; ++a) {
    const Index i = rows[static_cast<std::size_t>(a)];
    for (Index b = 0; b <= a; ++b) {
      const Index j = rows[static_cast<std::size_t>(b)];
      double v = m.structure == ErrorStructure::Given ? m.V(i, j) : vi(i);
      if (a != b && m.structure != ErrorStructure::Given)
        v = correlation(m, i, j, c) * std::sqrt(vi(i) * vi(j));
      out(a, b) = out(b, a) = v;
    }
  }
  return out;
}

// A matrix is taken as positive definite when no eigenvalue is lost to rounding.
bool positive_definite(const Mat& V) {
  const Eigen::LDLT<Mat> factors(V);
  return factors.isPositive() && factors.vectorD().minCoeff() > 1e-14 * V.diagonal().maxCoeff();
}

}  // namespace

Aggregated aggregate_clusters(const VecRef& yi, const VecRef& vi, const std::vector<int>& cluster,
                              int n_clusters, const ErrorModel& model) {
  std::vector<std::vector<Index>> rows(static_cast<std::size_t>(n_clusters));
  for (Index i = 0; i < yi.size(); ++i) {
    rows[static_cast<std::size_t>(cluster[static_cast<std::size_t>(i)])].push_back(i);
  }
  Aggregated out{Vec(n_clusters), Vec(n_clusters), {}, {}};
  for (int c = 0; c < n_clusters; ++c) {
    const auto& own = rows[static_cast<std::size_t>(c)];
    const Index k = static_cast<Index>(own.size());
    const Mat V = cluster_covariance(vi, own, c, model);
    Vec y(k);
    for (Index a = 0; a < k; ++a) y(a) = yi(own[static_cast<std::size_t>(a)]);
    if (!positive_definite(V)) out.not_positive.push_back(c);
    if (!model.weighted) {
      out.yi(c) = y.mean();
      out.vi(c) = V.sum() / static_cast<double>(k * k);
      continue;
    }
    const Eigen::FullPivLU<Mat> lu(V);
    if (!lu.isInvertible()) {
      out.singular.push_back(c);
      out.yi(c) = out.vi(c) = kNaN;
      continue;
    }
    const Vec w = lu.solve(Vec::Ones(k));
    out.yi(c) = w.dot(y) / w.sum();
    out.vi(c) = 1.0 / w.sum();
  }
  return out;
}

}  // namespace metaparity
