// Many fits of one set of weights: estimates change their signs, or rows of the design their places, while variances
// stay, so that weights at a grid of tau2 serve all of them. Source: Harville (1977); Raudenbush (2009).
// Oracle: fit_rma(). What the grid cannot settle (several maxima, scores near 0) is left to it.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

struct PermutedFit {
  Vec beta, zval;
  Mat vb;
  bool settled = false;  // otherwise the model has to be fitted in the ordinary way
};

class PermutedFitter {
 public:
  // `X` as given: its columns are made orthonormal once.
  PermutedFitter(const VecRef& yi, const VecRef& vi, const MatRef& X, const ModelSpec& spec);
  // Serves the methods REML, ML, DL, EE and Given, up to kMost coefficients, weights within ten orders of magnitude.
  bool usable() const { return usable_; }
  // `rows`: the row of X that each study has.
  PermutedFit fit(const VecRef& yi, const std::vector<Index>& rows) const;

  static constexpr int kMost = 8;

 private:
  struct Sums;
  struct Point {
    double tau2, score, size;
  };
  Sums sums(const double* w, const VecRef& y, const Mat& q) const;
  Point score(double tau2, const VecRef& y, const Mat& q) const;
  Point grid_score(Index g, const Mat& products) const;
  double tau2(const VecRef& y, const Mat& q) const;
  double likelihood_tau2(const VecRef& y, const Mat& q) const;
  double root(Point above, Point below, const VecRef& y, const Mat& q) const;

  Vec vi_;
  Mat q_, r_inv_;
  ModelSpec spec_;
  int p_;
  bool usable_ = false;
  Vec grid_, sum_w_, yy2_;
  Mat weights_;  // rows: w, then w^2, at each point of the grid
};

}  // namespace metaparity
