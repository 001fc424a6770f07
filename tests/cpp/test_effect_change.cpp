// Reference: the delta method with numeric derivatives, exact moments of the non-central t distribution, identities
// between the measures.
#include "core/effect/effect_change.hpp"

#include "core/effect/effect_common.hpp"
#include "core/effect/unbiased_r.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

struct Pairs {
  double m1 = 12, m2 = 9, sd1 = 3, sd2 = 4, n = 18, r = 0.6;
  Frame frame() const {
    return {
        {{"m1i", {m1}}, {"m2i", {m2}}, {"sd1i", {sd1}}, {"sd2i", {sd2}}, {"ni", {n}}, {"ri", {r}}}};
  }
  Pairs swapped() const { return {m2, m1, sd2, sd1, n, r}; }
  Mat means() const {
    Mat v(2, 2);
    v << sd1 * sd1, r * sd1 * sd2, r * sd1 * sd2, sd2 * sd2;
    return v / n;
  }
};

}  // namespace

TEST_CASE("change: the mean change and its percent have the variance of a difference") {
  const Pairs x;
  const auto diff = [](const Vec& m) { return m[0] - m[1]; };
  const Effects e = compute("MC", x.frame());
  CHECK(e.yi(0) == 3.0);
  CHECK(e.vi(0) == rel(delta_variance(diff, values({x.m1, x.m2}), x.means()), 1e-9));
  CHECK(e.ni(0) == x.n);
  Frame range = x.frame();
  range.data.push_back({"mini", {4}});
  range.data.push_back({"maxi", {24}});
  const Effects p = compute("POMPMC", range);
  CHECK(p.yi(0) == rel(15.0, 1e-14));
  CHECK(p.vi(0) == rel(25.0 * e.vi(0), 1e-14));
}

TEST_CASE("change: ratio of means by the delta method, its bias by second differences") {
  const Pairs x;
  const auto f = [](const Vec& m) { return std::log(m[0] / m[1]); };
  const Vec m = values({x.m1, x.m2});
  EffectSpec plain;
  plain.correct = false;
  const Effects e = compute("ROMC", x.frame()), raw = compute("ROMC", x.frame(), plain);
  CHECK(raw.yi(0) == rel(f(m), 1e-14));
  CHECK(raw.vi(0) == rel(delta_variance(f, m, x.means()), 1e-8));
  CHECK(e.vi(0) == raw.vi(0));
  // E f - f(mu) = tr(H V) / 2 with H = diag(-1 / m1^2, 1 / m2^2).
  const Mat v = x.means();
  const double bias = 0.5 * (-v(0, 0) / (x.m1 * x.m1) + v(1, 1) / (x.m2 * x.m2));
  CHECK(e.yi(0) == rel(raw.yi(0) - bias, 1e-13));
  CHECK(compute("ROMC", x.frame(), with(VarType::LS2)).vi(0) ==
        rel(e.vi(0) + 0.5 * ((v * values({-1 / (x.m1 * x.m1), 1 / (x.m2 * x.m2)}).asDiagonal()) *
                             (v * values({-1 / (x.m1 * x.m1), 1 / (x.m2 * x.m2)}).asDiagonal()))
                                .trace(),
            1e-12));
}

TEST_CASE("change: variabilities have the covariance r^2 of log standard deviations") {
  const Pairs x;
  Mat v(2, 2);
  v << 1, x.r * x.r, x.r * x.r, 1;
  v /= 2 * (x.n - 1);
  const auto f = [](const Vec& s) { return s[0] - s[1]; };
  const Effects vr = compute("VRC", x.frame()), cv = compute("CVRC", x.frame());
  CHECK(vr.yi(0) == rel(std::log(0.75), 1e-14));
  CHECK(vr.vi(0) == rel(delta_variance(f, values({1.0, 2.0}), v), 1e-9));
  const Effects rom = compute("ROMC", x.frame());
  CHECK(cv.yi(0) == rel(vr.yi(0) - rom.yi(0), 1e-14));
  CHECK(cv.vi(0) == rel(vr.vi(0) + rom.vi(0), 1e-14));
}

TEST_CASE("change: occasions changing places change the sign alone") {
  const Pairs x;
  for (const char* m : {"MC", "SMCC", "SMCRP", "SMCRPH", "ROMC", "VRC", "CVRC"}) {
    const Effects a = compute(m, x.frame()), b = compute(m, x.swapped().frame());
    CHECK(b.yi(0) == rel(-a.yi(0), 1e-13));
    CHECK(b.vi(0) == rel(a.vi(0), 1e-13));
  }
}

TEST_CASE("change: the unit of measurement has no part in standardised ones") {
  const Pairs x, y{1e6 * x.m1, 1e6 * x.m2, 1e6 * x.sd1, 1e6 * x.sd2, x.n, x.r};
  for (const char* m : {"SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH", "ROMC", "VRC", "CVRC"}) {
    CHECK(compute(m, y.frame()).yi(0) == rel(compute(m, x.frame()).yi(0), 1e-13));
    CHECK(compute(m, y.frame()).vi(0) == rel(compute(m, x.frame()).vi(0), 1e-13));
  }
}

