// References: the t distribution, to which equal weights lead, and the normal one, with many of them: the approximation
// is within some per cent of them. Its own formula: tests of robust().
#include "core/linalg/saddlepoint.hpp"

#include <cmath>

#include "catch.h"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

TEST_CASE("saddlepoint: equal weights come near the t distribution") {
  for (const double t : {0.2, 0.7, 1.3, 2.0, 3.5}) {
    for (const Index n : {5, 20, 200}) {
      const double exact = t_two_sided(t, static_cast<double>(n));
      CHECK(saddlepoint_p(t * t, Vec::Ones(n)) == Approx(exact).epsilon(0.08).scale(0));
    }
    CHECK(saddlepoint_p(t * t, Vec::Ones(20000)) ==
          Approx(normal_two_sided(t)).epsilon(0.05).scale(0));
  }
}

TEST_CASE("saddlepoint: the scale of the weights plays no part, and p falls with t") {
  const Vec w = (Vec(4) << 0.1, 2.0, 0.7, 0.0).finished();
  double before = 1.0;
  for (double t2 = 0.05; t2 < 30.0; t2 *= 1.3) {
    const double p = saddlepoint_p(t2, w);
    CHECK(saddlepoint_p(t2, 1e3 * w) == Approx(p).epsilon(1e-8).scale(0));
    CHECK(p < before);
    before = p;
  }
}

TEST_CASE("saddlepoint: edges") {
  CHECK(saddlepoint_p(0.0, Vec::Ones(3)) == 1.0);
  CHECK(std::isnan(saddlepoint_p(1.0, Vec::Zero(3))));
  CHECK(std::isnan(saddlepoint_p(kInf, Vec::Ones(3))));
}
