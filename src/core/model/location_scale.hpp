// Location-scale models: y ~ N(X beta, v + t), log t = Z alpha or t = Z alpha >= 0; ML or REML by Newton's method with
// the observed information, O(k p^2 q) a step. Sources: Viechtbauer & Lopez-Lopez (2022, Res Synth Methods 13, 697);
// Harville (1977). Oracles: metafor, differences of the dense likelihood.
#pragma once

#include <vector>

#include "core/linalg/box_newton.hpp"
#include "core/types.hpp"

namespace metaparity {

enum class ScaleLink { Log, Identity };

struct LocationScaleData {
  Vec yi, vi;
  Mat X, Z;
};

struct LocationScaleSpec {
  ScaleLink link = ScaleLink::Log;
  bool restricted = true;
  bool reml_design = true;  // the REML likelihood counts log |X'X| / 2
  Vec alpha;                // NaN: free; empty: all free
  Vec alpha_start;          // one more start; empty: none
  Vec beta;                 // NaN: free; empty: all free
  bool joint = false;       // vb from the information of beta and alpha together
};

struct LocationScaleFit {
  Vec beta, alpha, tau2;  // tau2: of each study
  Mat vb, va;             // NaN of what was given; va also of what is infinite or at a bound
  Mat hessian;            // of minus the log-likelihood by alpha
  double ml = kNaN, reml = kNaN, ll = -kInf, rss = 0.0;
  bool separated = false;  // alpha has infinite elements: tau2 is 0 of some studies
  bool bounded = false;    // identity link: tau2 is 0 of some studies
  bool singular = false;
  std::vector<double> maxima;
  int starts = 0, iterations = 0;
};

// Throws InvalidInput, SingularDesign, NotConverged.
LocationScaleFit fit_location_scale(const LocationScaleData& data, const LocationScaleSpec& spec);

// The value with its derivatives by alpha.
Expansion location_scale_ll(const LocationScaleData& data, const LocationScaleSpec& spec,
                            const Vec& alpha);

// The profile log-likelihood of alpha[which] at given values, with the coefficients and their standard errors.
Vec location_scale_profile(const LocationScaleData& data, const LocationScaleSpec& spec,
                           Index which, const VecRef& values, Mat* beta = nullptr,
                           Mat* se = nullptr);
// Where it has fallen by half the chi-squared quantile; infinite where it never does.
Interval location_scale_interval(const LocationScaleData& data, const LocationScaleSpec& spec,
                                 const LocationScaleFit& fit, Index which, double level);

}  // namespace metaparity
