// Every measure by its name: closed forms of each family, inputs that are filled from others, refusals.
#include "catch.h"

#include <cmath>
#include <vector>

#include "core/effect/aggregate.hpp"
#include "core/effect/effect_rsquared.hpp"
#include "core/effect/effect_sizes.hpp"
#include "core/effect/tetrachoric.hpp"
#include "core/effect/unbiased_r.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

struct Frame {
  std::vector<std::pair<std::string, std::vector<double>>> data;
  StudyColumns columns() const {
    StudyColumns out;
    for (const auto& c : data)
      out.set(c.first, c.second.data(), static_cast<Index>(c.second.size()));
    return out;
  }
};

Effects compute(const char* measure, const Frame& f, EffectSpec spec = EffectSpec{}) {
  return effect_sizes(measure, f.columns(), spec);
}

}  // namespace

TEST_CASE("a measure is found by its name, and cells are filled from group sizes") {
  const Effects full = compute("OR", {{{"ai", {4}}, {"bi", {20}}, {"ci", {11}}, {"di", {25}}}});
  const Effects sizes = compute("OR", {{{"ai", {4}}, {"n1i", {24}}, {"ci", {11}}, {"n2i", {36}}}});
  CHECK(full.yi(0) == Approx(std::log(4.0 * 25.0 / (20.0 * 11.0))).epsilon(1e-14));
  CHECK(sizes.yi(0) == full.yi(0));
  CHECK(sizes.vi(0) == full.vi(0));
  CHECK_THROWS_AS(compute("NONE", {{{"ai", {4}}}}), InvalidInput);
}

TEST_CASE("families have their closed forms") {
  const Effects z = compute("ZCOR", {{{"ri", {0.5}}, {"ni", {23}}}});
  CHECK(z.yi(0) == Approx(std::atanh(0.5)).epsilon(1e-14));
  CHECK(z.vi(0) == Approx(0.05).epsilon(1e-14));
  const Effects rr = compute("MPRR", {{{"ai", {4}}, {"bi", {20}}, {"ci", {11}}, {"di", {25}}}});
  CHECK(rr.vi(0) == Approx(31.0 / (24.0 * 15.0)).epsilon(1e-14));
  const Effects abt = compute("ABT", {{{"ai", {0.75}}, {"mi", {5}}, {"ni", {102}}}});
  CHECK(abt.yi(0) == Approx(std::log(4.0)).epsilon(1e-14));
  CHECK(abt.vi(0) == Approx(0.025).epsilon(1e-14));
  const Effects mc = compute(
      "MC",
      {{{"m1i", {3}}, {"m2i", {1}}, {"sd1i", {2}}, {"sd2i", {2}}, {"ri", {0.5}}, {"ni", {8}}}});
  CHECK(mc.vi(0) == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("a variance formula that a measure has not is refused") {
  EffectSpec spec;
  spec.vtype = {VarType::MAX};
  CHECK_THROWS_AS(compute("COR", {{{"ri", {0.5}}, {"ni", {23}}}}, spec), InvalidInput);
  CHECK_THROWS_AS(compute("COR", {{{"ri", {1.5}}, {"ni", {23}}}}), InvalidStudies);
}

TEST_CASE("special functions at their known values") {
  CHECK(tetrachoric({10, 10, 10, 10}).yi == Approx(0.0).margin(1e-15));
  // Equal margins of one half: P = 1/4 + asin(rho) / (2 pi).
  CHECK(tetrachoric({15, 5, 5, 15}).yi == Approx(std::sin(std::acos(-1.0) / 4.0)).epsilon(1e-13));
  // n = 6: 2F1(1/2, 1/2; 2; 1 - r^2) is slow as a series near r = 0, where the integral keeps its digits.
  CHECK(unbiased_r(1e-6, 6) / 1e-6 == Approx(4.0 / std::acos(-1.0)).epsilon(1e-10));
  CHECK(unbiased_r(1.0, 6) == 1.0);
  CHECK(std::isnan(unbiased_r(0.5, 4)));
  CHECK(fixed_predictors_variance(0.3, 3, 50) > 0.0);
  CHECK(std::isnan(fixed_predictors_variance(0.3, 3, 4)));
  // Large n: 4 r2 (1 - r2)^2 (1 - r2 / 2) / n, through sums of up to 1e9 terms.
  for (const double r2 : {0.01, 0.3, 0.9}) {
    const double limit = 4.0 * r2 * (1.0 - r2) * (1.0 - r2) * (1.0 - 0.5 * r2);
    CHECK(1e8 * fixed_predictors_variance(r2, 3, 1e8) == Approx(limit).epsilon(1e-6));
  }
}

TEST_CASE("clusters are combined by generalised least squares or plainly") {
  const Vec yi = (Vec(3) << 0.2, 0.6, 0.3).finished(), vi = (Vec(3) << 0.04, 0.04, 0.03).finished();
  const Vec rho = Vec::Constant(2, 0.5), none;
  const Mat V;
  ErrorModel m{ErrorStructure::CS, rho, none, none, none, V, true};
  const Aggregated a = aggregate_clusters(yi, vi, {0, 0, 1}, 2, m);
  CHECK(a.yi(0) == Approx(0.4).epsilon(1e-14));
  CHECK(a.vi(0) == Approx(0.03).epsilon(1e-14));
  CHECK(a.vi(1) == Approx(0.03).epsilon(1e-14));
  CHECK(a.not_positive.empty());
}
