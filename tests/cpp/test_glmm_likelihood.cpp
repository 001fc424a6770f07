// Score and information against differences with many points; values against small steps.
#include "core/model/glmm_likelihood.hpp"

#include <cmath>

#include "catch.h"
#include "core/constants.hpp"

using namespace metaparity;

namespace {

GlmmModel two_arms(RandomParts random, bool own) {
  GlmmModel out;
  out.fixed = 2;
  out.random = random;
  out.own = own;
  const double counts[][4] = {
      {4, 123, 11, 139}, {6, 306, 29, 303}, {3, 231, 11, 220}, {0, 51, 3, 40}};
  for (const auto& c : counts) {
    std::vector<Arm> arms(2);
    for (std::size_t j = 0; j < 2; ++j) {
      arms[j].events = c[2 * j];
      arms[j].size = c[2 * j + 1];
      arms[j].fixed = Eigen::Vector2d(j == 0 ? 1.0 : 0.0, own ? 0.0 : 1.0);
      arms[j].own = 1.0;
      arms[j].effect = j == 0 ? 0.5 : -0.5;
      arms[j].level = 1.0;
    }
    out.studies.push_back(arms);
  }
  return out;
}

void check_derivatives(const GlmmModel& model, const Vec& x, Index points) {
  const GlmmLikelihood f(model, points);
  const Expansion at = f(x);
  for (Index j = 0; j < x.size(); ++j) {
    Vec up = x, down = x;
    up[j] += 1e-4;
    down[j] -= 1e-4;
    const Expansion a = f(up), b = f(down);
    CHECK(at.gradient[j] == Approx((a.value - b.value) / 2e-4).epsilon(1e-5).margin(1e-6));
    for (Index l = 0; l < x.size(); ++l)
      CHECK(at.hessian(j, l) ==
            Approx((a.gradient[l] - b.gradient[l]) / 2e-4).epsilon(1e-5).margin(1e-4));
  }
}

}  // namespace

TEST_CASE("derivatives of marginal likelihoods") {
  check_derivatives(two_arms({true, false, false}, false), Eigen::Vector3d(-0.9, -3.0, 0.7), 41);
  check_derivatives(two_arms({true, true, false}, false), Eigen::Vector4d(-0.9, -3.0, 0.7, 0.4),
                    31);
  Vec x(5);
  x << -0.9, -3.0, 0.7, 0.4, -0.2;
  check_derivatives(two_arms({true, true, true}, false), x, 31);
}

TEST_CASE("a free level of each study is at its maximum") {
  GlmmModel model = two_arms({true, false, false}, true);
  for (auto& arms : model.studies)
    for (Arm& arm : arms) arm.fixed = arm.fixed.head(1).eval();
  model.fixed = 1;
  check_derivatives(model, Eigen::Vector2d(-0.9, 0.7), 41);
}

TEST_CASE("the value is the integral of small steps") {
  const GlmmModel model = two_arms({true, false, false}, false);
  const Vec x = Eigen::Vector3d(-0.9, -3.0, 0.7);
  double expected = 0.0;
  for (const auto& arms : model.studies) {
    double sum = 0.0;
    const double step = 1e-3;
    for (double u = -9.0; u < 9.0; u += step) {
      double log_p = -0.5 * u * u - 0.5 * kLog2Pi;
      for (const Arm& arm : arms) {
        const double eta = arm.fixed.dot(x.head(2)) + 0.7 * arm.effect * u;
        log_p += arm.events * eta - arm.size * std::log1p(std::exp(eta));
      }
      sum += step * std::exp(log_p);
    }
    expected += std::log(sum);
  }
  CHECK(GlmmLikelihood(model, 41)(x).value == Approx(expected).epsilon(1e-9));
}
