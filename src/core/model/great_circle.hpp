// Distances on the ellipsoid WGS84. Source: Vincenty (1975, Survey Review 23, 88), the inverse problem. Oracle: published
// distances; on a sphere the haversine formula.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// In kilometres, of longitudes and latitudes in degrees, which are the columns.
Mat great_circle_distances(const MatRef& places);

}  // namespace metaparity
