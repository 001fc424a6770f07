#include "core/model/likelihood_tests.hpp"

#include <algorithm>
#include <cmath>

#include "core/linalg/distributions.hpp"
#include "core/model/wald.hpp"
#include "core/ranges.hpp"

namespace metaparity {

WaldTable wald_table(const VecRef& estimate, const VecRef& variance, const VecRef& null,
                     double level, double ddf) {
  WaldTable out;
  out.se = variance.unaryExpr([](double v) { return v > 0.0 ? std::sqrt(v) : kNaN; });
  out.stat = (estimate - null).cwiseQuotient(out.se);
  out.pval =
      out.stat.unaryExpr([ddf](double z) { return std::isnan(z) ? kNaN : two_sided(z, ddf); });
  const Vec reach = critical_value(level, ddf) * out.se;
  out.ci_lb = estimate - reach;
  out.ci_ub = estimate + reach;
  return out;
}

Omnibus omnibus_test(const VecRef& beta, const MatRef& vb, const std::vector<int>& which,
                     double ddf) {
  const Index m = static_cast<Index>(which.size());
  check_indices(which, beta.size(), "btt");
  Omnibus out;
  out.df1 = static_cast<int>(m);
  out.df2 = ddf;
  Vec b(m);
  Mat v(m, m);
  for (Index i = 0; i < m; ++i) {
    const Index row = which[static_cast<std::size_t>(i)];
    b[i] = beta[row];
    for (Index j = 0; j < m; ++j) v(i, j) = vb(row, which[static_cast<std::size_t>(j)]);
  }
  if (m == 0 || !v.allFinite()) return out;
  const double wald = wald_statistic(b, v), df1 = static_cast<double>(m);
  if (std::isnan(wald)) return out;
  out.stat = std::isnan(ddf) ? wald : wald / df1;
  out.pval = std::isnan(ddf) ? chisq_upper(wald, df1) : f_upper(out.stat, df1, ddf);
  return out;
}

FitStats likelihood_criteria(double ll, double saturated, double n, double parms) {
  FitStats out;
  out.ll = ll;
  out.dev = 2.0 * (saturated - ll);
  out.AIC = -2.0 * ll + 2.0 * parms;
  out.BIC = -2.0 * ll + parms * std::log(n);
  const double size = std::max(n, parms + 2.0);
  out.AICc = -2.0 * ll + 2.0 * parms * size / (size - parms - 1.0);
  return out;
}

LikelihoodRatio likelihood_ratio(double full, double reduced, double df) {
  LikelihoodRatio out;
  out.stat = std::max(0.0, 2.0 * (full - reduced));
  if (df > 0.0) out.pval = chisq_upper(out.stat, df);
  return out;
}

}  // namespace metaparity
