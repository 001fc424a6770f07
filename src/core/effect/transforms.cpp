// Transformations of effect sizes; formulas and sources in R/effect-transf-table.R. Values beyond the range of
// a transformed scale stand for its ends; values outside the domain of a function give NaN.
#include "core/effect/transforms.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

double square(double x) { return x * x; }
double clamp(double x, double lo, double hi) { return std::min(std::max(x, lo), hi); }
double normal_cdf(double z) { return normal_upper(-z); }
double probability_or_nan(double p) { return p >= 0.0 && p <= 1.0 ? p : kNaN; }

double normal_density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2.0 * kPi); }

double logit(double p) { return std::log(p) - std::log1p(-p); }
double inverse_logit(double x) { return 1.0 / (1.0 + std::exp(-x)); }

double freeman_tukey(double p, double n) {
  return 0.5 * (std::asin(std::sqrt(p * n / (n + 1.0))) +
                std::asin(std::sqrt((p * n + 1.0) / (n + 1.0))));
}

// Miller (1978): the proportion whose double arcsine is x; what 0 or n events give are the ends.
double inverse_freeman_tukey(double x, double n) {
  if (x <= freeman_tukey(0.0, n)) return 0.0;
  if (x >= freeman_tukey(1.0, n)) return 1.0;
  const double s = std::sin(2.0 * x), c = std::cos(2.0 * x);
  const double inner = std::max(0.0, 1.0 - square(s + (s - 1.0 / s) / n));
  return 0.5 * (1.0 - std::copysign(std::sqrt(inner), c));
}

double freeman_tukey_rate(double rate, double t) {
  return 0.5 * (std::sqrt(rate) + std::sqrt(rate + 1.0 / t));
}

double inverse_freeman_tukey_rate(double x, double t) {
  if (x <= 0.5 / std::sqrt(t)) return 0.0;
  return square(x - 0.25 / (t * x));
}

double r_squared_to_z(double x) { return std::atanh(std::sqrt(clamp(x, 0.0, 1.0))); }

// Cohen's U1 = (2 Phi(|d|/2) - 1) / Phi(|d|/2).
double non_overlap(double d) {
  return std::erf(0.5 * std::fabs(d) / kSqrt2) / normal_cdf(0.5 * std::fabs(d));
}

double d_to_point_biserial(double d, double h) {
  return d == 0.0 ? 0.0 : std::copysign(1.0 / std::sqrt(1.0 + h / (d * d)), d);
}
double point_biserial_to_d(double r, double h) {
  return std::sqrt(h) * r / std::sqrt((1.0 - r) * (1.0 + r));
}

// Jacobs & Viechtbauer (2017): h = m/n1 + m/n2 with m = n1 + n2 - 2.
double group_factor(double n1, double n2) {
  const double m = n1 + n2 - 2.0;
  return n1 >= 0.0 && n2 >= 0.0 ? m / n1 + m / n2 : kNaN;
}

// sqrt(p (1 - p)) / f(z_p): biserial over point-biserial correlation.
double biserial_factor(double p) {
  return std::sqrt(p * (1.0 - p)) / normal_density(normal_quantile(p));
}

double odds_ratio_risk(double ln_or, double pc) {
  return std::isinf(ln_or) ? (ln_or > 0.0 ? 1.0 : 0.0)
                           : pc * std::exp(ln_or) / (1.0 - pc + pc * std::exp(ln_or));
}

// p = pc OR / (1 - pc + pc OR); p - pc and p / pc without cancellation.
double risk_difference(double ln_or, double pc) {
  if (std::isinf(ln_or)) return odds_ratio_risk(ln_or, pc) - pc;
  return pc * (1.0 - pc) * std::expm1(ln_or) / (1.0 + pc * std::expm1(ln_or));
}
double risk_ratio(double ln_or, double pc) {
  if (std::isinf(ln_or)) return odds_ratio_risk(ln_or, pc) / pc;
  return std::exp(ln_or) / (1.0 + pc * std::expm1(ln_or));
}

