#include <atomic>
#include <stdexcept>

#include "catch.h"
#include "core/batch/gosh.hpp"
#include "core/batch/leave1out.hpp"
#include "core/threads.hpp"

using namespace metaparity;

static Vec values(std::initializer_list<double> x) {
  Vec out(static_cast<Index>(x.size()));
  Index i = 0;
  for (const double v : x) out[i++] = v;
  return out;
}

TEST_CASE("closed forms agree with refits of the rows, whatever the threads", "[gosh]") {
  const Vec yi = values({-0.9, -1.6, -1.3, -1.4, -0.2, 0.4});
  const Vec vi = values({0.33, 0.19, 0.41, 0.02, 0.05, 0.01});
  const Mat X = Mat::Ones(6, 1);
  const Eigen::MatrixXi sets = all_subsets(6, 1);
  REQUIRE(sets.rows() == 63);
  for (const Tau2Method method : {Tau2Method::FE, Tau2Method::DL, Tau2Method::REML}) {
    ModelSpec spec;
    spec.method = method;
    const Gosh one = gosh(yi, vi, X, Vec(), spec, sets, 0, sets.rows(), 1);
    const Gosh three = gosh(yi, vi, X, Vec(), spec, sets, 0, sets.rows(), 3);
    for (Index i = 0; i < sets.rows(); ++i) {
      std::vector<Index> rows;
      for (Index j = 0; j < 6; ++j) {
        if (sets(i, j) != 0) rows.push_back(j);
      }
      const RmaFit fit = fit_rows(yi, vi, X, Vec(), spec, rows);
      CHECK(one.beta(i, 0) == Approx(fit.beta[0]).epsilon(1e-12).scale(0));
      CHECK(one.tau2[i] == Approx(fit.tau2).epsilon(1e-11).scale(1));
      CHECK(three.beta(i, 0) == one.beta(i, 0));
      CHECK(three.QE[i] == one.QE[i]);
    }
  }
}

TEST_CASE("subsets of a size come in colexicographic order", "[gosh]") {
  const Eigen::MatrixXi sets = all_subsets(4, 2);
  REQUIRE(sets.rows() == 11);
  CHECK(sets.row(0) == Eigen::RowVector4i(1, 1, 0, 0));
  CHECK(sets.row(2) == Eigen::RowVector4i(0, 1, 1, 0));
  CHECK(sets.row(3) == Eigen::RowVector4i(1, 0, 0, 1));
  CHECK(sets.row(10) == Eigen::RowVector4i(1, 1, 1, 1));
}

TEST_CASE("collinear moderators and saturated subsets leave NaN", "[gosh]") {
  const Vec yi = values({1, 2, 3, 5});
  const Vec vi = values({1, 1, 1, 1});
  Mat X(4, 2);
  X << 1, 0, 1, 0, 1, 0, 1, 1;
  const Gosh out = gosh(yi, vi, X, Vec(), ModelSpec{}, all_subsets(4, 2), 0, 11, 2);
  CHECK(std::isnan(out.beta(0, 0)));
  CHECK(std::isnan(out.QE[6]));
  CHECK(out.beta(10, 1) == Approx(3.0));
}

TEST_CASE("what an item throws is thrown on the calling thread, the first item's", "[gosh]") {
  std::vector<int> seen(1000, 0);
  parallel_for(1000, 2, nullptr, [&](Index i) { seen[static_cast<std::size_t>(i)] = 1; });
  CHECK(std::count(seen.begin(), seen.end(), 1) == 1000);
  CHECK_THROWS_WITH(parallel_for(500, 2, nullptr,
                                 [](Index i) {
                                   if (i % 100 == 7) throw std::runtime_error(std::to_string(i));
                                 }),
                    "7");
}

TEST_CASE("a checkpoint that throws ends the work", "[gosh]") {
  std::atomic<int> done{0};
  CHECK_THROWS_AS(parallel_for(
                      100000, 2, [] { throw std::domain_error("stop"); }, [&](Index) { ++done; }),
                  std::domain_error);
  CHECK(done < 100000);
}
