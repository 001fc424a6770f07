#include "core/model/closed_form.hpp"

#include <algorithm>
#include <cmath>

#include "core/linalg/distributions.hpp"
#include "core/model/heterogeneity.hpp"
#include "core/model/knapp_hartung.hpp"

namespace metaparity {
namespace {

struct RandomSums {
  double w = 0.0, mean = 0.0, rss = kNaN;
};

RandomSums random_sums(const ShiftedStudies& data, RowSpan rows, double tau2, bool want_rss) {
  const Index tail = data.y.size() - rows.second;
  const auto head_y = data.y.head(rows.first).array();
  const auto tail_y = data.y.tail(tail).array();
  const Eigen::ArrayXd head_w = (data.v.head(rows.first).array() + tau2).inverse();
  const Eigen::ArrayXd tail_w = (data.v.tail(tail).array() + tau2).inverse();
  RandomSums out;
  out.w = head_w.sum() + tail_w.sum();
  out.mean = ((head_w * head_y).sum() + (tail_w * tail_y).sum()) / out.w;
  if (want_rss) {
    out.rss = (head_w * (head_y - out.mean).square()).sum() +
              (tail_w * (tail_y - out.mean).square()).sum();
  }
  return out;
}

void set_heterogeneity(RmaFit& fit, const Moments& m, bool common, bool from_q) {
  const double df = fit.k - 1;
  fit.QE = m.m2;
  fit.QEp = chisq_upper(m.m2, df);
  if (common) {
    const Heterogeneity h = heterogeneity_from_q(m.m2, df, kNaN);
    fit.I2 = h.I2;
    fit.H2 = h.H2;
    return;
  }
  const double c = 2.0 * m.e2 / m.w;
  fit.tau2 = std::max(0.0, (m.m2 - df) / c);
  fit.vt = df / c;
  const Heterogeneity h =
      from_q ? heterogeneity_from_q(m.m2, df, fit.vt) : heterogeneity_from_tau2(fit.tau2, fit.vt);
  fit.I2 = h.I2;
  fit.H2 = h.H2;
}

}  // namespace

ShiftedStudies::ShiftedStudies(const VecRef& yi, const VecRef& vi) : v(vi) {
  Index heaviest = 0;
  vi.minCoeff(&heaviest);
  shift = yi(heaviest);
  y = yi.array() - shift;
}

RmaFit closed_form_fit(const ShiftedStudies& data, const Moments& m, RowSpan rows,
                       const ModelSpec& spec) {
  RmaFit fit;
  fit.k = m.k;
  fit.p = 1;
  TestType test = spec.test;
  if (m.k == 1) {
    test = TestType::Z;
    fit.QE = fit.I2 = 0.0;
    fit.QEp = fit.H2 = 1.0;
  } else {
    set_heterogeneity(fit, m, spec.method == Tau2Method::FE, spec.i2_from_q);
  }
  const bool scaled = scales_variance(test);
  RandomSums sums{m.w, m.mean, m.m2};
  if (fit.tau2 > 0.0) sums = random_sums(data, rows, fit.tau2, scaled);
  if (test != TestType::Z) fit.ddf = m.k - 1;
  if (scaled) fit.s2w = variance_factor(test, sums.rss, m.k - 1);
  const double beta = sums.mean + data.shift;
  const double se = std::sqrt(fit.s2w / sums.w);
  const double half = critical_value(spec.level, fit.ddf) * se;
  fit.beta = Vec::Constant(1, beta);
  fit.se = Vec::Constant(1, se);
  fit.zval = Vec::Constant(1, beta / se);
  fit.pval = Vec::Constant(1, two_sided(beta / se, fit.ddf));
  fit.ci_lb = Vec::Constant(1, beta - half);
  fit.ci_ub = Vec::Constant(1, beta + half);
  return fit;
}

}  // namespace metaparity
