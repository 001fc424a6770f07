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

TEST_CASE("what comes near 0 is 0, and has no correlation") {
  stress::Random r(78);
  int none = 0;
  for (int i = 0; i < 12; ++i) {
    MvModel m = two_outcomes(r, 6, MvStruct::UN);
    m.terms[0].levels = 3;
    for (std::size_t j = 0; j < m.terms[0].inner.size(); ++j)
      m.terms[0].inner[j] = static_cast<Index>(j % 3);
    m.terms[0].tau2 = Vec::Constant(3, kNaN);
    m.terms[0].rho = Vec::Constant(3, kNaN);
    m.terms[0].tau2[2] = 0.0;
    // Nothing varies beyond sampling.
    for (Index j = 0; j < m.y.size(); ++j) m.y[j] = 0.2 * std::sqrt(m.V.diagonal[j]) * r.normal();
    const MvFit fit = fit_mv(m, {});
    for (Index j = 0; j < 3; ++j) CHECK((fit.tau2[0][j] == 0.0 || fit.tau2[0][j] > 1e-14));
    if (fit.tau2[0][0] > 0.0 || fit.tau2[0][1] > 0.0) continue;
    ++none;
    CHECK(fit.rho[0].isZero(0.0));
  }
  CHECK(none > 0);
}
