// Printed boundaries of Lan & DeMets (1983) and Reboussin et al. (2000, Control Clin Trials 21, 190): two sides, alpha 0.05.
#include "core/bias/alpha_spending.hpp"

#include <cmath>

#include "catch.h"
#include "core/errors.hpp"

using namespace metaparity;

TEST_CASE("boundaries of five looks are the printed ones") {
  const Vec t = Vec::LinSpaced(5, 0.2, 1.0);
  const Vec of = spending_bounds(t, 0.05, Spending::OBrienFleming, 1.0).bound;
  const double printed[] = {4.8769, 3.3569, 2.6803, 2.2898, 2.0310};
  for (Index k = 0; k < 5; ++k) CHECK(of[k] == Approx(printed[k]).epsilon(1e-4).scale(0));
  const Vec pocock = spending_bounds(t, 0.05, Spending::Pocock, 1.0).bound;
  const double flat[] = {2.438, 2.427, 2.410, 2.397, 2.386};
  for (Index k = 0; k < 5; ++k) CHECK(pocock[k] == Approx(flat[k]).epsilon(3e-4).scale(0));
}

TEST_CASE("one look is the plain test; looks that bring nothing spend nothing") {
  const SpendingBounds one = spending_bounds(Vec::Ones(1), 0.05, Spending::Power, 2.0);
  CHECK(one.bound[0] == Approx(1.959963984540054).epsilon(1e-12).scale(0));
  const Vec close = (Vec(3) << 0.5, 0.5000001, 1.0).finished();
  const Vec apart = (Vec(2) << 0.5, 1.0).finished();
  const SpendingBounds a = spending_bounds(close, 0.05, Spending::OBrienFleming, 1.0);
  const SpendingBounds b = spending_bounds(apart, 0.05, Spending::OBrienFleming, 1.0);
  CHECK(a.bound[0] == Approx(b.bound[0]).epsilon(1e-12).scale(0));
  CHECK(a.bound[2] == Approx(b.bound[1]).epsilon(1e-5).scale(0));
}

TEST_CASE("times that do not increase are refused") {
  CHECK_THROWS_AS(spending_bounds((Vec(2) << 0.5, 0.5).finished(), 0.05, Spending::Pocock, 1.0),
                  InvalidInput);
  CHECK_THROWS_AS(spending_bounds((Vec(1) << 1.5).finished(), 0.05, Spending::Pocock, 1.0),
                  InvalidInput);
  CHECK_THROWS_AS(spending_bounds(Vec::Ones(1), 0.0, Spending::Pocock, 1.0), InvalidInput);
}
