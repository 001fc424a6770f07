// Predicted averages with confidence and prediction intervals. Sources: Riley, Higgins & Deeks (2011,
// BMJ 342, d549) for t with k - p - 1; Raudenbush (2009). Oracle: metafor::predict.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

struct Prediction {
  Vec pred, se, ci_lb, ci_ub, pi_lb, pi_ub, pi_se;
};

struct PredictionSpec {
  double level = 0.95;
  Vec tau2;             // heterogeneity for the prediction limits of each row
  Vec ddf, pi_df;       // one per row, NaN for the normal distribution
  bool simple = false;  // prediction limits without the uncertainty of the average
};

// Rows of `x_new` are settings of the moderators.
Prediction predict_rma(const MatRef& x_new, const VecRef& beta, const MatRef& vb,
                       const PredictionSpec& spec);

// The same heterogeneity and degrees of freedom for all rows.
inline Prediction predict_rma(const MatRef& x_new, const VecRef& beta, const MatRef& vb,
                              double tau2, double level, double ddf, double pi_df) {
  const auto all = [&](double value) { return Vec::Constant(x_new.rows(), value); };
  return predict_rma(x_new, beta, vb, {level, all(tau2), all(ddf), all(pi_df), false});
}

// Share of true effects above (or below) the cutoff of each row, by its predictive distribution.
Vec predictive_share(const Prediction& p, const VecRef& pi_df, const VecRef& cutoff,
                     const std::vector<bool>& above);

}  // namespace metaparity
