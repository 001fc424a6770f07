// Starts lie inside the bounds, and what is given stays.
#include "core/model/mv_starts.hpp"

#include "catch.h"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("starts lie inside the bounds and keep what is given") {
  stress::Random r(72);
  MvModel m = two_outcomes(r, 8, MvStruct::HCS);
  m.terms[0].tau2[1] = 0.3;
  const MvLayout layout = mv_layout(m, IndexVec(1, 0));
  const MvBox box = mv::box_of(layout);
  const double excess = mv::excess_variance(m);
  CHECK(excess > 0.0);
  CHECK(mv::starts_of(m, true).size() > mv::starts_of(m, false).size());
  for (const mv::Start& start : mv::starts_of(m, true)) {
    const Vec psi = mv::start_values(m, layout, start, excess);
    CHECK((psi.array() >= box.lower.array()).all());
    CHECK((psi.array() <= box.upper.array()).all());
    CHECK(layout.shapes[0].tau2(psi)[1] == Approx(0.3));
  }
  CHECK(box.fixed[1] == 1);
  CHECK(mv::own_start(m, layout, excess).size() == 0);
  m.terms[0].tau2_start = Vec::Constant(2, 0.7);
  const Vec own = mv::own_start(m, layout, excess);
  CHECK(layout.shapes[0].tau2(own)[0] == Approx(0.7));
  CHECK(layout.shapes[0].tau2(own)[1] == Approx(0.3));
}
