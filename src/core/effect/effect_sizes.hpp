// Every measure by its name: the families register their formulas here.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

Effects effect_sizes(const std::string& measure, const StudyColumns& x, const EffectSpec& spec);

}  // namespace metaparity
