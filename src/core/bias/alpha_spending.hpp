// Boundaries of repeated two-sided tests that spend alpha by information time. Sources: Lan & DeMets (1983, Biometrika 70,
// 659); Armitage, McPherson & Rowe (1969, JRSS A 132, 235) for the recursion. Oracle: printed boundaries of Lan & DeMets
// and of Reboussin et al. (2000), simulation.
#pragma once

#include "core/types.hpp"

namespace metaparity {

// OBrienFleming: 2 - 2 Phi(z / sqrt t); Pocock: alpha log(1 + (e - 1) t); Power: alpha t^phi; each for one side.
enum class Spending { OBrienFleming, Pocock, Power };

struct SpendingBounds {
  Vec bound;  // of the absolute z at each time
  Vec spent;  // both sides, up to the time
};

// time: increasing, in (0, 1]. Throws InvalidInput.
SpendingBounds spending_bounds(const VecRef& time, double alpha, Spending kind, double phi);

}  // namespace metaparity
