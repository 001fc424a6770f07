#include "core/effect/effect_biserial.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/effect/effect_association.hpp"
#include "core/effect/effect_means.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

struct Difference {
  double d, n1, n2;
  double n() const { return n1 + n2; }
  double variance() const { return 1.0 / n1 + 1.0 / n2 + d * d / (2.0 * n()); }
  // r^2 / (1 - r^2) = d^2 / h.
  double h() const { return (n() - 2.0) * (1.0 / n1 + 1.0 / n2); }
  double r() const { return d / std::sqrt(d * d + h()); }
};

// Stratified: delta method from d. Cross-sectional: Tate (1954), group sizes random.
Estimate point_biserial(const Difference& x, VarType type) {
  const double r = x.r(), h = x.h();
  if (type == VarType::CS) {
    const double pq = x.n1 * x.n2 / sq(x.n());
    return {r, sq(1.0 - r * r) * (1.0 - 1.5 * r * r + r * r / (4.0 * pq)) / x.n()};
  }
  if (type != VarType::LS && type != VarType::ST) unknown_vtype();
  return {r, h * h / std::pow(h + x.d * x.d, 3) * x.variance()};
}

// z cuts off the share p of the first group; f is the density there (Soper 1914 eq. 7). An estimate beyond 1 counts as 1 in the
// variance.
Estimate biserial(const Difference& x, VarType) {
  const double p = x.n1 / x.n(), q = 1.0 - p;
  if (!(p > 0.0 && p < 1.0)) return {};
  const double z = -normal_quantile(p), f = std::exp(-0.5 * z * z) / std::sqrt(2.0 * kPi);
  const double r = std::sqrt(p * q) / f * x.r(), r2 = r * r > 1.0 ? 1.0 : r * r;
  const double lost = 1.5 + (1.0 - p * z / f) * (1.0 + q * z / f);
  return {r, (p * q / (f * f) - lost * r2 + r2 * r2) / (x.n() - 1.0)};
}

Estimate point_biserial_z(const Difference& x, VarType type) {
  return fisher_z(point_biserial(x, type));
}
Estimate biserial_z(const Difference& x, VarType type) { return fisher_z(biserial(x, type)); }

Estimate odds_ratio_normal(const Difference& x, VarType) {
  return {kNormalScale * x.d, sq(kNormalScale) * x.variance()};
}
Estimate odds_ratio_logistic(const Difference& x, VarType) {
  return {kLogisticScale * x.d, sq(kLogisticScale) * x.variance()};
}

template <Estimate (*formula)(const Difference&, VarType)>
Effects from_difference(const StudyColumns& x, const EffectSpec& spec) {
  check_vtype(spec, x.size());
  const Vec d = cohens_d(x);
  const VecRef n1 = x["n1i"], n2 = x["n2i"];
  Effects out = each_study(
      x.size(),
      [&](Index i) {
        return formula({d(i), n1(i), n2(i)}, vtype_at(spec, i));
      },
      [&](Index i) { return n1(i) + n2(i); });
  note_small_group(out, n1, "n1i");
  note_small_group(out, n2, "n2i");
  return out;
}

}  // namespace

std::vector<EffectEntry> biserial_entries() {
  return {{"RPB", &from_difference<point_biserial>},
          {"ZPB", &from_difference<point_biserial_z>},
          {"RBIS", &from_difference<biserial>},
          {"ZBIS", &from_difference<biserial_z>},
          {"D2OR", &from_difference<odds_ratio_logistic>},
          {"D2ORL", &from_difference<odds_ratio_logistic>},
          {"D2ORN", &from_difference<odds_ratio_normal>}};
}

}  // namespace metaparity
