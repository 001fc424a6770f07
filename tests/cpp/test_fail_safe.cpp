// Reference values: closed forms.
#include <cmath>

#include "catch.h"
#include "core/bias/fail_safe.hpp"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

TEST_CASE("fail_safe: Orwin without target doubles the studies; closed form with it") {
  Vec y(3), none;
  y << 0.2, 0.4, 0.9;
  REQUIRE(orwin_n(y, none, kNaN).N == Approx(3.0));
  REQUIRE(orwin_n(y, none, 0.1).N == Approx(12.0));
  REQUIRE(orwin_n(y, none, 0.6).N == 0.0);
}

TEST_CASE("fail_safe: a common effect with the drawer is the closed form") {
  Vec y(3), v(3);
  y << 0.2, 0.4, 0.9;
  v << 0.01, 0.02, 0.04;
  ModelSpec spec;
  spec.method = Tau2Method::FE;
  const double w = v.array().inverse().sum(), est = (y.array() / v.array()).sum() / w;
  for (const bool exact : {true, false}) {
    const WithDrawer d = with_file_drawer(y, v, spec, 6.0, exact);
    REQUIRE(d.est == Approx(est * 3.0 / 9.0).epsilon(1e-12).scale(0));
    REQUIRE(d.tau2 == 0.0);
  }
  for (const bool exact : {true, false})
    REQUIRE(with_file_drawer(y, v, spec, 6.0, exact, -0.1).est ==
            Approx((est * 3.0 - 0.6) / 9.0).epsilon(1e-12).scale(0));
  REQUIRE(with_file_drawer(y, v, spec, 1.0, true).est ==
          Approx(est * 3.0 / 4.0).epsilon(1e-12).scale(0));
}

TEST_CASE("fail_safe: Fisher's N is the smallest with a p value of alpha or more") {
  Vec y(4), v(4);
  y << 0.5, 0.9, -0.1, 1.2;
  v << 0.05, 0.1, 0.2, 0.15;
  double stat = 0.0;
  for (Index i = 0; i < 4; ++i)
    stat -= 2.0 * std::log(0.5 * std::erfc(std::fabs(y[i]) / std::sqrt(2.0 * v[i])));
  const auto p = [&](double n) { return chisq_upper(stat + n * std::log(4.0), 8.0 + 2.0 * n); };
  const FileDrawer f = fisher_n(y, v, 0.05);
  REQUIRE(f.pval == Approx(p(0.0)).epsilon(1e-12).scale(0));
  REQUIRE(p(f.N) >= 0.05);
  REQUIRE(p(f.N - 1.0) < 0.05);
  REQUIRE(fisher_n(0.01 * y, v, 0.05).N == 0.0);
}
