// Reference: the density of a sample correlation (Hotelling 1953), under which the estimates have the means that they
// are made for; Gauss's value of the series at 1; large samples.
#include "core/effect/unbiased_r.hpp"

#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

// 2F1(1/2, 1/2; c; z) for z < 1 by its series.
double hypergeometric(double c, double z) {
  double term = 1.0, sum = 1.0;
  for (int j = 0; j < 5000 && term > 1e-18 * sum; ++j) {
    term *= (0.5 + j) * (0.5 + j) / ((c + j) * (j + 1.0)) * z;
    sum += term;
  }
  return sum;
}

// Mean of f(r) in samples of n with correlation rho; r = sin(u).
template <class F>
double expected(F&& f, double rho, double n) {
  const double half = std::acos(0.0);
  const auto density = [&](double u) {
    const double r = std::sin(u), c = std::cos(u);
    return std::pow(c, n - 3) * std::pow(1 - rho * r, 1.5 - n) *
           hypergeometric(n - 0.5, 0.5 * (1 + rho * r));
  };
  const auto weighted = [&](double u) { return f(std::sin(u)) * density(u); };
  return simpson(weighted, -half, half, 400) / simpson(density, -half, half, 400);
}

}  // namespace

TEST_CASE("unbiased r: its mean is the correlation") {
  for (const double n : {7.0, 12.0, 30.0}) {
    for (const double rho : {-0.7, 0.0, 0.3, 0.6}) {
      CHECK(expected([&](double r) { return unbiased_r(r, n); }, rho, n) ==
            Approx(rho).epsilon(1e-7).margin(1e-9));
      CHECK(std::fabs(expected([](double r) { return r; }, 0.6, n) - 0.6) > 1e-3);
    }
  }
}

TEST_CASE("unbiased r: its variance estimate has the variance as its mean") {
  for (const double n : {8.0, 20.0}) {
    for (const double rho : {0.0, 0.5}) {
      const double square =
          expected([&](double r) { return std::pow(unbiased_r(r, n), 2); }, rho, n);
      CHECK(expected([&](double r) { return unbiased_r_variance(r, n); }, rho, n) ==
            rel(square - rho * rho, 1e-6));
    }
  }
}

TEST_CASE("unbiased r: odd in r, 1 at 1, Gauss's values at 0") {
  for (const double n : {5.0, 6.0, 25.0, 1e4}) {
    const double c = 0.5 * (n - 2);
    const double gauss = std::exp(std::lgamma(c) + std::lgamma(c - 1) - 2 * std::lgamma(c - 0.5));
    for (const double r : {1e-9, 0.2, 0.95}) CHECK(unbiased_r(-r, n) == -unbiased_r(r, n));
    CHECK(unbiased_r(1e-9, n) / 1e-9 == rel(gauss, 1e-6));
    CHECK(unbiased_r(0.0, n) == 0.0);
    CHECK(unbiased_r(1.0, n) == 1.0);
    CHECK(unbiased_r(-1.0, n) == -1.0);
    CHECK(unbiased_r_variance(1.0, n) == Approx(0.0).margin(1e-14));
    CHECK(unbiased_r_variance(0.0, n) == rel(1 / (n - 4), 1e-9));
  }
  // n = 6: 2F1(1/2, 1/2; 2; 1 - r^2) is slow as a series near r = 0, where the integral keeps its digits.
  CHECK(unbiased_r(1e-6, 6) / 1e-6 == Approx(4.0 / std::acos(-1.0)).epsilon(1e-10));
}

TEST_CASE("unbiased r: large samples, and sizes that are too small") {
  for (const double r : {-0.8, 0.1, 0.5}) {
    const double n = 1e6, first = r * (1 + (1 - r * r) / (2 * (n - 2)));
    CHECK(unbiased_r(r, n) == rel(first, 1e-11));
    CHECK(n * unbiased_r_variance(r, n) == rel(std::pow(1 - r * r, 2), 1e-5));
  }
  CHECK(std::isnan(unbiased_r(0.5, 4)));
  CHECK(std::isnan(unbiased_r_variance(0.5, 4)));
  CHECK(std::isnan(unbiased_r(kNaN, 10)));
  CHECK(std::isnan(unbiased_r_variance(0.5, kNaN)));
}

TEST_CASE("unbiased r: the series and the integral meet") {
  // The series serves 1 - r^2 < 0.9; the function is smooth across the border.
  const double edge = std::sqrt(0.1);
  for (const double n : {5.0, 9.0, 20.0}) {
    const double below = unbiased_r(edge - 1e-7, n), above = unbiased_r(edge + 1e-7, n);
    const double wide = (unbiased_r(edge + 1e-3, n) - unbiased_r(edge - 1e-3, n)) / 2e-3;
    CHECK((above - below) / 2e-7 == rel(wide, 1e-3));
  }
}
