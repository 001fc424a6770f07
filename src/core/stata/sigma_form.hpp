// Covariances between studies as functions of parameters, with derivatives, in the parametrisations of Stata's mvmeta:
// the
// Cholesky factor, one or several standard deviations with known correlations, exchangeable. Source: White (2011,
// Stata J
// 11, 255). Oracle: numerical derivatives.
#pragma once

#include <string>

#include "core/types.hpp"

namespace metaparity {

enum class SigmaKind { Unstructured, Proportional, Correlation, Exchangeable, Equals };

SigmaKind sigma_kind(const std::string& word);

class SigmaForm {
 public:
  // known: the matrix of Proportional, Correlation and Equals; of Unstructured, when given, 0 marks the cells of the
  // lower half of the factor that stay at 0.
  SigmaForm(SigmaKind kind, Index outcomes, Mat known);
  SigmaKind kind() const { return kind_; }
  Index outcomes() const { return outcomes_; }
  Index size() const;
  bool free_cell(Index r, Index c) const;
  Mat value(const Vec& theta) const;
  Mat first(const Vec& theta, Index j) const;
  Mat second(const Vec& theta, Index j, Index k) const;
  // The parameters whose matrix is near to one that is given.
  Vec near(const Mat& sigma) const;

 private:
  SigmaKind kind_;
  Index outcomes_;
  Mat known_;
  std::vector<std::pair<Index, Index>> cells_;  // of the factor: row and column of each parameter

  Mat factor(const Vec& theta) const;
};

// L with LL' = a for a positive semi-definite matrix; a column without anything left is 0.
Mat semi_cholesky(const Mat& a);

}  // namespace metaparity
