// Reference: closed forms of the means, Simpson's rule, stationary equations of the modes and a search of the density.
#include "core/effect/transform_moments.hpp"

#include "core/effect/transforms.hpp"
#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

double phi(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }
Vec one(double x) { return Vec::Constant(1, x); }

double mean_at(const char* name, double xi, double t, double lo = kNaN, double hi = kNaN) {
  return transform_mean(name, one(xi), t, lo, hi)(0);
}

double by_simpson(const char* name, double xi, double t, double lo, double hi) {
  const TransformFunction h = find_transform(name);
  const auto density = [&](double z) { return std::exp(-0.5 * (z - xi) * (z - xi) / t); };
  return simpson([&](double z) { return h(z, 0, 0) * density(z); }, lo, hi, 20000) /
         simpson(density, lo, hi, 20000);
}

// The highest point of the density of h(Z) on a grid inside (lo, hi).
double highest(const char* name, double xi, double t, double lo, double hi) {
  const TransformFunction h = find_transform(name);
  double best = kNaN, least = kInf;
  for (int i = 1; i < 20000; ++i) {
    const double z = lo + (hi - lo) * i / 20000;
    const double slope = (h(z + 1e-5, 0, 0) - h(z - 1e-5, 0, 0)) / 2e-5;
    const double height = 0.5 * (z - xi) * (z - xi) / t + std::log(slope);
    if (height < least) {
      least = height;
      best = z;
    }
  }
  return h(best, 0, 0);
}

}  // namespace

TEST_CASE("transform_mean: normal back-transformations in closed form") {
  for (const double t : {1e-6, 0.2, 5.0, 1e4, 1e8}) {
    for (const double x : {-3.0, 0.0, 0.7, 30.0}) {
      REQUIRE(mean_at("iprobit", x, t) ==
              Approx(phi(x / std::sqrt(1.0 + t))).epsilon(1e-11).scale(0));
    }
  }
  CHECK(mean_at("exp", 0.3, 0.5) == rel(std::exp(0.55), 1e-14));
}

TEST_CASE("transform_mean: symmetric where the function is") {
  for (const double x : {0.0, 0.4, 2.0}) {
    CHECK(mean_at("ztor", -x, 0.3) ==
          Approx(-mean_at("ztor", x, 0.3)).epsilon(1e-12).margin(1e-15));
    CHECK(mean_at("ilogit", -x, 0.3) == rel(1 - mean_at("ilogit", x, 0.3), 1e-12));
  }
}

TEST_CASE("transform_mean: by Simpson's rule, on the range of the scale") {
  CHECK(mean_at("ztor", 0.5, 0.2) == rel(by_simpson("ztor", 0.5, 0.2, -6, 7), 1e-10));
  CHECK(mean_at("ilogit", -1.0, 2.0) == rel(by_simpson("ilogit", -1.0, 2.0, -18, 16), 1e-10));
  CHECK(mean_at("iarcsin", 0.6, 0.05) ==
        rel(by_simpson("iarcsin", 0.6, 0.05, 0.0, std::acos(0.0)), 1e-10));
  CHECK(mean_at("iahw", 0.7, 0.1) == rel(by_simpson("iahw", 0.7, 0.1, 0.0, 1.0), 1e-10));
  CHECK(mean_at("iabt", 0.2, 0.5) == rel(by_simpson("iabt", 0.2, 0.5, 0.0, 12.0), 1e-9));
}

TEST_CASE("transform_mean: truncation far out in the tail") {
  // Z given Z > 0 for xi = -40 sd is exponential with rate 40 / sd up to O(1 / 1600).
  REQUIRE(mean_at("iabt", -40.0, 1.0) == Approx(1.0 / 41.0).epsilon(2e-3).scale(0));
}

