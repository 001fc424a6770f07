#include "core/batch/adjust_p.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace metaparity {

Vec adjust_p_bh(const VecRef& p) {
  std::vector<std::uint32_t> order;
  order.reserve(static_cast<std::size_t>(p.size()));
  for (Index i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i])) order.push_back(static_cast<std::uint32_t>(i));
  }
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return p[a] > p[b]; });
  Vec out = Vec::Constant(p.size(), kNaN);
  const double n = static_cast<double>(order.size());
  double rank = n, least = 1.0;
  for (const std::uint32_t i : order) {
    least = std::min(least, n / rank * p[i]);
    out[i] = least;
    rank -= 1.0;
  }
  return out;
}

}  // namespace metaparity