TEST_CASE("change: d given, by the paired t test, by its p value") {
  const Pairs x;
  const double sd = std::sqrt(9.0 + 16 - 2 * 0.6 * 12), d = 3 / sd, t = d * std::sqrt(x.n);
  const double j = small_sample_factor(x.n - 1, SmallSample::Exact);
  const Effects e = compute("SMCC", x.frame());
  CHECK(e.yi(0) == rel(j * d, 1e-14));
  CHECK(e.vi(0) == rel(1 / x.n + j * j * d * d / (2 * x.n), 1e-13));
  const double p = t_two_sided(t, x.n - 1);
  CHECK(compute("SMCC", {{{"di", {d}}, {"ni", {x.n}}}}).yi(0) == rel(j * d, 1e-14));
  CHECK(compute("SMCC", {{{"ti", {t}}, {"ni", {x.n}}}}).yi(0) == rel(j * d, 1e-13));
  CHECK(compute("SMCC", {{{"pi", {-p}}, {"ni", {x.n}}}}).yi(0) == rel(-j * d, 1e-9));
  Frame some = x.frame();
  some.data.push_back({"di", {kNaN}});
  CHECK(compute("SMCC", some).yi(0) == e.yi(0));
}

TEST_CASE("change: UB has the variance of g as its mean, H0 is that variance without change") {
  for (const char* m : {"SMCC", "SMCR"}) {
    for (const double n : {6.0, 15.0, 80.0}) {
      const bool first = std::string(m) == "SMCR";
      // Scale of d: d / sqrt(c) is non-central t with n - 1 degrees of freedom.
      const double c = first ? 2.0 * (1 - unbiased_r(0.4, n)) / n : 1.0 / n, df = n - 1;
      const double j = small_sample_factor(df, SmallSample::Exact);
      const auto at = [&](double d, VarType type) {
        const double sd = 2.0, change = first ? sd : sd * std::sqrt(2.0 * (1 - 0.4));
        return compute(m, Pairs{d * change, 0.0, sd, sd, n, 0.4}.frame(), with(type));
      };
      const double start = at(0.0, VarType::UB).vi(0), g = at(1.0, VarType::UB).yi(0);
      const double rise = (at(1.0, VarType::UB).vi(0) - start) / (g * g);
      for (const double delta : {0.0, 0.5, 2.0}) {
        const double square = j * j * df / (df - 2) * (c + delta * delta);  // E g^2
        CHECK(start + rise * square == rel(square - delta * delta, 1e-9));
      }
      CHECK(at(1.0, VarType::H0).vi(0) == rel(j * j * df / (df - 2) * c, 1e-12));
    }
  }
}

TEST_CASE("change: with equal standard deviations the forms for unequal ones agree") {
  Pairs x;
  x.sd2 = x.sd1;
  const Effects pooled = compute("SMCRP", x.frame());
  const Effects unequal = compute("SMCRPH", x.frame(), with(VarType::LS2));
  CHECK(unequal.yi(0) == rel(pooled.yi(0), 1e-14));
  CHECK(unequal.vi(0) == rel(pooled.vi(0), 1e-13));
  const Effects first = compute("SMCR", x.frame());
  const Effects own = compute("SMCRH", x.frame(), with(VarType::LS2));
  CHECK(own.yi(0) == rel(first.yi(0), 1e-14));
  CHECK(own.vi(0) == rel(first.vi(0), 1e-13));
}

TEST_CASE("change: odd rows") {
  Pairs x;
  x.r = 1.2;
  CHECK_THROWS_AS(compute("MC", x.frame()), InvalidStudies);
  x = Pairs();
  x.sd1 = -1;
  CHECK_THROWS_AS(compute("MC", x.frame()), InvalidStudies);
  x = Pairs();
  x.n = 0;
  CHECK_THROWS_AS(compute("MC", x.frame()), InvalidStudies);
  x = Pairs();
  x.m1 = kNaN;
  CHECK(std::isnan(compute("SMCR", x.frame()).yi(0)));
  x = Pairs();
  x.sd1 = 0;
  const Effects flat = compute("SMCR", x.frame());
  CHECK(std::isnan(flat.yi(0)));
  CHECK_FALSE(flat.notes.empty());
  x = Pairs();
  x.n = 1;
  for (const char* m : {"SMCC", "SMCR", "SMCRH", "SMCRPH", "VRC"}) {
    const Effects one = compute(m, x.frame());
    CHECK(std::isnan(one.vi(0)));
    CHECK_FALSE(one.notes.empty());
  }
  CHECK_THROWS_AS(compute("SMCRP", Pairs().frame(), with(VarType::UB)), InvalidInput);
}
