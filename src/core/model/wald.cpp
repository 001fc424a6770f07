#include "core/model/wald.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/ranges.hpp"

namespace metaparity {

// Scaled to correlations first: coefficients may differ by orders of magnitude.
double wald_statistic(const VecRef& b, const MatRef& v) {
  const Vec s = v.diagonal().cwiseSqrt();
  if (!(s.minCoeff() > 0.0)) return kNaN;
  const Mat r = s.cwiseInverse().asDiagonal() * v * s.cwiseInverse().asDiagonal();
  const Vec z = b.cwiseQuotient(s);
  return b.size() == 1 ? z[0] * z[0] : inverse_form(r, z);
}

LinearTests linear_tests(const MatRef& L, const VecRef& rhs, const VecRef& beta, const MatRef& vb,
                         const VecRef& ddf, double df2) {
  if (L.cols() != beta.size()) throw InvalidInput("X", "must have one column for each coefficient");
  const Index m = L.rows();
  if (m == 0) throw InvalidInput("X", "must have at least one row");
  check_fits(rhs.size() == m && ddf.size() == m && vb.rows() == L.cols() && vb.cols() == L.cols(),
             "X");
  const Mat v = product(L, vb, L.transpose());
  LinearTests out;
  out.estimate = L * beta - rhs;
  out.se = v.diagonal().cwiseSqrt();
  out.stat = out.estimate.cwiseQuotient(out.se);
  out.pval.resize(m);
  for (Index i = 0; i < m; ++i) out.pval[i] = two_sided(out.stat[i], ddf[i]);
  const Mat rows = L.transpose();
  if (static_cast<Index>(independent_columns(rows).size()) < m) return out;
  const double wald = wald_statistic(out.estimate, v), df1 = static_cast<double>(m);
  out.QM = std::isnan(df2) ? wald : wald / df1;
  out.QMp = std::isnan(df2) ? chisq_upper(wald, df1) : f_upper(out.QM, df1, df2);
  return out;
}

}  // namespace metaparity
