#include "core/predict.hpp"

#include <cmath>

#include "core/distributions.hpp"
#include "core/errors.hpp"

namespace metaparity {

Prediction predict_rma(const MatRef& x_new, const VecRef& beta, const MatRef& vb, double tau2,
                       double level, double ddf, double pi_df) {
  if (x_new.cols() != beta.size()) {
    throw InvalidInput("newmods", "must have one column for each coefficient");
  }
  const auto critical = [level](double df) {
    return std::isnan(df) || df > 0.0 ? critical_value(level, df) : kNaN;
  };
  Prediction out;
  if (x_new.rows() == 0) return out;
  out.pred = x_new * beta;
  out.se = (x_new * vb).cwiseProduct(x_new).rowwise().sum().cwiseSqrt();
  out.pi_se = (out.se.array().square() + tau2).sqrt();
  const double crit = critical(ddf), pi_crit = critical(pi_df);
  out.ci_lb = out.pred - crit * out.se;
  out.ci_ub = out.pred + crit * out.se;
  out.pi_lb = out.pred - pi_crit * out.pi_se;
  out.pi_ub = out.pred + pi_crit * out.pi_se;
  return out;
}

}  // namespace metaparity
