// Henmi and Copas against metafor::hc; Biggerstaff and Tweedie by brute integration; the interval
// of tau2 by its definition.
#include <algorithm>
#include <cmath>

#include "catch.h"
#include "core/model/gamma_models.hpp"
#include "core/tau2/q_interval.hpp"

using namespace metaparity;

namespace {

struct Bcg {
  Vec y = Vec(13), v = Vec(13);
  Bcg() {
    y << -.889, -1.585, -1.348, -1.442, -.218, -.786, -1.621, .012, -.469, -1.371, -.339, .446,
        -.017;
    v << .326, .195, .415, .020, .051, .007, .223, .004, .056, .073, .012, .533, .071;
  }
};

}  // namespace

TEST_CASE("Henmi and Copas as metafor's hc") {
  const Bcg d;
  const HenmiCopas h = henmi_copas(d.y, d.v, 0.3070134780, 0.95);
  CHECK(h.est == Approx(-0.4303735434).epsilon(1e-8));
  CHECK(h.se == Approx(0.2814249563).epsilon(1e-8));
  CHECK(h.lb == Approx(-1.1493792138).epsilon(1e-4));
  CHECK(h.ub == Approx(0.2886321270).epsilon(1e-4));
  // The p value is 0.05 where an end of the interval is the null.
  const Vec moved = d.y.array() - h.ub;
  CHECK(henmi_copas(moved, d.v, 0.3070134780, 0.95).p == Approx(0.05).epsilon(1e-4));
}

TEST_CASE("Biggerstaff and Tweedie's weights are means over the distribution of tau2") {
  const Bcg d;
  const double tau2 = 0.3070134780;
  const BiggerstaffTweedie b = biggerstaff_tweedie(d.y, d.v, tau2);
  const QMoments m = q_moments(d.v, tau2);
  const int steps = 20000;
  double brute = 0.0;
  for (int j = 0; j < steps; ++j) {
    const double q = gamma_quantile((j + 0.5) / steps, m);
    brute += 1.0 / (d.v[3] + std::max(0.0, (q - 12.0) / q_scale(d.v)));
  }
  CHECK(b.weights[3] == Approx(brute / steps).epsilon(1e-4));
  CHECK(b.est == Approx(b.weights.dot(d.y) / b.weights.sum()));
  const BiggerstaffTweedie none = biggerstaff_tweedie(d.y, d.v, 0.0);
  CHECK(none.weights[3] < 1.0 / d.v[3]);
}

TEST_CASE("at the ends of its interval tau2 puts Q at the tails") {
  const Bcg d;
  const double w = d.v.cwiseInverse().sum(), mu = (d.y.array() / d.v.array()).sum() / w;
  const double Q = ((d.y.array() - mu).square() / d.v.array()).sum();
  const Interval ci = gamma_tau2_interval(Q, d.v, 0.95);
  CHECK(gamma_lower(Q, q_moments(d.v, ci.lb)) == Approx(0.975).epsilon(1e-6));
  CHECK(gamma_lower(Q, q_moments(d.v, ci.ub)) == Approx(0.025).epsilon(1e-6));
  CHECK(gamma_tau2_interval(3.0, d.v, 0.95).lb == 0.0);
}
