// Reference: means by hand; the transformations of alpha and the heterozygosity by the delta method with numeric
// derivatives.
#include "core/effect/effect_group.hpp"

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

Frame group(std::vector<double> m, std::vector<double> sd, std::vector<double> n) {
  return {{{"mi", std::move(m)}, {"sdi", std::move(sd)}, {"ni", std::move(n)}}};
}

Frame alpha(double a, double items, double n) {
  return {{{"ai", {a}}, {"mi", {items}}, {"ni", {n}}}};
}

Frame genotypes(double a, double b, double c) { return {{{"ai", {a}}, {"bi", {b}}, {"ci", {c}}}}; }

}  // namespace

TEST_CASE("group: a mean, its pooled variance, its percent of a range") {
  const Frame x = group({3, 5}, {2, 4}, {10, 20});
  const Effects e = compute("MN", x), ho = compute("MN", x, with(VarType::HO));
  CHECK(e.vi(1) == rel(0.8, 1e-15));
  const double pooled = (4.0 * 9 + 16.0 * 19) / 28;
  CHECK(ho.vi(0) == rel(pooled / 10, 1e-14));
  CHECK(ho.vi(1) == rel(pooled / 20, 1e-14));
  Frame range = x;
  range.data.push_back({"mini", {1, 0}});
  range.data.push_back({"maxi", {6, 10}});
  const Effects p = compute("POMPMN", range);
  CHECK(p.yi(0) == rel(40.0, 1e-14));
  CHECK(p.vi(0) == rel(0.4 * 400, 1e-13));
  CHECK(p.yi(1) == rel(50.0, 1e-14));
  CHECK_THROWS_AS(compute("MN", x, with(VarType::UB)), InvalidInput);
}

TEST_CASE("group: a standardised mean is free of units and falls back on its variance at 0") {
  const Effects a = compute("SMN", group({3}, {2}, {25})),
                b = compute("SMN", group({3e9}, {2e9}, {25}));
  CHECK(b.yi(0) == rel(a.yi(0), 1e-14));
  CHECK(b.vi(0) == rel(a.vi(0), 1e-14));
  CHECK(a.yi(0) == rel(1.5 * small_sample_factor(24, SmallSample::Exact), 1e-14));
  CHECK(compute("SMN", group({0}, {2}, {25})).vi(0) == rel(0.04, 1e-15));
  CHECK(std::isnan(compute("SMN", group({3}, {0}, {25})).yi(0)));
  CHECK(std::isnan(compute("SMN", group({3}, {2}, {1})).yi(0)));
}

TEST_CASE("group: transformations of alpha keep the variance of alpha, by the delta method") {
  for (const double a : {-0.4, 0.0, 0.75, 0.99}) {
    const double items = 8, n = 1e7;
    const Effects raw = compute("ARAW", alpha(a, items, n));
    const Mat v = Mat::Constant(1, 1, raw.vi(0));
    const auto bonett = [](const Vec& x) { return -std::log(1 - x[0]); };
    const auto cube = [](const Vec& x) { return 1 - std::cbrt(1 - x[0]); };
    const Effects b = compute("ABT", alpha(a, items, n)), h = compute("AHW", alpha(a, items, n));
    CHECK(raw.yi(0) == a);
    CHECK(b.yi(0) == rel(bonett(values({a})), 1e-13).margin(1e-16));
    CHECK(h.yi(0) == rel(cube(values({a})), 1e-13).margin(1e-16));
    CHECK(b.vi(0) == rel(delta_variance(bonett, values({a}), v), 1e-6));
    CHECK(h.vi(0) == rel(delta_variance(cube, values({a}), v), 1e-6));  // exact for large n
  }
  // Bonett (2002): 2 k / ((k - 1) (n - 2)).
  CHECK(compute("ABT", alpha(0.5, 2, 12)).vi(0) == rel(0.4, 1e-14));
}

TEST_CASE("group: alpha of 1, two subjects, one item") {
  CHECK((compute("ABT", alpha(1, 5, 50)).infinite == std::vector<int>{0}));
  CHECK(compute("ARAW", alpha(1, 5, 50)).vi(0) == 0.0);
  CHECK(std::isnan(compute("ARAW", alpha(0.5, 5, 2)).yi(0)));
  CHECK(std::isnan(compute("AHW", alpha(kNaN, 5, 20)).yi(0)));
  CHECK_THROWS_AS(compute("ARAW", alpha(0.5, 1, 20)), InvalidStudies);
  CHECK_THROWS_AS(compute("ARAW", alpha(1.1, 5, 20)), InvalidStudies);
  CHECK_THROWS_AS(compute("ARAW", alpha(0.5, 5, 0)), InvalidStudies);
}

TEST_CASE("group: heterozygosity is 0 in equilibrium and has its multinomial variance") {
  CHECK(compute("REH", genotypes(9, 42, 49)).yi(0) == Approx(0.0).margin(1e-15));
  const Vec x = values({12, 50, 20});
  const auto f = [](const Vec& g) { return std::log(g[1] / (2 * std::sqrt(g[0] * g[2]))); };
  const Effects e = compute("REH", genotypes(12, 50, 20));
  CHECK(e.yi(0) == rel(f(x), 1e-14));
  CHECK(e.vi(0) == rel(delta_variance(f, x, multinomial(x)), 1e-8));
  CHECK(e.ni(0) == 82.0);
  CHECK(compute("REH", genotypes(20, 50, 12)).yi(0) == rel(e.yi(0), 1e-14));
  for (const Effects& none :
       {compute("REH", genotypes(0, 50, 12)), compute("REH", genotypes(3, 0, 12))})
    CHECK(std::isnan(none.yi(0)));
  CHECK((compute("REH", genotypes(1.5, 2, 3)).fractional == std::vector<int>{0}));
  CHECK_THROWS_AS(compute("REH", genotypes(-1, 2, 3)), InvalidStudies);
}
