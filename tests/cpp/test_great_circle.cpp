// Published distances on WGS84.
#include "core/model/great_circle.hpp"

#include "catch.h"

using namespace metaparity;

TEST_CASE("distances on the ellipsoid") {
  Mat places(4, 2);
  // Equator: a degree of longitude is 111.3195 km; the meridian from equator to pole is 10001.966 km.
  places << 0.0, 0.0, 1.0, 0.0, 0.0, 90.0, 0.0, 0.0;
  const Mat D = great_circle_distances(places);
  CHECK(D(0, 1) == Approx(111.3194908));
  CHECK(D(0, 2) == Approx(10001.965729));
  CHECK(D(0, 3) == 0.0);
  CHECK(D(1, 0) == D(0, 1));
}
