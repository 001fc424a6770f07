// p values adjusted for their number, all at once or a range of them at a time. With p(j) the j-th smallest of n: Benjamini &
// Hochberg (1995) and Hochberg (1988) step up, the least of n p(j) / j or of (n + 1 - j) p(j) from this one on; Benjamini &
// Yekutieli (2001) times the sum of 1 / i; Holm (1979) steps down; Bonferroni. Oracle: R's p.adjust().
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class AdjustRule { BH, BY, Hochberg, Holm, Bonferroni };

// Ranges of p values come from the largest to the smallest, Holm's from the smallest to the largest, each of them once.
class PAdjuster {
 public:
  // n: of all p values that are not NaN.
  PAdjuster(AdjustRule rule, double n);
  bool rises() const { return rule_ == AdjustRule::Holm; }
  // The next range. NaN stays NaN and does not count.
  Vec adjust(const VecRef& p);
  // A range of one value that stands there `times` times.
  double adjust_equal(double p, double times);

 private:
  double step(double p);

  AdjustRule rule_;
  double n_;
  double scale_;
  double done_ = 0.0;
  double bound_;
};

Vec adjust_p(const VecRef& p, AdjustRule rule);

}  // namespace metaparity
