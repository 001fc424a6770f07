// Diagonal plus rank one against dense blocks; which models are such, and which are not.
#include <cmath>

#include "catch.h"
#include "core/model/mv_likelihood.hpp"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

namespace {

std::unique_ptr<MvLikelihood> nested_of(const MvModel& m) {
  return mv_nested_likelihood(m, mv_clusters(m));
}

}  // namespace

TEST_CASE("diagonal plus rank one is the same likelihood as dense blocks") {
  stress::Random r(5);
  for (const bool dependent : {false, true}) {
    const MvModel model = three_level(r, 30, 5, dependent);
    const std::vector<MvCluster> clusters = mv_clusters(model);
    const MvLayout layout = mv_layout(model, {0, 0});
    const auto blocks = mv_block_likelihood(model, clusters, layout);
    const auto nested = mv_nested_likelihood(model, clusters);
    REQUIRE(nested != nullptr);
    for (const double s1 : {0.0, 0.3}) {
      for (const double s2 : {0.0, 0.1, 2.0}) {
        const Vec psi = (Vec(2) << s1, s2).finished();
        const MvMean a = blocks->mean(psi), b = nested->mean(psi);
        CHECK(a.reml == Approx(b.reml).epsilon(1e-12));
        CHECK(a.ml == Approx(b.ml).epsilon(1e-12));
        CHECK((a.vb - b.vb).norm() < 1e-12 * a.vb.norm());
        for (const bool restricted : {true, false}) {
          const MvSlope sa = blocks->slope(psi, restricted, true),
                        sb = nested->slope(psi, restricted, true);
          CHECK((sa.score - sb.score).norm() < 1e-10 * (1.0 + sa.score.norm()));
          CHECK((sa.information - sb.information).norm() < 1e-10 * sa.information.norm());
        }
      }
    }
  }
}

TEST_CASE("a single component has one parameter and the likelihood of the other's zero") {
  stress::Random r(6);
  const MvModel both = three_level(r, 20, 4, true);
  const Vec psi = (Vec(2) << 0.3, 0.2).finished();
  for (const std::size_t kept : {std::size_t{0}, std::size_t{1}}) {
    MvModel one = both;
    one.terms = {both.terms[kept]};
    const auto alone = nested_of(one);
    REQUIRE(alone != nullptr);
    CHECK(alone->size() == 1);
    const Index at = static_cast<Index>(kept);
    Vec zeroed = Vec::Zero(2);
    zeroed[at] = psi[at];
    const auto whole = nested_of(both);
    const MvMean a = alone->mean(psi.segment(at, 1)), b = whole->mean(zeroed);
    CHECK(a.reml == Approx(b.reml).epsilon(1e-13));
    const MvSlope sa = alone->slope(psi.segment(at, 1), true, true),
                  sb = whole->slope(zeroed, true, true);
    CHECK(sa.score[0] == Approx(sb.score[at]).epsilon(1e-12));
    CHECK(sa.information(0, 0) == Approx(sb.information(at, at)).epsilon(1e-12));
  }
}

TEST_CASE("other models are left to other likelihoods") {
  stress::Random r(7);
  CHECK(nested_of(crossed_model(r, 20)) == nullptr);
  CHECK(nested_of(two_outcomes(r, 6, MvStruct::CS)) == nullptr);
  MvModel twice = three_level(r, 12, 3, false);
  twice.terms[1] = twice.terms[0];
  CHECK(nested_of(twice) == nullptr);
  MvModel none = three_level(r, 12, 3, false);
  none.terms.clear();
  CHECK(nested_of(none) == nullptr);
}

TEST_CASE("a variance that is not positive has no mean") {
  stress::Random r(8);
  MvModel m = three_level(r, 12, 3, false);
  m.V.diagonal[4] = 0.0;
  const auto likelihood = nested_of(m);
  REQUIRE(likelihood != nullptr);
  CHECK_FALSE(likelihood->mean((Vec(2) << 0.1, 0.0).finished()).valid);
  CHECK(likelihood->mean((Vec(2) << 0.1, 0.1).finished()).valid);
}
