// Matrices of which a part is given: the edge against a grid of proper ones, derivatives of the barrier, level sets.
#include "core/model/mv_proper.hpp"

#include <cmath>

#include "catch.h"
#include "core/eigen_solvers.hpp"
#include "core/model/mv_fit.hpp"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

namespace {

// Three outcomes of `groups` studies whose correlations pull against each other: 1 with 2 and 3, 2 against 3.
MvModel three_outcomes(stress::Random& r, Index groups) {
  MvModel m = three_level(r, 3 * groups, 3, false);
  MvTerm t;
  t.structure = MvStruct::UN;
  t.levels = 3;
  for (Index i = 0; i < 3 * groups; ++i) {
    t.inner.push_back(i % 3);
    t.outer.push_back(i / 3);
  }
  for (Index g = 0; g < groups; ++g) {
    const double u = std::sin(static_cast<double>(g) * 2.3),
                 w = std::cos(static_cast<double>(g) * 1.1);
    m.y[3 * g] = u + w;
    m.y[3 * g + 1] = 1.5 * u - 0.4 * w;
    m.y[3 * g + 2] = 1.5 * w - 0.4 * u;
  }
  m.V.diagonal.setConstant(0.02);
  t.tau2 = Vec::Constant(3, kNaN);
  t.rho = Vec::Constant(3, kNaN);
  m.terms = {t};
  return m;
}

double least_eigenvalue(const Mat& G) {
  return Eigen::SelfAdjointEigenSolver<Mat>(G).eigenvalues()[0];
}

}  // namespace

TEST_CASE(
    "a matrix with a part given is positive semidefinite and its likelihood the highest of these") {
  stress::Random r(5);
  MvModel m = three_outcomes(r, 12);
  m.terms[0].tau2 << 0.6, 0.5, 0.5;
  m.terms[0].rho << 0.8, 0.8, kNaN;
  MvSpec spec;
  spec.restricted = true;
  const MvFit fit = fit_mv(m, spec);
  CHECK(fit.tau2[0][0] == 0.6);
  CHECK(fit.rho[0][0] == 0.8);
  CHECK(least_eigenvalue(fit.G[0]) > -1e-12);
  double best = -kInf;
  for (int i = 0; i <= 2000; ++i) {
    // 2 * 0.64 - 1 is the least correlation that goes with two of 0.8.
    m.terms[0].rho[2] = 0.28 + 0.7199 * i / 2000.0;
    best = std::max(best, fit_mv(m, spec).of_reml.ll);
  }
  CHECK(fit.of_reml.ll > best - 1e-6 * std::fabs(best));
}

TEST_CASE("an outcome whose variance is held at 0 leaves the matrix of the others") {
  stress::Random r(6);
  MvModel m = three_outcomes(r, 10);
  m.terms[0].tau2[1] = 0.0;
  // Taken for a study of its own each, the rows of that outcome have only V; the others make pairs.
  MvModel other = m;
  other.terms[0].levels = 2;
  other.terms[0].tau2 = Vec::Constant(2, kNaN);
  other.terms[0].rho = Vec::Constant(1, kNaN);
  other.terms[0].design = Mat::Zero(m.y.size(), 2);
  other.terms[0].structure = MvStruct::GEN;
  for (Index i = 0; i < m.y.size(); ++i)
    if (i % 3 != 1) other.terms[0].design(i, i % 3 == 2 ? 1 : 0) = 1.0;
  m.terms[0].rho[0] = m.terms[0].rho[2] = 0.0;
  CHECK(MvShape::full_rank(m.terms[0]) == 2);
  const MvFit fit = fit_mv(m, MvSpec());
  CHECK(fit.tau2[0][1] == 0.0);
  CHECK(least_eigenvalue(fit.G[0]) > -1e-12);
  CHECK(fit.settled);
  const MvFit pairs = fit_mv(other, MvSpec());
  CHECK(fit.of_reml.ll == Approx(pairs.of_reml.ll).epsilon(1e-10));
  CHECK(fit.rho[0][1] == Approx(pairs.rho[0][0]).epsilon(1e-6));
}

TEST_CASE("the barrier's derivatives are those of its values") {
  stress::Random r(7);
  MvModel m = three_outcomes(r, 6);
  m.terms[0].tau2[0] = 0.3;
  const MvLayout layout = mv_layout(m, {0});
  const auto clusters = mv_clusters(m);
  const auto whole = mv_block_likelihood(m, clusters, layout);
  const auto sets = mv_together(m, layout);
  REQUIRE(sets.size() == 1);
  MvBarrier behind(*whole, sets, 0.7);
  Vec psi(6);
  psi << std::sqrt(0.3), 0.5, 0.6, 0.3, 0.2, -0.4;
  behind.mean(psi);
  const MvSlope at_psi = behind.slope(psi, true, true);
  for (Index j = 0; j < 6; ++j) {
    Vec up = psi, down = psi;
    up[j] += 1e-5;
    down[j] -= 1e-5;
    const double above = behind.mean(up).reml;
    const Vec score_above = behind.slope(up, true, true).score;
    const double below = behind.mean(down).reml;
    const Vec score_below = behind.slope(down, true, true).score;
    CHECK(at_psi.score[j] == Approx((above - below) / 2e-5).epsilon(1e-6).margin(1e-6));
    const Vec change = (score_below - score_above) / 2e-5;
    for (Index i = 0; i < 6; ++i)
      CHECK(at_psi.information(i, j) == Approx(change[i]).epsilon(1e-5).margin(1e-5));
  }
}

TEST_CASE("correlations that no random effects have are changed, those given kept") {
  stress::Random r(8);
  MvModel m = three_outcomes(r, 6);
  m.terms[0].rho << 0.9, kNaN, -0.9;
  const auto sets = mv_together(m, mv_layout(m, {0}));
  Vec psi(6);
  psi << 1.0, 1.0, 1.0, 0.9, 0.9, -0.9;
  CHECK_FALSE(mv_proper(sets, psi));
  const Vec proper = mv_made_proper(sets, psi, {0, 0, 0, 1, 0, 1});
  REQUIRE(proper.size() == 6);
  CHECK(proper[3] == 0.9);
  CHECK(proper[5] == -0.9);
  CHECK(proper[4] < -0.62);
  psi[0] = 0.0;
  CHECK(mv_proper(sets, psi));
  CHECK(mv_made_proper(sets, psi, {0, 0, 0, 1, 1, 1}).size() == 0);
  CHECK(mv_most_together(m.terms[0]) == 3);
}
