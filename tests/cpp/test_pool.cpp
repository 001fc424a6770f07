// Reference: least squares and the traces of dense P.
#include "core/tau2/pool.hpp"

#include "catch.h"
#include "core/linalg/weighted_ls.hpp"
#include "hard_data.hpp"

using namespace metaparity;

TEST_CASE("pooling without storage is weighted least squares") {
  stress::Random r(131);
  for (int k : {1, 2, 3, 4, 5, 8, 9, 17}) {
    Vec y(k), v(k);
    for (int i = 0; i < k; ++i) {
      y(i) = 3.0 + r.normal();
      v(i) = r.power10(-2.0, 1.0);
    }
    for (double tau2 : {0.0, 0.7}) {
      const Pooled out = pool(y, v, tau2);
      const Vec w = (v.array() + tau2).inverse();
      const WlsFit fit = weighted_ls(y, Mat::Ones(k, 1), w);
      CHECK(out.mu == Approx(fit.beta(0)).epsilon(1e-13));
      CHECK(out.sum_w == Approx(w.sum()).epsilon(1e-13));
      CHECK(out.rss == Approx(fit.rss).epsilon(1e-11));
      const Mat P = Mat(w.asDiagonal()) - w * w.transpose() / w.sum();
      CHECK(out.tr_p == Approx(P.trace()).epsilon(1e-11));
      CHECK(out.tr_pp == Approx((P * P).trace()).epsilon(1e-11));
    }
  }
}
