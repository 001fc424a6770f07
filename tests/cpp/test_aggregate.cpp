// Reference: generalised least squares with the explicit inverse of each cluster's covariances.
#include "core/effect/aggregate.hpp"

#include <Eigen/LU>

#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

// Eight estimates of three clusters, their rows mixed.
struct Data {
  Vec yi = values({0.2, 0.6, 0.3, -0.1, 0.9, 0.4, 0.5, 0.7}),
      vi = values({0.04, 0.09, 0.03, 0.2, 0.05, 0.06, 0.07, 0.02}),
      time = values({1, 1, 2, 4, 2, 7, 3, 3}), obs = values({1, 1, 1, 2, 2, 1, 1, 2}),
      rho = values({0.5, 0.3, 0.7}), phi = values({0.8, 0.4, 0.9}), none;
  std::vector<int> cluster{0, 1, 0, 1, 0, 2, 1, 1};
  Mat V;
  ErrorModel model(ErrorStructure structure, bool weighted = true) const {
    return {structure, rho, phi, time, obs, V, weighted};
  }
  Aggregated run(ErrorStructure structure, bool weighted = true) const {
    return aggregate_clusters(yi, vi, cluster, 3, model(structure, weighted));
  }
};

template <class R>
void check_dense(const Data& x, const Aggregated& got, bool weighted, R&& correlation) {
  for (int c = 0; c < 3; ++c) {
    std::vector<Index> rows;
    for (std::size_t i = 0; i < x.cluster.size(); ++i)
      if (x.cluster[i] == c) rows.push_back(static_cast<Index>(i));
    const auto k = static_cast<Index>(rows.size());
    Mat v(k, k);
    Vec y(k);
    for (Index a = 0; a < k; ++a) {
      const Index i = rows[static_cast<std::size_t>(a)];
      y[a] = x.yi[i];
      for (Index b = 0; b < k; ++b) {
        const Index j = rows[static_cast<std::size_t>(b)];
        v(a, b) = (i == j ? 1.0 : correlation(i, j, c)) * std::sqrt(x.vi[i] * x.vi[j]);
      }
    }
    const Vec w = weighted ? Vec(v.inverse() * Vec::Ones(k)) : Vec(Vec::Ones(k));
    const double sum = w.sum();
    CHECK(got.yi(c) == rel(w.dot(y) / sum, 1e-12));
    CHECK(got.vi(c) == rel(w.dot(v * w) / (sum * sum), 1e-12));
  }
}

}  // namespace

TEST_CASE("aggregate: each structure is least squares with its covariances") {
  const Data x;
  const auto decay = [&](Index i, Index j, int c) {
    return std::pow(x.phi[c], std::fabs(x.time[i] - x.time[j]));
  };
  for (const bool weighted : {true, false}) {
    check_dense(x, x.run(ErrorStructure::ID, weighted), weighted,
                [](Index, Index, int) { return 0.0; });
    check_dense(x, x.run(ErrorStructure::CS, weighted), weighted,
                [&](Index, Index, int c) { return x.rho[c]; });
    check_dense(x, x.run(ErrorStructure::CSTimesCAR, weighted), weighted,
                [&](Index i, Index j, int c) {
                  return (x.obs[i] == x.obs[j] ? 1.0 : x.rho[c]) * decay(i, j, c);
                });
  }
  Data apart;  // no two of a cluster at one time
  apart.time = values({1, 1, 2, 4, 5, 7, 3, 6});
  check_dense(apart, apart.run(ErrorStructure::CAR), true, [&](Index i, Index j, int c) {
    return std::pow(apart.phi[c], std::fabs(apart.time[i] - apart.time[j]));
  });
  check_dense(apart, apart.run(ErrorStructure::CSPlusCAR), true, [&](Index i, Index j, int c) {
    const double gap = std::fabs(apart.time[i] - apart.time[j]);
    return apart.rho[c] + (1 - apart.rho[c]) * std::pow(apart.phi[c], gap);
  });
}

TEST_CASE(
    "aggregate: a given matrix counts instead of variances, its other clusters' cells do not") {
  Data x;
  stress::Random r(5);
  Mat a(8, 8);
  for (Index i = 0; i < a.size(); ++i) a.data()[i] = r.normal();
  x.V = a * a.transpose();
  const Aggregated got = x.run(ErrorStructure::Given);
  Data own = x;
  own.vi = x.V.diagonal();
  check_dense(own, got, true,
              [&](Index i, Index j, int) { return x.V(i, j) / std::sqrt(x.V(i, i) * x.V(j, j)); });
  x.V(0, 5) = x.V(5, 0) = 1e9;
  CHECK(x.run(ErrorStructure::Given).yi(0) == got.yi(0));
}

TEST_CASE(
    "aggregate: equal variances with one correlation, v (1 + (k - 1) rho) / k; a lone estimate "
    "stays") {
  const Vec yi = values({0.2, 0.6, 0.3}), vi = values({0.04, 0.04, 0.03}), rho = values({0.5, 0.5}),
            none;
  const Mat V;
  const ErrorModel m{ErrorStructure::CS, rho, none, none, none, V, true};
  const Aggregated a = aggregate_clusters(yi, vi, {0, 0, 1}, 2, m);
  CHECK(a.yi(0) == rel(0.4, 1e-14));
  CHECK(a.vi(0) == rel(0.03, 1e-14));
  CHECK(a.yi(1) == rel(0.3, 1e-14));
  CHECK(a.vi(1) == rel(0.03, 1e-14));
  CHECK(a.not_positive.empty());
  CHECK(a.singular.empty());
}

TEST_CASE("aggregate: matrices without an inverse and matrices that are none are told by cluster") {
  Data x;
  x.rho = values({0.5, 1.0, 0.5});
  x.vi = Vec::Constant(8, 0.1);
  const Aggregated flat = x.run(ErrorStructure::CS);
  CHECK((flat.singular == std::vector<int>{1}));
  CHECK((flat.not_positive == std::vector<int>{1}));
  CHECK(std::isnan(flat.yi(1)));
  CHECK(std::isfinite(flat.yi(0)));
  const Aggregated plain = x.run(ErrorStructure::CS, false);
  CHECK(plain.singular.empty());
  CHECK(plain.vi(1) == rel(0.1, 1e-14));
  x.rho = values({-0.9, 0.2, 0.5});
  CHECK((x.run(ErrorStructure::CS).not_positive == std::vector<int>{0}));
}

TEST_CASE("aggregate: the scale of the estimates follows through; no rows, no clusters") {
  Data x, y;
  y.yi *= 1e-6;
  y.vi *= 1e-12;
  const Aggregated a = x.run(ErrorStructure::CS), b = y.run(ErrorStructure::CS);
  for (Index c = 0; c < 3; ++c) {
    CHECK(1e6 * b.yi(c) == rel(a.yi(c), 1e-11));
    CHECK(1e12 * b.vi(c) == rel(a.vi(c), 1e-11));
  }
  CHECK(b.not_positive.empty());
  const Vec none;
  CHECK(aggregate_clusters(none, none, {}, 0, x.model(ErrorStructure::ID)).yi.size() == 0);
}
