// Fits of multilevel and multivariate models by ML and REML: several starts, scans of ranges, factors of reduced rank with
// their certificate. Sources: Harville (1977, JASA 72, 320); Pinheiro & Bates (2000). Oracles: dense likelihoods, many starts.
#pragma once

#include "core/model/mv_optimize.hpp"

namespace metaparity {

struct MvSpec {
  bool restricted = true;
  bool reml_design = true;   // the restricted likelihood counts log |X'X| / 2
  bool vcov = false;         // the information of the components
  bool covariances = false;  // in terms of covariances instead of correlations
  bool many_starts = true;
};

struct MvFit {
  std::vector<Vec> tau2, rho;  // of each term
  std::vector<Mat> G;
  Vec beta;
  Mat vb;
  double QE = kNaN;  // NaN where V is singular
  FitStats of_ml, of_reml;
  Mat information;  // observed, of the free components; NaN in rows at a bound
  int iterations = 0, starts = 0, maxima = 0;
  double second = -kInf;  // the likelihood of the second best maximum found
  bool settled = false;
  bool endless =
      false;  // the likelihood rises without end where a common correlation is that of no random effects
  std::vector<char> idle;  // of each term: a range of effects without variance
  std::vector<char>
      flat;  // of each tau2 and rho in turn: part of a direction in which the likelihood does not change
};

// Throws InvalidInput, SingularDesign, NotConverged.
MvFit fit_mv(const MvModel& model, const MvSpec& spec);
// The marginal variances at a fit, by clusters of rows.
struct MvMarginal {
  std::vector<MvCluster> clusters;
  std::vector<Mat> M;
};
MvMarginal mv_marginal_at(const MvModel& model, const std::vector<Vec>& tau2,
                          const std::vector<Vec>& rho);
// The mean by weights of the user's own, and its variance under the marginal variances: a fit with these in place of its own.
void mv_reweigh(MvFit& fit, const MvModel& model, const MatRef& weights);
// r'V^-1 r at the mean by V alone, and the likelihood of a model that fits every estimate; NaN where V is singular.
struct MvSaturated {
  double Q = kNaN, ll = kNaN;
};
MvSaturated mv_saturated(const MvModel& model);

}  // namespace metaparity
