// Variability of one group, of two groups, of two occasions: log SD, log coefficient of variation and
// their ratios; the log mean.
// Sources: Nakagawa et al. (2015) Methods Ecol Evol 6:143; Senior, Viechtbauer & Nakagawa (2020) Res
// Synth Methods 11:553, eq. 5-6, 11-16, 21, 23. Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

// What one group gives to a logarithm: the estimate, the correction of its bias, its variance.
struct LogPart {
  double value, bias, v;
};

// log(mean); c = sd^2 / (n m^2). Second order adds c^2 / 2.
LogPart log_mean_part(double m, double sd, double n, bool second_order);

// log(SD), with the bias 1 / (2 (n - 1)).
LogPart log_sd_part(double sd, double n, bool second_order);

std::vector<EffectEntry> variability_entries();

}  // namespace metaparity
