// The counts fit estimates and margins; unadjusted estimates give back the counts and the usual covariance 1/A0 + 1/B0.
#include "core/effect/dose_response.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

// Rohan & McMichael (1988), as in Greenland & Longnecker (1992).
const Vec kCases = (Vec(4) << 165.0, 74.0, 90.0, 122.0).finished();
const Vec kSize = (Vec(4) << 337.0, 167.0, 186.0, 212.0).finished();
const Vec kEstimate = (Vec(4) << 0.0, std::log(0.80), std::log(1.16), std::log(1.57)).finished();

double odds(double a, double n) { return a / (n - a); }

}  // namespace

TEST_CASE("case-control counts fit the odds ratios and the margins") {
  const Vec se = (Vec(4) << 0.0, 0.2327, 0.2372, 0.2373).finished();
  const DoseCovariance d =
      dose_covariance(DoseDesign::case_control, kCases, kSize, kEstimate, se, 0);
  CHECK(d.cases.sum() == Approx(451.0).epsilon(1e-13));
  for (Index i = 1; i < 4; ++i)
    CHECK(odds(d.cases(i), kSize(i)) / odds(d.cases(0), kSize(0)) ==
          Approx(std::exp(kEstimate(i))).epsilon(1e-12));
  CHECK(d.covariance(0, 1) == Approx(d.correlation(0, 1) * se(1) * se(2)).epsilon(1e-14));
  CHECK(d.covariance(2, 2) == Approx(se(3) * se(3)).epsilon(1e-14));
}

TEST_CASE("crude estimates give back the counts, whichever row is the reference") {
  for (const Index reference : {Index(0), Index(2)}) {
    Vec b(4), se(4);
    for (Index i = 0; i < 4; ++i) {
      b(i) = std::log(odds(kCases(i), kSize(i)) / odds(kCases(reference), kSize(reference)));
      se(i) = std::sqrt(1.0 / kCases(i) + 1.0 / (kSize(i) - kCases(i)) + 1.0 / kCases(reference) +
                        1.0 / (kSize(reference) - kCases(reference)));
    }
    const DoseCovariance d =
        dose_covariance(DoseDesign::case_control, kCases, kSize, b, se, reference);
    CHECK((d.cases - kCases).norm() < 1e-9);
    const double shared = 1.0 / kCases(reference) + 1.0 / (kSize(reference) - kCases(reference));
    CHECK(d.covariance(0, 1) == Approx(shared).epsilon(1e-11));
  }
}

TEST_CASE("rates and risks") {
  Vec b(4), se(4);
  for (Index i = 0; i < 4; ++i)
    b(i) = std::log(kCases(i) / kSize(i)) - std::log(kCases(0) / kSize(0));
  for (Index i = 0; i < 4; ++i) se(i) = std::sqrt(1.0 / kCases(i) + 1.0 / kCases(0));
  const DoseCovariance rate = dose_covariance(DoseDesign::incidence_rate, kCases, kSize, b, se, 0);
  CHECK((rate.cases - kCases).norm() < 1e-10);
  CHECK(rate.covariance(0, 2) == Approx(1.0 / 165.0).epsilon(1e-13));
  const DoseCovariance risk =
      dose_covariance(DoseDesign::cumulative_incidence, kCases, kSize, b, se, 0);
  CHECK(risk.correlation(0, 1) ==
        Approx((1.0 / 165.0 - 1.0 / 337.0) /
               std::sqrt((1.0 / 74.0 - 1.0 / 167.0 + 1.0 / 165.0 - 1.0 / 337.0) *
                         (1.0 / 90.0 - 1.0 / 186.0 + 1.0 / 165.0 - 1.0 / 337.0)))
            .epsilon(1e-13));
  b(3) = 5.0;
  CHECK_THROWS_AS(dose_covariance(DoseDesign::cumulative_incidence, kCases, kSize, b, se, 0),
                  InvalidInput);
}

TEST_CASE("Hamling's counts have the estimates, their errors and both margins") {
  const Vec se = (Vec(4) << 0.0, 0.2327, 0.2372, 0.2373).finished();
  for (const DoseDesign design :
       {DoseDesign::case_control, DoseDesign::incidence_rate, DoseDesign::cumulative_incidence}) {
    const Vec big = design == DoseDesign::case_control ? kSize : Vec(10.0 * kSize);
    const DoseCovariance d = hamling_covariance(design, kCases, big, kEstimate, se, 0);
    const double c = d.covariance(0, 1);
    CHECK(d.covariance(1, 2) == c);
    CHECK(d.covariance(2, 2) == Approx(se(3) * se(3)).epsilon(1e-14));
    // The denominators that go with the fitted cases: B_i = A_i B_0/(A_0 L_i).
    const double sign = design == DoseDesign::case_control     ? 1.0
                        : design == DoseDesign::incidence_rate ? 0.0
                                                               : -1.0;
    const double b0 = sign == 0.0 ? 0.0 : sign / (c - 1.0 / d.cases(0));
    if (sign == 0.0) {
      CHECK(1.0 / d.cases(0) == Approx(c).epsilon(1e-12));
      for (Index i = 1; i < 4; ++i)
        CHECK(1.0 / d.cases(i) + c == Approx(se(i) * se(i)).epsilon(1e-10));
      continue;
    }
    Vec b(4);
    b(0) = b0;
    for (Index i = 1; i < 4; ++i) b(i) = d.cases(i) * b0 / (d.cases(0) * std::exp(kEstimate(i)));
    for (Index i = 1; i < 4; ++i)
      CHECK(1.0 / d.cases(i) + sign / b(i) + c == Approx(se(i) * se(i)).epsilon(1e-9));
    const Vec base = sign > 0.0 ? Vec(kSize - kCases) : big;
    CHECK(b(0) / b.sum() == Approx(base(0) / base.sum()).epsilon(1e-9));
    CHECK(b.sum() / d.cases.sum() == Approx(base.sum() / kCases.sum()).epsilon(1e-9));
  }
}
