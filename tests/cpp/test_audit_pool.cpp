// References: closed forms at the centre, random points of the box.
#include <cmath>
#include <random>

#include "catch.h"
#include "core/bias/audit_pool.hpp"

using namespace metaparity;

namespace {

PoolBox example(double half) {
  PoolBox out;
  out.y = Vec(3);
  out.y << 0.1, 0.5, -0.2;
  out.s = Vec(3);
  out.s << 0.2, 0.3, 0.25;
  out.y_half = out.s_half = Vec::Constant(3, half);
  return out;
}

}  // namespace

TEST_CASE("audit: exact rows give exact pooled numbers") {
  const PoolRanges r = audit_pool(example(0.0), Tau2Method::FE, 0.95);
  const double w1 = 25.0, w2 = 1.0 / 0.09, w3 = 16.0;
  const double mean = (w1 * 0.1 + w2 * 0.5 - w3 * 0.2) / (w1 + w2 + w3);
  CHECK(r.centre(0) == Approx(mean).epsilon(1e-12));
  CHECK(r.low(0) == r.high(0));
  CHECK(r.centre(kAuditQuantityCount) == Approx(100.0 * w1 / (w1 + w2 + w3)).epsilon(1e-12));
}

TEST_CASE("audit: ranges hold the points of the box") {
  std::mt19937 engine(7);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  for (const Tau2Method method : {Tau2Method::FE, Tau2Method::DL, Tau2Method::REML}) {
    const PoolBox box = example(0.01);
    const PoolRanges r = audit_pool(box, method, 0.95);
    for (int i = 0; i < 200; ++i) {
      PoolBox point = example(0.0);
      for (Index j = 0; j < 3; ++j) {
        point.y(j) += uniform(engine) * box.y_half(j);
        point.s(j) += uniform(engine) * box.s_half(j);
      }
      const PoolRanges exact = audit_pool(point, method, 0.95);
      for (Index j = 0; j < 14; ++j) {
        CHECK(exact.centre(j) >= r.low(j) - 1e-6);
        CHECK(exact.centre(j) <= r.high(j) + 1e-6);
      }
    }
  }
}

TEST_CASE("audit: equal estimates leave Q what their rounding leaves") {
  PoolBox box;
  box.y = Vec::Constant(2, 0.0175);
  box.s = Vec::Constant(2, 0.0128);
  box.y_half = Vec::Constant(2, 0.0025);
  box.s_half = Vec::Constant(2, 0.001);
  const PoolRanges r = audit_pool(box, Tau2Method::FE, 0.95);
  const double z = 0.005 / (0.0118 * std::sqrt(2.0));
  CHECK(r.high(3) >= z * z - 1e-9);
}
