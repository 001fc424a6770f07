// Matched pairs with a dichotomous outcome: marginal risk difference, risk and odds ratio, conditional
// odds ratio, Peto's, and the marginal odds ratio from the margins with a correlation.
// Sources: Zou (2007) Clin Trials 4:25; Fagerland et al. (2014) Stat Med 33:2850; Curtin et al. (2002)
// Stat Med 21:2145. Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_binary.hpp"

namespace metaparity {

enum class MatchedMeasure { MPRD, MPRR, MPOR, MPORC, MPPETO };

Effects effect_matched(const TwoByTwo& table, MatchedMeasure measure, const EffectSpec& spec);

// ri, pi: correlation of the two outcomes of a pair, or share of pairs with the event twice; either may
// have size 0. A share that gives no correlation between -1 and 1 leaves the variance missing.
Effects effect_matched_margins(const TwoByTwo& table, const VecRef& ri, const VecRef& pi,
                               const EffectSpec& spec);

}  // namespace metaparity
