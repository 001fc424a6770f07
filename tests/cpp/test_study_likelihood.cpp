#include "core/model/study_likelihood.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

double choose(double n, double k) {
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1));
}

// The definition: P(a) over the sum of all tables with these margins.
double by_definition(const TableCounts& t, double theta) {
  const double m = t.a + t.c;
  double sum = 0;
  for (double x = std::max(0.0, m - t.n2); x <= std::min(m, t.n1); ++x) {
    sum += choose(t.n1, x) * choose(t.n2, m - x) * std::exp(theta * x);
  }
  return choose(t.n1, t.a) * choose(t.n2, t.c) * std::exp(theta * t.a) / sum;
}

}  // namespace

TEST_CASE("tables: the definition, empty cells, ends of the support") {
  Eigen::VectorXd at(5);
  at << -6, -1, 0, 0.7, 9;
  const std::vector<TableCounts> tables{
      {4, 11, 123, 139}, {0, 3, 20, 25}, {7, 0, 7, 30}, {0, 0, 10, 12}, {10, 12, 10, 12}};
  const Eigen::MatrixXd found = table_likelihood(tables, at);
  for (Eigen::Index i = 0; i < found.rows(); ++i) {
    for (Eigen::Index j = 0; j < at.size(); ++j) {
      CHECK(found(i, j) ==
            Approx(by_definition(tables[static_cast<std::size_t>(i)], at[j])).epsilon(1e-9));
    }
  }
}

TEST_CASE("large tables and extreme odds ratios stay finite") {
  Eigen::VectorXd at(3);
  at << -800, 0, 800;
  const Eigen::MatrixXd found = table_likelihood({{50000, 40000, 100000, 100000}}, at);
  CHECK(found(0, 0) == 0);
  CHECK(found(0, 1) >= 0);
  CHECK(found(0, 2) == 0);
}

TEST_CASE("scaled rows have unit area; bad input is refused") {
  const Eigen::VectorXd at = Eigen::VectorXd::LinSpaced(1001, -5, 5);
  Eigen::VectorXd yi(1), vi(1);
  yi << 0.3;
  vi << 0.2;
  Eigen::MatrixXd likelihood = 3 * normal_likelihood(yi, vi, at);
  scale_to_unit_area(likelihood, at[1] - at[0]);
  CHECK(likelihood.sum() * (at[1] - at[0]) == Approx(1));
  vi << 0;
  CHECK_THROWS_AS(normal_likelihood(yi, vi, at), InvalidInput);
  CHECK_THROWS_AS(table_likelihood({{3, 1, 2, 5}}, at), InvalidInput);
}
