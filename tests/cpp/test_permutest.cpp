// Reference: fit_rma() on the permuted data; counts by hand.
#include "core/batch/permutest.hpp"
#include "core/tau2/tau2_rules.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "catch.h"
#include "core/batch/permuted_fit.hpp"
#include "core/model/random_effects.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Case {
  Vec y, v;
  Mat X;
};

Case random_case(stress::Random& r, Index k, Index p) {
  Case out{Vec(k), Vec(k), Mat::Ones(k, p)};
  for (Index i = 0; i < k; ++i) {
    out.y(i) = r.normal();
    out.v(i) = r.power10(-2.0, 0.0);
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
  }
  return out;
}

}  // namespace

TEST_CASE("permutations are counted: signs, orders, repeated rows once") {
  REQUIRE(count_permutations(Mat::Ones(5, 1), true) == 32.0);
  Mat X(4, 2);
  X << 1, 1, 1, 2, 1, 3, 1, 4;
  REQUIRE(count_permutations(X, false) == 24.0);
  X.col(1) << 0, 0, 1, 1;
  REQUIRE(count_permutations(X, false) == 6.0);
}

TEST_CASE("what the fitter of permutations settles is what fit_rma() finds") {
  stress::Random r(41);
  std::mt19937_64 rng(41);
  const Vec none;
  int settled = 0;
  for (const Tau2Method method :
       {Tau2Method::REML, Tau2Method::ML, Tau2Method::DL, Tau2Method::FE}) {
    for (Index p = 1; p <= 3; ++p) {
      const Case c = random_case(r, 12, p);
      ModelSpec spec;
      spec.method = method;
      const PermutedFitter fitter(c.y, c.v, c.X, spec);
      REQUIRE(fitter.usable());
      std::vector<Index> rows(12);
      std::iota(rows.begin(), rows.end(), Index{0});
      for (int rep = 0; rep < 10; ++rep) {
        std::shuffle(rows.begin(), rows.end(), rng);
        const PermutedFit fast = fitter.fit(c.y, rows);
        if (!fast.settled) continue;
        ++settled;
        Mat X(12, p);
        for (Index i = 0; i < 12; ++i) X.row(i) = c.X.row(rows[static_cast<std::size_t>(i)]);
        const RmaFit slow = fit_rma(c.y, c.v, X, none, spec);
        for (Index j = 0; j < p; ++j) {
          REQUIRE(fast.beta(j) == Approx(slow.beta(j)).epsilon(1e-8).scale(1));
          REQUIRE(fast.zval(j) == Approx(slow.zval(j)).epsilon(1e-7).scale(1));
        }
      }
    }
  }
  REQUIRE(settled > 60);
}

TEST_CASE("bounds of the user and other methods are left to fit_rma()") {
  stress::Random r(42);
  const Case c = random_case(r, 8, 2);
  ModelSpec spec;
  spec.tau2_min = 0.1;
  REQUIRE_FALSE(PermutedFitter(c.y, c.v, c.X, spec).usable());
  spec.tau2_min = 0.0;
  spec.method = tau2_method("SJ");
  REQUIRE_FALSE(PermutedFitter(c.y, c.v, c.X, spec).usable());
}

TEST_CASE("the same permutations whatever the number of threads") {
  stress::Random r(43);
  const Case c = random_case(r, 10, 2);
  const Vec none;
  const PermutationTester tester({c.y, c.v, c.X, none}, ModelSpec{}, {false, 99});
  const PermutationFits one = tester.fits(Vec::Zero(10), 0.0, 50, 1);
  const PermutationFits two = tester.fits(Vec::Zero(10), 0.0, 50, 2);
  REQUIRE((one.zval - two.zval).cwiseAbs().maxCoeff() == 0.0);
  const RmaFit own = fit_rma(c.y, c.v, c.X, none, ModelSpec{});
  REQUIRE(one.zval(0, 1) == Approx(own.zval(1)).epsilon(1e-7).scale(0));
}
