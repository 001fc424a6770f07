#include "core/model/diagnostic_summary.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

using Row5 = Eigen::Matrix<double, 5, 1>;

double logistic(double x) { return 1.0 / (1.0 + std::exp(-x)); }

struct Reach {
  double z;
  DiagnosticQuantity operator()(const char* name, double value, double se,
                                IntervalScale scale) const {
    DiagnosticQuantity out{name, value, se, kNaN, kNaN};
    if (!(se > 0.0)) {
      out.se = kNaN;
      return out;
    }
    switch (scale) {
      case IntervalScale::Identity:
        out.ci_lb = value - z * se;
        out.ci_ub = value + z * se;
        break;
      case IntervalScale::Log: {
        const double w = z * se / value;
        out.ci_lb = value * std::exp(-w);
        out.ci_ub = value * std::exp(w);
        break;
      }
      case IntervalScale::Logit: {
        const double mid = std::log(value) - std::log1p(-value);
        const double w = z * se / (value * (1.0 - value));
        out.ci_lb = logistic(mid - w);
        out.ci_ub = logistic(mid + w);
        break;
      }
      case IntervalScale::Fisher: {
        const double w = z * se / (1.0 - value * value);
        out.ci_lb = std::tanh(std::atanh(value) - w);
        out.ci_ub = std::tanh(std::atanh(value) + w);
        break;
      }
    }
    return out;
  }
};

double spread(const Row5& d, const Mat& V) {
  const double v = d.dot(V * d);
  return v > 0.0 ? std::sqrt(v) : 0.0;
}

}  // namespace

// With t = logit(fpr) the integrand is analytic and falls off like exp(-|t|): the trapezium converges geometrically.
double roc_area(double a, double b, double* by_a, double* by_b) {
  constexpr double kStep = 0.125, kEnd = 45.0;
  double sum = 0.0, sum_a = 0.0, sum_b = 0.0;
  for (double t = -kEnd; t <= kEnd; t += kStep) {
    const double q = logistic(t), density = q * logistic(-t), p = logistic(a + b * t);
    sum += p * density;
    const double slope = p * logistic(-a - b * t) * density;
    sum_a += slope;
    sum_b += slope * t;
  }
  if (by_a != nullptr) *by_a = kStep * sum_a;
  if (by_b != nullptr) *by_b = kStep * sum_b;
  return kStep * sum;
}

std::vector<DiagnosticQuantity> diagnostic_summary(const DiagnosticPoint& at, double level) {
  const Reach row{normal_quantile(0.5 * (1.0 + level))};
  const double vs = at.var_sens, vp = at.var_spec, c = at.cov, sd = std::sqrt(vs * vp);
  std::vector<DiagnosticQuantity> out;
  const auto add = [&](const char* name, double value, const Row5& d, IntervalScale scale) {
    out.push_back(row(name, value, spread(d, at.V), scale));
  };
  Row5 d = Row5::Zero();
  const auto unit = [](Index j) { return Row5(Row5::Unit(j)); };
  add("logit.sens", at.mu_sens, unit(0), IntervalScale::Identity);
  add("logit.spec", at.mu_spec, unit(1), IntervalScale::Identity);
  add("var.sens", vs, unit(2), IntervalScale::Log);
  add("var.spec", vp, unit(3), IntervalScale::Log);
  const double rho = sd > 0.0 ? c / sd : kNaN;
  const bool edge = !(std::fabs(rho) < 1.0 - 1e-9);
  d << 0.0, 0.0, -0.5 * rho / vs, -0.5 * rho / vp, 1.0 / sd;
  if (edge)
    out.push_back({"rho", rho > 0.0 ? 1.0 : (rho < 0.0 ? -1.0 : kNaN), kNaN, kNaN, kNaN});
  else
    add("rho", rho, d, IntervalScale::Fisher);

  const double g = sd > 0.0 ? std::sqrt(std::sqrt(vp / vs)) : kNaN, g_s = -0.25 * g / vs,
               g_p = 0.25 * g / vp;
  const double lambda = g * at.mu_sens + at.mu_spec / g;
  const double by_g = at.mu_sens - at.mu_spec / (g * g),
               against = at.mu_sens + at.mu_spec / (g * g);
  const double beta = sd > 0.0 ? 0.5 * std::log(vp / vs) : kNaN;
  Row5 d_lambda, d_beta;
  d_lambda << g, 1.0 / g, by_g * g_s, by_g * g_p, 0.0;
  d_beta << 0.0, 0.0, -0.5 / vs, 0.5 / vp, 0.0;
  add("Lambda", lambda, d_lambda, IntervalScale::Identity);
  d << 0.5 * g, -0.5 / g, 0.5 * against * g_s, 0.5 * against * g_p, 0.0;
  add("Theta", 0.5 * (g * at.mu_sens - at.mu_spec / g), d, IntervalScale::Identity);
  add("beta", beta, d_beta, IntervalScale::Identity);
  const double up = std::sqrt(vp / vs), down = std::sqrt(vs / vp);
  d << 0.0, 0.0, up, down, 2.0;
  if (edge && rho < 0.0)
    out.push_back({"s2alpha", 0.0, kNaN, kNaN, kNaN});
  else
    add("s2alpha", 2.0 * (sd + c), d, IntervalScale::Log);
  d << 0.0, 0.0, 0.25 * up, 0.25 * down, -0.5;
  if (edge && rho > 0.0)
    out.push_back({"s2theta", 0.0, kNaN, kNaN, kNaN});
  else
    add("s2theta", 0.5 * (sd - c), d, IntervalScale::Log);

  const double se = logistic(at.mu_sens), sp = logistic(at.mu_spec);
  const double no_se = logistic(-at.mu_sens), no_sp = logistic(-at.mu_spec);
  add("sens", se, se * no_se * unit(0), IntervalScale::Logit);
  add("spec", sp, sp * no_sp * unit(1), IntervalScale::Logit);
  const auto ratio = [&](const char* name, double value, double by_sens, double by_spec) {
    d << value * by_sens, value * by_spec, 0.0, 0.0, 0.0;
    add(name, value, d, IntervalScale::Log);
  };
  ratio("DOR", std::exp(at.mu_sens + at.mu_spec), 1.0, 1.0);
  ratio("LR+", se / no_sp, no_se, sp);
  ratio("LR-", no_se / sp, -se, -no_sp);
  ratio("1/LR-", sp / no_se, se, no_sp);

  const double b = std::exp(-beta), root = std::exp(-0.5 * beta);
  double by_a = kNaN, by_b = kNaN;
  const double area = roc_area(lambda * root, b, &by_a, &by_b);
  d = by_a * root * d_lambda - (0.5 * by_a * lambda * root + by_b * b) * d_beta;
  add("AUC", area, d, IntervalScale::Logit);
  return out;
}

}  // namespace metaparity
