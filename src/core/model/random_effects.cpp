#include "core/model/random_effects.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/scaling.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/fit_statistics.hpp"
#include "core/model/heterogeneity.hpp"
#include "core/model/knapp_hartung.hpp"
#include "core/model/wald.hpp"
#include "core/ranges.hpp"
#include "core/tau2/pool.hpp"
#include "core/tau2/tau2.hpp"

namespace metaparity {
namespace {

constexpr const char* kWideDesign =
    "spans too many orders of magnitude: variances of the coefficients overflow";
constexpr const char* kTooWide =
    "spans too many orders of magnitude for its variances: sums of squares overflow";
constexpr double kLog2 = 0.69314718055994530942;

template <class Bad>
void check_rows(const VecRef& x, const char* arg, const char* message, Bad&& bad) {
  std::vector<int> rows;
  for (Index i = 0; i < x.size(); ++i) {
    if (bad(x[i])) rows.push_back(static_cast<int>(i));
  }
  if (!rows.empty()) throw InvalidStudies(arg, rows, message);
}

struct ModelEstimate {
  Vec beta;
  Mat vb;
  double rss = 0.0, log_det = 0.0;
  double model_rss = 0.0;  // with weights 1 / (v + tau2), whatever made the estimate
};

// The model's own weights, or the sandwich (X'AX)^-1 X'A (V + tau2) A X (X'AX)^-1 of others.
ModelEstimate estimate_beta(const Scaled& data, const MatRef& X, const VecRef& weights, double tau2,
                            bool weighted) {
  const bool own = weighted && weights.size() == 0;
  if (own && is_intercept_only(X)) {
    const Pooled at = pool(data.yi, data.vi, tau2);
    return {Vec::Constant(1, at.mu), Mat::Constant(1, 1, 1.0 / at.sum_w), at.rss,
            std::log(at.sum_w), at.rss};
  }
  const Vec s = data.vi.array() + tau2;
  if (own) {
    const WlsFit fit = weighted_ls(data.yi, X, s.cwiseInverse());
    return {fit.beta, fit.inv, fit.rss, fit.log_det, fit.rss};
  }
  const Vec a = weighted ? Vec(weights) : Vec::Ones(data.yi.size());
  const WlsFit fit = weighted_ls(data.yi, X, a);
  const Vec meat = a.array().square() * s.array();
  return {fit.beta, sandwich(fit.inv, X, meat), fit.rss, fit.log_det,
          (fit.resid.array().square() / s.array()).sum()};
}

// Sum of log(v + shift): a logarithm of products, taken before they leave the range.
double sum_log(const VecRef& v, double shift) {
  double sum = 0.0, product = 1.0;
  for (Index i = 0; i < v.size(); ++i) {
    product *= v[i] + shift;
    if (product < 1e-200 || product > 1e200) {
      sum += std::log(product);
      product = 1.0;
    }
  }
  return sum + std::log(product);
}

// rss: sum of squares at the estimate, with the weights of the model whatever made the estimate;
// log_det: of the model's own normal equations.
void fill_likelihood(RmaFit& fit, const Scaled& data, const MatRef& X, double rss, double log_det,
                     bool reml_design) {
  const double k = fit.k, p = fit.p, shift = data.exponent * kLog2;
  const double model_log = sum_log(data.vi, fit.tau2);
  const double ml = -0.5 * (k * kLog2Pi + model_log + rss) - k * shift;
  // Against the model that fits every study, exactly rss at tau2 = 0; that model has no likelihood where a vi is 0.
  const bool bounded = data.vi.minCoeff() > 0.0;
  const double dev = bounded ? rss + (model_log - sum_log(data.vi, 0.0)) : -2.0 * ml;
  fit.ml = fit_statistics(ml, dev, k, fit.parms);
  if (fit.k <= fit.p) return;
  double log_det_x = 0.0;
  if (reml_design) {
    log_det_x = is_intercept_only(X) ? std::log(k)
                                     : weighted_ls(data.yi, X, Vec::Ones(data.yi.size())).log_det;
  }
  const double reml =
      -0.5 * ((k - p) * kLog2Pi - log_det_x + model_log + log_det + rss) - (k - p) * shift;
  fit.reml = fit_statistics(reml, -2.0 * reml, k - p, fit.parms);
}

void fill_heterogeneity(RmaFit& fit, const Scaled& data, const MatRef& X, const ModelSpec& spec) {
  const double df = fit.k - fit.p;
  if (data.vi.minCoeff() > 0.0) {
    double tr_p = 0.0;
    if (is_intercept_only(X)) {
      const Pooled common = pool(data.yi, data.vi, 0.0);
      fit.QE = spec.q_centre ? q_around(data.yi, data.vi, *spec.q_centre) : common.rss;
      tr_p = common.tr_p;
    } else {
      const Vec w = data.vi.cwiseInverse();
      const WlsFit common = weighted_ls(data.yi, X, w);
      fit.QE = common.rss;
      tr_p = trace_pd(common, w, Vec::Ones(data.yi.size()));
    }
    if (std::isinf(fit.QE)) throw InvalidInput("yi", kTooWide);
    fit.QEp = df > 0 ? chisq_upper(fit.QE, df) : 1.0;
    // Of columns that differ by rounding alone the trace can be 0 or less.
    fit.vt = tr_p > 0.0 ? df / tr_p : kNaN;
  }
  const bool from_q = spec.method == Tau2Method::FE || spec.i2_from_q;
  if (std::isnan(fit.QE) && from_q) {
    fit.I2 = fit.H2 = kNaN;
    return;
  }
  const Heterogeneity h =
      from_q ? heterogeneity_from_q(fit.QE, df, fit.vt) : heterogeneity_from_tau2(fit.tau2, fit.vt);
  fit.I2 = h.I2;
  fit.H2 = h.H2;
}

std::vector<int> tested_columns(const ModelSpec& spec, int p) {
  check_indices(spec.btt, p, "btt");
  if (!spec.btt.empty()) return spec.btt;
  std::vector<int> out;
  for (int j = spec.int_incl && p > 1 ? 1 : 0; j < p; ++j) out.push_back(j);
  return out;
}

void fill_omnibus(RmaFit& fit, const ModelSpec& spec) {
  const std::vector<int> cols = tested_columns(spec, fit.p);
  fit.m = static_cast<int>(cols.size());
  Vec b(fit.m);
  Mat v(fit.m, fit.m);
  for (int i = 0; i < fit.m; ++i) {
    const int row = cols[static_cast<std::size_t>(i)];
    b[i] = fit.beta[row];
    for (int j = 0; j < fit.m; ++j) v(i, j) = fit.vb(row, cols[static_cast<std::size_t>(j)]);
  }
  const double wald = wald_statistic(b, v);
  fit.QMdf1 = fit.m;
  if (spec.test == TestType::Z) {
    fit.QM = wald;
    fit.QMp = chisq_upper(wald, fit.m);
  } else {
    fit.QM = wald / fit.m;
    fit.QMdf2 = fit.ddf;
    fit.QMp = fit.ddf > 0 ? f_upper(fit.QM, fit.m, fit.ddf) : kNaN;
  }
}

void fill_tests(RmaFit& fit, const ModelSpec& spec, double rss) {
  const double df = fit.k - fit.p;
  if (spec.test != TestType::Z) fit.ddf = df;
  if (scales_variance(spec.test)) {
    fit.s2w = variance_factor(spec.test, rss, df);
    fit.vb *= fit.s2w;
  }
  fit.se = fit.vb.diagonal().cwiseSqrt();
  fit.zval = fit.beta.cwiseQuotient(fit.se);
  const bool testable = std::isnan(fit.ddf) || fit.ddf > 0;
  const double crit = testable ? critical_value(spec.level, fit.ddf) : kNaN;
  fit.pval.resize(fit.p);
  for (int j = 0; j < fit.p; ++j) fit.pval[j] = testable ? two_sided(fit.zval[j], fit.ddf) : kNaN;
  fit.ci_lb = fit.beta - crit * fit.se;
  fit.ci_ub = fit.beta + crit * fit.se;
  fill_omnibus(fit, spec);
}

bool spans_intercept(const MatRef& X, bool int_incl) {
  if (int_incl) return true;
  Mat wider(X.rows(), X.cols() + 1);
  wider << X, Vec::Ones(X.rows());
  return static_cast<Index>(independent_columns(wider).size()) == X.cols();
}

// Share of the heterogeneity that the moderators account for (Raudenbush 2009, eq 16.6); without
// tau2, the adjusted R2 of the regression with the weights of the estimate.
double explained(const RmaFit& fit, const Scaled& data, const MatRef& X, const VecRef& weights,
                 const ModelSpec& spec) {
  if (fit.p < 2 || spec.method == Tau2Method::Given || !spans_intercept(X, spec.int_incl)) {
    return kNaN;
  }
  const double least = spec.r2_signed ? -kInf : 0.0;
  const Mat one = Mat::Ones(data.yi.size(), 1);
  if (spec.method == Tau2Method::FE) {
    if (fit.k <= fit.p) return kNaN;
    Vec w = data.vi.cwiseInverse();
    if (!spec.weighted) w.setOnes();
    if (spec.weighted && weights.size() > 0) w = weights;
    const double with = weighted_ls(data.yi, X, w).rss / (fit.k - fit.p);
    const double total = weighted_ls(data.yi, one, w).rss / (fit.k - 1);
    return total > 0.0 ? std::max(least, 100.0 * (1.0 - with / total)) : kNaN;
  }
  const double without = estimate_tau2(data.yi, data.vi, one, weights, spec);
  return without > 0.0 ? std::max(least, 100.0 * (without - fit.tau2) / without) : 0.0;
}

void unscale(RmaFit& fit, int exponent) {
  if (exponent == 0) return;
  const auto up = [&](double& x, int times) { x = std::scalbn(x, times * exponent); };
  for (Vec* v : {&fit.beta, &fit.se, &fit.ci_lb, &fit.ci_ub}) {
    for (Index j = 0; j < v->size(); ++j) up((*v)[j], 1);
  }
  for (Index j = 0; j < fit.vb.size(); ++j) up(fit.vb.data()[j], 2);
  for (double* x : {&fit.tau2, &fit.se_tau2, &fit.vt}) up(*x, 2);
}

}  // namespace

void check_study_data(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights) {
  const Index k = yi.size();
  if (k == 0) throw InvalidInput("yi", "must hold at least one study, but is empty");
  if (vi.size() != k) throw InvalidInput("vi", "must be as long as `yi`");
  if (X.rows() != k) throw InvalidInput("mods", "must have as many rows as there are studies");
  if (X.cols() == 0) throw InvalidInput("mods", "must leave at least one coefficient to estimate");
  if (weights.size() != 0 && weights.size() != k) {
    throw InvalidInput("weights", "must be as long as `yi`");
  }
  check_rows(yi, "yi", "must be finite", [](double x) { return !std::isfinite(x); });
  check_rows(vi, "vi", "must be finite and not negative",
             [](double x) { return !std::isfinite(x) || x < 0.0; });
  check_rows(weights, "weights", "must be finite and not negative",
             [](double x) { return !std::isfinite(x) || x < 0.0; });
  if (!X.allFinite()) throw InvalidInput("mods", "must be finite");
  if (X.cols() > k) {
    throw InvalidInput(
        "mods", "must have fewer columns than there are studies: " + std::to_string(X.cols()) +
                    " coefficients, " + std::to_string(k) + " studies");
  }
}

RmaFit fit_rma(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& user_weights,
               const ModelSpec& spec) {
  check_study_data(yi, vi, X, user_weights);
  const Vec weights = scale_weights(user_weights);
  ModelSpec used = spec;
  if (yi.size() == X.cols() && used.method != Tau2Method::Given) used.method = Tau2Method::FE;
  Scaled data = scale_data(yi, vi);
  used.tau2 = std::scalbn(used.tau2, -2 * data.exponent);
  used.tau2_min = std::scalbn(used.tau2_min, -2 * data.exponent);
  if (used.tau2_start) used.tau2_start = std::scalbn(*used.tau2_start, -2 * data.exponent);
  if (used.q_centre) used.q_centre = std::scalbn(*used.q_centre, -data.exponent);

  RmaFit fit;
  fit.k = static_cast<int>(yi.size());
  fit.p = static_cast<int>(X.cols());
  fit.parms = fit.p + (used.method != Tau2Method::FE && used.method != Tau2Method::Given ? 1 : 0);
  const Tau2Estimate tau2 = estimate_tau2_se(data.yi, data.vi, X, weights, used);
  fit.tau2 = tau2.tau2;
  fit.se_tau2 = tau2.se;
  const bool own = used.weighted && weights.size() == 0;
  // Without inverse-variance weights an estimate exists, but no Q and no likelihood.
  const bool exact = fit.tau2 <= 0.0 && data.vi.minCoeff() + fit.tau2 == 0.0;
  if (exact && own) {
    check_rows(data.vi, "vi", "must be positive when tau2 is zero, and above a negative -tau2",
               [&](double x) { return x + fit.tau2 == 0.0; });
  }
  const ModelEstimate est = estimate_beta(data, X, weights, fit.tau2, used.weighted);
  if (!est.beta.allFinite()) {
    if (used.weighted && weights.size() > 0) {
      throw InvalidInput("weights", "must determine every coefficient: too many of them are 0");
    }
    throw InvalidInput("yi", kTooWide);
  }
  if (!est.vb.allFinite()) {
    throw InvalidInput("mods", kWideDesign);
  }
  fit.beta = est.beta;
  fit.vb = est.vb;
  ModelEstimate model = own || exact ? est : estimate_beta(data, X, Vec(), fit.tau2, true);
  if (exact) model.rss = kNaN;
  if (!exact && !std::isfinite(model.rss)) {
    throw InvalidInput("yi", kTooWide);
  }
  fill_heterogeneity(fit, data, X, used);
  fill_tests(fit, used, model.rss);
  if (!exact) {
    fill_likelihood(fit, data, X, est.model_rss, model.log_det, used.reml_design);
  }
  fit.R2 = explained(fit, data, X, weights, used);
  unscale(fit, data.exponent);
  if (std::isinf(fit.tau2) || std::isinf(fit.se_tau2)) {
    throw InvalidInput("yi", "is too large: tau2 or its variance overflows");
  }
  if (fit.se.array().isInf().any()) throw InvalidInput("mods", kWideDesign);
  return fit;
}

}  // namespace metaparity
