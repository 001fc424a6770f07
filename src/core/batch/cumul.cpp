#include "core/batch/cumul.hpp"

#include <numeric>
#include <stdexcept>

#include "core/model/closed_form.hpp"

namespace metaparity {

FitTable cumulative(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                    const ModelSpec& spec, const std::vector<int>& ends) {
  const auto n = static_cast<Index>(ends.size());
  FitTable out(n, X.cols());
  if (has_closed_form(vi, X, weights, spec)) {
    const ShiftedStudies data(yi, vi);
    Moments sum;
    Index done = 0;
    for (Index j = 0; j < n; ++j) {
      const Index end = ends[static_cast<std::size_t>(j)];
      for (; done < end; ++done) sum = sum.merged(data.study(done));
      out.set(j, closed_form_fit(data, sum, {end, yi.size()}, spec));
    }
    return out;
  }
  for (Index j = 0; j < n; ++j) {
    ask(spec.checkpoint);
    std::vector<Index> rows(static_cast<std::size_t>(ends[static_cast<std::size_t>(j)]));
    std::iota(rows.begin(), rows.end(), Index{0});
    try {
      out.set(j, fit_rows(yi, vi, X, weights, spec, rows));
    } catch (const std::runtime_error&) {
      out.failed.push_back(static_cast<int>(j));
    }
  }
  return out;
}

}  // namespace metaparity
