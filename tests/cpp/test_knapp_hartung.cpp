// By hand, and against a fit whose factor is written out.
#include "core/model/knapp_hartung.hpp"

#include <cmath>

#include "catch.h"
#include "core/model/random_effects.hpp"

using namespace metaparity;

TEST_CASE("the factor of each test") {
  CHECK(variance_factor(TestType::Z, 6.0, 3.0) == 1.0);
  CHECK(variance_factor(TestType::T, 6.0, 3.0) == 1.0);
  CHECK(variance_factor(TestType::KnHa, 6.0, 3.0) == 2.0);
  CHECK(variance_factor(TestType::KnHa, 1.5, 3.0) == 0.5);
  CHECK(variance_factor(TestType::Adhoc, 6.0, 3.0) == 2.0);
  CHECK(variance_factor(TestType::Adhoc, 1.5, 3.0) == 1.0);
  CHECK(std::isnan(variance_factor(TestType::KnHa, 0.0, 0.0)));
  CHECK(variance_factor(TestType::Adhoc, 0.0, 0.0) == 1.0);
  CHECK_FALSE(scales_variance(TestType::T));
  CHECK(scales_variance(TestType::Adhoc));
}

TEST_CASE("of a fit: the weighted mean square of the residuals") {
  const Vec y = (Vec(4) << 0.1, 0.9, -0.4, 2.2).finished(),
            v = (Vec(4) << 0.1, 0.3, 0.2, 0.4).finished();
  ModelSpec spec;
  spec.test = TestType::KnHa;
  const RmaFit fit = fit_rma(y, v, Mat::Ones(4, 1), Vec(), spec);
  const Vec w = (v.array() + fit.tau2).inverse();
  const double s2 = (w.array() * (y.array() - fit.beta[0]).square()).sum() / 3.0;
  CHECK(fit.s2w == Approx(s2).epsilon(1e-12).scale(0));
  CHECK(fit.se[0] == Approx(std::sqrt(s2 / w.sum())).epsilon(1e-12).scale(0));
}
