// The information of components against differences of the likelihood; flat directions.
#include "core/model/mv_information.hpp"

#include "catch.h"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("the information of components is minus the second difference of the likelihood") {
  stress::Random r(76);
  const MvModel m = three_level(r, 40, 4, false);
  MvSpec spec;
  spec.vcov = true;
  const MvFit fit = fit_mv(m, spec);
  for (Index t = 0; t < 2; ++t) {
    const std::size_t own = static_cast<std::size_t>(t);
    if (!(fit.tau2[own][0] > 0.0)) continue;
    MvModel held = m;
    for (std::size_t s = 0; s < 2; ++s) held.terms[s].tau2 = fit.tau2[s];
    const double h = 1e-3 * fit.tau2[own][0];
    const auto ll = [&](double by) {
      held.terms[own].tau2[0] = fit.tau2[own][0] + by;
      return fit_mv(held, {}).of_reml.ll;
    };
    const double second = (ll(h) - 2.0 * ll(0.0) + ll(-h)) / (h * h);
    CHECK(fit.information(t, t) == Approx(-second).epsilon(1e-3));
  }
}

TEST_CASE("two components of the same rows are a flat direction") {
  stress::Random r(77);
  MvModel m = three_level(r, 24, 3, false);
  m.terms[0].outer = m.terms[1].outer;
  const MvFit fit = fit_mv(m, {});
  CHECK(fit.flat == std::vector<char>(2, 1));
}
