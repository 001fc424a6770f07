// Weighted least squares with diagonal weights. Source: Golub & Van Loan (2013), sections 5.3, 6.1;
// rows in the order of their weights make Householder QR stable row by row (Higham 2002, 19.4).
// Oracle: lm(weights =).
#pragma once

#include "core/types.hpp"

namespace metaparity {

struct WlsFit {
  Vec beta;
  Vec resid;  // y - X beta
  Vec hat;    // leverages
  Vec one_minus_hat;
  Mat inv;  // (X'WX)^-1
  Mat q;  // k x p, columns orthonormal, rows in the order of the data; empty for an intercept alone
  double rss = 0;      // sum w e^2
  double log_det = 0;  // log |X'WX|
};

// Columns, from 1, that are not linear combinations of columns before them.
std::vector<int> independent_columns(const MatRef& X);

bool is_intercept_only(const MatRef& X);
WlsFit weighted_ls(const VecRef& y, const MatRef& X, const VecRef& w);

// tr(P D P E) for diagonal D, E and P = W - WX (X'WX)^-1 X'W of a fit.
double trace_pdpe(const WlsFit& fit, const VecRef& w, const VecRef& d, const VecRef& e);
// tr(P D).
double trace_pd(const WlsFit& fit, const VecRef& w, const VecRef& d);

}  // namespace metaparity
