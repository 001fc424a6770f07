// Reference: the unbounded estimators; the equations that the estimates solve, at variances of which one is moved.
#include "core/tau2/tau2.hpp"
#include "core/tau2/tau2_rules.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"
#include "core/model/random_effects.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

const Tau2Method kAll[] = {tau2_method("HS"),    tau2_method("HSk"),  tau2_method("HE"),
                           Tau2Method::DL,       tau2_method("GENQ"), tau2_method("SJ"),
                           tau2_method("GENQM"), tau2_method("PM"),   tau2_method("PMM"),
                           Tau2Method::ML,       Tau2Method::REML,    tau2_method("EB")};

struct Case {
  Vec y, v;
  Mat X;
};

Case random_case(stress::Random& r, Index k, double spread) {
  Case out{Vec(k), Vec(k), Mat::Ones(k, 1)};
  for (Index i = 0; i < k; ++i) {
    out.v(i) = r.power10(-2.0, 0.0);
    out.y(i) = spread * r.normal();
  }
  return out;
}

ModelSpec spec_of(Tau2Method method, double least) {
  ModelSpec out;
  out.method = method;
  out.tau2_min = least;
  return out;
}

}  // namespace

TEST_CASE("an estimate above the bound is the unbounded one, below it the bound") {
  stress::Random r(31);
  const Vec none;
  for (int rep = 0; rep < 10; ++rep) {
    const Case c = random_case(r, 12, 1.5);
    for (const Tau2Method method : kAll) {
      const double plain = estimate_tau2(c.y, c.v, c.X, none, spec_of(method, 0.0));
      REQUIRE(plain > 0.0);
      REQUIRE(estimate_tau2(c.y, c.v, c.X, none, spec_of(method, 0.5 * plain)) ==
              Approx(plain).epsilon(1e-8).scale(0));
      REQUIRE(estimate_tau2(c.y, c.v, c.X, none, spec_of(method, 2.0 * plain)) ==
              Approx(2.0 * plain).epsilon(1e-12).scale(0));
    }
  }
}

TEST_CASE("a negative bound lets the residual sum reach its expectation") {
  stress::Random r(32);
  const Vec none;
  Case c = random_case(r, 15, 1.0);
  c.v.array() = 0.5 + 0.1 * c.v.array();
  c.y *= 0.4 / std::sqrt(c.y.squaredNorm() / 15.0);
  const double tau2 = estimate_tau2(c.y, c.v, c.X, none, spec_of(tau2_method("PM"), -0.49));
  REQUIRE(tau2 < 0.0);
  const Vec w = (c.v.array() + tau2).inverse();
  const double mu = w.dot(c.y) / w.sum();
  const double q = (w.array() * (c.y.array() - mu).square()).sum();
  REQUIRE(q == Approx(14.0).epsilon(1e-10).scale(0));
}

TEST_CASE("fits under bounds: finite, moved with the scale; a marginal variance of 0 is refused") {
  stress::Random r(33);
  const Vec none;
  const Case c = random_case(r, 8, 0.01);
  for (const Tau2Method method : kAll) {
    const ModelSpec spec = spec_of(method, -0.5 * c.v.minCoeff());
    const RmaFit fit = fit_rma(c.y, c.v, c.X, none, spec);
    REQUIRE(std::isfinite(fit.beta(0)));
    REQUIRE(fit.tau2 >= spec.tau2_min * (1.0 + 1e-12));
    ModelSpec far = spec;
    far.tau2_min = std::ldexp(spec.tau2_min, -200);
    const RmaFit small =
        fit_rma(std::ldexp(1.0, -100) * c.y, std::ldexp(1.0, -200) * c.v, c.X, none, far);
    REQUIRE(std::ldexp(small.tau2, 200) == Approx(fit.tau2).epsilon(1e-10).scale(0));
  }
  REQUIRE_THROWS_AS(fit_rma(c.y, c.v, c.X, none, spec_of(tau2_method("HE"), -c.v.minCoeff())),
                    InvalidStudies);
}
