// Predicted averages with confidence and prediction intervals. Sources: Riley, Higgins & Deeks (2011,
// BMJ 342, d549) for t with k - p - 1; Raudenbush (2009). Oracle: metafor::predict.
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct Prediction {
  Vec pred, se, ci_lb, ci_ub, pi_lb, pi_ub, pi_se;
};

// Rows of `x_new` are settings of the moderators. `ddf`, `pi_df`: one per row, NaN for the normal distribution.
Prediction predict_rma(const MatRef& x_new, const VecRef& beta, const MatRef& vb, double tau2,
                       double level, const VecRef& ddf, const VecRef& pi_df);

// The same degrees of freedom for all rows.
inline Prediction predict_rma(const MatRef& x_new, const VecRef& beta, const MatRef& vb,
                              double tau2, double level, double ddf, double pi_df) {
  const Vec df = Vec::Constant(x_new.rows(), ddf), pi = Vec::Constant(x_new.rows(), pi_df);
  return predict_rma(x_new, beta, vb, tau2, level, df, pi);
}

}  // namespace metaparity
