// Reference: r of the t test of a slope; the delta method; averages by hand; one predictor, where simple, partial and
// semi-partial correlations are the same.
#include "core/effect/effect_correlation.hpp"

#include "core/effect/unbiased_r.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

Frame r_of(std::vector<double> r, std::vector<double> n) {
  return {{{"ri", std::move(r)}, {"ni", std::move(n)}}};
}

Frame slope_of(double t, double r2, double m, double n) {
  return {{{"ti", {t}}, {"r2i", {r2}}, {"mi", {m}}, {"ni", {n}}}};
}

}  // namespace

TEST_CASE("correlation: from r, from t, from a signed p value") {
  const double r = -0.45, n = 27, t = r * std::sqrt((n - 2) / (1 - r * r));
  CHECK(compute("COR", r_of({r}, {n})).yi(0) == r);
  CHECK(compute("COR", {{{"ti", {t}}, {"ni", {n}}}}).yi(0) == rel(r, 1e-13));
  const double p = -t_two_sided(t, n - 2);
  CHECK(compute("COR", {{{"pi", {p}}, {"ni", {n}}}}).yi(0) == rel(r, 1e-9));
  // The first of r, t, p that a row has.
  const Effects rows = compute("COR", {{{"ri", {0.1, kNaN, kNaN, kNaN}},
                                        {"ti", {t, t, kNaN, kNaN}},
                                        {"pi", {p, -p, -p, kNaN}},
                                        {"ni", {n, n, n, n}}}});
  CHECK(rows.yi(0) == 0.1);
  CHECK(rows.yi(1) == rel(r, 1e-13));
  CHECK(rows.yi(2) == rel(-r, 1e-9));
  CHECK(std::isnan(rows.yi(3)));
}

TEST_CASE("correlation: each variance, and the average is weighted by n") {
  const double mean = (0.2 * 20 + 0.7 * 60) / 80;
  const Frame x = r_of({0.2, 0.7}, {20, 60});
  const auto v = [&](VarType type) { return compute("COR", x, with(type)).vi; };
  CHECK(v(VarType::LS)(1) == rel(0.51 * 0.51 / 59, 1e-13));
  CHECK(v(VarType::AV)(0) == rel(std::pow(1 - mean * mean, 2) / 19, 1e-13));
  CHECK(v(VarType::AV)(0) / v(VarType::AV)(1) == rel(59.0 / 19, 1e-13));
  CHECK(v(VarType::H0)(1) == rel(0.51 / 58, 1e-13));
  CHECK(v(VarType::H0a)(1) == v(VarType::H0)(1));
  CHECK(v(VarType::H0b)(1) == rel(1.0 / 60, 1e-15));
  EffectSpec mixed;
  mixed.vtype = {VarType::LS, VarType::AV};
  CHECK(compute("COR", x, mixed).vi(1) == v(VarType::AV)(1));
  CHECK_THROWS_AS(compute("COR", x, with(VarType::UB)), InvalidInput);
}

TEST_CASE("correlation: a missing study has no part in the average") {
  const EffectSpec av = with(VarType::AV);
  const Effects with_gap = compute("COR", r_of({0.2, kNaN, 0.7}, {20, 500, 60}), av);
  const Effects without = compute("COR", r_of({0.2, 0.7}, {20, 60}), av);
  CHECK(with_gap.vi(0) == without.vi(0));
  CHECK(with_gap.vi(2) == without.vi(1));
  CHECK(std::isnan(with_gap.yi(1)));
}

