#include "core/linalg/tails.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

// One value serves all rows.
double at(const VecRef& x, Index i) { return x[x.size() == 1 ? 0 : i]; }

Index rows_of(std::initializer_list<Index> sizes) {
  const Index rows = std::find(sizes.begin(), sizes.end(), 0) == sizes.end() ? std::max(sizes) : 0;
  for (Index size : sizes) {
    if (rows > 0 && size != 1 && size != rows)
      throw InvalidInput("x", "must be of one length, or of length 1");
  }
  return rows;
}

}  // namespace

Vec two_sided_tails(const VecRef& statistic, const VecRef& df) {
  Vec out(rows_of({statistic.size(), df.size()}));
  for (Index i = 0; i < out.size(); ++i) out[i] = two_sided(at(statistic, i), at(df, i));
  return out;
}

Vec upper_tails(const VecRef& x, const VecRef& df1, const VecRef& df2) {
  Vec out(rows_of({x.size(), df1.size(), df2.size()}));
  for (Index i = 0; i < out.size(); ++i) {
    out[i] = std::isnan(at(df2, i)) ? chisq_upper(at(x, i), at(df1, i))
                                    : f_upper(at(x, i), at(df1, i), at(df2, i));
  }
  return out;
}

Vec critical_values(const VecRef& level, const VecRef& df) {
  Vec out(rows_of({level.size(), df.size()}));
  double last_level = kNaN, last_df = kNaN, last = kNaN;
  for (Index i = 0; i < out.size(); ++i) {
    const double p = at(level, i), d = at(df, i);
    const bool same = p == last_level && (d == last_df || (std::isnan(d) && std::isnan(last_df)));
    if (!same) last = std::isnan(d) || d > 0.0 ? critical_value(p, d) : kNaN;
    last_level = p;
    last_df = d;
    out[i] = last;
  }
  return out;
}

}  // namespace metaparity
