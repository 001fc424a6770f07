// Score and observed information against differences; the standardised coefficients are those of the data.
#include "core/model/location_scale_problem.hpp"

#include <cmath>

#include "catch.h"
#include "hard_data.hpp"

using namespace metaparity;
using location_scale::Problem;

namespace {

LocationScaleData some_data(stress::Random& r) {
  LocationScaleData out{Vec(12), Vec(12), Mat::Ones(12, 2), Mat::Ones(12, 2)};
  for (Index i = 0; i < 12; ++i) {
    out.vi[i] = r.power10(-2.0, -0.5);
    out.X(i, 1) = r.normal();
    out.Z(i, 1) = 3.0 + r.normal();
    out.yi[i] = 0.5 * r.normal();
  }
  return out;
}

}  // namespace

TEST_CASE("derivatives of the standardised likelihood") {
  stress::Random r(5);
  for (const ScaleLink link : {ScaleLink::Log, ScaleLink::Identity}) {
    for (const Vec& beta :
         {Vec(), Vec(Eigen::Vector2d(kNaN, 0.2)), Vec(Eigen::Vector2d(0.1, -0.1))}) {
      LocationScaleSpec spec;
      spec.link = link;
      spec.beta = beta;
      const Problem problem(some_data(r), spec);
      const Vec a = problem.from_alpha(link == ScaleLink::Log ? Vec(Eigen::Vector2d(-2.0, 0.1))
                                                              : Vec(Eigen::Vector2d(0.1, 0.02)));
      const Expansion at = problem.expand(a);
      for (Index j = 0; j < 2; ++j) {
        Vec up = a, down = a;
        up[j] += 1e-5;
        down[j] -= 1e-5;
        const Expansion u = problem.expand(up), d = problem.expand(down);
        CHECK(at.gradient[j] == Approx((u.value - d.value) / 2e-5).epsilon(1e-6).margin(1e-7));
        for (Index l = 0; l < 2; ++l)
          CHECK(at.hessian(l, j) ==
                Approx((u.gradient[l] - d.gradient[l]) / 2e-5).epsilon(1e-6).margin(1e-6));
      }
      const Mat unit = problem.alpha_map() * problem.back_map();
      CHECK((unit - Mat::Identity(2, 2)).cwiseAbs().maxCoeff() < 1e-12);
      CHECK((problem.to_alpha(a) - problem.alpha_map() * a).cwiseAbs().maxCoeff() < 1e-13);
      const Vec b = problem.beta(problem.solve(problem.amounts(a)));
      for (Index j = 0; j < beta.size(); ++j)
        if (!std::isnan(beta[j])) CHECK(b[j] == beta[j]);
    }
  }
}
