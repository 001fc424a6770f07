// Effect sizes of person-time rates: of two groups the log ratio, the difference, the difference of
// square roots; of one group the rate, its logarithm, square root, Freeman-Tukey transformation.
// Sources: Rothman, Greenland & Lash (2008) Modern Epidemiology, 3rd ed., ch. 14; Freeman & Tukey (1950)
// Ann Math Stat 21:607. Oracle: metafor.
#pragma once

#include "core/effect/effect_common.hpp"

namespace metaparity {

enum class RateMeasure { IRR, IRD, IRSD };
enum class OneRateMeasure { IR, IRLN, IRS, IRFT };

// Events and person-time of the two groups.
struct PersonTime {
  VecRef x1i, x2i, t1i, t2i;
  Index size() const { return x1i.size(); }
};

struct Rates {
  double x1, x2, t1, t2;
  double time() const { return t1 + t2; }
  bool any_missing() const;
};

// The rule for studies without events adds to the events, not to the time.
class CorrectedRates {
 public:
  CorrectedRates(const PersonTime& data, double add, AddTo to, bool drop00);
  Index size() const { return data_.size(); }
  Rates raw(Index i) const { return {data_.x1i(i), data_.x2i(i), data_.t1i(i), data_.t2i(i)}; }
  Rates at(Index i) const;

 private:
  const PersonTime& data_;
  double add_;
  AddTo to_;
  bool drop00_;
};

void check_rates(const PersonTime& data);
Effects effect_rates(const PersonTime& data, RateMeasure measure, const EffectSpec& spec);

// Events xi in the person-time ti.
Effects effect_one_rate(const VecRef& xi, const VecRef& ti, OneRateMeasure measure,
                        const EffectSpec& spec);

}  // namespace metaparity
