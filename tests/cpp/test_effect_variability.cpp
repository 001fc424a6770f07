// Reference: exact mean and variance of the logarithm of a chi-squared variable (digamma, trigamma), the delta method,
// differences of one-group measures.
#include "core/effect/effect_variability.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

struct Groups {
  double m1 = 12, m2 = 20, sd1 = 3, sd2 = 4, n1 = 15, n2 = 40;
  Frame both() const {
    return {{{"m1i", {m1}},
             {"m2i", {m2}},
             {"sd1i", {sd1}},
             {"sd2i", {sd2}},
             {"n1i", {n1}},
             {"n2i", {n2}}}};
  }
  Frame one(bool first) const {
    return {{{"mi", {first ? m1 : m2}}, {"sdi", {first ? sd1 : sd2}}, {"ni", {first ? n1 : n2}}}};
  }
};

EffectSpec uncorrected(VarType type = VarType::LS) {
  EffectSpec spec = with(type);
  spec.correct = false;
  return spec;
}

}  // namespace

TEST_CASE(
    "variability: bias and variance of log(SD) are those of a log chi-squared, up to 1 / n^2 and 1 "
    "/ n^3") {
  for (const double n : {50.0, 500.0, 5000.0}) {
    const double half = 0.5 * (n - 1), m = n - 1;
    const double bias = 0.5 * (std::log(half) - boost::math::digamma(half));
    const double variance = 0.25 * boost::math::trigamma(half);
    CHECK(std::fabs(log_sd_part(2.0, n, true).bias - bias) < 0.5 / (m * m));
    CHECK(std::fabs(log_sd_part(2.0, n, false).v - variance) < 1.0 / (m * m));
    CHECK(std::fabs(log_sd_part(2.0, n, true).v - variance) < 2.0 / (m * m * m));
    CHECK(log_sd_part(2.0, n, true).value == rel(std::log(2.0), 1e-15));
  }
}

TEST_CASE("variability: log of a mean by the delta method and its second order") {
  const auto f = [](const Vec& x) { return std::log(x[0]); };
  const Mat v = Mat::Constant(1, 1, 9.0 / 15);
  const LogPart first = log_mean_part(12, 3, 15, false), second = log_mean_part(12, 3, 15, true);
  CHECK(first.v == rel(delta_variance(f, values({12}), v), 1e-9));
  CHECK(first.bias == rel(0.5 * v(0, 0) / 144, 1e-14));
  CHECK(second.v - first.v == rel(0.5 * std::pow(v(0, 0) / 144, 2), 1e-11));
}

TEST_CASE("variability: ratios are differences of one-group measures") {
  const Groups x;
  for (const bool correct : {true, false}) {
    EffectSpec spec;
    spec.correct = correct;
    const Effects a = compute("SDLN", x.one(true), spec), b = compute("SDLN", x.one(false), spec);
    const Effects vr = compute("VR", x.both(), spec);
    CHECK(vr.yi(0) == rel(a.yi(0) - b.yi(0), 1e-13));
    CHECK(vr.vi(0) == rel(a.vi(0) + b.vi(0), 1e-14));
    CHECK(vr.ni(0) == 55.0);
  }
  const Effects a = compute("CVLN", x.one(true), uncorrected()),
                b = compute("CVLN", x.one(false), uncorrected());
  const Effects cv = compute("CVR", x.both(), uncorrected());
  CHECK(cv.yi(0) == rel(a.yi(0) - b.yi(0), 1e-13));
  CHECK(cv.vi(0) == rel(a.vi(0) + b.vi(0), 1e-14));
  CHECK(compute("CVR", x.both(), with(VarType::LS2)).vi(0) > cv.vi(0));
  CHECK(compute("MNLN", x.one(true)).yi(0) == rel(std::log(12.0), 1e-15));
  CHECK(compute("MNLN", x.one(true)).vi(0) == rel(9.0 / 15 / 144, 1e-14));
}

TEST_CASE("variability: groups changing places change the sign alone; units have no part") {
  const Groups x, y{x.m2, x.m1, x.sd2, x.sd1, x.n2, x.n1},
      z{1e-8 * x.m1, 1e-8 * x.m2, 1e-8 * x.sd1, 1e-8 * x.sd2, x.n1, x.n2};
  for (const char* m : {"VR", "CVR"}) {
    for (const VarType type : {VarType::LS, VarType::LS2}) {
      const Effects e = compute(m, x.both(), with(type));
      CHECK(compute(m, y.both(), with(type)).yi(0) == rel(-e.yi(0), 1e-13));
      CHECK(compute(m, y.both(), with(type)).vi(0) == rel(e.vi(0), 1e-13));
      CHECK(compute(m, z.both(), with(type)).yi(0) == rel(e.yi(0), 1e-12));
    }
  }
}

TEST_CASE("variability: no spread, one subject, means of both signs, wrong rows") {
  Groups x;
  x.sd1 = x.sd2 = 0;
  CHECK(std::isnan(compute("VR", x.both()).vi(0)));
  CHECK_FALSE(compute("VR", x.both()).notes.empty());
  x = Groups();
  x.n1 = 1;
  CHECK(std::isnan(compute("VR", x.both()).vi(0)));
  x = Groups();
  x.m1 = -12;
  CHECK(std::isnan(compute("CVR", x.both()).yi(0)));
  x.m2 = -20;
  CHECK(compute("CVR", x.both()).yi(0) == compute("CVR", Groups().both()).yi(0));
  CHECK_THROWS_AS(compute("CVLN", x.one(true)), InvalidStudies);
  x = Groups();
  x.sd2 = -1;
  CHECK_THROWS_AS(compute("VR", x.both()), InvalidStudies);
  CHECK_THROWS_AS(compute("VR", Groups().both(), with(VarType::HO)), InvalidInput);
}
