// Meta-analysis of estimates that were selected by their p value or size: maximum likelihood of the mean, tau2 and the
// weights delta, with the exact Hessian. Sources: Vevea & Hedges (1995, Psychometrika 60, 419), Preston et al. (2004),
// Citkowicz & Vevea (2017), Rust et al. (1990). Oracles: metafor, many starts.
#pragma once

#include <vector>

#include "core/bias/selection_weight.hpp"
#include "core/linalg/box_newton.hpp"
#include "core/types.hpp"

namespace metaparity {

enum class SelectionSide { Greater, Less, TwoSided };

struct SelectionData {
  Vec yi, vi;
  Mat X;
  std::vector<bool> affected;  // empty: all
  Vec precision;               // empty: 1
};

struct SelectionSpec {
  SelectionType type = SelectionType::Step;
  SelectionSide side = SelectionSide::Greater;
  Vec steps;
  bool decreasing = false;
  double pval_min = 0.0;
  Vec delta;  // NaN: free
  Vec delta_min, delta_max;
  Vec delta_start;     // empty: none of the user's
  double tau2 = kNaN;  // NaN: free
  double tau2_max = kInf;
  double level = 0.95;
};

struct SelectionFit {
  Vec beta;
  double tau2 = 0.0;
  Vec delta;
  double ll = -kInf;
  Mat hessian;                 // of minus the log-likelihood by (beta, tau2, delta)
  Mat vcov;                    // of the same; NaN where there is none
  Vec gradient;                // of the log-likelihood by the same
  bool singular = false;       // the information cannot be inverted
  std::vector<double> maxima;  // log-likelihoods of different maxima, best first
  int starts = 0, iterations = 0;
};

// Throws InvalidInput, NotConverged when no start leads to a maximum.
SelectionFit fit_selection(const SelectionData& data, const SelectionSpec& spec);
// From given values alone: for profiles.
SelectionFit fit_selection_from(const SelectionData& data, const SelectionSpec& spec,
                                const SelectionFit& start);

// The log-likelihood without selection, with the spec's tau2.
double unselected_ll(const SelectionData& data, const SelectionSpec& spec);

// p values of the estimates, clipped.
Vec selection_p_values(const SelectionData& data, const SelectionSpec& spec);

// Weights at p values, a column for each row of delta, and their derivatives by delta in the first row.
struct SelectionCurve {
  Mat weight;  // p x sets of delta
  Mat slope;   // p x parameters, at the first set
};
SelectionCurve selection_curve(const SelectionSpec& spec, const VecRef& p, const MatRef& delta,
                               double precision, double sd);

// The profile log-likelihood of one parameter at given values; which: -1 for tau2, else the index of a delta.
Vec selection_profile(const SelectionData& data, const SelectionSpec& spec, const SelectionFit& fit,
                      int which, const VecRef& values, Mat* beta = nullptr, Mat* se = nullptr);

struct SelectionInterval {
  double lb = kNaN, ub = kNaN;
  bool below = false, above = false;  // the end lies beyond what was searched
};
SelectionInterval selection_interval(const SelectionData& data, const SelectionSpec& spec,
                                     const SelectionFit& fit, int which, double level);

}  // namespace metaparity
