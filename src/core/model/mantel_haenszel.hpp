// Mantel-Haenszel pooling of 2x2 tables and person-time data, with the tests of Cochran, Mantel and
// Haenszel, Breslow and Day, Tarone. One pass over the studies, linear in their number.
// Sources: Robins, Breslow & Greenland (1986) Biometrics 42:311; Greenland & Robins (1985)
// Biometrics 41:55; Sato, Greenland & Robins (1989) Biometrics 45:1323; Tarone (1985) Biometrika
// 72:91.
#pragma once

#include "core/effect/effect_binary.hpp"
#include "core/effect/effect_rates.hpp"
#include "core/model/common_effect.hpp"

namespace metaparity {

enum class MhMeasure { OR, RR, RD };
// RevMan's is that of Greenland and Robins on the corrected cells, over the weights of the raw ones.
enum class RdVariance { Sato, GreenlandRobins, RevMan };

// add, to and drop00 act on the cells that are pooled; those of EffectSpec on the study effects.
struct MhSpec {
  double add = 0.0;
  AddTo to = AddTo::None;
  bool drop00 = false;
  AddHow how = AddHow::Equal;
  bool correct = true;  // continuity correction of the Cochran-Mantel-Haenszel test
  RdVariance rd_variance = RdVariance::Sato;
  double level = 0.95;
};

struct MhFit : CommonFit {
  double CO = kNaN, COp = kNaN, MH = kNaN, MHp = kNaN;
  double BD = kNaN, BDp = kNaN, TA = kNaN, TAp = kNaN;
  int k_pos = 0;  // tables that carry information on the odds ratio
};

MhFit fit_mh(const TwoByTwo& table, MhMeasure measure, const EffectSpec& effects,
             const MhSpec& spec);
MhFit fit_mh_rates(const PersonTime& data, RateMeasure measure, const EffectSpec& effects,
                   const MhSpec& spec);

}  // namespace metaparity
