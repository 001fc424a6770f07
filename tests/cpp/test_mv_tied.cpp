// Components equal in sets against the model with one component.
#include "core/model/mv_tied.hpp"

#include "catch.h"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("two variances that are equal are those of one structure with a common variance") {
  stress::Random r(73);
  for (int i = 0; i < 6; ++i) {
    MvModel apart = two_outcomes(r, 10, MvStruct::DIAG);
    MvModel common = apart;
    common.terms[0].structure = MvStruct::ID;
    common.terms[0].tau2 = Vec::Constant(1, kNaN);
    apart.ties = {0, 0};
    const MvFit a = fit_mv(apart, {}), b = fit_mv(common, {});
    CHECK(a.tau2[0][0] == a.tau2[0][1]);
    CHECK(a.tau2[0][0] == Approx(b.tau2[0][0]).epsilon(1e-7).margin(1e-12));
    CHECK(a.of_reml.ll == Approx(b.of_reml.ll).epsilon(1e-10));
  }
}
