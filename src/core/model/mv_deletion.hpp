// The fit without sets of rows, such as clusters: deleted residuals, Cook's distances, standardised changes of coefficients.
// Source: Cook & Weisberg (1982), chapter 3; Viechtbauer & Cheung (2010). Oracle: refits; metafor's rstudent(cluster =).
#pragma once

#include "core/model/mv_fit.hpp"

namespace metaparity {

struct MvDeleted {
  bool valid = false;
  Vec resid, se;  // of the rows left out
  double X2 = kNaN, cook = kNaN;
  double cov_r = kNaN;  // |vb| without the set over that with it
  Vec dfbetas;
  Vec shift;  // of the coefficients
  std::vector<Vec> tau2, rho;
  double QE = kNaN;
};

// full: the fit to all rows. reestimate: whether the variance components are estimated again. Asks `checkpoint` between fits.
std::vector<MvDeleted> mv_delete(const MvModel& model, const MvSpec& spec, const MvFit& full,
                                 const std::vector<IndexVec>& sets, bool reestimate,
                                 Checkpoint checkpoint);
// The same model with its search begun at a fit.
MvModel mv_started(const MvModel& model, const std::vector<Vec>& tau2, const std::vector<Vec>& rho);
// (X'M^-1 X)^-1, or the variance of the mean by the model's own weights.
Mat mv_mean_covariance(const MvModel& model, const MvMarginal& marginal);

// r'S^-1 r of the residuals of each set of rows.
Vec mv_set_statistics(const VecRef& resid, const MatRef& S, const std::vector<IndexVec>& sets);

}  // namespace metaparity
