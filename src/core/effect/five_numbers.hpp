// Means and standard deviations from minimum, quartiles, median and maximum, with the tests for skewness.
// Luo et al. (2016), Wan et al. (2014), Shi et al. (2020a, b; 2023), Hozo et al. (2005), Bland (2015),
// Walter & Yao (2007). Oracle: metafor.
#pragma once

#include <string>

#include "core/types.hpp"

namespace metaparity {

enum class FiveNumberMethod { LuoWanShi, Hozo, Wan, Bland, Walter };

struct FiveNumberMoments {
  Vec mean, sd, tval, crit;
};

// values: one row per study, columns min, q1, median, q3, max, NaN where not reported. lognormal: not 0 where the
// logarithms are normal; back: their moments are brought back to the scale of the data.
FiveNumberMoments five_number_moments(const MatRef& values, const VecRef& n,
                                      const VecRef& lognormal, FiveNumberMethod method, bool back);

// Expected range of n standard normal variables.
double expected_range(double n);

}  // namespace metaparity
