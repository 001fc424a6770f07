// The search: what it keeps of the climbs, and no start with a higher likelihood.
#include "core/model/mv_search.hpp"

#include "catch.h"
#include "core/model/mv_starts.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("the search keeps the highest of its climbs and the next maximum") {
  mv::Search search;
  const auto peak = [](double ll) {
    MvPeak out;
    out.valid = out.settled = true;
    out.ll = ll;
    return out;
  };
  search.take(peak(-3.0));
  search.take(peak(-2.0));
  search.take(peak(-2.0 + 1e-9));
  CHECK(search.best.ll == Approx(-2.0));
  CHECK(search.second == Approx(-3.0));
  CHECK(search.maxima == 2);
  CHECK(search.starts == 3);
}

TEST_CASE("no start ends above what the search has found") {
  stress::Random r(74);
  for (int i = 0; i < 10; ++i) {
    const MvModel m = two_outcomes(r, 8, MvStruct::HCS);
    const MvLayout layout = mv_layout(m, IndexVec(1, 0));
    const std::vector<MvCluster> clusters = mv_clusters(m);
    const MvSpec spec;
    mv::Search found;
    mv::search(m, clusters, layout, spec, found);
    const auto likelihood = mv::likelihood_of(m, clusters, layout);
    const MvBox box = mv::box_of(layout);
    for (int start = 0; start < 6; ++start) {
      Vec psi(3);
      psi << r.power10(-2.0, 0.5), r.power10(-2.0, 0.5), 0.9 * (start - 2.5) / 2.5;
      CHECK(mv_climb(*likelihood, box, psi, true).ll <= found.best.ll + 1e-9);
    }
  }
}
