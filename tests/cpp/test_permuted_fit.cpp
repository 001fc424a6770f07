// Reference: fit_rma() on the permuted data.
#include "core/batch/permuted_fit.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "core/model/random_effects.hpp"
#include "core/tau2/tau2_rules.hpp"
#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

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

std::vector<Index> in_order(Index k) {
  std::vector<Index> rows(static_cast<std::size_t>(k));
  std::iota(rows.begin(), rows.end(), Index{0});
  return rows;
}

// A settled fit is the ordinary one; whether it is settled.
bool check_fit(const PermutedFitter& fitter, const Case& c, const Vec& y,
               const std::vector<Index>& rows, const ModelSpec& spec) {
  const PermutedFit fast = fitter.fit(y, rows);
  if (!fast.settled) return false;
  Mat X(c.X.rows(), c.X.cols());
  for (Index i = 0; i < X.rows(); ++i) X.row(i) = c.X.row(rows[static_cast<std::size_t>(i)]);
  const RmaFit slow = fit_rma(y, c.v, X, Vec(), spec);
  for (Index j = 0; j < X.cols(); ++j) {
    REQUIRE(fast.beta(j) == Approx(slow.beta(j)).epsilon(1e-8).scale(1));
    REQUIRE(fast.zval(j) == Approx(slow.zval(j)).epsilon(1e-7).scale(1));
    for (Index i = 0; i < X.cols(); ++i)
      REQUIRE(fast.vb(i, j) == Approx(slow.vb(i, j)).epsilon(1e-7).margin(1e-9));
  }
  return true;
}

}  // namespace

TEST_CASE("what the fitter of permutations settles is what fit_rma() finds") {
  stress::Random r(41);
  std::mt19937_64 rng(41);
  int settled = 0;
  for (const Tau2Method method :
       {Tau2Method::REML, Tau2Method::ML, Tau2Method::DL, Tau2Method::FE}) {
    for (Index p = 1; p <= 3; ++p) {
      const Case c = random_case(r, 12, p);
      ModelSpec spec;
      spec.method = method;
      const PermutedFitter fitter(c.y, c.v, c.X, spec);
      REQUIRE(fitter.usable());
      std::vector<Index> rows = in_order(12);
      for (int rep = 0; rep < 10; ++rep) {
        std::shuffle(rows.begin(), rows.end(), rng);
        settled += check_fit(fitter, c, c.y, rows, spec);
      }
    }
  }
  REQUIRE(settled > 60);
}

TEST_CASE(
    "permuted fit: changed signs, given tau2, tests that scale the variance, up to eight "
    "coefficients") {
  stress::Random r(44);
  int settled = 0;
  for (const TestType test : {TestType::Z, TestType::KnHa, TestType::Adhoc}) {
    for (const Index p : {1, 2, 8}) {
      for (const bool given : {true, false}) {
        const Case c = random_case(r, 20, p);
        ModelSpec spec;
        spec.test = test;
        if (given) spec.method = Tau2Method::Given;
        spec.tau2 = 0.3;
        const PermutedFitter fitter(c.y, c.v, c.X, spec);
        REQUIRE(fitter.usable());
        for (int rep = 0; rep < 4; ++rep) {
          Vec y = c.y;
          for (Index i = 0; i < y.size(); ++i)
            if (r.below(2)) y(i) = -y(i);
          settled += check_fit(fitter, c, y, in_order(20), spec);
        }
      }
    }
  }
  REQUIRE(settled > 50);
}

TEST_CASE("permuted fit: the mirror image has the other sign and the same variance") {
  stress::Random r(45);
  const Case c = random_case(r, 10, 2);
  const PermutedFitter fitter(c.y, c.v, c.X, ModelSpec{});
  const PermutedFit a = fitter.fit(c.y, in_order(10)), b = fitter.fit(-c.y, in_order(10));
  REQUIRE(a.settled);
  for (Index j = 0; j < 2; ++j) CHECK(b.zval(j) == rel(-a.zval(j), 1e-12));
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

TEST_CASE("permuted fit: what would cost digits is left to fit_rma()") {
  stress::Random r(46);
  const Case c = random_case(r, 12, 2);
  const ModelSpec spec;
  REQUIRE(PermutedFitter(c.y, c.v, c.X, spec).usable());
  Vec wide = c.v, zero = c.v;
  wide(0) = 1e-11 * wide.maxCoeff();
  zero(0) = 0.0;
  CHECK_FALSE(PermutedFitter(c.y, wide, c.X, spec).usable());
  CHECK_FALSE(PermutedFitter(c.y, zero, c.X, spec).usable());
  Mat twice = c.X;
  twice.col(1) = 3 * twice.col(0);
  CHECK_FALSE(PermutedFitter(c.y, c.v, twice, spec).usable());
  CHECK_FALSE(PermutedFitter(c.y.head(2), c.v.head(2), c.X.topRows(2), spec).usable());
  const Case many = random_case(r, 20, 9);
  CHECK_FALSE(PermutedFitter(many.y, many.v, many.X, spec).usable());
  ModelSpec plain;
  plain.weighted = false;
  CHECK_FALSE(PermutedFitter(c.y, c.v, c.X, plain).usable());
  ModelSpec centred;
  centred.q_centre = 0.1;
  CHECK_FALSE(PermutedFitter(c.y, c.v, c.X, centred).usable());
}

TEST_CASE("permuted fit: a likelihood with two maxima is not settled, or as fit_rma() finds it") {
  const Vec y = values({0.0, 3.2, 3.1, 0.001}), v = values({1e-6, 1.0, 1.0, 1e-6});
  const Case c{y, v, Mat::Ones(4, 1)};
  for (const Tau2Method method : {Tau2Method::REML, Tau2Method::ML}) {
    ModelSpec spec;
    spec.method = method;
    const PermutedFitter fitter(y, v, c.X, spec);
    if (fitter.usable()) check_fit(fitter, c, y, in_order(4), spec);
    CHECK((!fitter.usable() || !fitter.fit(Vec::Zero(4), in_order(4)).settled));
  }
}
