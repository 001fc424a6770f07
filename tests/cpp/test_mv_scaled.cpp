// Models in units of their own: orthonormal columns, variances near 1, and the way back.
#include "core/model/mv_scaled.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("scaled models have orthonormal columns and lead back to the coefficients") {
  stress::Random r(71);
  MvModel m = three_level(r, 24, 4, true);
  m.y *= 1e6;
  m.V.diagonal *= 1e12;
  for (Mat& block : m.V.blocks) block *= 1e12;
  const mv::Scaled work = mv::scaled(m);
  CHECK((work.model.X.transpose() * work.model.X - Mat::Identity(2, 2)).norm() < 1e-12);
  const Mat S = m.X.transpose() * m.X;
  CHECK(work.log_det_x == Approx(std::log(S(0, 0) * S(1, 1) - S(0, 1) * S(0, 1))).epsilon(1e-10));
  CHECK(std::exp2(std::round(std::log2(work.unit))) == work.unit);
  const Vec beta = Vec(2).setLinSpaced(0.3, -0.2);
  CHECK((m.X * (work.unit * work.back * beta) - work.unit * work.model.X * beta).norm() <
        1e-9 * work.unit);
  m.X.col(1).setConstant(2.0);
  CHECK_THROWS_AS(mv::scaled(m), SingularDesign);
}
