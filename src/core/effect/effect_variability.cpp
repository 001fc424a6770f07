#include "core/effect/effect_variability.hpp"

#include <cmath>

namespace metaparity {

LogPart log_mean_part(double m, double sd, double n, bool second_order) {
  const double c = sq(sd / m) / n;
  return {std::log(m), 0.5 * c, c + (second_order ? 0.5 * c * c : 0.0)};
}

LogPart log_sd_part(double sd, double n, bool second_order) {
  const double bias = 0.5 / (n - 1.0);
  return {std::log(sd), bias, second_order ? bias * n / (n - 1.0) : bias};
}

namespace {

bool taylor_second(VarType type) {
  if (type != VarType::LS && type != VarType::LS2) unknown_vtype();
  return type == VarType::LS2;
}

void check_groups(const StudyColumns& x) {
  for (const char* n : {"n1i", "n2i", "ni"}) require_at_least_one(x[n], n);
  for (const char* m : {"m1i", "m2i", "mi"}) require_finite(x[m], m);
  for (const char* sd : {"sd1i", "sd2i", "sdi"}) require_not_negative(x[sd], sd);
}

void note_groups(Effects& out, const StudyColumns& x) {
  for (const char* n : {"n1i", "n2i", "ni"}) note_small_group(out, x[n], n);
  for (const char* sd : {"sd1i", "sd2i", "sdi"}) note_zero_sd(out, x[sd], sd);
}

// Eq. 5 and 11, or 15, of Senior et al. (2020).
Effects variability_ratio(const StudyColumns& x, const EffectSpec& spec) {
  check_groups(x);
  check_vtype(spec, x.size());
  const VecRef n1 = x["n1i"], n2 = x["n2i"], s1 = x["sd1i"], s2 = x["sd2i"];
  const auto row = [&](Index i) -> Estimate {
    const bool second = taylor_second(vtype_at(spec, i));
    const LogPart a = log_sd_part(s1(i), n1(i), second), b = log_sd_part(s2(i), n2(i), second);
    const bool undefined = s1(i) == 0.0 && s2(i) == 0.0;
    return {std::log(s1(i) / s2(i)) + (spec.correct ? a.bias - b.bias : 0.0),
            undefined ? kNaN : a.v + b.v};
  };
  Effects out = each_study(x.size(), row, [&](Index i) { return n1(i) + n2(i); });
  note_groups(out, x);
  return out;
}

// Eq. 6 and 13, or 16 with the third and sixth term halved.
Effects cv_ratio(const StudyColumns& x, const EffectSpec& spec) {
  check_groups(x);
  check_vtype(spec, x.size());
  const VecRef n1 = x["n1i"], n2 = x["n2i"], s1 = x["sd1i"], s2 = x["sd2i"], m1 = x["m1i"],
               m2 = x["m2i"];
  const auto row = [&](Index i) -> Estimate {
    const bool second = taylor_second(vtype_at(spec, i));
    const LogPart a = log_sd_part(s1(i), n1(i), second), b = log_sd_part(s2(i), n2(i), second);
    const LogPart c = log_mean_part(m1(i), s1(i), n1(i), second);
    const LogPart d = log_mean_part(m2(i), s2(i), n2(i), second);
    const double bias = a.bias - b.bias - c.bias + d.bias;
    return {std::log((s1(i) / m1(i)) / (s2(i) / m2(i))) + (spec.correct ? bias : 0.0),
            a.v + b.v + c.v + d.v};
  };
  Effects out = each_study(x.size(), row, [&](Index i) { return n1(i) + n2(i); });
  note_groups(out, x);
  return out;
}

enum class OneGroup { MNLN, SDLN, CVLN };

// Nakagawa et al. (2015) eq. 8, 9, 27; mean and SD of normal data are independent.
template <OneGroup measure>
Effects one_group(const StudyColumns& x, const EffectSpec& spec) {
  check_groups(x);
  if (measure != OneGroup::SDLN) require_not_negative(x["mi"], "mi");
  const VecRef n = x["ni"], s = x["sdi"], m = x["mi"];
  const auto row = [&](Index i) -> Estimate {
    const LogPart mean = log_mean_part(at(m, i), s(i), n(i), false);
    if (measure == OneGroup::MNLN) return {mean.value, mean.v};
    const LogPart sd = log_sd_part(s(i), n(i), false);
    const double bias = spec.correct ? sd.bias : 0.0;
    if (measure == OneGroup::SDLN) return {sd.value + bias, sd.v};
    return {std::log(s(i) / m(i)) + bias, sd.v + mean.v};
  };
  Effects out = each_study(x.size(), row, [&](Index i) { return n(i); });
  note_groups(out, x);
  return out;
}

}  // namespace

std::vector<EffectEntry> variability_entries() {
  return {{"VR", &variability_ratio},
          {"CVR", &cv_ratio},
          {"MNLN", &one_group<OneGroup::MNLN>},
          {"SDLN", &one_group<OneGroup::SDLN>},
          {"CVLN", &one_group<OneGroup::CVLN>}};
}

}  // namespace metaparity
