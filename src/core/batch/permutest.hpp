// Permutation tests of the coefficients: signs of the estimates without moderators, rows of the design with them.
// Sources: Follmann & Proschan (1999, Biometrics 55, 732); Higgins & Thompson (2004, Stat Med 23, 1663).
// Oracle: metafor::permutest with exact = TRUE; fit_rma() on the permuted data.
#pragma once

#include <cstdint>
#include <vector>

#include "core/batch/permuted_fit.hpp"
#include "core/types.hpp"

namespace metaparity {

// A permutation depends on its number alone, whatever thread makes it. Random: number 0 is the data as given.
struct PermutationScheme {
  bool exact = false;
  std::uint64_t seed = 0;
  // Column j is permutation number first + j where there are any: signs, or for each study a row (from 0).
  Eigen::MatrixXi given;
  double first = 0.0;
};

struct PermutationData {
  VecRef yi, vi;
  MatRef X;
  VecRef weights;  // of size 0: the model's own
};

struct PermutationFits {
  PermutationFits(Index n, Index p);
  Mat zval, beta;  // one row per permutation, NaN where the model cannot be fitted
  Vec QM;
};

// 2^k signs, or the distinct orders of the rows of X; infinite when a double cannot hold it.
double count_permutations(const MatRef& X, bool signs);

class PermutationTester {
 public:
  PermutationTester(const PermutationData& data, const ModelSpec& spec,
                    const PermutationScheme& scheme);
  // Fits of permutations from, ..., from + n - 1 of the estimates less `shift`, on the scale of the data.
  PermutationFits fits(const VecRef& shift, double from, Index n, int threads) const;

  // Share of the first n permutations of the estimates less at * direction whose statistic of coefficient j is at least
  // (`greater`) or at most that of the estimates in their order.
  double one_sided_p(const VecRef& direction, double at, int j, bool greater, double slack, Index n,
                     int threads) const;

  // Where the one-sided p crosses `tail`, searched from the estimate outwards by steps of `reach`; NaN when it does not.
  double interval_end(int j, bool upper, double tail, double start, double reach, double slack,
                      Index n, int threads) const;

 private:
  struct Statistics;
  Statistics fit(const VecRef& yi, const PermutedFitter& fitter,
                 const std::vector<Index>& rows) const;
  Statistics refit(const VecRef& yi, const std::vector<Index>& rows) const;
  Statistics permuted(const VecRef& yi, const PermutedFitter& fitter, double number) const;
  Statistics as_given(const VecRef& yi, const PermutedFitter& fitter, double number) const;
  PermutedFitter fitter(const VecRef& yi) const;
  double omnibus(const Vec& beta, const Mat& vb) const;
  bool original(double number) const { return !scheme_.exact && number == 0.0; }

  Vec yi_, vi_, weights_;
  Mat X_;
  ModelSpec spec_;
  PermutationScheme scheme_;
  bool signs_;
  std::vector<int> kind_;       // number of the distinct row that each row of X is
  std::vector<Index> example_;  // a row of each kind
  std::vector<int> count_;
  int exponent_ = 0;  // yi_ and vi_ are divided by powers of 2: statistics do not change
};

}  // namespace metaparity
