// Likelihood tests by brute force over tau2; corrections against the numbers that metan 4 printed
// for five studies.
#include <algorithm>
#include <cmath>

#include "catch.h"
#include "core/model/profile_tests.hpp"
#include "core/tau2/tau2.hpp"

using namespace metaparity;

namespace {

// Cooper (2009): standardised mean differences of five trials.
struct Cooper {
  Vec y = Vec(5), v = Vec(5);
  double tau2, mu;
  Cooper() {
    y << -0.1899999976158, -1.710000038147, 0, -0.5799999833107, -4.269999980927;
    Vec se(5);
    se << 0.1504991650581, 0.2780647575855, 0.1989723592997, 0.1326649934053, 0.400512188673;
    v = se.array().square();
    ModelSpec spec;
    spec.method = Tau2Method::ML;
    tau2 = estimate_tau2(y, v, Mat::Ones(5, 1), Vec(), spec);
    const Vec w = (v.array() + tau2).inverse();
    mu = w.dot(y) / w.sum();
  }
};

double profile(const Cooper& d, double mu) {
  double best = -1e300;
  for (int j = 0; j <= 400000; ++j) {
    const Eigen::ArrayXd w = (d.v.array() + 20.0 * j / 400000.0).inverse();
    best = std::max(best, 0.5 * (w.log() - w * (d.y.array() - mu).square()).sum());
  }
  return best;
}

}  // namespace

TEST_CASE("the plain statistic is twice the fall of the profile") {
  const Cooper d;
  const LikelihoodStatistic s = likelihood_test(d.y, d.v, d.mu, d.tau2, 0.0, LikelihoodTest::Plain);
  CHECK(s.lr == Approx(2.0 * (profile(d, d.mu) - profile(d, 0.0))).epsilon(1e-6));
  CHECK(likelihood_test(d.y, d.v, d.mu, d.tau2, d.mu, LikelihoodTest::Plain).lr ==
        Approx(0.0).margin(1e-10));
}

TEST_CASE("statistics and intervals that Stata printed") {
  const Cooper d;
  CHECK(likelihood_test(d.y, d.v, d.mu, d.tau2, 0.0, LikelihoodTest::Plain).z ==
        Approx(-1.664).margin(0.0006));
  CHECK(likelihood_test(d.y, d.v, d.mu, d.tau2, 0.0, LikelihoodTest::Skovgaard).z ==
        Approx(-1.410).margin(0.0006));
  CHECK(likelihood_test(d.y, d.v, d.mu, d.tau2, 0.0, LikelihoodTest::Bartlett).lr ==
        Approx(2.13).margin(0.006));
  const Interval plain = likelihood_interval(d.y, d.v, d.mu, d.tau2, 0.95, LikelihoodTest::Plain);
  CHECK(plain.lb == Approx(-3.000).margin(0.0006));
  CHECK(plain.ub == Approx(0.331).margin(0.0006));
  const Interval skovgaard =
      likelihood_interval(d.y, d.v, d.mu, d.tau2, 0.95, LikelihoodTest::Skovgaard);
  CHECK(skovgaard.lb == Approx(-3.486).margin(0.0006));
  CHECK(skovgaard.ub == Approx(0.803).margin(0.0006));
  const Interval bartlett =
      likelihood_interval(d.y, d.v, d.mu, d.tau2, 0.95, LikelihoodTest::Bartlett);
  CHECK(bartlett.lb == Approx(-3.369).margin(0.0006));
  CHECK(bartlett.ub == Approx(0.693).margin(0.0006));
}
