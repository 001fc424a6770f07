// Maxima have no slope along what is free; the cone of the identity link; null spaces.
#include "core/model/location_scale_search.hpp"

#include <cmath>

#include "catch.h"
#include "hard_data.hpp"

using namespace metaparity;
using namespace metaparity::location_scale;

namespace {

LocationScaleData some_data(stress::Random& r) {
  LocationScaleData out{Vec(25), Vec(25), Mat::Ones(25, 1), Mat::Ones(25, 2)};
  for (Index i = 0; i < 25; ++i) {
    out.vi[i] = r.power10(-2.0, -1.0);
    out.Z(i, 1) = i % 2 == 0 ? 0.0 : 1.0;
    out.yi[i] = r.normal() * std::sqrt(out.vi[i] + 0.2 + 0.3 * out.Z(i, 1));
  }
  return out;
}

}  // namespace

TEST_CASE("with a group as scale both links have the same maximum") {
  stress::Random r(3);
  const LocationScaleData data = some_data(r);
  LocationScaleSpec spec;
  const Problem logarithms(data, spec);
  spec.link = ScaleLink::Identity;
  const Problem amounts(data, spec);
  const Affine free_log = free_directions(logarithms, spec, 2),
               free_own = free_directions(amounts, spec, 2);
  std::vector<Index> working;
  const Found a = search_log(logarithms, spec, free_log),
              b = search_identity(amounts, spec, free_own, working);
  CHECK(a.any);
  CHECK(b.any);
  CHECK(a.starts >= 6);
  CHECK(working.empty());
  CHECK(a.ll == Approx(b.ll).epsilon(1e-10));
  CHECK(logarithms.expand(a.a).gradient.norm() < 1e-6);
}

TEST_CASE("given elements leave a line") {
  stress::Random r(4);
  LocationScaleSpec spec;
  spec.alpha = Eigen::Vector2d(kNaN, 0.7);
  const Problem problem(some_data(r), spec);
  CHECK_FALSE(is_given(spec, 0));
  CHECK(is_given(spec, 1));
  const Affine set = free_directions(problem, spec, 2);
  CHECK(set.N.cols() == 1);
  const Found found = search_log(problem, spec, set);
  CHECK(problem.to_alpha(found.a)[1] == Approx(0.7).epsilon(1e-10));
  CHECK(std::isfinite(only_point(problem, {set.base, Mat(2, 0)}).ll));
}

TEST_CASE("null spaces are orthogonal to the rows") {
  Mat rows(1, 3);
  rows << 1.0, 2.0, 2.0;
  const Mat N = null_space(rows, 3);
  CHECK(N.cols() == 2);
  CHECK((rows * N).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(null_space(Mat(0, 3), 3).cols() == 3);
  CHECK(chosen_rows(rows.transpose(), {2, 0})(0, 0) == 2.0);
}
