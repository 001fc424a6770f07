// Effect sizes of one proportion: raw, log, logit, probit, arcsine, Freeman-Tukey.
// Sources: Fleiss & Berlin (2009) ch. 13; Freeman & Tukey (1950) Ann Math Stat 21:607, with the
// half-sum of Miller (1978) Am Stat 32:138. Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_common.hpp"

namespace metaparity {

enum class ProportionMeasure { PR, PLN, PLO, PRZ, PAS, PFT };

// xi events among xi + mi.
struct OneProportion {
  VecRef xi, mi;
  Index size() const { return xi.size(); }
};

Effects effect_proportion(const OneProportion& data, ProportionMeasure measure,
                          const EffectSpec& spec);

}  // namespace metaparity
