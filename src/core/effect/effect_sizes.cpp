#include "core/effect/effect_sizes.hpp"

#include "core/effect/effect_association.hpp"
#include "core/effect/effect_biserial.hpp"
#include "core/effect/effect_change.hpp"
#include "core/effect/effect_correlation.hpp"
#include "core/effect/effect_group.hpp"
#include "core/effect/effect_matched.hpp"
#include "core/effect/effect_means.hpp"
#include "core/effect/effect_proportion.hpp"
#include "core/effect/effect_rates.hpp"
#include "core/effect/effect_rsquared.hpp"
#include "core/effect/effect_superiority.hpp"
#include "core/effect/effect_variability.hpp"
#include "core/errors.hpp"

namespace metaparity {
namespace {

// Four cells; bi and di may come from the group sizes.
struct Table {
  Vec bi, di;
  TwoByTwo cells;
  explicit Table(const StudyColumns& x)
      : bi(complement_of(x, "bi", "n1i", "ai")),
        di(complement_of(x, "di", "n2i", "ci")),
        cells{x["ai"], bi, x["ci"], di} {}
};

template <BinaryMeasure measure>
Effects binary(const StudyColumns& x, const EffectSpec& spec) {
  return effect_binary(Table(x).cells, measure, spec);
}

template <AssociationMeasure measure>
Effects association(const StudyColumns& x, const EffectSpec& spec) {
  return effect_association(Table(x).cells, measure, spec);
}

template <MatchedMeasure measure>
Effects matched(const StudyColumns& x, const EffectSpec& spec) {
  return effect_matched(Table(x).cells, measure, spec);
}

Effects matched_margins(const StudyColumns& x, const EffectSpec& spec) {
  return effect_matched_margins(Table(x).cells, x["ri"], x["pi"], spec);
}

template <MeansMeasure measure>
Effects means(const StudyColumns& x, const EffectSpec& spec) {
  const Vec d = measure == MeansMeasure::SMD ? given_differences(x) : Vec();
  return effect_means({x["n1i"], x["n2i"], x["m1i"], x["m2i"], x["sd1i"], x["sd2i"], d}, measure,
                      spec);
}

Effects pomp_difference(const StudyColumns& x, const EffectSpec& spec) {
  const Vec d;
  return effect_pomp_difference({x["n1i"], x["n2i"], x["m1i"], x["m2i"], x["sd1i"], x["sd2i"], d},
                                x["mini"], x["maxi"], spec);
}

template <RateMeasure measure>
Effects rates(const StudyColumns& x, const EffectSpec& spec) {
  return effect_rates({x["x1i"], x["x2i"], x["t1i"], x["t2i"]}, measure, spec);
}

template <OneRateMeasure measure>
Effects one_rate(const StudyColumns& x, const EffectSpec& spec) {
  return effect_one_rate(x["xi"], x["ti"], measure, spec);
}

template <ProportionMeasure measure>
Effects proportion(const StudyColumns& x, const EffectSpec& spec) {
  const Vec mi = complement_of(x, "mi", "ni", "xi");
  return effect_proportion({x["xi"], mi}, measure, spec);
}

std::vector<EffectEntry> table_entries() {
  using B = BinaryMeasure;
  using A = AssociationMeasure;
  using M = MatchedMeasure;
  return {{"RR", &binary<B::RR>},          {"OR", &binary<B::OR>},
          {"RD", &binary<B::RD>},          {"PETO", &binary<B::PETO>},
          {"AS", &binary<B::AS>},          {"PBIT", &binary<B::PBIT>},
          {"OR2D", &binary<B::OR2DL>},     {"OR2DL", &binary<B::OR2DL>},
          {"OR2DN", &binary<B::OR2DN>},    {"PHI", &association<A::PHI>},
          {"ZPHI", &association<A::ZPHI>}, {"YUQ", &association<A::YUQ>},
          {"YUY", &association<A::YUY>},   {"RTET", &association<A::RTET>},
          {"ZTET", &association<A::ZTET>}, {"MPRD", &matched<M::MPRD>},
          {"MPRR", &matched<M::MPRR>},     {"MPOR", &matched<M::MPOR>},
          {"MPORC", &matched<M::MPORC>},   {"MPPETO", &matched<M::MPPETO>},
          {"MPORM", &matched_margins}};
}

std::vector<EffectEntry> count_entries() {
  using R = RateMeasure;
  using O = OneRateMeasure;
  using P = ProportionMeasure;
  return {{"IRR", &rates<R::IRR>},      {"IRD", &rates<R::IRD>},      {"IRSD", &rates<R::IRSD>},
          {"IR", &one_rate<O::IR>},     {"IRLN", &one_rate<O::IRLN>}, {"IRS", &one_rate<O::IRS>},
          {"IRFT", &one_rate<O::IRFT>}, {"PR", &proportion<P::PR>},   {"PLN", &proportion<P::PLN>},
          {"PLO", &proportion<P::PLO>}, {"PRZ", &proportion<P::PRZ>}, {"PAS", &proportion<P::PAS>},
          {"PFT", &proportion<P::PFT>}};
}

std::vector<EffectEntry> means_entries() {
  using M = MeansMeasure;
  return {{"MD", &means<M::MD>},       {"SMD", &means<M::SMD>},     {"SMDH", &means<M::SMDH>},
          {"SMD1", &means<M::SMD1>},   {"SMD1H", &means<M::SMD1H>}, {"ROM", &means<M::ROM>},
          {"POMPMD", &pomp_difference}};
}

using Registry = std::map<std::string, EffectEntry>;

Registry register_all() {
  Registry out;
  for (const auto& family :
       {table_entries(), count_entries(), means_entries(), variability_entries(),
        biserial_entries(), superiority_entries(), correlation_entries(), rsquared_entries(),
        group_entries(), change_entries()}) {
    for (const EffectEntry& e : family) out.emplace(e.measure, e);
  }
  return out;
}

}  // namespace

Effects effect_sizes(const std::string& measure, const StudyColumns& x, const EffectSpec& spec) {
  static const Registry registry = register_all();
  const auto it = registry.find(measure);
  if (it == registry.end()) throw InvalidInput("measure", "\"" + measure + "\" is not known");
  return it->second.compute(x, spec);
}

}  // namespace metaparity
