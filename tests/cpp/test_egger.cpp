// Reference values: R 4.2.2 lm(); Stata's metabias on the 20 studies of fixtures/stata.
#include <cmath>

#include "catch.h"
#include "core/bias/egger.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {
const Vec yi = (Vec(6) << 0.11, 0.52, -0.13, 0.44, 0.9, -0.4).finished();
const Vec sei = (Vec(6) << 0.05, 0.1, 0.2, 0.3, 0.11, 0.21).finished();
}  // namespace

TEST_CASE("Egger's line is the regression of yi/sei on 1/sei") {
  const LineFit f = egger_line(yi, sei, 0.95);
  const Vec z = yi.cwiseQuotient(sei), x = sei.cwiseInverse();
  const LineFit ols = fit_line(z, x, Vec::Ones(6), 0.95);
  CHECK(f.slope.est == Approx(ols.intercept.est).epsilon(1e-12));
  CHECK(f.intercept.est == Approx(ols.slope.est).epsilon(1e-12));
  CHECK(f.slope.se == Approx(ols.intercept.se).epsilon(1e-12));
  CHECK(f.intercept.se == Approx(ols.slope.se).epsilon(1e-12));
  CHECK(f.rmse == Approx(ols.rmse).epsilon(1e-12));
  CHECK(f.df == 4.0);
  const double closed = -x.mean() * ols.slope.se * ols.slope.se;
  CHECK(ols.covariance == Approx(closed).epsilon(1e-12).scale(0));
  CHECK(f.covariance == Approx(closed).epsilon(1e-12).scale(0));
}

TEST_CASE("the line does not depend on offset or scale") {
  const LineFit base = egger_line(yi, sei, 0.95);
  for (double s : {1e-10, 1e-9, 1e-3, 1e9}) {
    const LineFit f = egger_line(s * yi, s * sei, 0.95);
    CHECK(f.slope.est == Approx(base.slope.est).epsilon(1e-11));
    CHECK(f.slope.se == Approx(base.slope.se).epsilon(1e-11));
    CHECK(f.intercept.est == Approx(s * base.intercept.est).epsilon(1e-11));
  }
  // Powers of two keep the shifted data exact.
  Vec grid = (yi * 64.0).array().round();
  const LineFit whole = egger_line(grid, sei, 0.95);
  const LineFit shifted = egger_line((grid.array() + 1e10).matrix(), sei, 0.95);
  CHECK(shifted.slope.est == Approx(whole.slope.est).epsilon(1e-11));
  CHECK(shifted.slope.se == Approx(whole.slope.se).epsilon(1e-11));
  CHECK(shifted.intercept.est - 1e10 == Approx(whole.intercept.est).margin(1e-5));
}

TEST_CASE("few studies and constant predictors") {
  CHECK_THROWS_AS(egger_line(yi.head(1), sei.head(1), 0.95), InvalidInput);
  CHECK_THROWS_AS(egger_line(yi, Vec::Constant(6, 0.1), 0.95), InvalidInput);
  const LineFit two = egger_line(yi.head(2), sei.head(2), 0.95);
  CHECK(two.df == 0.0);
  CHECK(std::isfinite(two.slope.est));
  CHECK(std::isnan(two.slope.pval));
}

TEST_CASE("the general fit equals the line") {
  Mat X(6, 2);
  X.col(0).setOnes();
  X.col(1) = sei;
  const Vec w = sei.array().square().inverse();
  const LmFit f = fit_lm(yi, X, w, 0.9);
  const LineFit line = fit_line(yi, sei, w, 0.9);
  CHECK(f.beta(1) == Approx(line.slope.est).epsilon(1e-12));
  CHECK(f.se(0) == Approx(line.intercept.se).epsilon(1e-12));
  CHECK(f.ci_lb(1) == Approx(line.slope.ci_lb).epsilon(1e-12));
  CHECK(f.rmse == Approx(line.rmse).epsilon(1e-12));
  const LmFit shifted = fit_lm((yi.array() + 1e8).matrix(), X, w, 0.9);
  CHECK(shifted.se(1) == Approx(line.slope.se).epsilon(1e-6));
  X.col(1).setConstant(2.0);
  CHECK_THROWS_AS(fit_lm(yi, X, w, 0.9), SingularDesign);
}

TEST_CASE("Harbord leaves out studies with a zero margin and names them") {
  const Vec a = (Vec(4) << 3, 0, 5, 8).finished(), b = (Vec(4) << 10, 10, 9, 7).finished();
  const Vec c = (Vec(4) << 5, 0, 2, 4).finished(), d = (Vec(4) << 9, 12, 13, 11).finished();
  const ScoreFit f = harbord_line({a, b, c, d}, ScoreMeasure::OR, 0.95);
  CHECK(f.excluded == std::vector<int>{1});
  CHECK(f.line.k == 3);
  CHECK(std::isfinite(harbord_line({a, b, c, d}, ScoreMeasure::RR, 0.95).line.slope.est));
}

TEST_CASE("strata pool by inverse variance") {
  const PooledBias p =
      pool_bias((Vec(3) << 1.0, 3.0, 9.0).finished(), (Vec(3) << 1.0, 1.0, kNaN).finished());
  CHECK(p.bias == Approx(2.0));
  CHECK(p.se == Approx(std::sqrt(0.5)));
}
