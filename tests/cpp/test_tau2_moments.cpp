// Closed estimators by hand on equal and unequal variances.
#include "catch.h"
#include "core/tau2/q_interval.hpp"
#include "core/tau2/tau2_moments.hpp"

using namespace metaparity;

namespace {

struct Four {
  Vec y = Vec(4), v = Vec(4);
  Mat X = Mat::Ones(4, 1);
  Four() {
    y << 0, 1, 2, 5;
    v << 0.2, 0.5, 0.3, 1.0;
  }
  double q_with(const Vec& w) const {
    const double mu = w.dot(y) / w.sum();
    return (w.array() * (y.array() - mu).square()).sum();
  }
};

}  // namespace

TEST_CASE("Hartung and Makambi: Q^2 / ((2 df + Q) c)") {
  const Four d;
  const double Q = d.q_with(d.v.cwiseInverse());
  CHECK(hartung_makambi(d.y, d.v, d.X) ==
        Approx(Q * Q / ((6.0 + Q) * q_scale(d.v))).epsilon(1e-10));
}

TEST_CASE("Rukhin's estimators") {
  const Four d;
  // sum (y - 2)^2 = 14, k + 1 = 5.
  CHECK(rukhin_bp(d.y) == Approx(14.0 / 5.0));
  // (N - k)(k - 1) mean(v) / ((k + 1)(N - k + 2)) with N = 44.
  CHECK(rukhin_b0(d.y, d.v, 44.0) == Approx(14.0 / 5.0 - 40.0 * 3.0 * 0.5 / (5.0 * 42.0)));
}

TEST_CASE("DerSimonian and Kacker: the moment equation with weights 1 / (v + start)") {
  const Four d;
  const double start = 1.7;
  const Vec w = (d.v.array() + start).inverse();
  const double s1 = w.sum(), s2 = w.squaredNorm();
  const double noise = w.dot(d.v) - w.array().square().matrix().dot(d.v) / s1;
  CHECK(dersimonian_kacker(d.y, d.v, d.X, start) ==
        Approx((d.q_with(w) - noise) / (s1 - s2 / s1)).epsilon(1e-10));
}

TEST_CASE("Sidik and Jonkman: start times the weighted mean square") {
  const Four d;
  const double start = 1.7;
  const Vec w = (d.v.array() / start + 1.0).inverse();
  CHECK(sidik_jonkman_from(d.y, d.v, d.X, start) ==
        Approx(d.q_with(w) / 3.0 * 1.0 * 1.0).epsilon(1e-10));
}
