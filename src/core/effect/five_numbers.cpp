// The formulas of Luo et al. (2016, eq. 7, 11, 15), Wan et al. (2014, eq. 9, 16), Shi et al. (2020a, eq. 10) and
// (2020b); tests for skewness of Shi et al. (2023). Oracle: metafor.
#include "core/effect/five_numbers.hpp"

#include <array>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

// What a study reports: minimum and maximum, the quartiles, or both; each with or without the median.
enum class Reported { Nothing, Range, Quartiles, Both };

struct Summary {
  double min, q1, median, q3, max, n;
};

Reported reported(const Summary& s) {
  if (!(s.n >= 5.0)) return Reported::Nothing;
  const bool min = !std::isnan(s.min), max = !std::isnan(s.max), q1 = !std::isnan(s.q1),
             q3 = !std::isnan(s.q3);
  if (min != max || q1 != q3) return Reported::Nothing;
  if (min) return q1 ? Reported::Both : Reported::Range;
  return q1 ? Reported::Quartiles : Reported::Nothing;
}

// Twice the normal scores of the largest of n and of the upper quartile.
double range_score(double n) { return 2.0 * normal_quantile((n - 0.375) / (n + 0.25)); }
double quartile_score(double n) { return 2.0 * normal_quantile((0.75 * n - 0.125) / (n + 0.25)); }

double luo_mean(const Summary& s, Reported r) {
  const double mid_range = 0.5 * (s.min + s.max), mid_quartile = 0.5 * (s.q1 + s.q3);
  if (r == Reported::Range) {
    const double w = 4.0 / (4.0 + std::pow(s.n, 0.75));
    return w * mid_range + (1.0 - w) * s.median;
  }
  if (r == Reported::Quartiles) {
    const double w = 0.7 + 0.39 / s.n;
    return w * mid_quartile + (1.0 - w) * s.median;
  }
  const double w1 = 2.2 / (2.2 + std::pow(s.n, 0.75)), w2 = 0.7 - 0.72 / std::pow(s.n, 0.55);
  return w1 * mid_range + w2 * mid_quartile + (1.0 - w1 - w2) * s.median;
}

double shi_sd(const Summary& s, Reported r) {
  const double range = (s.max - s.min) / range_score(s.n),
               quartile = (s.q3 - s.q1) / quartile_score(s.n);
  if (r == Reported::Range) return range;
  if (r == Reported::Quartiles) return quartile;
  const double t = 0.07 * std::pow(s.n, 0.6);
  return range / (1.0 + t) + quartile / (1.0 + 1.0 / t);
}

// Constants of Shi et al. (2020b): the squared and fourth power of the standard deviation are divided by
// `second` and `fourth`; then E X = exp(mu + s2/2) / (1 + a s2/n + b s4/n) and likewise for E X^2 and (E X)^2.
struct LogNormal {
  double second, fourth, a, b, c, d, e;
};

LogNormal lognormal_constants(double n, Reported r) {
  const double l2 = std::log(n) * std::log(n);
  if (r == Reported::Range)
    return {1.01 + 0.25 / l2, 1.0 + 2.23 / l2, 0.565, 0.37, 2.26, 5.92, 1.48};
  if (r == Reported::Quartiles)
    return {1.0 + 1.58 / n, 1.0 + 19.2 / std::pow(n, 1.2), 0.57, 0.75, 2.28, 12.0, 3.0};
  return {1.0 + 0.28 / l2, 1.0 + 3.93 / n, 0.405, 0.315, 1.62, 5.04, 1.26};
}

struct MeanAndSd {
  double mean, sd;
};

MeanAndSd lognormal_moments(double mu, double s, double n, Reported r, bool back) {
  const LogNormal k = lognormal_constants(n, r);
  const double s2 = s * s / k.second, s4 = s * s * s * s / k.fourth;
  if (!back) return {mu, std::sqrt(s2)};
  const auto shrink = [&](double first, double second) {
    return 1.0 + (first * s2 + second * s4) / n;
  };
  const double variance =
      std::exp(2.0 * mu + s2) * (std::exp(s2) / shrink(k.c, k.d) - 1.0 / shrink(k.c, k.e));
  return {std::exp(mu + 0.5 * s2) / shrink(k.a, k.b), std::sqrt(variance)};
}

MeanAndSd hozo(const Summary& s, Reported r) {
  if (r != Reported::Range) return {kNaN, kNaN};
  const double spread = s.max - s.min, bend = s.min - 2.0 * s.median + s.max;
  double sd = spread / (s.n <= 70.0 ? 4.0 : 6.0);
  if (s.n <= 15.0) sd = std::sqrt((spread * spread + 0.25 * bend * bend) / 12.0);
  return {s.n <= 25.0 ? 0.25 * (s.min + 2.0 * s.median + s.max) : s.median, sd};
}

