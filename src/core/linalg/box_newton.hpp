// The maximum of a smooth function of few parameters inside bounds: Newton steps on the free parameters, an active set
// for those at a bound, halved steps. Sources: Bertsekas (1982, SIAM J Control Optim 20, 221); Gill & Murray (1974).
// Oracle: conditions of Karush, Kuhn and Tucker, checked in the tests.
#pragma once

#include <functional>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

struct Expansion {
  double value = -kInf;  // not finite where the function does not exist
  Vec gradient;
  Mat hessian;
};

struct Box {
  Vec lower, upper;  // equal: the parameter is given
};

struct BoxMaximum {
  Vec x;
  Expansion at;
  std::vector<bool> free;  // neither given nor held at a bound
  bool converged = false;
  bool joined = false;  // on the way to the known maximum, short of which it stopped
  int iterations = 0;
};

// known: a maximum found before, in the same box; a search that comes so near to it that its quadratic tells the values
// ends there.
BoxMaximum maximise_in_box(const std::function<Expansion(const Vec&)>& f, const Vec& start,
                           const Box& box, int most = 200, const BoxMaximum* known = nullptr);

// The inverse of minus the Hessian on the free parameters, 0 elsewhere; empty when it is not positive definite, or
// nearly singular.
Mat information_inverse(const Mat& hessian, const std::vector<bool>& free);

}  // namespace metaparity
