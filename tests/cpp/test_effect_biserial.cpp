// Reference: the delta method from d with numeric derivatives; Soper's and Tate's variances where the groups are
// equal; r of an ordinary t test.
#include "core/effect/effect_biserial.hpp"

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

Frame d_of(double d, double n1, double n2) { return {{{"di", {d}}, {"n1i", {n1}}, {"n2i", {n2}}}}; }

const double kPi_ = std::acos(-1.0);

}  // namespace

TEST_CASE("biserial: r of a t test, however the difference is given") {
  const double d = 0.7, n1 = 12, n2 = 20, t = d / std::sqrt(1 / n1 + 1 / n2);
  const double r = t / std::sqrt(t * t + n1 + n2 - 2);
  CHECK(compute("RPB", d_of(d, n1, n2)).yi(0) == rel(r, 1e-14));
  CHECK(compute("RPB", {{{"ti", {t}}, {"n1i", {n1}}, {"n2i", {n2}}}}).yi(0) == rel(r, 1e-13));
  const double sd = 1.7;
  const Frame means{{{"m1i", {5.0 + d * sd}},
                     {"m2i", {5.0}},
                     {"sd1i", {sd}},
                     {"sd2i", {sd}},
                     {"n1i", {n1}},
                     {"n2i", {n2}}}};
  CHECK(compute("RPB", means).yi(0) == rel(r, 1e-13));
}

TEST_CASE("biserial: stratified variance by the delta method from d") {
  for (const double d : {-1.5, 0.0, 0.4, 3.0}) {
    const double n1 = 15, n2 = 40, n = n1 + n2, h = (n - 2) * (1 / n1 + 1 / n2);
    const auto r = [&](const Vec& x) { return x[0] / std::sqrt(x[0] * x[0] + h); };
    const Mat v = Mat::Constant(1, 1, 1 / n1 + 1 / n2 + d * d / (2 * n));
    const Effects e = compute("RPB", d_of(d, n1, n2));
    CHECK(e.vi(0) == rel(delta_variance(r, values({d}), v), 1e-8));
    const Effects z = compute("ZPB", d_of(d, n1, n2));
    const auto fisher = [&](const Vec& x) { return std::atanh(r(x)); };
    CHECK(z.vi(0) == rel(delta_variance(fisher, values({d}), v), 1e-8));
    CHECK(z.yi(0) == rel(std::atanh(e.yi(0)), 1e-13));
  }
}

TEST_CASE("biserial: Tate's variance, groups of random size") {
  const EffectSpec cs = with(VarType::CS);
  CHECK(compute("RPB", d_of(0.0, 10, 30), cs).vi(0) == rel(1.0 / 40, 1e-14));
  const Effects e = compute("RPB", d_of(1.1, 20, 20), cs);
  const double r2 = e.yi(0) * e.yi(0);
  CHECK(e.vi(0) == rel((1 - r2) * (1 - r2) * (1 - 0.5 * r2) / 40, 1e-13));
  CHECK_THROWS_AS(compute("RPB", d_of(1.1, 20, 20), with(VarType::UB)), InvalidInput);
}

TEST_CASE("biserial: Soper's variance and the ratio to the point-biserial") {
  const Effects pb = compute("RPB", d_of(0.8, 25, 25)), b = compute("RBIS", d_of(0.8, 25, 25));
  const double r = pb.yi(0) * std::sqrt(kPi_ / 2);
  CHECK(b.yi(0) == rel(r, 1e-13));
  CHECK(b.vi(0) == rel((kPi_ / 2 - 2.5 * r * r + std::pow(r, 4)) / 49, 1e-12));
  // Unequal groups: r^4 + r^2 (p q z^2 / f^2 + (2 p - 1) z / f - 5 / 2) + p q / f^2.
  const Effects u = compute("RBIS", d_of(0.8, 10, 40));
  const double p = 0.2, q = 0.8, z = normal_quantile(q),
               f = std::exp(-0.5 * z * z) / std::sqrt(2 * kPi_), s = u.yi(0);
  const double lost = p * q * z * z / (f * f) + (2 * p - 1) * z / f - 2.5;
  CHECK(u.vi(0) == rel((std::pow(s, 4) + s * s * lost + p * q / (f * f)) / 49, 1e-12));
}

TEST_CASE("biserial: changing places of the groups changes the sign alone") {
  for (const char* m : {"RPB", "ZPB", "RBIS", "ZBIS", "D2OR", "D2ORL", "D2ORN"}) {
    const Effects a = compute(m, d_of(0.6, 14, 33)), b = compute(m, d_of(-0.6, 33, 14));
    CHECK(b.yi(0) == rel(-a.yi(0), 1e-13));
    CHECK(b.vi(0) == rel(a.vi(0), 1e-12));
    CHECK(a.ni(0) == 47.0);
  }
}

TEST_CASE("biserial: log odds ratios are multiples of d") {
  const Effects logistic = compute("D2OR", d_of(0.5, 30, 30)),
                normal = compute("D2ORN", d_of(0.5, 30, 30));
  const double v = 2.0 / 30 + 0.25 / 120;
  CHECK(logistic.yi(0) == rel(0.5 * kPi_ / std::sqrt(3.0), 1e-14));
  CHECK(logistic.vi(0) == rel(v * kPi_ * kPi_ / 3, 1e-13));
  CHECK(normal.yi(0) == rel(0.5 * 1.65, 1e-14));
  CHECK(normal.vi(0) == rel(v * 1.65 * 1.65, 1e-13));
  CHECK(compute("D2ORL", d_of(0.5, 30, 30)).yi(0) == logistic.yi(0));
}

TEST_CASE("biserial: missing, tiny and empty groups") {
  for (const char* m : {"RPB", "RBIS", "D2OR"}) {
    CHECK(std::isnan(compute(m, d_of(kNaN, 10, 10)).yi(0)));
    CHECK(std::isnan(compute(m, d_of(0.5, kNaN, 10)).vi(0)));
    CHECK_THROWS_AS(compute(m, d_of(0.5, 0, 10)), InvalidStudies);
  }
  // A biserial correlation beyond 1 is told as it is, its z does not exist, its variance is that of 1.
  const Effects beyond = compute("RBIS", d_of(20.0, 25, 25));
  CHECK(beyond.yi(0) > 1.0);
  CHECK(beyond.vi(0) == rel((kPi_ / 2 - 1.5) / 49, 1e-12));
  CHECK(std::isnan(compute("ZBIS", d_of(20.0, 25, 25)).yi(0)));
}
