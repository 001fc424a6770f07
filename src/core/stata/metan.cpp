#include "core/stata/metan.hpp"

#include <algorithm>
#include <cmath>

#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

struct Margins {
  double a, n1, n2, m1;
  double low() const { return std::max(0.0, m1 - n2); }
  double high() const { return std::min(m1, n1); }
  double spread(double A) const {
    return 1.0 / (1.0 / A + 1.0 / (m1 - A) + 1.0 / (n1 - A) + 1.0 / (n2 - m1 + A));
  }
  double odds_ratio(double A) const { return A * (n2 - m1 + A) / ((n1 - A) * (m1 - A)); }
};

// |a - A| - z sqrt(spread) is positive at the end of the range and negative at a.
double solve_limit(const Margins& m, double end, double z) {
  double out = end;
  double in = m.a;
  for (int i = 0; i < 200; ++i) {
    const double mid = 0.5 * (out + in);
    if (mid == out || mid == in) break;
    const bool beyond = std::fabs(m.a - mid) > z * std::sqrt(m.spread(mid));
    (beyond ? out : in) = mid;
  }
  return m.odds_ratio(0.5 * (out + in));
}

}  // namespace

OddsLimits cornfield_limits(const VecRef& ai, const VecRef& bi, const VecRef& ci, const VecRef& di,
                            double level) {
  const double z = critical_value(level, kNaN);
  OddsLimits out{Vec::Constant(ai.size(), kNaN), Vec::Constant(ai.size(), kNaN)};
  for (Index i = 0; i < ai.size(); ++i) {
    if (!(ai[i] > 0.0 && bi[i] > 0.0 && ci[i] > 0.0 && di[i] > 0.0)) continue;
    const Margins m{ai[i], ai[i] + bi[i], ci[i] + di[i], ai[i] + ci[i]};
    out.lb[i] = solve_limit(m, m.low(), z);
    out.ub[i] = solve_limit(m, m.high(), z);
  }
  return out;
}

}  // namespace metaparity
