// Reference: exhaustive properties of the loop, shift, scale and reflection.
#include <cmath>
#include <random>

#include "catch.h"
#include "core/bias/trimfill.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

const Vec yi = (Vec(8) << -0.9, -0.4, -0.1, 0.0, 0.05, 0.2, 0.9, 1.3).finished();
const Vec vi = (Vec(8) << 0.3, 0.05, 0.02, 0.01, 0.02, 0.04, 0.3, 0.4).finished();

ModelSpec model_of(Tau2Method method) {
  ModelSpec spec;
  spec.method = method;
  return spec;
}

}  // namespace

TEST_CASE("reflection swaps the side and nothing else") {
  for (TrimEstimator e : {TrimEstimator::L0, TrimEstimator::R0}) {
    for (Tau2Method m : {Tau2Method::FE, Tau2Method::DL, Tau2Method::REML}) {
      TrimFillSpec spec;
      spec.estimator = e;
      const TrimFill a = trim_and_fill(yi, vi, Vec(), model_of(m), spec);
      const TrimFill b = trim_and_fill(-yi, vi, Vec(), model_of(m), spec);
      CHECK(a.k0 == b.k0);
      CHECK(a.side != b.side);
      CHECK(a.centre == Approx(-b.centre));
      REQUIRE(a.filled_yi.size() == a.k0);
      for (int i = 0; i < a.k0; ++i) CHECK(a.filled_yi(i) == Approx(-b.filled_yi(i)));
    }
  }
}

TEST_CASE("scale and shift follow through") {
  const TrimFill base = trim_and_fill(yi, vi, Vec(), model_of(Tau2Method::DL), TrimFillSpec());
  for (double s : {1e-9, 1e-4, 1e5, 1e9}) {
    const TrimFill r =
        trim_and_fill(s * yi, s * s * vi, Vec(), model_of(Tau2Method::DL), TrimFillSpec());
    CHECK(r.k0 == base.k0);
    CHECK(r.centre == Approx(s * base.centre).epsilon(1e-10));
  }
}

TEST_CASE("the loop always ends, keeps a study and mirrors at its centre") {
  std::mt19937_64 rng(11);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  int cycles = 0, without_q0 = 0;
  for (int rep = 0; rep < 3000; ++rep) {
    const Index k = 2 + rep % 19;
    Vec y(k), v(k);
    for (Index i = 0; i < k; ++i) {
      v(i) = std::exp(6.0 * uniform(rng) - 4.0);
      y(i) = normal(rng) * std::sqrt(v(i) + 0.2) + (rep % 3) * std::sqrt(v(i));
    }
    TrimFillSpec spec;
    spec.estimator = static_cast<TrimEstimator>(rep % 3);
    TrimFill r;
    try {
      r = trim_and_fill(y, v, Vec(), model_of(rep % 2 ? Tau2Method::DL : Tau2Method::REML), spec);
    } catch (const InvalidInput& e) {
      REQUIRE(spec.estimator == TrimEstimator::Q0);
      REQUIRE(e.arg() == "estimator");
      ++without_q0;
      continue;
    }
    REQUIRE((r.converged || !r.cycle.empty()));
    REQUIRE(r.k0 < k);
    cycles += !r.cycle.empty();
    if (!r.cycle.empty()) REQUIRE(r.k0 == r.cycle.front());
    for (int i = 0; i < r.k0; ++i) {
      const double source = y(r.source[static_cast<std::size_t>(i)]);
      REQUIRE(r.filled_yi(i) + source == Approx(2.0 * r.centre).margin(1e-12));
    }
  }
  CHECK(cycles > 0);
  CHECK(without_q0 > 0);
}

TEST_CASE("limits, few studies and equal variances") {
  TrimFillSpec spec;
  spec.side = TrimSide::Left;
  spec.limits = {-0.3, 0.3};
  const TrimFill r = trim_and_fill(yi, vi, Vec(), model_of(Tau2Method::FE), spec);
  REQUIRE(r.k0 > 0);
  CHECK(r.filled_yi.minCoeff() >= -0.3);
  CHECK_THROWS_AS(trim_and_fill(yi.head(1), vi.head(1), Vec(), ModelSpec(), spec), InvalidInput);
  const TrimFill flat =
      trim_and_fill(yi, Vec::Ones(8), Vec(), model_of(Tau2Method::REML), TrimFillSpec());
  CHECK(flat.side == TrimSide::Left);
  const TrimFill same =
      trim_and_fill(Vec::Zero(5), Vec::Ones(5), Vec(), model_of(Tau2Method::DL), TrimFillSpec());
  CHECK(same.k0 == 0);
}

TEST_CASE("filled data carry the variances and weights of their sources") {
  TrimFillSpec spec;
  spec.side = TrimSide::Left;
  const Vec w = (Vec(8) << 1, 2, 3, 4, 5, 6, 7, 8).finished();
  const TrimFill r = trim_and_fill(yi, vi, w, model_of(Tau2Method::FE), spec);
  const FilledData all = fill(yi, vi, w, r);
  REQUIRE(all.yi.size() == 8 + r.k0);
  for (int i = 0; i < r.k0; ++i) {
    const int row = r.source[static_cast<std::size_t>(i)];
    CHECK(all.vi(8 + i) == vi(row));
    CHECK(all.weights(8 + i) == w(row));
  }
}
