// Balanced data: the variance needs no correction and there are k - 1 degrees of freedom.
#include <cmath>

#include "catch.h"
#include "core/model/kenward_roger.hpp"

using namespace metaparity;

TEST_CASE("equal variances: the variance of a plain mean, k - 1 degrees of freedom") {
  Vec y(5);
  y << 0.1, 0.9, -0.4, 1.3, 0.6;
  const Vec v = Vec::Constant(5, 0.05);
  const double tau2 = (y.array() - y.mean()).square().sum() / 4.0 - 0.05;
  const KenwardRoger kr = kenward_roger(y, v, tau2, false);
  CHECK(kr.se == Approx(std::sqrt((0.05 + tau2) / 5.0)).epsilon(1e-10));
  CHECK(kr.df == Approx(4.0).epsilon(1e-8));
}

TEST_CASE("unequal variances widen the error; both kinds of information agree at equal ones") {
  Vec y(5), v(5);
  y << 0.1, 0.9, -0.4, 1.3, 0.6;
  v << 0.02, 0.3, 0.1, 0.05, 0.6;
  const double tau2 = 0.25, plain = 1.0 / std::sqrt((v.array() + tau2).inverse().sum());
  const KenwardRoger kr = kenward_roger(y, v, tau2, false);
  CHECK(kr.se > plain);
  CHECK(kr.df > 1.0);
  CHECK(kr.df < 10.0);
  const Vec same = Vec::Constant(5, 0.05);
  const double reml = (y.array() - y.mean()).square().sum() / 4.0 - 0.05;
  CHECK(kenward_roger(y, same, reml, true).df ==
        Approx(kenward_roger(y, same, reml, false).df).epsilon(1e-6));
}
