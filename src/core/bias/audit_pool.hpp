// Pooled results that the printed rows of a forest plot allow: each input lies in an interval, and so does every
// result. Method: one input at a time to both ends of its interval, the sums of these changes (first order), and the
// corners to which they point. Oracle: rma() at the centre; random points of the box.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// Estimates and standard errors on the scale of analysis, with half widths of their intervals.
struct PoolBox {
  Vec y, y_half, s, s_half;
  Index size() const { return y.size(); }
};

// Quantities in the order of kAuditQuantities; then the weights in percent.
inline constexpr const char* kAuditQuantities[] = {
    "est",     "se",      "z",         "Q",         "tau2",      "I2",
    "I2.tau2", "lb.z",    "ub.z",      "lb.t",      "ub.t",      "lb.hk",
    "ub.hk",   "z.hk",    "pi.lb.t2",  "pi.ub.t2",  "pi.lb.t1",  "pi.ub.t1",
    "pi.lb.z", "pi.ub.z", "pi.lb.hk1", "pi.ub.hk1", "pi.lb.hk2", "pi.ub.hk2"};
inline constexpr int kAuditQuantityCount = 24;

struct PoolRanges {
  Vec centre, low, high;
};

// level: coverage of the pooled intervals. slack: what the first-order bound is multiplied by.
PoolRanges audit_pool(const PoolBox& box, Tau2Method method, double level, double slack = 1.05);

}  // namespace metaparity
