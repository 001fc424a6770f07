// Exact solutions of published data, zeros, identities; other starts find nothing higher.
#include "core/model/glmm.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

// Pritz (1997): events and sizes.
GlmmData pritz() {
  GlmmData d;
  d.events1.resize(14);
  d.size1.resize(14);
  d.events1 << 9, 7, 9, 8, 6, 9, 4, 8, 21, 7, 6, 19, 10, 27;
  d.size1 << 9, 7, 9, 9, 7, 10, 5, 11, 21, 13, 8, 23, 11, 31;
  d.X = Mat::Ones(14, 1);
  return d;
}

GlmmData tables() {
  GlmmData d;
  d.events1.resize(6);
  d.size1.resize(6);
  d.events2.resize(6);
  d.size2.resize(6);
  d.events1 << 4, 6, 3, 62, 33, 180;
  d.size1 << 123, 306, 231, 13598, 5069, 1541;
  d.events2 << 11, 29, 11, 248, 47, 372;
  d.size2 << 139, 303, 220, 12867, 5808, 1451;
  d.X = Mat::Ones(6, 1);
  return d;
}

}  // namespace

TEST_CASE("every model of two arms converges, with conditions at its maximum") {
  for (const GlmmKind kind : {GlmmKind::FixedStudies, GlmmKind::RandomStudies,
                              GlmmKind::ConditionalApproximate, GlmmKind::ConditionalExact}) {
    GlmmSpec spec;
    spec.kind = kind;
    const GlmmFit fit = fit_glmm(tables(), spec);
    CHECK(fit.ll >= fit.ll_common);
    CHECK(fit.ll_saturated >= fit.ll_common);
    CHECK(fit.tau2 > 0.0);
    CHECK(std::isfinite(fit.se_tau2));
    CHECK_FALSE(fit.singular);
    const Vec at = glmm_profile(tables(), spec, Vec::Constant(1, fit.tau2));
    CHECK(at[0] == Approx(fit.ll).epsilon(1e-9));
    const Vec around =
        glmm_profile(tables(), spec, Eigen::Vector2d(fit.tau2 * 0.9, fit.tau2 * 1.1));
    CHECK(around.maxCoeff() < fit.ll);
  }
}

TEST_CASE("equal arms have no heterogeneity, exactly") {
  GlmmData d = tables();
  d.events1 = d.events2;
  d.size1 = d.size2;
  GlmmSpec spec;
  spec.kind = GlmmKind::ConditionalExact;
  const GlmmFit fit = fit_glmm(d, spec);
  CHECK(fit.tau2 == 0.0);
  CHECK(fit.beta[0] == Approx(0.0).margin(1e-9));
  CHECK(fit.QE_lrt == Approx(0.0).margin(1e-9));
}

TEST_CASE("intervals end where the profile has fallen") {
  GlmmSpec spec;
  spec.measure = GlmmMeasure::PLO;
  const GlmmFit fit = fit_glmm(pritz(), spec);
  const Interval ends = glmm_interval(pritz(), spec, fit, 0.95);
  const Vec ll = glmm_profile(pritz(), spec, Vec::Constant(1, ends.ub));
  CHECK(2.0 * (fit.ll - ll[0]) == Approx(3.841458820694124).epsilon(1e-6));
}

TEST_CASE("columns of different lengths are named") {
  GlmmData d = tables();
  d.events2.conservativeResize(3);
  CHECK_THROWS_AS(fit_glmm(d, {}), InvalidInput);
}
