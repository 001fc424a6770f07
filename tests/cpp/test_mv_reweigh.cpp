// Weights of the user's own: those of the model change nothing; others against the formula.
#include <Eigen/LU>

#include "catch.h"
#include "core/model/mv_fit.hpp"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("the mean by given weights") {
  stress::Random r(61);
  const MvModel m = three_level(r, 18, 3, true);
  const MvFit fit = fit_mv(m, MvSpec{});
  const Mat M = dense_marginal(m, mv_marginal_at(m, fit.tau2, fit.rho)), W = M.inverse();
  MvFit same = fit;
  mv_reweigh(same, m, W);
  CHECK(same.beta.isApprox(fit.beta, 1e-8));
  CHECK(same.vb.isApprox(fit.vb, 1e-8));
  CHECK(same.of_reml.ll == Approx(fit.of_reml.ll).epsilon(1e-9));
  const Mat A = Vec::LinSpaced(18, 1.0, 3.0).asDiagonal();
  MvFit other = fit;
  mv_reweigh(other, m, A);
  const Mat bread = (m.X.transpose() * A * m.X).inverse(), B = bread * m.X.transpose() * A;
  CHECK(other.beta.isApprox(B * m.y, 1e-9));
  CHECK(other.vb.isApprox(B * M * B.transpose(), 1e-9));
  CHECK(other.of_reml.ll < fit.of_reml.ll);
}
