// Reference: refits with fit_rma() on the remaining rows.
#include <cmath>
#include <numeric>
#include <random>

#include "catch.h"
#include "core/batch/leave1out.hpp"

using namespace metaparity;

namespace {

struct Case {
  Vec yi, vi;
};

// Variance ratios up to 1e12, an offset, a scale.
Case hard_case(std::mt19937_64& rng, Index k, double ratio, double offset, double scale) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  Case out{Vec(k), Vec(k)};
  for (Index i = 0; i < k; ++i) {
    out.vi(i) = scale * scale * std::pow(ratio, uniform(rng) - 1.0);
    out.yi(i) = scale * (offset + normal(rng));
  }
  return out;
}

void check_column(const Mat& fast, const Mat& slow, double scale) {
  for (Index i = 0; i < slow.rows(); ++i) {
    REQUIRE(fast(i, 0) == Approx(slow(i, 0)).epsilon(1e-10).margin(1e-10 * scale));
  }
}

void check_tables(const FitTable& fast, const FitTable& slow, double scale) {
  check_column(fast.estimate, slow.estimate, scale);
  check_column(fast.se, slow.se, 0.0);
  check_column(fast.pval, slow.pval, 1e-3);
  check_column(fast.ci_lb, slow.ci_lb, scale);
  check_column(fast.Q, slow.Q, 0.0);
  check_column(fast.tau2, slow.tau2, 0.0);
  check_column(fast.I2, slow.I2, 1e-3);
  check_column(fast.H2, slow.H2, 0.0);
  REQUIRE(fast.k == slow.k);
}

}  // namespace

TEST_CASE("closed forms equal refits, at any ratio of weights, offset and scale") {
  std::mt19937_64 rng(7);
  int cases = 0;
  for (double ratio : {1e1, 1e4, 1e12}) {
    for (double scale : {1e-9, 1.0, 1e9}) {
      for (double offset : {0.0, 50.0}) {
        for (Tau2Method method : {Tau2Method::FE, Tau2Method::DL}) {
          for (TestType test : {TestType::Z, TestType::KnHa, TestType::Adhoc, TestType::T}) {
            const Index k = 3 + static_cast<Index>(rng() % 20);
            const Case c = hard_case(rng, k, ratio, offset, scale);
            ModelSpec spec;
            spec.method = method;
            spec.test = test;
            const Mat X = Mat::Ones(k, 1);
            REQUIRE(has_closed_form(c.vi, X, Vec(), spec));
            std::vector<int> cluster(static_cast<std::size_t>(k));
            std::iota(cluster.begin(), cluster.end(), 0);
            const int n = static_cast<int>(k);
            check_tables(leave_one_out(c.yi, c.vi, X, Vec(), spec, cluster, n),
                         leave_one_out_refit(c.yi, c.vi, X, Vec(), spec, cluster, n), scale);
            ++cases;
          }
        }
      }
    }
  }
  CHECK(cases == 144);
}

TEST_CASE("two studies leave one: its own estimate with a normal test") {
  ModelSpec spec;
  spec.method = Tau2Method::DL;
  spec.test = TestType::KnHa;
  const Vec yi = (Vec(2) << 0.3, -0.2).finished(), vi = (Vec(2) << 0.04, 0.09).finished();
  const FitTable t = leave_one_out(yi, vi, Mat::Ones(2, 1), Vec(), spec, {0, 1}, 2);
  CHECK(t.estimate(0, 0) == -0.2);
  CHECK(t.se(0, 0) == Approx(0.3));
  CHECK(t.Q(0) == 0.0);
  CHECK(t.Qp(0) == 1.0);
  CHECK(t.pval(0, 0) == Approx(0.50498507).epsilon(1e-6));
}

TEST_CASE("clusters, own weights and moderators are refitted") {
  const Vec yi = (Vec(6) << 0.3, -0.2, 0.5, 0.1, 0.7, 0.2).finished();
  const Vec vi = (Vec(6) << 0.04, 0.09, 0.05, 0.03, 0.1, 0.06).finished();
  Mat X(6, 2);
  X.col(0).setOnes();
  X.col(1) << 0, 0, 0, 0, 0, 1;
  ModelSpec spec;
  const FitTable t = leave_one_out(yi, vi, X, Vec(), spec, {0, 1, 2, 3, 4, 5}, 6);
  CHECK(t.failed == std::vector<int>{5});
  CHECK(std::isnan(t.estimate(5, 1)));
  CHECK(std::isfinite(t.estimate(0, 1)));
  const FitTable c = leave_one_out(yi, vi, Mat::Ones(6, 1), Vec(), spec, {0, 0, 1, 1, 2, 2}, 3);
  CHECK((c.k == std::vector<int>{4, 4, 4}));
}
