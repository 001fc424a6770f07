#include "core/model/heterogeneity_interval.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

double i2_of(double h) { return std::clamp(1.0 - 1.0 / (h * h), 0.0, 1.0); }

}  // namespace

double se_log_h(double Q, double df, double k) {
  const double n = k - 2.0;
  if (Q > k)
    return 0.5 * (std::log(Q) - std::log(df)) / (std::sqrt(2.0 * Q) - std::sqrt(2.0 * k - 3.0));
  if (n <= 0.0) return kNaN;
  return std::sqrt((1.0 - 1.0 / (3.0 * n * n)) / (2.0 * n));
}

HeterogeneityInterval heterogeneity_interval(double Q, double df, double level, HMethod method) {
  if (!(Q >= 0.0) || !std::isfinite(Q)) throw InvalidInput("Q", "must be a number of at least 0");
  if (!(df >= 1.0) || !std::isfinite(df)) throw InvalidInput("df", "must be at least 1");
  HeterogeneityInterval out;
  out.H = std::max(1.0, std::sqrt(Q / df));
  if (method == HMethod::TestBased) {
    const double reach = critical_value(level, kNaN) * se_log_h(Q, df, df + 1.0);
    out.H_lb = out.H * std::exp(-reach);
    out.H_ub = out.H * std::exp(reach);
  } else {
    const double nc = std::max(0.0, Q - df), tail = 0.5 * (1.0 - level);
    out.H_lb = std::sqrt(noncentral_chisq_quantile(tail, df, nc) / df);
    out.H_ub = std::sqrt(noncentral_chisq_quantile(1.0 - tail, df, nc) / df);
  }
  out.I2 = i2_of(out.H);
  if (!std::isnan(out.H_lb)) {
    out.I2_lb = i2_of(out.H_lb);
    out.I2_ub = i2_of(out.H_ub);
  }
  return out;
}

}  // namespace metaparity