double bland_sum(const Summary& s) { return s.min + 2.0 * (s.q1 + s.median + s.q3) + s.max; }

MeanAndSd wan(const Summary& s, Reported r) {
  const double range = (s.max - s.min) / range_score(s.n),
               quartile = (s.q3 - s.q1) / quartile_score(s.n);
  if (r == Reported::Range) return {0.25 * (s.min + 2.0 * s.median + s.max), range};
  if (r == Reported::Quartiles) return {(s.q1 + s.median + s.q3) / 3.0, quartile};
  return {bland_sum(s) / 8.0, 0.5 * (range + quartile)};
}

// The five numbers are taken relative to the median, so that a large mean costs no digits of the variance.
MeanAndSd bland(const Summary& s, Reported r) {
  if (r != Reported::Both) return {kNaN, kNaN};
  const Summary d = {s.min - s.median, s.q1 - s.median,  0.0,
                     s.q3 - s.median,  s.max - s.median, s.n};
  const double squares = d.min * d.min + 2.0 * (d.q1 * d.q1 + d.q3 * d.q3) + d.max * d.max;
  const double products = d.min * d.q1 + d.q3 * d.max;
  const double sum = bland_sum(d);
  return {s.median + sum / 8.0, std::sqrt(squares / 16.0 + products / 8.0 - sum * sum / 64.0)};
}

MeanAndSd walter(const Summary& s, Reported r) {
  if (r != Reported::Range) return {kNaN, kNaN};
  return {s.median, (s.max - s.min) / expected_range(s.n)};
}

// Shi et al. (2023): statistic and critical value of level 0.05.
std::array<double, 2> skewness(const Summary& s, Reported r) {
  const double range = std::fabs(s.min + s.max - 2.0 * s.median) / (s.max - s.min);
  const double quartile = std::fabs(s.q1 + s.q3 - 2.0 * s.median) / (s.q3 - s.q1);
  const double n = s.n, root = std::sqrt(n);
  if (r == Reported::Range) return {range, 1.0 / std::log(n + 9.0) + 2.5 / (n + 1.0)};
  if (r == Reported::Quartiles) return {quartile, 2.65 / root - 6.0 / (n * n)};
  const double scaled = 2.65 * std::log(0.6 * n) / root * range;
  return {std::isnan(quartile) ? kNaN : std::max(scaled, quartile),
          3.0 / root - 40.0 / (n * n * n)};
}

Summary logarithms(const Summary& s) {
  return {std::log(s.min), std::log(s.q1),  std::log(s.median),
          std::log(s.q3),  std::log(s.max), s.n};
}

MeanAndSd moments(const Summary& s, Reported r, FiveNumberMethod method) {
  switch (method) {
    case FiveNumberMethod::Hozo:
      return hozo(s, r);
    case FiveNumberMethod::Wan:
      return wan(s, r);
    case FiveNumberMethod::Bland:
      return bland(s, r);
    case FiveNumberMethod::Walter:
      return walter(s, r);
    case FiveNumberMethod::LuoWanShi:
      break;
  }
  return {luo_mean(s, r), shi_sd(s, r)};
}

}  // namespace

double expected_range(double n) {
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  // 1 - P(all below x) - P(all above x).
  const auto outside = [&](double x) {
    return -std::expm1(n * std::log1p(-normal_upper(x))) - std::exp(n * std::log(normal_upper(x)));
  };
  double sum = 0.0;
  for (int i = 0; i < 20; ++i) sum += Rule::integrate(outside, 2.0 * i, 2.0 * (i + 1), 10, 1e-13);
  return 2.0 * sum;
}

FiveNumberMoments five_number_moments(const MatRef& values, const VecRef& n,
                                      const VecRef& lognormal, FiveNumberMethod method, bool back) {
  const Index k = values.rows();
  const Vec none = Vec::Constant(k, kNaN);
  FiveNumberMoments out = {none, none, none, none};
  for (Index i = 0; i < k; ++i) {
    Summary s = {values(i, 0), values(i, 1), values(i, 2), values(i, 3), values(i, 4), n(i)};
    const Reported r = reported(s);
    if (r == Reported::Nothing) continue;
    const bool log_scale = lognormal(i) != 0.0 && method == FiveNumberMethod::LuoWanShi;
    if (log_scale) s = logarithms(s);
    MeanAndSd m = moments(s, r, method);
    if (log_scale) m = lognormal_moments(m.mean, m.sd, s.n, r, back);
    const std::array<double, 2> test = skewness(s, r);
    out.mean(i) = m.mean;
    out.sd(i) = m.sd;
    out.tval(i) = test[0];
    out.crit(i) = test[1];
  }
  return out;
}

}  // namespace metaparity
