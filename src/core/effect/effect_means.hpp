// Effect sizes of two independent groups of means: mean difference, standardised mean difference
// with pooled (SMD), averaged (SMDH) or second group's SD (SMD1, SMD1H), log ratio of means.
// Sources: Hedges & Olkin (1985) ch. 5; Bonett (2009) Psychol Methods 14:225; Lajeunesse (2015)
// Ecology 96:2056; Bradburn, Deeks & Altman (1998) STB-44 sbe24 (metan). Oracle: metafor's escalc.
#pragma once

#include "core/effect/effect_columns.hpp"

namespace metaparity {

enum class MeansMeasure { MD, SMD, SMDH, ROM, SMD1, SMD1H };

// m, sd have size 0 when only the standardised difference `d` is given; d has size 0 when it is
// not; where both are there, a d that is not NaN counts.
struct TwoMeans {
  VecRef n1i, n2i, m1i, m2i, sd1i, sd2i, d;
  Index size() const { return n1i.size(); }
};

Effects effect_means(const TwoMeans& data, MeansMeasure measure, const EffectSpec& spec);

// The mean difference in percent of the largest possible one, maxi - mini (Cohen et al. 1999).
Effects effect_pomp_difference(const TwoMeans& data, const VecRef& mini, const VecRef& maxi,
                               const EffectSpec& spec);

// d as given: the first of di, ti, pi, ri that is known in each row; size 0 without such a column.
Vec given_differences(const StudyColumns& x);

// As given_differences(), else from means and standard deviations.
Vec cohens_d(const StudyColumns& x);

// Cohen's d from the t statistic, from its two-sided p (signed), from a point-biserial correlation.
Vec d_from_t(const VecRef& t, const VecRef& n1, const VecRef& n2);
Vec d_from_p(const VecRef& p, const VecRef& n1, const VecRef& n2);
Vec d_from_r(const VecRef& r, const VecRef& n1, const VecRef& n2);

}  // namespace metaparity
