// Q by V alone against the dense formula; a singular V has none.
#include <Eigen/LU>
#include <cmath>

#include "catch.h"
#include "core/model/mv_fit.hpp"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("Q of the residuals is r'V^-1 r") {
  stress::Random r(71);
  MvModel m = three_level(r, 15, 3, true);
  MvModel bare = m;
  bare.terms.clear();
  Mat V = dense_marginal(bare, mv_marginal_at(bare, {}, {}));
  const Mat W = V.inverse();
  const Vec beta = (m.X.transpose() * W * m.X).inverse() * (m.X.transpose() * W * m.y),
            e = m.y - m.X * beta;
  CHECK(mv_saturated(m).Q == Approx(e.dot(W * e)).epsilon(1e-9));
  CHECK(std::isfinite(mv_saturated(m).ll));
  m.V.blocks[0].setConstant(1.0);
  CHECK(std::isnan(mv_saturated(m).Q));
}