const std::unordered_map<std::string, TransformFunction>& table() {
  using D = double;
  static const std::unordered_map<std::string, TransformFunction> entries = {
      {"rtoz", [](D x, D, D) { return std::atanh(clamp(x, -1.0, 1.0)); }},
      {"ztor", [](D x, D, D) { return std::tanh(x); }},
      {"logit", [](D x, D, D) { return logit(x); }},
      {"ilogit", [](D x, D, D) { return inverse_logit(x); }},
      {"probit", [](D x, D, D) { return normal_quantile(x); }},
      {"iprobit", [](D x, D, D) { return normal_cdf(x); }},
      {"arcsin", [](D x, D, D) { return std::asin(std::sqrt(x)); }},
      {"iarcsin", [](D x, D, D) { return square(std::sin(clamp(x, 0.0, 0.5 * kPi))); }},
      {"pft", [](D x, D n, D) { return freeman_tukey(probability_or_nan(x), n); }},
      {"ipft", [](D x, D n, D) { return inverse_freeman_tukey(x, n); }},
      {"isqrt", [](D x, D, D) { return square(std::max(x, 0.0)); }},
      {"irft", [](D x, D t, D) { return freeman_tukey_rate(x, t); }},
      {"iirft", [](D x, D t, D) { return inverse_freeman_tukey_rate(x, t); }},
      {"ahw", [](D x, D, D) { return x > 1.0 ? kNaN : 1.0 - std::cbrt(1.0 - x); }},
      {"iahw", [](D x, D, D) { return 1.0 - std::pow(1.0 - clamp(x, 0.0, 1.0), 3); }},
      {"abt", [](D x, D, D) { return -std::log1p(-x); }},
      {"iabt", [](D x, D, D) { return -std::expm1(-std::max(x, 0.0)); }},
      {"r2toz", [](D x, D, D) { return r_squared_to_z(x); }},
      {"ztor2", [](D x, D, D) { return square(std::tanh(x)); }},
      {"dtou1", [](D x, D, D) { return non_overlap(x); }},
      {"dtou2", [](D x, D, D) { return normal_cdf(0.5 * x); }},
      {"dtou3", [](D x, D, D) { return normal_cdf(x); }},
      {"dtoovl", [](D x, D, D) { return 2.0 * normal_upper(0.5 * std::fabs(x)); }},
      {"dtocles", [](D x, D, D) { return normal_cdf(x / kSqrt2); }},
      {"clestod", [](D x, D, D) { return kSqrt2 * normal_quantile(x); }},
      {"dtocliffd", [](D x, D, D) { return std::erf(0.5 * x); }},
      {"dtobesd", [](D x, D, D) { return 0.5 + 0.5 * d_to_point_biserial(x, 4.0); }},
      {"dtomd", [](D x, D sd, D) { return x * sd; }},
      {"dtorpb", [](D x, D n1, D n2) { return d_to_point_biserial(x, group_factor(n1, n2)); }},
      {"dtorpb_equal", [](D x, D, D) { return d_to_point_biserial(x, 4.0); }},
      {"dtorbis",
       [](D x, D n1, D n2) {
         return d_to_point_biserial(x, group_factor(n1, n2)) * biserial_factor(n1 / (n1 + n2));
       }},
      {"dtorbis_equal",
       [](D x, D, D) { return d_to_point_biserial(x, 4.0) * biserial_factor(0.5); }},
      {"rpbtorbis", [](D x, D p, D) { return x * biserial_factor(p); }},
      {"rtorpb", [](D x, D p, D) { return x / biserial_factor(p); }},
      {"rtod",
       [](D x, D n1, D n2) {
         return point_biserial_to_d(x / biserial_factor(n1 / (n1 + n2)), group_factor(n1, n2));
       }},
      {"rtod_equal", [](D x, D, D) { return point_biserial_to_d(x / biserial_factor(0.5), 4.0); }},
      {"rpbtod", [](D x, D n1, D n2) { return point_biserial_to_d(x, group_factor(n1, n2)); }},
      {"rpbtod_equal", [](D x, D, D) { return point_biserial_to_d(x, 4.0); }},
      {"lnortord", [](D x, D pc, D) { return risk_difference(x, pc); }},
      {"lnortorr", [](D x, D pc, D) { return risk_ratio(x, pc); }},
      {"lnortod.norm", [](D x, D, D) { return x / 1.65; }},
      {"lnortod.logis", [](D x, D, D) { return x * std::sqrt(3.0) / kPi; }},
      {"dtolnor.norm", [](D x, D, D) { return x * 1.65; }},
      {"dtolnor.logis", [](D x, D, D) { return x * kPi / std::sqrt(3.0); }},
      // cos(pi / (1 + sqrt(OR))) and (OR^(3/4) - 1) / (OR^(3/4) + 1), free of overflow.
      {"lnortortet.pearson", [](D x, D, D) { return std::sin(0.5 * kPi * std::tanh(0.25 * x)); }},
      {"lnortortet.digby", [](D x, D, D) { return std::tanh(0.375 * x); }},
      {"exp", [](D x, D, D) { return std::exp(x); }},
  };
  return entries;
}

double item(const VecRef& v, Index i) { return v.size() == 0 ? 0.0 : v(v.size() == 1 ? 0 : i); }

}  // namespace

TransformFunction find_transform(const std::string& name) {
  const auto found = table().find(name);
  if (found == table().end()) throw InvalidInput("transf", "names no transformation: " + name);
  return found->second;
}

Vec transform_values(const std::string& name, const VecRef& x, const VecRef& a, const VecRef& b) {
  const TransformFunction f = find_transform(name);
  Vec out(x.size());
  for (Index i = 0; i < x.size(); ++i) {
    const double ai = item(a, i), bi = item(b, i);
    // A missing value passes through as it is: the caller tells it from a NaN made here.
    out(i) = std::isnan(x(i)) ? x(i) : std::isnan(ai) ? ai : std::isnan(bi) ? bi : f(x(i), ai, bi);
  }
  return out;
}

}  // namespace metaparity
