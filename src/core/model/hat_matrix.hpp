// Fitted values and what their matrix H = X (X'WX)^-1 X'W makes of estimates: residuals, covariances, standard errors
// along X. Source: Viechtbauer & Cheung (2010, Res Synth Methods 1, 112), section 2. Oracles: lm(), dense algebra.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

Vec fitted_values(const MatRef& X, const VecRef& beta);
Mat hat_matrix(const MatRef& X, const VecRef& w);
// Y - H Y, column by column, without the k x k matrix.
Mat residuals_of(const MatRef& Y, const MatRef& X, const VecRef& w);

// X V X', and the square roots of its diagonal.
Mat covariance_along(const MatRef& X, const MatRef& V);
Vec spread_along(const MatRef& X, const MatRef& V);
// (I - H) diag(m) (I - H)'.
Mat residual_covariance(const MatRef& X, const VecRef& w, const VecRef& m);
// e e' within clusters, 0 between them.
Mat cluster_products(const VecRef& e, const std::vector<int>& cluster);

}  // namespace metaparity
