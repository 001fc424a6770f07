// Which terms leave the blocks: those whose levels link many rows, and none of nested models.
#include "core/model/mv_split.hpp"

#include "catch.h"
#include "hard_data.hpp"
#include "mv_models.hpp"

using namespace metaparity;

TEST_CASE("terms that divide the rows alike leave together, nested ones stay") {
  stress::Random r(6);
  MvModel m = three_level(r, 400, 4, false);
  IndexVec level;
  for (Index i = 0; i < 400; ++i) level.push_back((i * 7) % 11);
  m.terms.push_back(component(level));
  MvTerm known = component(IndexVec(400, 0));
  known.inner = level;
  known.levels = 11;
  known.known = Mat::Identity(11, 11) + 0.2 * Mat::Ones(11, 11);
  m.terms.push_back(known);
  const MvSplit split = mv_split(m);
  REQUIRE(split.far.size() == 1);
  CHECK(split.far[0].size == 11);
  CHECK((split.far[0].terms == std::vector<std::size_t>{2, 3}));
  IndexVec left;
  const MvModel near = mv_near_model(m, split.far, left);
  CHECK((left == IndexVec{0, 1}));
  CHECK(mv_clusters(near).size() == 100);
}

TEST_CASE("a matrix that is no covariance matrix stays in its blocks") {
  stress::Random r(7);
  MvModel m = base_model(r, 12, 1);
  MvTerm known = component(IndexVec(12, 0));
  for (Index i = 0; i < 12; ++i) known.inner[static_cast<std::size_t>(i)] = i % 3;
  known.levels = 3;
  known.known = Mat::Identity(3, 3);
  known.known(0, 1) = known.known(1, 0) = 1.5;
  m.terms = {known};
  CHECK(mv_split(m).far.empty());
}
