// Gradient and Hessian against central differences; the value against brute-force integration.
#include "core/bias/selection_likelihood.hpp"

#include <cmath>

#include "catch.h"
#include "core/constants.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

SelectionData some_data(stress::Random& r, Index k, Index p) {
  SelectionData out;
  out.yi.resize(k);
  out.vi.resize(k);
  out.X = Mat::Ones(k, p);
  for (Index i = 0; i < k; ++i) {
    out.vi[i] = r.power10(-2.0, -0.5);
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
    out.yi[i] = 0.3 + 0.3 * r.normal() + std::sqrt(out.vi[i]) * r.normal();
  }
  return out;
}

SelectionSpec some_spec(SelectionType type, Index d) {
  SelectionSpec out;
  out.type = type;
  if (type == SelectionType::Step) out.steps = Eigen::Vector3d(0.025, 0.3, 1.0);
  if (type == SelectionType::Truncated) out.steps = Vec::Constant(1, 0.1);
  if (type == SelectionType::Beta || type == SelectionType::Power) out.pval_min = 1e-5;
  out.delta = Vec::Constant(d, kNaN);
  out.delta_min = Vec::Constant(d, type == SelectionType::TruncatedAt ? -100.0 : 0.0);
  out.delta_max = Vec::Constant(d, 100.0);
  return out;
}

struct Kind {
  SelectionType type;
  Vec delta;
};

std::vector<Kind> kinds() {
  return {{SelectionType::Beta, Eigen::Vector2d(0.7, 1.4)},
          {SelectionType::HalfNormal, Vec::Constant(1, 1.3)},
          {SelectionType::NegExp, Vec::Constant(1, 1.3)},
          {SelectionType::Logistic, Vec::Constant(1, 1.3)},
          {SelectionType::Power, Vec::Constant(1, 1.3)},
          {SelectionType::NegExpPower, Eigen::Vector2d(1.1, 0.8)},
          {SelectionType::Step, Eigen::Vector3d(1.0, 0.6, 0.3)},
          {SelectionType::Truncated, Vec::Constant(1, 0.4)},
          {SelectionType::TruncatedAt, Eigen::Vector2d(0.4, 0.123)}};
}

}  // namespace

TEST_CASE("derivatives of the selection likelihood") {
  stress::Random r(11);
  for (const Kind& kind : kinds()) {
    for (const bool variant : {false, true}) {
      SelectionData data = some_data(r, 12, 2);
      SelectionSpec spec = some_spec(kind.type, kind.delta.size());
      const bool cut =
          kind.type == SelectionType::Truncated || kind.type == SelectionType::TruncatedAt;
      if (variant) {
        spec.side = cut ? SelectionSide::Less : SelectionSide::TwoSided;
        spec.decreasing = kind.type == SelectionType::Step;
        data.affected.assign(12, true);
        data.affected[3] = false;
        data.precision = data.vi.cwiseSqrt();
        if (kind.type == SelectionType::Step || cut) data.precision.resize(0);
      }
      const SelectionLikelihood f(data, spec, 5.8);
      const Vec x = f.start(0.3, kind.delta);
      const Expansion at = f(x);
      REQUIRE(std::isfinite(at.value));
      for (Index j = 0; j < f.size(); ++j) {
        Vec up = x, down = x;
        up[j] += 1e-5;
        down[j] -= 1e-5;
        const Expansion a = f(up), b = f(down);
        CHECK(at.gradient[j] == Approx((a.value - b.value) / 2e-5).epsilon(1e-6).margin(1e-6));
        for (Index l = 0; l < f.size(); ++l)
          CHECK(at.hessian(j, l) ==
                Approx((a.gradient[l] - b.gradient[l]) / 2e-5).epsilon(1e-5).margin(1e-5));
      }
    }
  }
}

TEST_CASE("the integral of a smooth weight is that of small steps") {
  stress::Random r(3);
  const SelectionData data = some_data(r, 1, 1);
  const SelectionSpec spec = some_spec(SelectionType::HalfNormal, 1);
  const SelectionLikelihood f(data, spec, 5.8);
  const Vec x = f.start(0.2, Vec::Constant(1, 2.0));
  const double scale2 = f.to_real()(1, 1), t = data.vi[0] + 0.2 * scale2, s = std::sqrt(data.vi[0]);
  const double mu = data.yi[0];
  const auto weight = [&](double y) {
    const double p = 0.5 * std::erfc(y / s / kSqrt2);
    return std::exp(-2.0 * p * p);
  };
  double A = 0.0;
  const double step = 1e-4 * std::sqrt(t);
  for (double y = mu - 10.0 * std::sqrt(t); y < mu + 10.0 * std::sqrt(t); y += step)
    A += step * weight(y) *
         std::exp(-0.5 * (y - mu) * (y - mu) / t - 0.5 * kLog2Pi - 0.5 * std::log(t));
  const double expected = std::log(weight(mu)) - 0.5 * (kLog2Pi + std::log(t)) - std::log(A);
  CHECK(f(x).value + f.ll_shift() == Approx(expected).epsilon(1e-8));
}