TEST_CASE("transform_mean: limits of the integral; parts add up") {
  const double whole = mean_at("ilogit", 0.3, 1.0), low = mean_at("ilogit", 0.3, 1.0, kNaN, 0.5),
               high = mean_at("ilogit", 0.3, 1.0, 0.5, kNaN);
  CHECK(low + high == rel(whole, 1e-11));
  CHECK(mean_at("ilogit", 0.3, 1.0, 2.0, 1.0) == 0.0);
  CHECK(mean_at("ilogit", 0.3, 1.0, 200.0, kNaN) == 0.0);
}

TEST_CASE("transform_mean: without spread, at infinity, missing, none") {
  CHECK(mean_at("ztor", 0.5, 0.0) == rel(std::tanh(0.5), 1e-15));
  CHECK(mean_at("ilogit", kInf, 1.0) == 1.0);
  CHECK(mean_at("ilogit", -kInf, 1.0) == 0.0);
  CHECK(std::isnan(mean_at("ilogit", kNaN, 1.0)));
  CHECK(transform_mean("ilogit", Vec(), 1.0, kNaN, kNaN).size() == 0);
  CHECK(transform_mode("ilogit", Vec(), 1.0).size() == 0);
  CHECK_THROWS_AS(mean_at("nothing", 0.0, 1.0), InvalidInput);
  CHECK(mean_at("ztor", 0.5, 1e-14) == rel(std::tanh(0.5), 1e-12));
}

TEST_CASE("transform_mode: stationary equations") {
  const double p = transform_mode("ilogit", one(0.4), 1.9)(0);
  REQUIRE(std::log(p / (1.0 - p)) == Approx(0.4 + 1.9 * (2.0 * p - 1.0)).epsilon(1e-11).scale(0));
  REQUIRE(transform_mode("iabt", one(-1.0), 0.1)(0) == 0.0);
  REQUIRE(transform_mode("iahw", one(0.9), 1.0)(0) == 1.0);
  REQUIRE(std::isnan(transform_mode("ztor", one(0.0), 2.0)(0)));
  REQUIRE_THROWS_AS(transform_mode("dtou1", one(0.0), 2.0), InvalidInput);
}

TEST_CASE("transform_mode: the highest point of the density") {
  const auto mode = [](const char* name, double xi, double t) {
    return transform_mode(name, one(xi), t)(0);
  };
  CHECK(mode("exp", 0.7, 0.4) == rel(highest("exp", 0.7, 0.4, -3, 3), 1e-3));
  CHECK(mode("ztor", 0.5, 0.2) == rel(highest("ztor", 0.5, 0.2, -3, 4), 1e-3));
  CHECK(mode("ilogit", -1.0, 0.8) == rel(highest("ilogit", -1.0, 0.8, -6, 4), 1e-3));
  CHECK(mode("iprobit", 0.6, 0.3) == rel(highest("iprobit", 0.6, 0.3, -3, 4), 1e-3));
  CHECK(mode("iarcsin", 0.6, 0.02) == rel(highest("iarcsin", 0.6, 0.02, 0.3, 1.3), 1e-3));
  CHECK(mode("iahw", 0.5, 0.01) == rel(highest("iahw", 0.5, 0.01, 0.1, 0.8), 1e-3));
  CHECK(mode("iabt", 0.9, 0.1) == rel(highest("iabt", 0.9, 0.1, 0.1, 3.0), 1e-3));
}

TEST_CASE("transform_mode: without spread the value itself; symmetric; missing") {
  for (const char* name : {"exp", "ztor", "ilogit", "iprobit"})
    CHECK(transform_mode(name, one(0.3), 0.0)(0) == find_transform(name)(0.3, 0, 0));
  CHECK(transform_mode("ilogit", one(-0.8), 1.0)(0) ==
        rel(1 - transform_mode("ilogit", one(0.8), 1.0)(0), 1e-12));
  CHECK(transform_mode("iprobit", one(0.5), 1.0)(0) == 1.0);
  CHECK(std::isnan(transform_mode("iprobit", one(0.0), 2.0)(0)));
  CHECK(std::isnan(transform_mode("ilogit", one(0.4), 2.1)(0)));
  CHECK(std::isnan(transform_mode("exp", one(kNaN), 1.0)(0)));
}
