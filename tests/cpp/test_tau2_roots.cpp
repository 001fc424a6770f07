// The equations that the estimates solve, written out by dense algebra.
#include "core/tau2/tau2_roots.hpp"

#include <Eigen/LU>
#include <cmath>

#include "catch.h"
#include "core/linalg/distributions.hpp"
#include "core/linalg/quadform.hpp"
#include "core/tau2/tau2.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Case {
  Vec y, v;
  Mat X;
};

Case random_case(stress::Random& r, Index k, Index p) {
  Case out{Vec(k), Vec(k), Mat::Ones(k, p)};
  for (Index i = 0; i < k; ++i) {
    out.v(i) = r.power10(-2.0, 0.0);
    out.y(i) = 1.5 * r.normal();
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
  }
  return out;
}

double tau2_of(const Case& c, const char* method) {
  ModelSpec spec;
  spec.method = tau2_method(method);
  return estimate_tau2(c.y, c.v, c.X, Vec(), spec);
}

// W - W X (X'WX)^-1 X'W for W = 1 / (v + tau2).
Mat dense_p(const Case& c, double tau2) {
  const Mat W = (c.v.array() + tau2).inverse().matrix().asDiagonal();
  return W - W * c.X * (c.X.transpose() * W * c.X).inverse() * c.X.transpose() * W;
}

}  // namespace

TEST_CASE("residual sums meet their targets, scores are zero, Q is at its median") {
  stress::Random r(81);
  for (int rep = 0; rep < 15; ++rep) {
    const Index p = r.between(1, 3);
    const Case c = random_case(r, 14, p);
    const double df = static_cast<double>(14 - p);
    const double pm = tau2_of(c, "PM"), pmm = tau2_of(c, "PMM");
    REQUIRE(c.y.dot(dense_p(c, pm) * c.y) == Approx(df).epsilon(1e-9).scale(0));
    REQUIRE(c.y.dot(dense_p(c, pmm) * c.y) ==
            Approx(chisq_quantile(0.5, df)).epsilon(1e-9).scale(0));
    for (const char* same : {"EB", "DLIT", "SJIT"}) REQUIRE(tau2_of(c, same) == pm);
    const double reml = tau2_of(c, "REML"), ml = tau2_of(c, "ML");
    const Mat P = dense_p(c, reml), M = dense_p(c, ml);
    REQUIRE((P * c.y).squaredNorm() == Approx(P.trace()).epsilon(1e-8).scale(0));
    REQUIRE((M * c.y).squaredNorm() ==
            Approx((c.v.array() + ml).inverse().sum()).epsilon(1e-8).scale(0));
    const Vec a = c.v.cwiseInverse();
    const double q = c.y.dot(dense_p(c, 0.0) * c.y), genqm = tau2_of(c, "GENQM");
    if (genqm > 0.0)
      REQUIRE(quadform_upper(q, a, (c.v.array() + genqm).matrix(), c.X) ==
              Approx(0.5).epsilon(1e-9));
  }
}

TEST_CASE("standard errors by the traces of the expected information") {
  stress::Random r(82);
  for (int rep = 0; rep < 10; ++rep) {
    const Case c = random_case(r, 10, r.between(1, 3));
    const ModelSpec spec;
    const Vec none;
    const VecRef y(c.y), v(c.v), w(none);
    const MatRef X(c.X);
    const Tau2Data data{y, v, X, w, spec};
    const double tau2 = r.uniform(0.1, 2.0);
    const Mat P = dense_p(c, tau2);
    const Vec weight = (c.v.array() + tau2).inverse();
    CHECK(reml_se(data, tau2) == Approx(std::sqrt(2.0 / (P * P).trace())).epsilon(1e-10).scale(0));
    CHECK(ml_se(data, tau2) ==
          Approx(std::sqrt(2.0 / weight.squaredNorm())).epsilon(1e-12).scale(0));
    CHECK(pm_se(data, tau2) ==
          Approx(std::sqrt(200.0 / static_cast<double>(10 - c.X.cols())) / weight.sum())
              .epsilon(1e-12)
              .scale(0));
  }
}
