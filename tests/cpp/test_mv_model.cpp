// Which rows depend on each other, blocks of V, and models of fewer rows.
#include "core/model/mv_model.hpp"

#include "catch.h"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("rows are connected by groups, by blocks of V and by related levels") {
  stress::Random r(51);
  CHECK(mv_clusters(three_level(r, 12, 3, true)).size() == 4);
  CHECK(mv_clusters(crossed_model(r, 20)).size() == 1);
  MvModel m = base_model(r, 4, 1);
  CHECK(mv_clusters(m).size() == 4);
  MvTerm known = component({0, 0, 0, 0});
  known.inner = {0, 1, 2, 3};
  known.levels = 4;
  known.known = Mat::Identity(4, 4);
  known.known(1, 2) = known.known(2, 1) = 0.5;
  m.terms = {known};
  CHECK(mv_clusters(m).size() == 3);
}

TEST_CASE("a matrix falls into blocks of its connected rows") {
  Mat V = Mat::Identity(5, 5);
  CHECK(mv_sampling(V).is_diagonal());
  V(0, 3) = V(3, 0) = 0.2;
  const SamplingV found = mv_sampling(V);
  REQUIRE(found.blocks.size() == 4);
  CHECK((found.rows[0] == IndexVec{0, 3}));
  CHECK(found.blocks[0](0, 1) == 0.2);
}

TEST_CASE("fewer rows keep their groups, covariates and covariances") {
  stress::Random r(52);
  const IndexVec keep{5, 1, 4};
  for (const MvModel& m : {slopes_model(r, 3), three_level(r, 9, 3, true)}) {
    const MvModel part = mv_subset(m, keep);
    REQUIRE(part.y.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      const Index at = static_cast<Index>(i);
      CHECK(part.y[at] == m.y[keep[i]]);
      CHECK(part.terms[0].outer[i] == m.terms[0].outer[static_cast<std::size_t>(keep[i])]);
      if (m.terms[0].general())
        CHECK(part.terms[0].design.row(at) == m.terms[0].design.row(keep[i]));
    }
    // Rows 4 and 5 share a block of V, row 1 stands alone.
    if (!m.V.is_diagonal()) CHECK(part.V.blocks.size() == 2);
  }
}
