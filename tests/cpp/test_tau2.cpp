// Closed forms: equal variances; two studies. Scale equivariance; boundary; several maxima.
#include "catch.h"
#include "core/errors.hpp"
#include "core/model/random_effects.hpp"
#include "core/tau2/tau2.hpp"
#include "core/tau2/tau2_rules.hpp"
#include "core/tau2/tau2_solver.hpp"

using namespace metaparity;

namespace {

const Tau2Method kEstimators[] = {tau2_method("HS"),    tau2_method("HSk"),  tau2_method("HE"),
                                  Tau2Method::DL,       tau2_method("DLIT"), tau2_method("GENQ"),
                                  tau2_method("GENQM"), tau2_method("SJ"),   tau2_method("SJIT"),
                                  tau2_method("PM"),    tau2_method("PMM"),  Tau2Method::ML,
                                  Tau2Method::REML,     tau2_method("EB")};

double tau2_of(const Vec& y, const Vec& v, Tau2Method method, const Mat& X) {
  ModelSpec spec;
  spec.method = method;
  return estimate_tau2(y, v, X, Vec(), spec);
}

double tau2_of(const Vec& y, const Vec& v, Tau2Method method) {
  return tau2_of(y, v, method, Mat::Ones(y.size(), 1));
}

Vec bcg_y() {
  Vec y(13);
  y << -0.889, -1.585, -1.348, -1.442, -0.218, -0.786, -1.621, 0.012, -0.469, -1.371, -0.339, 0.446,
      -0.017;
  return y;
}
Vec bcg_v() {
  Vec v(13);
  v << .326, .195, .415, .02, .051, .007, .223, .004, .056, .073, .012, .533, .071;
  return v;
}

}  // namespace

TEST_CASE("equal variances have closed forms") {
  Vec y(5);
  y << 1.0, 2.5, -0.5, 4.0, 3.0;
  const Vec v = Vec::Constant(5, 0.3);
  const double s2 = (y.array() - y.mean()).square().sum();
  for (auto m :
       {Tau2Method::REML, Tau2Method::DL, tau2_method("HE"), tau2_method("PM"), tau2_method("EB"),
        tau2_method("DLIT"), tau2_method("SJIT"), tau2_method("GENQ")}) {
    CHECK(tau2_of(y, v, m) == Approx(s2 / 4.0 - 0.3).epsilon(1e-13));
  }
  CHECK(tau2_of(y, v, Tau2Method::ML) == Approx(s2 / 5.0 - 0.3).epsilon(1e-13));
  CHECK(tau2_of(y, v, tau2_method("HS")) == Approx(s2 / 5.0 - 0.3).epsilon(1e-13));
}

TEST_CASE("two studies of unequal precision have a closed form") {
  Vec y(2), v(2);
  y << 0.0, 3.0;
  v << 0.5, 2.0;
  // REML with k = 2 depends on the difference alone, whose variance is v1 + v2 + 2 tau2.
  CHECK(tau2_of(y, v, Tau2Method::REML) == Approx((9.0 - 2.5) / 2.0).epsilon(1e-13));
  CHECK(tau2_of(y, v, tau2_method("PM")) == Approx((9.0 - 2.5) / 2.0).epsilon(1e-13));
}

TEST_CASE("every estimator scales with the data") {
  const Vec y = bcg_y(), v = bcg_v();
  Mat X(13, 2);
  X.col(0).setOnes();
  X.col(1) << 44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33;
  for (auto m : kEstimators) {
    const double base = tau2_of(y, v, m), with = tau2_of(y, v, m, X);
    for (double s : {1e-9, 1e-6, 1e-3, 0.7, 1e3, 1e6, 1e9}) {
      CHECK(tau2_of(s * y, s * s * v, m) == Approx(s * s * base).epsilon(1e-11));
      CHECK(tau2_of(s * y, s * s * v, m, X) == Approx(s * s * with).epsilon(1e-10));
    }
  }
}

TEST_CASE("the boundary is exactly zero") {
  Vec y(4);
  y << 0.1, 0.12, 0.09, 0.11;
  const Vec v = Vec::Constant(4, 0.2);
  for (auto m : kEstimators) {
    if (m == tau2_method("SJ")) continue;  // positive by construction
    CHECK(tau2_of(y, v, m) == 0.0);
    CHECK(tau2_of(Vec::Zero(4), v, m) == 0.0);
  }
}

TEST_CASE("the likelihood is maximised globally") {
  // A precise study apart from two that agree: the restricted likelihood has two maxima.
  Vec y(4), v(4);
  y << 0.0, 3.2, 3.1, 0.001;
  v << 1e-6, 1.0, 1.0, 1e-6;
  const Mat X = Mat::Ones(4, 1);
  for (bool restricted : {true, false}) {
    const double t = tau2_of(y, v, restricted ? Tau2Method::REML : Tau2Method::ML);
    const double at = profile_deviance(y, v, X, t, restricted);
    for (double other = 1e-10; other < 1e3; other *= 1.1) {
      CHECK(profile_deviance(y, v, X, other, restricted) >= at - 1e-10);
    }
  }
}

TEST_CASE("an intercept among the columns is the intercept-only model") {
  const Vec y = bcg_y(), v = bcg_v();
  Mat X = Mat::Constant(13, 1, 2.0);
  for (auto m : kEstimators) {
    CHECK(tau2_of(y, v, m, X) == Approx(tau2_of(y, v, m)).epsilon(1e-11));
  }
}

TEST_CASE("studies that cannot be used are named") {
  Vec y(3), v(3);
  y << 1.0, kNaN, 2.0;
  v << 1.0, 1.0, -1.0;
  const Mat X = Mat::Ones(3, 1);
  CHECK_THROWS_AS(fit_rma(y, v, X, Vec(), ModelSpec()), InvalidStudies);
  y[1] = 0.0;
  try {
    fit_rma(y, v, X, Vec(), ModelSpec());
    FAIL("no exception");
  } catch (const InvalidStudies& e) {
    CHECK(e.arg() == "vi");
    CHECK((e.rows() == std::vector<int>{2}));
  }
  CHECK_THROWS_AS(fit_rma(Vec(), Vec(), Mat(0, 1), Vec(), ModelSpec()), InvalidInput);
  CHECK_THROWS_AS(fit_rma(y, Vec::Ones(2), X, Vec(), ModelSpec()), InvalidInput);
}