TEST_CASE("correlation: unbiased and transformed") {
  const Frame x = r_of({-0.3, 0.6}, {9, 30});
  const Effects u = compute("UCOR", x);
  CHECK(u.yi(0) == rel(unbiased_r(-0.3, 9), 1e-15));
  CHECK(u.vi(0) == rel(std::pow(1 - u.yi(0) * u.yi(0), 2) / 8, 1e-13));
  CHECK(compute("UCOR", x, with(VarType::UB)).vi(1) == rel(unbiased_r_variance(0.6, 30), 1e-15));
  const double mean = (9 * u.yi(0) + 30 * u.yi(1)) / 39;
  CHECK(compute("UCOR", x, with(VarType::AV)).vi(1) ==
        rel(std::pow(1 - mean * mean, 2) / 29, 1e-13));
  const Effects z = compute("ZCOR", x);
  CHECK(std::tanh(z.yi(1)) == rel(0.6, 1e-14));
  CHECK(z.vi(0) == rel(1.0 / 6, 1e-15));
  CHECK_THROWS_AS(compute("ZCOR", x, with(VarType::UB)), InvalidInput);
}

TEST_CASE("correlation: three subjects have no variance, r = 1 no z") {
  for (const char* m : {"COR", "ZCOR"}) {
    CHECK(std::isnan(compute(m, r_of({0.5}, {3})).vi(0)));
    CHECK(std::isfinite(compute(m, r_of({0.5}, {4})).vi(0)));
    CHECK_THROWS_AS(compute(m, r_of({0.5}, {0})), InvalidStudies);
    CHECK_THROWS_AS(compute(m, r_of({-1.01}, {10})), InvalidStudies);
  }
  const Effects one = compute("ZCOR", r_of({1.0, 0.5}, {10, 10}));
  CHECK((one.infinite == std::vector<int>{0}));
  CHECK(std::isnan(one.yi(0)));
  CHECK(compute("COR", r_of({}, {})).yi.size() == 0);
}

TEST_CASE("correlation: one predictor makes partial, semi-partial and simple correlation one") {
  const double r = 0.55, n = 40, t = r * std::sqrt((n - 2) / (1 - r * r));
  const Frame x = slope_of(t, r * r, 1, n);
  for (const char* m : {"PCOR", "SPCOR"}) {
    CHECK(compute(m, x).yi(0) == rel(r, 1e-13));
    CHECK(compute(m, x).ni(0) == n);
  }
  const double v = std::pow(1 - r * r, 2);
  CHECK(compute("PCOR", x).vi(0) == rel(v / (n - 1), 1e-12));
  CHECK(compute("SPCOR", x).vi(0) == rel(v / n, 1e-12));
  CHECK(compute("ZPCOR", x).vi(0) == rel(1 / (n - 3), 1e-14));
  CHECK(compute("ZPCOR", x).yi(0) == rel(std::atanh(r), 1e-13));
  const Effects z = compute("ZSPCOR", x), s = compute("SPCOR", x);
  CHECK(z.vi(0) == rel(s.vi(0) / v, 1e-12));
  CHECK(z.yi(0) == rel(std::atanh(s.yi(0)), 1e-13));
}

TEST_CASE("correlation: the square of a semi-partial one is what R^2 loses without the predictor") {
  // t^2 = (R^2 - R0^2) df / (1 - R^2); partial r^2 = (R^2 - R0^2) / (1 - R0^2).
  const double full = 0.5, reduced = 0.3, m = 4, n = 60, df = n - m - 1;
  const double t = -std::sqrt((full - reduced) * df / (1 - full));
  const Frame x = slope_of(t, full, m, n);
  CHECK(compute("SPCOR", x).yi(0) == rel(-std::sqrt(full - reduced), 1e-13));
  CHECK(compute("PCOR", x).yi(0) == rel(-std::sqrt((full - reduced) / (1 - reduced)), 1e-13));
  CHECK(compute("PCOR", x, with(VarType::AV)).vi(0) == rel(compute("PCOR", x).vi(0), 1e-13));
  CHECK_THROWS_AS(compute("PCOR", slope_of(t, full, 60, 60)), InvalidStudies);
  CHECK_THROWS_AS(compute("SPCOR", slope_of(1e6, full, m, n)), InvalidStudies);
}
