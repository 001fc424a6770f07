#include "core/model/predict.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/tails.hpp"

namespace metaparity {

Prediction predict_rma(const MatRef& x_new, const VecRef& beta, const MatRef& vb,
                       const PredictionSpec& spec) {
  if (x_new.cols() != beta.size()) {
    throw InvalidInput("newmods", "must have one column for each coefficient");
  }
  Prediction out;
  if (x_new.rows() == 0) return out;
  if (spec.tau2.size() != x_new.rows()) {
    throw InvalidInput("hetvar", "must have one value for each prediction");
  }
  out.pred = x_new * beta;
  out.se = (x_new * vb).cwiseProduct(x_new).rowwise().sum().cwiseSqrt();
  out.pi_se = (out.se.array().square() * (spec.simple ? 0.0 : 1.0) + spec.tau2.array()).sqrt();
  const Vec level = Vec::Constant(1, spec.level),
            reach = critical_values(level, spec.ddf).cwiseProduct(out.se),
            pi_reach = critical_values(level, spec.pi_df).cwiseProduct(out.pi_se);
  out.ci_lb = out.pred - reach;
  out.ci_ub = out.pred + reach;
  out.pi_lb = out.pred - pi_reach;
  out.pi_ub = out.pred + pi_reach;
  return out;
}

Vec predictive_share(const Prediction& p, const VecRef& pi_df, const VecRef& cutoff,
                     const std::vector<bool>& above) {
  Vec out(p.pred.size());
  for (Index i = 0; i < out.size(); ++i) {
    const double z = (cutoff[i] - p.pred[i]) / p.pi_se[i], df = pi_df[i];
    if (std::isnan(z) || df <= 0.0) {
      out[i] = kNaN;
      continue;
    }
    const double beyond = 0.5 * two_sided(z, df);
    out[i] = above[static_cast<std::size_t>(i)] == (z > 0.0) ? beyond : 1.0 - beyond;
  }
  return out;
}

}  // namespace metaparity
