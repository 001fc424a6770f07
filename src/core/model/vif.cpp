#include "core/model/vif.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/ranges.hpp"

namespace metaparity {
namespace {

Mat pick(const Mat& r, const std::vector<int>& at) {
  const auto m = static_cast<Index>(at.size());
  Mat out(m, m);
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < m; ++j)
      out(i, j) = r(at[static_cast<std::size_t>(i)], at[static_cast<std::size_t>(j)]);
  }
  return out;
}

}  // namespace

Vec inflation_factors(const MatRef& vb, bool int_incl, const std::vector<std::vector<int>>& sets) {
  const Vec s = vb.diagonal().cwiseSqrt().cwiseInverse();
  const Mat r = s.asDiagonal() * vb * s.asDiagonal();
  const int first = int_incl ? 1 : 0, p = static_cast<int>(vb.rows());
  Vec out(static_cast<Index>(sets.size()));
  for (std::size_t i = 0; i < sets.size(); ++i) {
    std::vector<int> others, all;
    const auto& set = sets[i];
    if (set.empty()) throw InvalidInput("btt", "must name at least one coefficient");
    check_indices(set, p, "btt");
    for (int j = std::min(first, set.front()); j < p; ++j) {
      const bool inside = std::find(set.begin(), set.end(), j) != set.end();
      if (j == 0 && first == 1 && !inside) continue;
      all.push_back(j);
      if (!inside) others.push_back(j);
    }
    out[static_cast<Index>(i)] =
        determinant(pick(r, set)) * determinant(pick(r, others)) / determinant(pick(r, all));
  }
  return out;
}

}  // namespace metaparity
