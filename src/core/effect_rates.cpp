#include "core/effect_rates.hpp"

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
  if (drop00_ && r.x1 == 0.0 && r.x2 == 0.0) return {kNaN, kNaN, kNaN, kNaN};
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
  return {r.x1 / r.t1 - r.x2 / r.t2, r.x1 / (r.t1 * r.t1) + r.x2 / (r.t2 * r.t2)};
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

}  // namespace metaparity
