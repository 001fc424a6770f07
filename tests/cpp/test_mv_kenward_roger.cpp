// Balanced groups have exact degrees of freedom; scale changes nothing; what is given has no adjustment.
#include "core/model/mv_kenward_roger.hpp"

#include "catch.h"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("the mean of balanced groups has the variance and degrees of freedom of group means") {
  stress::Random r(91);
  MvModel m = three_level(r, 36, 4, false);
  m.X = Mat::Ones(36, 1);
  m.V.diagonal.setConstant(1e-10);
  for (Index g = 0; g < 9; ++g) {
    const double shared = 3.0 * r.normal();
    for (Index i = 0; i < 4; ++i) m.y[g * 4 + i] += shared;
  }
  const MvFit fit = fit_mv(m, MvSpec{});
  REQUIRE(fit.tau2[0][0] > 0.0);
  const MvKenwardRoger k = mv_kenward_roger(m, fit.tau2, fit.rho);
  REQUIRE(k.valid);
  CHECK(k.vb(0, 0) == Approx(fit.vb(0, 0)).epsilon(1e-6).scale(0));
  const KenwardRogerTest t = kenward_roger_test(Mat::Ones(1, 1), k.plain, k.slopes, k.variance);
  CHECK(t.df == Approx(8.0).epsilon(1e-6).scale(0));
  CHECK(t.scale == 1.0);
  for (MvTerm& term : m.terms) term.tau2.setConstant(0.5);
  CHECK_FALSE(mv_kenward_roger(m, fit.tau2, fit.rho).valid);
}
