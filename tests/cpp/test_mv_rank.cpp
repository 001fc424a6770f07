// Reduced factors: as likely as the full ones, and the same components in another layout.
#include "core/model/mv_rank.hpp"

#include <cmath>

#include "catch.h"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("a factor of lower rank is kept where it is as likely, and its components are carried") {
  stress::Random r(75);
  int reduced = 0;
  for (int i = 0; i < 20; ++i) {
    const MvModel m = two_outcomes(r, 6, MvStruct::UN);
    const std::vector<MvCluster> clusters = mv_clusters(m);
    IndexVec ranks{MvShape::full_rank(m.terms[0])};
    MvLayout layout = mv_layout(m, ranks);
    mv::Search found;
    mv::search(m, clusters, layout, {}, found);
    const double before = found.best.ll;
    mv::reduce(m, clusters, {}, ranks, layout, found);
    reduced += ranks[0] == 1;
    CHECK(found.best.ll >= before - 1e-8);
    const MvLayout plain = mv_layout(m, IndexVec(1, 0));
    const Vec psi = mv::carried(m, layout, found.best.psi, plain);
    const Mat G = layout.shapes[0].value(found.best.psi);
    CHECK((plain.shapes[0].value(psi) - G).norm() <= 1e-9 * (1e-9 + G.norm()));
    if (ranks[0] == 1) CHECK(std::fabs(layout.shapes[0].rho(found.best.psi)[0]) == 1.0);
  }
  CHECK(reduced > 0);
}
