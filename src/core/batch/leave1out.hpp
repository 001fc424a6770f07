// Fits without each study or cluster in turn. Common effect and DerSimonian-Laird without own
// weights come from merged moments of the studies before and after; everything else is refitted.
// Oracle: fit_rma() on the remaining rows, metafor::leave1out.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// One row per fit, one column per coefficient; NaN in a row whose fit does not exist.
struct FitTable {
  FitTable(Index n, Index p);
  void set(Index row, const RmaFit& fit);
  Mat estimate, se, zval, pval, ci_lb, ci_ub;
  Vec Q, Qp, tau2, I2, H2;
  std::vector<int> k;
  std::vector<int> failed;  // rows without a fit, from 0
};

// cluster(i): number, from 0, of the fit that leaves study i out; n fits in all.
FitTable leave_one_out(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                       const ModelSpec& spec, const std::vector<int>& cluster, int n);

// The same by a fit on each subset, whatever the model.
FitTable leave_one_out_refit(const VecRef& yi, const VecRef& vi, const MatRef& X,
                             const VecRef& weights, const ModelSpec& spec,
                             const std::vector<int>& cluster, int n);

// Fit on some rows of the data. As many studies as coefficients leave no heterogeneity to estimate:
// common effect and normal tests then.
RmaFit fit_rows(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                const ModelSpec& spec, const std::vector<Index>& rows);

// TRUE when the closed form serves the model.
bool has_closed_form(const VecRef& vi, const MatRef& X, const VecRef& weights,
                     const ModelSpec& spec);

}  // namespace metaparity
