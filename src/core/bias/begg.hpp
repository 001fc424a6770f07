// Rank correlation test of small-study effects. Begg & Mazumdar (1994, Biometrics 50:1088);
// Kendall's score by merge sort (Knight 1966, JASA 61:436); variance with ties from Kendall (1970,
// ch. 4). Oracles: R's cor.test(method = "kendall"), metafor::ranktest, Stata's metabias.
#pragma once

#include <cstdint>

#include "core/types.hpp"

namespace metaparity {

// What the pairs of two variables x and y say.
struct KendallPairs {
  std::int64_t n = 0;
  std::int64_t score = 0;               // concordant minus discordant pairs
  std::int64_t pairs = 0;               // n (n - 1) / 2
  std::int64_t tied_x = 0, tied_y = 0;  // tied pairs in x, in y
  // Sums over the groups of t tied values of t(t-1), t(t-1)(t-2), t(t-1)(2t+5).
  double x2 = 0.0, x3 = 0.0, x5 = 0.0, y2 = 0.0, y3 = 0.0, y5 = 0.0;
  bool ties() const { return tied_x > 0 || tied_y > 0; }
  double tau_b() const;  // NaN when one variable is constant
};

KendallPairs kendall_pairs(const VecRef& x, const VecRef& y);  // O(n log n)

// Variance of the score under independence. Stata's ktau adds the term of the ties in y where the
// formula subtracts it.
enum class TieRule { Kendall, Stata };
double score_variance(const KendallPairs& pairs, TieRule rule);

// P(|S| >= |score|) for n ranks without ties, from the exact distribution of the number of
// inversions: a recursion over their counts while that is cheap, else its generating function
// inverted on a circle through the saddle point. Relative error about 1e-10.
double kendall_exact_two_sided(std::int64_t score, std::int64_t n);

// (yi - estimate) / sqrt(vi - 1 / sum(w)) around the inverse-variance estimate.
Vec begg_deviates(const VecRef& yi, const VecRef& vi);

struct RankTest {
  double tau = kNaN, pval = kNaN;  // pval: exact without ties, else normal without correction
  bool exact = false;
  std::int64_t score = 0;
  double sd = kNaN, z = kNaN, p_z = kNaN;  // Stata's
  double z_cc = kNaN, p_cc = kNaN;         // (|S| - 1) / sd, without sign
  bool ties = false;
  int k = 0;
};

RankTest rank_test(const VecRef& yi, const VecRef& vi, bool exact = true);

struct PooledScore {
  double score = 0.0, sd = kNaN, z = kNaN, p_z = kNaN, z_cc = kNaN, p_cc = kNaN;
};

// Sum of the scores of several strata over the root of the sum of their variances; z_cc has the
// sign of the score.
PooledScore pool_scores(const VecRef& score, const VecRef& sd);

}  // namespace metaparity
