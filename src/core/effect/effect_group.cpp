#include "core/effect/effect_group.hpp"

#include <cmath>

namespace metaparity {
namespace {

struct Group {
  VecRef m, sd, n;
};

Group checked_group(const StudyColumns& x, const EffectSpec& spec) {
  require_at_least_one(x["ni"], "ni");
  require_finite(x["mi"], "mi");
  require_not_negative(x["sdi"], "sdi");
  check_vtype(spec, x.size());
  return {x["mi"], x["sdi"], x["ni"]};
}

// One variance in all studies (HO).
double pooled_variance(const Group& g) {
  StudyMean mean;
  for (Index i = 0; i < g.n.size(); ++i) mean.add(sq(g.sd(i)), g.n(i) - 1.0);
  return mean.value();
}

Effects group_means(const Group& g, const EffectSpec& spec) {
  const double pooled = any_vtype(spec, VarType::HO) ? pooled_variance(g) : kNaN;
  const auto row = [&](Index i) -> Estimate {
    const VarType type = vtype_at(spec, i);
    if (type != VarType::LS && type != VarType::HO) unknown_vtype();
    return {g.m(i), (type == VarType::HO ? pooled : sq(g.sd(i))) / g.n(i)};
  };
  Effects out = each_study(g.n.size(), row, [&](Index i) { return g.n(i); });
  note_zero_sd(out, g.sd, "sdi");
  return out;
}

Effects mean(const StudyColumns& x, const EffectSpec& spec) {
  return group_means(checked_group(x, spec), spec);
}

// Means and standard deviations in percent of the range from mini to maxi.
Effects pomp_mean(const StudyColumns& x, const EffectSpec& spec) {
  const Group g = checked_group(x, spec);
  const Vec by = 100.0 / (x["maxi"] - x["mini"]).array();
  const Vec m = (g.m - x["mini"]).array() * by.array(), sd = g.sd.array() * by.array();
  return group_means({m, sd, g.n}, spec);
}

Effects standardised_mean(const StudyColumns& x, const EffectSpec& spec) {
  const Group g = checked_group(x, spec);
  const auto row = [&](Index i) -> Estimate {
    const double y = g.m(i) / g.sd(i) * small_sample_factor(g.n(i) - 1.0, spec.j);
    return {y, 1.0 / g.n(i) + y * y / (2.0 * g.n(i))};
  };
  return each_study(x.size(), row, [&](Index i) { return g.n(i); });
}

enum class Alpha { Raw, HakstianWhalen, Bonett };

// Both transformations rise with alpha.
template <Alpha form>
Effects alpha(const StudyColumns& x, const EffectSpec&) {
  const VecRef a = x["ai"], items = x["mi"], n = x["ni"];
  require_at_most_one(a, "ai");
  require_positive(n, "ni");
  require_at_least_two(items, "mi");
  const auto row = [&](Index i) -> Estimate {
    const double rest = 1.0 - a(i), k = items(i) / (items(i) - 1.0);
    if (!(rest >= 0.0) || !(n(i) > 2.0)) return {};
    if (form == Alpha::Raw) return {a(i), 2.0 * k * rest * rest / (n(i) - 2.0)};
    if (form == Alpha::Bonett) return {-std::log(rest), 2.0 * k / (n(i) - 2.0)};
    const double root = std::cbrt(rest);
    return {1.0 - root, 18.0 * k * (n(i) - 1.0) * root * root / sq(9.0 * n(i) - 11.0)};
  };
  return each_study(x.size(), row, [&](Index i) { return n(i); });
}

// log(b / (2 sqrt(a c))) of the genotype counts; nothing is added to empty cells.
Effects heterozygosity(const StudyColumns& x, const EffectSpec&) {
  const VecRef a = x["ai"], b = x["bi"], c = x["ci"];
  require_count(a, "ai");
  require_count(b, "bi");
  require_count(c, "ci");
  const auto row = [&](Index i) -> Estimate {
    return {std::log(b(i) / (2.0 * std::sqrt(a(i) * c(i)))),
            0.25 / a(i) + 1.0 / b(i) + 0.25 / c(i)};
  };
  Effects out = each_study(x.size(), row, [&](Index i) { return a(i) + b(i) + c(i); });
  out.fractional = fractional_rows({&a, &b, &c});
  return out;
}

}  // namespace

std::vector<EffectEntry> group_entries() {
  return {{"MN", &mean},
          {"POMPMN", &pomp_mean},
          {"SMN", &standardised_mean},
          {"ARAW", &alpha<Alpha::Raw>},
          {"AHW", &alpha<Alpha::HakstianWhalen>},
          {"ABT", &alpha<Alpha::Bonett>},
          {"REH", &heterozygosity}};
}

}  // namespace metaparity
