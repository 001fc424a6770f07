// Balanced groups have exact degrees of freedom; scale changes nothing; what is given has none.
#include "core/model/mv_small_sample.hpp"

#include <cmath>

#include "catch.h"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

namespace {

MvModel balanced(stress::Random& r, Index groups, Index size) {
  MvModel m = three_level(r, groups * size, size, false);
  m.X = Mat::Ones(groups * size, 1);
  m.V.diagonal.setConstant(1e-10);
  for (Index g = 0; g < groups; ++g) {
    const double shared = 3.0 * r.normal();
    for (Index i = 0; i < size; ++i) m.y[g * size + i] += shared;
  }
  return m;
}

}  // namespace

TEST_CASE("the mean of balanced groups has one degree of freedom less than groups") {
  stress::Random r(91);
  for (const Index groups : {5, 9, 14}) {
    MvModel m = balanced(r, groups, 4);
    const MvFit fit = fit_mv(m, MvSpec{});
    REQUIRE(fit.tau2[0][0] > 0.0);
    const Vec df = mv_satterthwaite(m, fit.tau2, fit.rho, true);
    CHECK(df[0] == Approx(static_cast<double>(groups) - 1.0).epsilon(1e-5));
    const double unit = 1e-6;
    m.y *= unit;
    m.V.diagonal *= unit * unit;
    const MvFit small = fit_mv(m, MvSpec{});
    CHECK(mv_satterthwaite(m, small.tau2, small.rho, true)[0] == Approx(df[0]).epsilon(1e-6));
  }
}

TEST_CASE("one component against differences of its score") {
  stress::Random r(92);
  MvModel m = base_model(r, 20, 2);
  IndexVec own;
  for (Index i = 0; i < 20; ++i) own.push_back(i);
  m.terms = {component(own)};
  const MvFit fit = fit_mv(m, MvSpec{});
  REQUIRE(fit.tau2[0][0] > 0.0);
  const double t = fit.tau2[0][0], h = 1e-4 * t;
  const MvLayout layout = mv_layout(m, {0});
  const auto likelihood = mv_block_likelihood(m, mv_clusters(m), layout);
  const auto at = [&](double x) { return likelihood->mean(Vec::Constant(1, x)); };
  const double info = -(at(t + h).reml - 2.0 * at(t).reml + at(t - h).reml) / (h * h);
  const Vec df = mv_satterthwaite(m, fit.tau2, fit.rho, true);
  for (Index c = 0; c < 2; ++c) {
    const double slope = (at(t + h).vb(c, c) - at(t - h).vb(c, c)) / (2.0 * h), v = fit.vb(c, c);
    CHECK(df[c] == Approx(2.0 * v * v * info / (slope * slope)).epsilon(1e-4));
  }
  m.terms[0].tau2[0] = t;
  CHECK(std::isnan(mv_satterthwaite(m, fit.tau2, fit.rho, true)[0]));
}
