#include "core/batch/adjust_p.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace metaparity {

PAdjuster::PAdjuster(AdjustRule rule, double n)
    : rule_(rule), n_(n), scale_(n), bound_(rule == AdjustRule::Holm ? 0.0 : 1.0) {
  if (rule != AdjustRule::BY) return;
  double sum = 0.0;
  for (double i = n; i > 0.0; --i) sum += 1.0 / i;
  scale_ = sum * n;
}

// The next p value of all in their order.
double PAdjuster::step(double p) {
  const double rank = n_ - done_;  // Holm's n + 1 - j is the same number
  ++done_;
  switch (rule_) {
    case AdjustRule::BH:
    case AdjustRule::BY:
      return bound_ = std::min(bound_, scale_ / rank * p);
    case AdjustRule::Hochberg:
      return bound_ = std::min(bound_, done_ * p);
    case AdjustRule::Holm:
      return bound_ = std::max(bound_, std::min(1.0, rank * p));
    case AdjustRule::Bonferroni:
      return std::min(1.0, n_ * p);
  }
  return kNaN;
}

Vec PAdjuster::adjust(const VecRef& p) {
  std::vector<std::uint32_t> order;
  order.reserve(static_cast<std::size_t>(p.size()));
  for (Index i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i])) order.push_back(static_cast<std::uint32_t>(i));
  }
  const double sign = rises() ? 1.0 : -1.0;
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return sign * p[a] < sign * p[b]; });
  Vec out = Vec::Constant(p.size(), kNaN);
  for (const std::uint32_t i : order) out[i] = step(p[i]);
  return out;
}

// The first of equal values has the bound of all.
double PAdjuster::adjust_equal(double p, double times) {
  const double out = step(p);
  done_ += times - 1.0;
  return out;
}

Vec adjust_p(const VecRef& p, AdjustRule rule) {
  double n = 0.0;
  for (Index i = 0; i < p.size(); ++i) n += std::isnan(p[i]) ? 0.0 : 1.0;
  return PAdjuster(rule, n).adjust(p);
}

}  // namespace metaparity
