#include "core/bias/egger.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/weighted_ls.hpp"

namespace metaparity {
namespace {

// Sums around the weighted means of x and y; the second pass removes what the first mean lost.
struct LineMoments {
  double w = 0.0, x0 = 0.0, y0 = 0.0, xx = 0.0, xy = 0.0;
};

LineMoments line_moments(const VecRef& y, const VecRef& x, const Vec& w) {
  LineMoments m;
  m.w = w.sum();
  Index heaviest = 0;
  w.maxCoeff(&heaviest);
  m.x0 = x(heaviest);
  m.y0 = y(heaviest);
  for (int pass = 0; pass < 2; ++pass) {
    m.x0 += (w.array() * (x.array() - m.x0)).sum() / m.w;
    m.y0 += (w.array() * (y.array() - m.y0)).sum() / m.w;
  }
  const Eigen::ArrayXd dx = x.array() - m.x0;
  m.xx = (w.array() * dx.square()).sum();
  m.xy = (w.array() * dx * (y.array() - m.y0)).sum();
  return m;
}

Coefficient tested(double est, double se, double df, double level) {
  Coefficient c;
  c.est = est;
  if (!(df > 0.0)) return c;
  c.se = se;
  c.tval = est / se;
  c.pval = two_sided(c.tval, df);
  const double half = critical_value(level, df) * se;
  c.ci_lb = est - half;
  c.ci_ub = est + half;
  return c;
}

// A column that is the same in every row takes up any offset of y; -1 when there is none.
Index constant_column(const MatRef& X) {
  for (Index j = 0; j < X.cols(); ++j) {
    if (X(0, j) != 0.0 && (X.col(j).array() == X(0, j)).all()) return j;
  }
  return -1;
}

// The relative spread below which a predictor is a constant up to rounding.
constexpr double kConstant = 8.0 * std::numeric_limits<double>::epsilon();

}  // namespace

LineFit fit_line(const VecRef& y, const VecRef& x, const VecRef& weights, double level,
                 bool rescale) {
  LineFit fit;
  fit.k = static_cast<int>(y.size());
  if (fit.k < 2) throw InvalidInput("x", "must have at least 2 studies for a regression test");
  const Vec w = weights / weights.maxCoeff();
  const LineMoments m = line_moments(y, x, w);
  const double flat = kConstant * x.cwiseAbs().maxCoeff();
  if (!(m.xx > flat * flat * m.w)) {
    throw InvalidInput("predictor", "must differ between the studies, but it is constant");
  }
  const double slope = m.xy / m.xx;
  const double intercept = m.y0 - slope * m.x0;
  const Eigen::ArrayXd r = (y.array() - m.y0) - slope * (x.array() - m.x0);
  const double rss = (w.array() * r.square()).sum();
  fit.df = fit.k - 2;
  const double s2 = fit.df > 0.0 ? rss / fit.df : kNaN;
  fit.slope = tested(slope, std::sqrt(s2 / m.xx), fit.df, level);
  fit.intercept =
      tested(intercept, std::sqrt(s2 * (1.0 / m.w + m.x0 * m.x0 / m.xx)), fit.df, level);
  fit.covariance = -s2 * m.x0 / m.xx;
  fit.rmse = std::sqrt(s2 * (rescale ? fit.k / m.w : weights.maxCoeff()));
  return fit;
}

LineFit egger_line(const VecRef& yi, const VecRef& sei, double level) {
  return fit_line(yi, sei, sei.array().square().inverse().matrix(), level);
}

ScoreFit harbord_line(const TwoByTwoRef& cells, ScoreMeasure measure, double level) {
  ScoreFit out;
  const Index k = cells.ai.size();
  Vec yi(k), sei(k);
  Index used = 0;
  for (Index i = 0; i < k; ++i) {
    const double a = cells.ai(i), b = cells.bi(i), c = cells.ci(i), d = cells.di(i);
    const double n1 = a + b, n2 = c + d, m1 = a + c, m0 = b + d, n = n1 + n2;
    if (n1 == 0.0 || n2 == 0.0 || m1 == 0.0 || m0 == 0.0) {
      out.excluded.push_back(static_cast<int>(i));
      continue;
    }
    const bool odds = measure == ScoreMeasure::OR;
    const double z = (odds ? a * d - b * c : a * n - m1 * n1) / (odds ? n : m0);
    const double v = odds ? n1 * n2 * m1 * m0 / (n * n * (n - 1.0)) : n1 * n2 * m1 / (n * m0);
    yi(used) = z / v;
    sei(used) = 1.0 / std::sqrt(v);
    ++used;
  }
  out.line = egger_line(yi.head(used), sei.head(used), level);
  out.x = sei.head(used).cwiseInverse();
  out.y = yi.head(used).cwiseQuotient(sei.head(used));
  return out;
}

LineFit peters_line(const VecRef& yi, const TwoByTwoRef& cells, double level) {
  const Eigen::ArrayXd s = cells.ai + cells.ci, f = cells.bi + cells.di;
  const Eigen::ArrayXd n = s + f;
  return fit_line(yi, n.inverse().matrix(), (s * f / n).matrix(), level, true);
}

LmFit fit_lm(const VecRef& y, const MatRef& X, const VecRef& weights, double level) {
  LmFit fit;
  fit.k = static_cast<int>(X.rows());
  fit.p = static_cast<int>(X.cols());
  fit.df = fit.k - fit.p;
  if (fit.df < 0.0) throw SingularDesign("must leave at least as many studies as coefficients");
  if (independent_columns(X).size() < static_cast<std::size_t>(fit.p)) {
    throw SingularDesign("are collinear with the predictor of the test");
  }
  const Index constant = constant_column(X);
  const double centre = constant < 0 ? 0.0 : weights.dot(y) / weights.sum();
  const WlsFit ls = weighted_ls(y.array() - centre, X, weights);
  const double s2 = fit.df > 0.0 ? ls.rss / fit.df : kNaN;
  fit.rmse = std::sqrt(s2);
  fit.beta = ls.beta;
  if (constant >= 0) fit.beta(constant) += centre / X(0, constant);
  fit.vb = s2 * ls.inv;
  const Vec se = fit.vb.diagonal().cwiseSqrt();
  fit.se = fit.tval = fit.pval = fit.ci_lb = fit.ci_ub = Vec::Constant(fit.p, kNaN);
  for (Index j = 0; j < fit.p; ++j) {
    const Coefficient c = tested(fit.beta(j), se(j), fit.df, level);
    fit.se(j) = c.se;
    fit.tval(j) = c.tval;
    fit.pval(j) = c.pval;
    fit.ci_lb(j) = c.ci_lb;
    fit.ci_ub(j) = c.ci_ub;
  }
  return fit;
}

PooledBias pool_bias(const VecRef& bias, const VecRef& se) {
  double sum_w = 0.0, sum_wb = 0.0;
  for (Index i = 0; i < bias.size(); ++i) {
    const double w = 1.0 / (se(i) * se(i));
    if (!std::isfinite(w)) continue;
    sum_w += w;
    sum_wb += w * bias(i);
  }
  PooledBias out;
  if (!(sum_w > 0.0)) return out;
  out.bias = sum_wb / sum_w;
  out.se = 1.0 / std::sqrt(sum_w);
  out.zval = out.bias / out.se;
  out.pval = normal_two_sided(out.zval);
  return out;
}

}  // namespace metaparity
