// The pooled estimate of the studies with the new one, written out.
#include "core/bias/extended_funnel.hpp"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "core/errors.hpp"

using namespace metaparity;

TEST_CASE("each point of the grid is the model with one study more") {
  const Vec y = (Vec(4) << -0.4, 0.1, -0.8, 0.3).finished();
  const Vec v = (Vec(4) << 0.02, 0.05, 0.09, 0.03).finished();
  const Vec x = (Vec(2) << -1.0, 0.5).finished(), s = (Vec(2) << 0.1, 0.6).finished();
  for (const bool random : {false, true}) {
    const ExtendedFunnel grid = extended_funnel(y, v, x, s, random);
    for (Index i = 0; i < 2; ++i) {
      for (Index j = 0; j < 2; ++j) {
        Vec all(5), var(5);
        all << y, x[j];
        var << v, s[i] * s[i];
        Vec w = var.cwiseInverse();
        const double mean = w.dot(all) / w.sum();
        const double q = w.dot((all.array() - mean).square().matrix());
        const double tau2 = std::max(0.0, (q - 4.0) / (w.sum() - w.squaredNorm() / w.sum()));
        CHECK(grid.tau2(i, j) == Approx(tau2).epsilon(1e-10).scale(1e-12));
        CHECK(grid.I2(i, j) ==
              Approx(std::max(0.0, 100.0 * (q - 4.0) / q)).epsilon(1e-10).scale(1e-10));
        if (random) w = (var.array() + tau2).inverse().matrix();
        CHECK(grid.estimate(i, j) == Approx(w.dot(all) / w.sum()).epsilon(1e-12).scale(0));
        CHECK(grid.se(i, j) == Approx(1.0 / std::sqrt(w.sum())).epsilon(1e-12).scale(0));
      }
    }
  }
}

TEST_CASE("no studies and errors of 0 are refused") {
  CHECK_THROWS_AS(extended_funnel(Vec(), Vec(), Vec::Ones(1), Vec::Ones(1), true), InvalidInput);
  CHECK_THROWS_AS(extended_funnel(Vec::Ones(1), Vec::Ones(1), Vec::Ones(1), Vec::Zero(1), true),
                  InvalidInput);
}
