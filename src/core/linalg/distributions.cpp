// Normal tails by erfc; chi-squared with whole df by its finite sum (Abramowitz & Stegun 1964,
// 26.4.4-5); t, F and the rest by Boost.Math. Oracle: R's p- and q-functions.
#include "core/linalg/distributions.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "core/constants.hpp"

namespace metaparity {
namespace {

namespace bm = boost::math;
using QuietPolicy = bm::policies::policy<bm::policies::domain_error<bm::policies::ignore_error>,
                                         bm::policies::overflow_error<bm::policies::ignore_error>,
                                         bm::policies::evaluation_error<bm::policies::ignore_error>,
                                         bm::policies::pole_error<bm::policies::ignore_error>,
                                         bm::policies::promote_double<false>>;

constexpr double kLogSqrtPi = 0.57236494292470008707;

// Terms are summed upwards from the smallest index; the leading factor carries exp(-x/2).
double chisq_upper_whole(double x, int df) {
  const double h = 0.5 * x;
  if (df % 2 == 0) {
    double term = std::exp(-h), sum = term;
    for (int i = 1; i < df / 2; ++i) {
      term *= h / i;
      sum += term;
    }
    return sum;
  }
  double sum = std::erfc(std::sqrt(h));
  double term = std::exp(0.5 * std::log(h) - h - kLogSqrtPi + std::log(2.0));
  for (int i = 1; i <= df / 2; ++i) {
    sum += term;
    term *= h / (i + 0.5);
  }
  return sum;
}

}  // namespace

double normal_upper(double z) { return 0.5 * std::erfc(z / kSqrt2); }

double normal_two_sided(double z) { return std::erfc(std::fabs(z) / kSqrt2); }

double normal_quantile(double prob) {
  if (!(prob >= 0.0 && prob <= 1.0)) return kNaN;
  if (prob == 0.0) return -kInf;
  if (prob == 1.0) return kInf;
  return -kSqrt2 * bm::erfc_inv(2.0 * prob, QuietPolicy());
}

double t_two_sided(double t, double df) {
  if (std::isnan(t) || !(df > 0.0)) return kNaN;
  if (std::isinf(t)) return 0.0;
  if (std::isinf(df)) return normal_two_sided(t);
  const double t2 = t * t;
  if (std::isinf(t2)) return 0.0;
  // P(|T| > t) = I_{df/(df+t2)}(df/2, 1/2); the complement keeps digits when t2 << df.
  if (t2 < df) return bm::ibetac(0.5, 0.5 * df, t2 / (df + t2), QuietPolicy());
  return bm::ibeta(0.5 * df, 0.5, df / (df + t2), QuietPolicy());
}

double t_quantile(double prob, double df) {
  if (std::isnan(prob) || !(df > 0.0) || prob < 0.0 || prob > 1.0) return kNaN;
  if (prob == 0.5) return 0.0;
  if (prob == 0.0) return -kInf;
  if (prob == 1.0) return kInf;
  if (std::isinf(df)) return normal_quantile(prob);
  const double tail = prob < 0.5 ? prob : 1.0 - prob;
  double y = 0.0;
  const double x = bm::ibeta_inv(0.5 * df, 0.5, 2.0 * tail, &y, QuietPolicy());
  const double t = std::sqrt(df * y / x);
  return prob < 0.5 ? -t : t;
}

double chisq_upper(double x, double df) {
  if (std::isnan(x) || !(df >= 0.0)) return kNaN;
  if (x <= 0.0) return 1.0;
  if (df == 0.0) return 0.0;
  if (std::isinf(x)) return 0.0;
  const bool whole = df == std::floor(df);
  if (whole && df <= 200.0 && x < 1400.0)
    return std::min(1.0, chisq_upper_whole(x, static_cast<int>(df)));
  return bm::gamma_q(0.5 * df, 0.5 * x, QuietPolicy());
}

double chisq_quantile(double prob, double df) {
  if (std::isnan(prob) || !(df > 0.0) || prob < 0.0 || prob > 1.0) return kNaN;
  if (prob == 0.0) return 0.0;
  if (prob == 1.0) return kInf;
  return 2.0 * bm::gamma_p_inv(0.5 * df, prob, QuietPolicy());
}

double noncentral_chisq_quantile(double prob, double df, double nc) {
  if (!(nc > 0.0)) return chisq_quantile(prob, df);
  return bm::quantile(bm::non_central_chi_squared(df, nc), prob);
}

double gamma_lower(double x, double shape, double scale) {
  return bm::cdf(bm::gamma_distribution<>(shape, scale), x);
}

double gamma_quantile(double prob, double shape, double scale) {
  return bm::quantile(bm::gamma_distribution<>(shape, scale), prob);
}

double f_upper(double x, double df1, double df2) {
  if (std::isnan(x) || !(df1 > 0.0) || !(df2 > 0.0)) return kNaN;
  if (x <= 0.0) return 1.0;
  if (std::isinf(x)) return 0.0;
  if (std::isinf(df2)) return chisq_upper(df1 * x, df1);
  const double z = df1 * x;
  if (z > df2) return bm::ibeta(0.5 * df2, 0.5 * df1, df2 / (df2 + z), QuietPolicy());
  return bm::ibetac(0.5 * df1, 0.5 * df2, z / (df2 + z), QuietPolicy());
}

double critical_value(double level, double df) {
  const double prob = 0.5 * (1.0 + level);
  return std::isnan(df) ? normal_quantile(prob) : t_quantile(prob, df);
}

double two_sided(double statistic, double df) {
  return std::isnan(df) ? normal_two_sided(statistic) : t_two_sided(statistic, df);
}

}  // namespace metaparity
