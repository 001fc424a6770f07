// Peto's one-step odds ratio: sums of O - E over sums of V.
// Source: Yusuf, Peto, Lewis, Collins & Sleight (1985) Prog Cardiovasc Dis 27:335.
// Oracle: metafor's rma.peto.
#pragma once

#include "core/effect/effect_binary.hpp"
#include "core/model/common_effect.hpp"

namespace metaparity {

// add, to and drop00 act on the cells that are pooled; those of EffectSpec on the study effects.
struct PetoSpec {
  double add = 0.0;
  AddTo to = AddTo::None;
  bool drop00 = false;
  double level = 0.95;
};

struct PetoFit : CommonFit {
  int k_pos = 0;  // tables with a positive variance
};

PetoFit fit_peto(const TwoByTwo& table, const EffectSpec& effects, const PetoSpec& spec);

}  // namespace metaparity
