// Trim and fill. Duval & Tweedie (2000, JASA 95:89; Biometrics 56:455): L0, R0, Q0 and their
// variances; Steichen (2000, STB-57 sbe39) for the choices of Stata's metatrim.
// Oracles: metafor::trimfill; the iteration tables of fixtures/stata for metatrim.
#pragma once

#include "core/types.hpp"

namespace metaparity {

enum class TrimEstimator { L0, R0, Q0 };
enum class TrimSide { Auto, Left, Right };  // the side on which studies are missing

struct TrimFillSpec {
  TrimEstimator estimator = TrimEstimator::L0;
  TrimSide side = TrimSide::Auto;  // Auto: by the slope of yi on sei under the model
  int maxiter = 100;
  bool average_ranks = false;     // ties in |yi - centre|: mean rank, else the order of yi
  bool truncate = false;          // k0 = int(x + 0.5), else to the nearest even number
  bool until_ranks_stay = false;  // stop when no signed rank changes, else when k0 repeats
  Interval limits;                // filled estimates are moved into these; NaN for none
};

// metatrim: left unless told otherwise, mean ranks, truncation, at most 11 passes.
TrimFillSpec metatrim_spec(TrimEstimator estimator, bool flip);

struct TrimStep {
  double estimate = kNaN;  // of the studies that are left
  double rank_sum = kNaN;  // of the positive signed ranks
  double rank_change = kNaN;
  int k0 = 0;
};

struct TrimFill {
  TrimSide side = TrimSide::Left;
  int k0 = 0;
  double se_k0 = kNaN, p_k0 = kNaN;  // p_k0 for R0 alone
  double centre = kNaN;              // filled studies are mirrored at this estimate
  std::vector<TrimStep> steps;
  bool converged = true;
  std::vector<int> cycle;   // the values of k0 that came round again; empty when none did
  std::vector<int> source;  // rows, from 0, that the filled studies mirror
  Vec filled_yi;
};

// A k0 that comes back without being the last one starts a cycle: the smallest of its values is
// taken, the one that changes the data least.
TrimFill trim_and_fill(const VecRef& yi, const VecRef& vi, const VecRef& weights,
                       const ModelSpec& model, const TrimFillSpec& spec);

// The observed studies followed by the filled ones.
struct FilledData {
  Vec yi, vi, weights;
};
FilledData fill(const VecRef& yi, const VecRef& vi, const VecRef& weights, const TrimFill& result);

}  // namespace metaparity
