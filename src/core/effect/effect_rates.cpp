#include "core/effect/effect_rates.hpp"

#include <cmath>

namespace metaparity {

bool Rates::any_missing() const { return std::isnan(x1 + x2) || std::isnan(t1 + t2); }

CorrectedRates::CorrectedRates(const PersonTime& data, double add, AddTo to, bool drop00)
    : data_(data), add_(add), to_(to), drop00_(drop00) {
  if (to != AddTo::If0All) return;
  to_ = AddTo::None;
  for (Index i = 0; i < size() && to_ == AddTo::None; ++i) {
    const bool one = data.x1i(i) == 0.0, two = data.x2i(i) == 0.0;
    if ((one || two) && !(drop00 && one && two)) to_ = AddTo::All;
  }
}

Rates CorrectedRates::at(Index i) const {
  Rates r = raw(i);
  if (drop00_ && r.x1 == 0.0 && r.x2 == 0.0) return {kNaN, kNaN, r.t1, r.t2};
  if (to_ == AddTo::All || (to_ == AddTo::Only0 && (r.x1 == 0.0 || r.x2 == 0.0))) {
    r.x1 += add_;
    r.x2 += add_;
  }
  return r;
}

void check_rates(const PersonTime& data) {
  require_length(data.x2i, data.size(), "x2i");
  require_length(data.t1i, data.size(), "t1i");
  require_length(data.t2i, data.size(), "t2i");
  require_count(data.x1i, "x1i");
  require_count(data.x2i, "x2i");
  require_positive(data.t1i, "t1i");
  require_positive(data.t2i, "t2i");
}

namespace {

Estimate rate_estimate(const Rates& r, RateMeasure measure) {
  if (measure == RateMeasure::IRR) {
    return {std::log(r.x1 * r.t2 / (r.x2 * r.t1)), 1.0 / r.x1 + 1.0 / r.x2};
  }
  if (measure == RateMeasure::IRSD) {
    return {std::sqrt(r.x1 / r.t1) - std::sqrt(r.x2 / r.t2), 0.25 / r.t1 + 0.25 / r.t2};
  }
  return {r.x1 / r.t1 - r.x2 / r.t2, r.x1 / (r.t1 * r.t1) + r.x2 / (r.t2 * r.t2)};
}

Estimate one_rate(double x, double t, OneRateMeasure measure) {
  switch (measure) {
    case OneRateMeasure::IR:
      return {x / t, x / (t * t)};
    case OneRateMeasure::IRLN:
      return {std::log(x / t), 1.0 / x};
    case OneRateMeasure::IRS:
      return {std::sqrt(x / t), 0.25 / t};
    case OneRateMeasure::IRFT:
      return {0.5 * (std::sqrt(x / t) + std::sqrt((x + 1.0) / t)), 0.25 / t};
  }
  return {};
}

}  // namespace

Effects effect_rates(const PersonTime& data, RateMeasure measure, const EffectSpec& spec) {
  check_rates(data);
  const CorrectedRates rates(data, spec.add, spec.to, spec.drop00);
  Effects out = make_effects(data.size());
  for (Index i = 0; i < data.size(); ++i) {
    store(out, i, rate_estimate(rates.at(i), measure));
    out.ni(i) = data.t1i(i) + data.t2i(i);
  }
  out.fractional = fractional_rows({&data.x1i, &data.x2i});
  return out;
}

Effects effect_one_rate(const VecRef& xi, const VecRef& ti, OneRateMeasure measure,
                        const EffectSpec& spec) {
  require_length(ti, xi.size(), "ti");
  require_count(xi, "xi");
  require_positive(ti, "ti");
  const bool any_zero = (xi.array() == 0.0).any();
  const auto added = [&](double x) {
    const bool add = spec.to == AddTo::All || (spec.to == AddTo::If0All && any_zero) ||
                     (spec.to == AddTo::Only0 && x == 0.0);
    return add ? x + spec.add : x;
  };
  Effects out = each_study(
      xi.size(), [&](Index i) { return one_rate(added(xi(i)), ti(i), measure); },
      [&](Index i) { return ti(i); });
  out.fractional = fractional_rows({&xi});
  return out;
}

}  // namespace metaparity
