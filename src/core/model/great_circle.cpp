#include "core/model/great_circle.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"

namespace metaparity {

namespace {

constexpr double kMajor = 6378.137, kFlattening = 1.0 / 298.257223563;
constexpr double kMinor = kMajor * (1.0 - kFlattening);
constexpr double kDegree = kPi / 180.0;

double vincenty(double lon1, double lat1, double lon2, double lat2) {
  const double f = kFlattening, L = (lon2 - lon1) * kDegree;
  const double u1 = std::atan((1.0 - f) * std::tan(lat1 * kDegree));
  const double u2 = std::atan((1.0 - f) * std::tan(lat2 * kDegree));
  const double s1 = std::sin(u1), c1 = std::cos(u1), s2 = std::sin(u2), c2 = std::cos(u2);
  double lambda = L, sigma = 0.0, sin_sigma = 0.0, cos_sigma = 1.0, cos2_alpha = 1.0, cos_2m = 0.0;
  for (int iter = 0; iter < 200; ++iter) {
    const double a = c2 * std::sin(lambda), b = c1 * s2 - s1 * c2 * std::cos(lambda);
    sin_sigma = std::hypot(a, b);
    if (sin_sigma == 0.0) return 0.0;
    cos_sigma = s1 * s2 + c1 * c2 * std::cos(lambda);
    sigma = std::atan2(sin_sigma, cos_sigma);
    const double sin_alpha = c1 * c2 * std::sin(lambda) / sin_sigma;
    cos2_alpha = 1.0 - sin_alpha * sin_alpha;
    cos_2m = cos2_alpha > 0.0 ? cos_sigma - 2.0 * s1 * s2 / cos2_alpha : 0.0;
    const double c = f / 16.0 * cos2_alpha * (4.0 + f * (4.0 - 3.0 * cos2_alpha));
    const double before = lambda;
    lambda =
        L + (1.0 - c) * f * sin_alpha *
                (sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (2.0 * cos_2m * cos_2m - 1.0)));
    if (std::fabs(lambda - before) < 1e-13) break;
  }
  const double u_sq = cos2_alpha * (kMajor * kMajor - kMinor * kMinor) / (kMinor * kMinor);
  const double A =
      1.0 + u_sq / 16384.0 * (4096.0 + u_sq * (-768.0 + u_sq * (320.0 - 175.0 * u_sq)));
  const double B = u_sq / 1024.0 * (256.0 + u_sq * (-128.0 + u_sq * (74.0 - 47.0 * u_sq)));
  const double q = 2.0 * cos_2m * cos_2m - 1.0;
  const double delta =
      B * sin_sigma *
      (cos_2m + B / 4.0 *
                    (cos_sigma * q - B / 6.0 * cos_2m * (4.0 * sin_sigma * sin_sigma - 3.0) *
                                         (4.0 * cos_2m * cos_2m - 3.0)));
  return kMinor * A * (sigma - delta);
}

}  // namespace

Mat great_circle_distances(const MatRef& places) {
  const Index n = places.rows();
  Mat out = Mat::Zero(n, n);
  for (Index j = 0; j < n; ++j) {
    for (Index i = j + 1; i < n; ++i)
      out(i, j) = out(j, i) = vincenty(places(i, 0), places(i, 1), places(j, 0), places(j, 1));
  }
  return out;
}

}  // namespace metaparity
