#include "core/predict.hpp"

#include <cmath>

#include "core/distributions.hpp"
#include "core/errors.hpp"

namespace metaparity {

Prediction predict_rma(const MatRef& x_new, const VecRef& beta, const MatRef& vb, double tau2,
                       double level, const VecRef& ddf, const VecRef& pi_df) {
  if (x_new.cols() != beta.size()) {
    throw InvalidInput("newmods", "must have one column for each coefficient");
  }
  const auto critical = [&](const VecRef& df) {
    Vec crit(x_new.rows());
    for (Index i = 0; i < crit.size(); ++i) {
      const bool repeated =
          i > 0 && (df[i] == df[i - 1] || (std::isnan(df[i]) && std::isnan(df[i - 1])));
      crit[i] = repeated                           ? crit[i - 1]
                : std::isnan(df[i]) || df[i] > 0.0 ? critical_value(level, df[i])
                                                   : kNaN;
    }
    return crit;
  };
  Prediction out;
  if (x_new.rows() == 0) return out;
  out.pred = x_new * beta;
  out.se = (x_new * vb).cwiseProduct(x_new).rowwise().sum().cwiseSqrt();
  out.pi_se = (out.se.array().square() + tau2).sqrt();
  const Vec reach = critical(ddf).cwiseProduct(out.se),
            pi_reach = critical(pi_df).cwiseProduct(out.pi_se);
  out.ci_lb = out.pred - reach;
  out.ci_ub = out.pred + reach;
  out.pi_lb = out.pred - pi_reach;
  out.pi_ub = out.pred + pi_reach;
  return out;
}

}  // namespace metaparity
