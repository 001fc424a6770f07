// Association of two dichotomous variables: phi, Yule's Q and Y, tetrachoric correlation, and
// Fisher's z of phi and the tetrachoric correlation.
// Sources: Yule (1912) J R Stat Soc 75:579 (Q, Y, phi of one sample); phi of two samples by the delta
// method from two binomial shares. Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_binary.hpp"

namespace metaparity {

enum class AssociationMeasure { PHI, ZPHI, YUQ, YUY, RTET, ZTET };

Effects effect_association(const TwoByTwo& table, AssociationMeasure measure,
                           const EffectSpec& spec);

// Fisher's z of a correlation, with its variance by the delta method.
Estimate fisher_z(const Estimate& r);

}  // namespace metaparity
