#include "core/bias/selection_weight.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/gauss.hpp"

namespace metaparity {
namespace {

constexpr double kSaturated = 8.2;  // beyond, p is 0 or 1 to double precision
constexpr double kSmallest = 37.0;  // beyond, the p value underflows
const double kRootHalf = 1.0 / kSqrt2;

double log_upper(double z) {
  if (z < 25.0) return std::log(0.5 * std::erfc(z * kRootHalf));
  const double r = 1.0 / (z * z);
  return -0.5 * z * z - std::log(z) - 0.5 * kLog2Pi +
         std::log1p(-r * (1.0 - r * (3.0 - r * (15.0 - 105.0 * r))));
}

PValue kept_in(PValue p, double lo, double hi) {
  if (p.p < lo) return {lo, std::log(lo), std::log1p(-lo)};
  if (p.p > hi) return {hi, std::log(hi), std::log1p(-hi)};
  return p;
}

bool is_smooth(SelectionType type) {
  return type != SelectionType::Step && type != SelectionType::Truncated &&
         type != SelectionType::TruncatedAt;
}

}  // namespace

Index weight_parameters(const WeightSpec& spec) {
  switch (spec.type) {
    case SelectionType::Beta:
    case SelectionType::NegExpPower:
    case SelectionType::TruncatedAt:
      return 2;
    case SelectionType::Step:
      return spec.steps.size();
    case SelectionType::HalfNormal:
    case SelectionType::NegExp:
    case SelectionType::Logistic:
    case SelectionType::Power:
    case SelectionType::Truncated:
      return 1;
  }
  return 0;
}

PValue p_value(double z, const WeightSpec& spec) {
  PValue out;
  if (spec.two_sided) {
    const double a = std::fabs(z);
    out.p = std::erfc(a * kRootHalf);
    out.log_p = log_upper(a) + std::log(2.0);
    out.log_q = std::log(std::erf(a * kRootHalf));
  } else {
    out.p = 0.5 * std::erfc(z * kRootHalf);
    out.log_p = log_upper(z);
    out.log_q = log_upper(-z);
  }
  double lo = spec.pval_min, hi = 1.0 - spec.pval_min;
  if (spec.type == SelectionType::Beta && spec.steps.size() == 2) {
    lo = std::max(lo, spec.steps[0]);
    hi = std::min(hi, spec.steps[1]);
  }
  return kept_in(out, lo, hi);
}

SmoothWeight::SmoothWeight(const WeightSpec& spec) : spec_(spec) {
  has_threshold_ =
      is_smooth(spec.type) && spec.type != SelectionType::Beta && spec.steps.size() > 0;
  if (!has_threshold_) return;
  const double a = spec.steps[0];
  threshold_ = {a, std::log(a), std::log1p(-a)};
}

LogWeight SmoothWeight::plain(const PValue& p, const VecRef& delta, double precision) const {
  LogWeight out;
  const auto linear = [&](double slope) {
    out.first[0] = slope;
    out.value = slope * delta[0];
  };
  switch (spec_.type) {
    case SelectionType::Beta:
      out.first[0] = p.log_p;
      out.first[1] = p.log_q;
      out.value = (delta[0] - 1.0) * p.log_p + (delta[1] - 1.0) * p.log_q;
      break;
    case SelectionType::HalfNormal:
      linear(-precision * p.p * p.p);
      break;
    case SelectionType::NegExp:
      linear(-precision * p.p);
      break;
    case SelectionType::Power:
      linear(precision * p.log_q);
      break;
    case SelectionType::Logistic: {
      // 2 / (1 + exp(x)), x = delta precision p.
      const double rate = precision * p.p, x = rate * delta[0], upper = 1.0 / (1.0 + std::exp(-x));
      out.value = std::log(2.0) - x - std::log1p(std::exp(-x));
      out.first[0] = -rate * upper;
      out.second[0] = -rate * rate * upper * (1.0 - upper);
      break;
    }
    case SelectionType::NegExpPower: {
      // -delta1 precision q, q = p^(1 / delta2).
      const double d1 = delta[0], d2 = delta[1];
      const double r = d2 > 0.0 ? p.log_p / d2 : (p.log_p < 0.0 ? -kInf : 0.0);
      const double q = precision * std::exp(r);
      const bool gone = !(q > 1e-300) || d2 <= 0.0;
      const double slope = gone ? 0.0 : -r / d2 * q;
      out.value = -d1 * q;
      out.first[0] = -q;
      out.first[1] = -d1 * slope;
      out.second[1] = -slope;
      out.second[2] = gone ? 0.0 : -d1 * slope * (-r - 2.0) / d2;
      break;
    }
    case SelectionType::Step:
    case SelectionType::Truncated:
    case SelectionType::TruncatedAt:
      break;
  }
  return out;
}

LogWeight SmoothWeight::at(const PValue& p, const VecRef& delta, double precision) const {
  if (!has_threshold_) return plain(p, delta, precision);
  if (p.p <= threshold_.p) return {};
  LogWeight out = plain(p, delta, precision);
  const LogWeight base = plain(threshold_, delta, precision);
  out.value -= base.value;
  for (int j = 0; j < 2; ++j) out.first[j] -= base.first[j];
  for (int j = 0; j < 3; ++j) out.second[j] -= base.second[j];
  return out;
}

namespace {

double quantile_of(double p, bool two_sided) {
  if (p <= 0.0) return kInf;
  if (p >= 1.0) return two_sided ? 0.0 : -kInf;
  return -normal_quantile(two_sided ? 0.5 * p : p);
}

void add_cell(WeightCells& cells, double lo, double hi, int interval, const PValue& p) {
  if (!(hi > lo)) return;
  cells.lo.push_back(lo);
  cells.hi.push_back(hi);
  cells.interval.push_back(interval);
  cells.cell_p.push_back(p);
}

WeightCells step_cells(const WeightSpec& spec) {
  WeightCells out;
  double upper = kInf;
  for (Index j = 0; j < spec.steps.size(); ++j) {
    const double lower = quantile_of(spec.steps[j], spec.two_sided);
    add_cell(out, lower, upper, static_cast<int>(j), {});
    if (spec.two_sided) add_cell(out, -upper, -lower, static_cast<int>(j), {});
    upper = lower;
  }
  return out;
}

void add_panel(WeightCells& cells, double lo, double hi, const WeightSpec& spec) {
  if (!(hi > lo)) return;
  const Index n =
      std::clamp<Index>(static_cast<Index>(std::ceil(spec.density * (hi - lo))), 24, 800);
  const Quadrature rule = gauss_legendre(n, lo, hi);
  const Index before = cells.node.size();
  cells.node.conservativeResize(before + n);
  cells.node_weight.conservativeResize(before + n);
  cells.node.tail(n) = rule.node;
  cells.node_weight.tail(n) = rule.weight;
  for (Index i = 0; i < n; ++i) cells.node_p.push_back(p_value(rule.node[i], spec));
}

}  // namespace

// The weight is constant where p is clipped or saturated, and below a threshold of p.
WeightCells cells_of(const WeightSpec& spec) {
  if (!is_smooth(spec.type)) return step_cells(spec);
  WeightCells out;
  double top = kSaturated, bottom = spec.two_sided ? 0.0 : -kSaturated;
  if (spec.type == SelectionType::NegExpPower && spec.widest_z > 5.0)
    top = std::min(spec.widest_z + kSaturated, kSmallest);
  double least = spec.pval_min, most = 1.0 - spec.pval_min;
  if (spec.type == SelectionType::Beta && spec.steps.size() == 2) {
    least = std::max(least, spec.steps[0]);
    most = std::min(most, spec.steps[1]);
  } else if (spec.steps.size() > 0) {
    least = std::max(least, spec.steps[0]);
  }
  top = std::min(top, quantile_of(least, spec.two_sided));
  bottom = std::max(bottom, quantile_of(most, spec.two_sided));
  const PValue smallest = least > 0.0 && spec.steps.size() > 0
                              ? PValue{least, std::log(least), std::log1p(-least)}
                              : p_value(top, spec);
  const PValue largest = p_value(bottom, spec);
  add_cell(out, top, kInf, 0, smallest);
  add_panel(out, bottom, top, spec);
  if (spec.two_sided) {
    add_cell(out, -bottom, bottom, 0, largest);
    add_panel(out, -top, -bottom, spec);
    add_cell(out, -kInf, -top, 0, smallest);
  } else {
    add_cell(out, -kInf, bottom, 0, largest);
  }
  return out;
}

namespace {

// Hermite polynomials of order 0 to 4 over powers of e.
void scaled_hermite(double q, double e, double* out) {
  const double r = 1.0 / e, q2 = q * q;
  out[0] = 1.0;
  out[1] = q * r;
  out[2] = (q2 - 1.0) * r * r;
  out[3] = q * (q2 - 3.0) * r * r * r;
  out[4] = (q2 * (q2 - 6.0) + 3.0) * r * r * r * r;
}

}  // namespace

void density_moments(double z, double m, double T, double* out) {
  if (std::isinf(z)) {
    std::fill(out, out + 5, 0.0);
    return;
  }
  const double e = std::sqrt(T), q = (z - m) / e;
  const double f = std::exp(-0.5 * q * q - 0.5 * kLog2Pi) / e;
  scaled_hermite(q, e, out);
  for (int n = 0; n < 5; ++n) out[n] *= f;
}

void cell_moments(double lo, double hi, double m, double T, double* out) {
  const double e = std::sqrt(T), a = (lo - m) / e, b = (hi - m) / e;
  out[0] = a > 0.0 ? 0.5 * (std::erfc(a * kRootHalf) - std::erfc(b * kRootHalf))
                   : 0.5 * (std::erfc(-b * kRootHalf) - std::erfc(-a * kRootHalf));
  double at_lo[5], at_hi[5];
  density_moments(lo, m, T, at_lo);
  density_moments(hi, m, T, at_hi);
  for (int n = 1; n < 5; ++n) out[n] = at_lo[n - 1] - at_hi[n - 1];
}

}  // namespace metaparity
