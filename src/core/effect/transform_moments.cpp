// E h(Z) by adaptive Gauss-Kronrod quadrature (Kronrod 1965) on pieces of the normal density, modes by the
// stationary equation of the log density (change of variables). Oracle: closed forms, metafor.
#include "core/effect/transform_moments.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "core/effect/transforms.hpp"
#include "core/errors.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {
namespace {

constexpr double kHalfPi = 1.57079632679489661923;
// Beyond this many standard deviations the density underflows against its centre.
constexpr double kReach = 38.5;

struct Range {
  double lo, hi;
};

Range scale_range(const std::string& name) {
  if (name == "iarcsin") return {0.0, kHalfPi};
  if (name == "iahw") return {0.0, 1.0};
  if (name == "iabt") return {0.0, kInf};
  return {-kInf, kInf};
}

// The part of the range that carries density: around the point of the range that is nearest to the mean. In a
// tail at distance d (in standard deviations) the density falls by exp(-d s), so the reach shortens.
Range effective_range(const Range& r, double xi, double sd) {
  const double centre = std::min(std::max(xi, r.lo), r.hi);
  const double d = std::fabs(centre - xi) / sd;
  const double reach = sd * (std::sqrt(d * d + kReach * kReach) - d);
  return {std::max(r.lo, centre - reach), std::min(r.hi, centre + reach)};
}

// Ends and inner points at which the integrand is cut: multiples of the standard deviation around the peak,
// and 0, where a back-transformation turns.
std::vector<double> cut_points(const Range& r, double peak, double width) {
  std::vector<double> cuts = {r.lo, r.hi};
  for (const double s : {-16.0, -8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0}) {
    cuts.push_back(peak + s * width);
  }
  for (const double z : {-8.0, -2.0, 0.0, 2.0, 8.0}) cuts.push_back(z);
  cuts.erase(
      std::remove_if(cuts.begin(), cuts.end(), [&](double x) { return !(x >= r.lo && x <= r.hi); }),
      cuts.end());
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

template <class F>
double integrate(F&& f, const std::vector<double>& cuts) {
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  double sum = 0.0;
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (cuts[i] > cuts[i - 1]) sum += Rule::integrate(f, cuts[i - 1], cuts[i], 12, 1e-13);
  }
  return sum;
}

// The density is taken relative to its value at `peak`, so that it does not underflow far from the mean.
double mean_of(TransformFunction h, const Range& scale, double xi, double sd, const Range& limits) {
  const Range whole = effective_range(scale, xi, sd);
  const double peak = std::min(std::max(xi, whole.lo), whole.hi);
  const auto density = [&](double z) {
    return std::exp(-0.5 * (z - peak) * (z + peak - 2.0 * xi) / (sd * sd));
  };
  const double d = std::fabs(peak - xi) / sd;
  const double width = sd / (1.0 + d);
  const double mass = integrate(density, cut_points(whole, peak, width));
  const Range part = {std::max(whole.lo, limits.lo), std::min(whole.hi, limits.hi)};
  if (!(part.lo < part.hi)) return 0.0;
  const auto weighted = [&](double z) { return h(z, 0.0, 0.0) * density(z); };
  return integrate(weighted, cut_points(part, peak, width)) / mass;
}

// The root of z = a + b tanh(z) on the side of a: the highest mode when there are several.
double tanh_fixed_point(double a, double b) {
  if (a == 0.0) return b > 1.0 ? kNaN : 0.0;
  const double m = std::fabs(a);
  const auto excess = [&](double z) { return z - m - b * std::tanh(z); };
  const double lo = m, hi = m + b;
  return std::copysign(find_root(excess, lo, excess(lo), hi, excess(hi), root_resolution<double>()),
                       a);
}

// Density of sin^2(X): log f = -(x - xi)^2 / 2t - log sin x - log cos x. A maximum inside exists when the
// slope rises above 0 between the ends of sin^2(2x) > 4t.
double arcsin_mode(double xi, double t) {
  const auto slope = [&](double x) { return (xi - x) / t - 2.0 / std::tan(2.0 * x); };
  const double end = xi < 0.5 * kHalfPi ? 0.0 : 1.0;
  if (4.0 * t >= 1.0) return end;
  const double lo = 0.5 * std::asin(std::sqrt(4.0 * t)), hi = kHalfPi - lo;
  if (!(slope(lo) > 0.0 && slope(hi) < 0.0)) return end;
  const double x = find_root(slope, lo, slope(lo), hi, slope(hi), root_resolution<double>());
  return find_transform("iarcsin")(x, 0.0, 0.0);
}

// (x - xi)(1 - x) = 2t; the smaller root is the maximum.
double ahw_mode(double xi, double t) {
  const double d = (1.0 - xi) * (1.0 - xi) - 8.0 * t;
  if (d < 0.0 || xi >= 1.0) return 1.0;
  return find_transform("iahw")(0.5 * (1.0 + xi - std::sqrt(d)), 0.0, 0.0);
}

double probit_mode(double xi, double t) {
  if (t < 1.0) return find_transform("iprobit")(xi / (1.0 - t), 0.0, 0.0);
  return xi == 0.0 ? kNaN : (xi > 0.0 ? 1.0 : 0.0);
}

double mode_of(const std::string& name, double xi, double t) {
  if (t == 0.0 || std::isinf(xi)) return find_transform(name)(xi, 0.0, 0.0);
  if (name == "exp") return std::exp(xi - t);
  if (name == "iabt") return find_transform(name)(xi + t, 0.0, 0.0);
  if (name == "ztor") return std::tanh(tanh_fixed_point(xi, 2.0 * t));
  if (name == "ilogit")
    return t > 2.0 ? kNaN : 0.5 + 0.5 * std::tanh(tanh_fixed_point(0.5 * xi, 0.5 * t));
  if (name == "iprobit") return probit_mode(xi, t);
  if (name == "iarcsin") return arcsin_mode(xi, t);
  if (name == "iahw") return ahw_mode(xi, t);
  throw InvalidInput("transf", "has no mode function: " + name);
}

}  // namespace

Vec transform_mean(const std::string& name, const VecRef& xi, double tau2, double lower,
                   double upper) {
  const TransformFunction h = find_transform(name);
  const Range scale = scale_range(name);
  const Range limits = {std::isnan(lower) ? -kInf : lower, std::isnan(upper) ? kInf : upper};
  Vec out(xi.size());
  for (Index i = 0; i < xi.size(); ++i) {
    if (std::isnan(xi(i))) {
      out(i) = kNaN;
    } else if (name == "exp") {
      out(i) = std::exp(xi(i) + 0.5 * tau2);
    } else if (tau2 == 0.0 || std::isinf(xi(i))) {
      out(i) = h(xi(i), 0.0, 0.0);
    } else {
      out(i) = mean_of(h, scale, xi(i), std::sqrt(tau2), limits);
    }
  }
  return out;
}

Vec transform_mode(const std::string& name, const VecRef& xi, double tau2) {
  Vec out(xi.size());
  for (Index i = 0; i < xi.size(); ++i)
    out(i) = std::isnan(xi(i)) ? kNaN : mode_of(name, xi(i), tau2);
  return out;
}

}  // namespace metaparity
