// Reference: closed forms for an intercept, refits for the deletions.
#include "catch.h"
#include "core/model/influence.hpp"
#include "core/model/random_effects.hpp"

using namespace metaparity;

namespace {
struct Data {
  Vec y{Vec(5)}, v{Vec(5)};
  Mat one{Mat::Ones(5, 1)};
  Data() {
    y << 1.0, 2.0, 4.0, 3.0, 2.5;
    v << 0.1, 0.2, 0.3, 0.4, 0.1;
  }
};
}  // namespace

TEST_CASE("residuals of an intercept have the variance m (1 - h)") {
  const Data d;
  const double tau2 = 0.3;
  const Vec m = d.v.array() + tau2;
  const Vec w = m.cwiseInverse();
  const Residuals r = residuals(d.y, d.v, d.one, Vec(), tau2, true);
  const double mean = w.dot(d.y) / w.sum();
  for (Index i = 0; i < 5; ++i) {
    CHECK(r.hat[i] == Approx(w[i] / w.sum()).epsilon(1e-13));
    CHECK(r.resid[i] == Approx(d.y[i] - mean).epsilon(1e-13));
    CHECK(r.se[i] == Approx(std::sqrt(m[i] * (1.0 - w[i] / w.sum()))).epsilon(1e-13));
    CHECK(r.pearson[i] == Approx(r.resid[i] / std::sqrt(m[i])).epsilon(1e-13));
  }
  const Residuals same = residuals(d.y, d.v, d.one, w, tau2, true);
  CHECK((same.se - r.se).cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("weights in percent survive tiny variances") {
  const Data d;
  const Vec tiny = d.v * 1e-310;
  CHECK(percent_weights(d.v * 1e-300, Vec(), 0.0, true)
            .isApprox(percent_weights(d.v, Vec(), 0.0, true), 1e-13));
  CHECK(percent_weights(tiny, Vec(), 0.0, true).sum() == Approx(100.0));
  CHECK(percent_weights(d.v, Vec(), 0.5, false)[2] == Approx(20.0));
}

TEST_CASE("deletions are refits, and missing where no fit is left") {
  const Data d;
  ModelSpec spec;
  spec.method = Tau2Method::DL;
  const Influence all = influence(d.y, d.v, d.one, Vec(), spec);
  const RmaFit del = fit_rma(d.y.tail(4), d.v.tail(4), d.one.topRows(4), Vec(), spec);
  CHECK(all.tau2[0] == Approx(del.tau2).epsilon(1e-13));
  CHECK(all.QE[0] == Approx(del.QE).epsilon(1e-13));
  CHECK(all.resid[0] == Approx(d.y[0] - del.beta[0]).epsilon(1e-13));
  const RmaFit full = fit_rma(d.y, d.v, d.one, Vec(), spec);
  const double change = full.beta[0] - del.beta[0];
  CHECK(all.cook[0] == Approx(change * change / full.vb(0, 0)).epsilon(1e-12));
  CHECK(all.cov_r[0] == Approx(del.vb(0, 0) / full.vb(0, 0)).epsilon(1e-12));
  Mat dummy(5, 2);
  dummy << 1, 1, 1, 0, 1, 0, 1, 0, 1, 0;
  const Influence gap = influence(d.y, d.v, dummy, Vec(), spec);
  CHECK(std::isnan(gap.z[0]));
  CHECK(!std::isnan(gap.z[1]));
}
