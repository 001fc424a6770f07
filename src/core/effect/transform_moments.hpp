// Mean and mode of h(Z) for a normal Z with mean xi and variance tau2, where h is a back-transformation.
// On a bounded scale Z is truncated to the range of the scale. Oracle: closed forms, metafor.
#pragma once

#include <string>

#include "core/types.hpp"

namespace metaparity {

// E h(Z) over [lower, upper] (NaN: the range of the scale): the integral of h times the density.
Vec transform_mean(const std::string& name, const VecRef& xi, double tau2, double lower,
                   double upper);

// The mode of the density of h(Z): the local maximum inside the range, an end of it where there is none.
// NaN when two modes are equally high, and for ilogit when tau2 > 2 (two modes).
Vec transform_mode(const std::string& name, const VecRef& xi, double tau2);

}  // namespace metaparity
