#include "core/effect/effect_proportion.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

struct Count {
  double x, m;
  double n() const { return x + m; }
  bool any_zero() const { return x == 0.0 || m == 0.0; }
};

struct CountRule {
  double add;
  AddTo to;
  Count operator()(const OneProportion& data, Index i) const {
    Count out{data.xi(i), data.mi(i)};
    if (to == AddTo::All || (to == AddTo::Only0 && out.any_zero())) {
      out.x += add;
      out.m += add;
    }
    return out;
  }
};

CountRule count_rule(const OneProportion& data, const EffectSpec& spec) {
  if (spec.to != AddTo::If0All) return {spec.add, spec.to};
  for (Index i = 0; i < data.size(); ++i) {
    const Count c{data.xi(i), data.mi(i)};
    if (c.any_zero() && !std::isnan(c.n())) return {spec.add, AddTo::All};
  }
  return {spec.add, AddTo::None};
}

double average_proportion(const OneProportion& data, const CountRule& rule) {
  double x = 0.0, n = 0.0;
  for (Index i = 0; i < data.size(); ++i) {
    const Count c = rule(data, i);
    if (std::isnan(c.n())) continue;
    x += c.x;
    n += c.n();
  }
  return x / n;
}

Estimate freeman_tukey(const Count& c) {
  const double n = c.n();
  return {
      0.5 * (std::asin(std::sqrt(c.x / (n + 1.0))) + std::asin(std::sqrt((c.x + 1.0) / (n + 1.0)))),
      1.0 / (4.0 * n + 2.0)};
}

Estimate probit(double p, double n) {
  if (!(p > 0.0 && p < 1.0)) return {p == 0.0 ? -kInf : (p == 1.0 ? kInf : kNaN), kNaN};
  const double z = normal_quantile(p);
  return {z, kTwoPi * p * (1.0 - p) * std::exp(z * z) / n};
}

// q is the proportion behind the variance: the study's own, or the average one (AV).
Estimate proportion_estimate(ProportionMeasure measure, const Count& c, double q, VarType type) {
  const double n = c.n(), p = c.x / n;
  switch (measure) {
    case ProportionMeasure::PR:
      return {p, q * (1.0 - q) / (type == VarType::UB ? n - 1.0 : n)};
    case ProportionMeasure::PLN:
      return {std::log(p), 1.0 / (n * q) - 1.0 / n};
    case ProportionMeasure::PLO:
      return {std::log(c.x / c.m), 1.0 / (n * q) + 1.0 / (n * (1.0 - q))};
    case ProportionMeasure::PRZ:
      return probit(p, n);
    case ProportionMeasure::PAS:
      return {std::asin(std::sqrt(p)), 0.25 / n};
    case ProportionMeasure::PFT:
      return freeman_tukey(c);
  }
  return {};
}

bool has_vtype(ProportionMeasure measure, VarType type) {
  switch (measure) {
    case ProportionMeasure::PR:
      return type == VarType::LS || type == VarType::AV || type == VarType::UB;
    case ProportionMeasure::PLN:
    case ProportionMeasure::PLO:
      return type == VarType::LS || type == VarType::AV;
    case ProportionMeasure::PRZ:
    case ProportionMeasure::PAS:
    case ProportionMeasure::PFT:
      return true;
  }
  return false;
}

}  // namespace

Effects effect_proportion(const OneProportion& data, ProportionMeasure measure,
                          const EffectSpec& spec) {
  require_count(data.xi, "xi");
  require_count(data.mi, "mi");
  require_positive(data.xi + data.mi, "ni");
  check_vtype(spec, data.size());
  for (const VarType v : spec.vtype) {
    if (!has_vtype(measure, v)) unknown_vtype();
  }
  const CountRule rule = count_rule(data, spec);
  const double average = any_vtype(spec, VarType::AV) ? average_proportion(data, rule) : kNaN;
  Effects out = make_effects(data.size());
  for (Index i = 0; i < data.size(); ++i) {
    const Count c = rule(data, i);
    const VarType type = vtype_at(spec, i);
    store(out, i,
          proportion_estimate(measure, c, type == VarType::AV ? average : c.x / c.n(), type));
    out.ni(i) = data.xi(i) + data.mi(i);
  }
  out.fractional = fractional_rows({&data.xi, &data.mi});
  return out;
}

}  // namespace metaparity
