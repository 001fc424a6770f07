#include "core/effect/effect_association.hpp"

#include <cmath>

#include "core/effect/tetrachoric.hpp"

namespace metaparity {
namespace {

// One sample, both margins random (Yule 1912 p. 604).
double phi_variance_one_sample(const Cells& x, double y) {
  const double n = x.total(), p = x.n1() / n, q = (x.a + x.c) / n;
  const double u = (2.0 * p - 1.0) / std::sqrt(p * (1.0 - p));
  const double v = (2.0 * q - 1.0) / std::sqrt(q * (1.0 - q));
  return (1.0 - y * y + y * (1.0 + 0.5 * y * y) * u * v - 0.75 * y * y * (u * u + v * v)) / n;
}

// Two samples of fixed size: the derivatives of phi in the two shares.
double phi_variance_two_samples(const Cells& x, double y) {
  const double n1 = x.n1(), n2 = x.n2(), m1 = x.a + x.c, m2 = x.b + x.d;
  const double p1 = x.a / n1, p2 = x.c / n2, slope = std::sqrt(n1 * n2 / (m1 * m2));
  const double lost = 0.5 * y * (1.0 / m1 - 1.0 / m2);
  return sq(slope - lost * n1) * p1 * (1.0 - p1) / n1 +
         sq(slope + lost * n2) * p2 * (1.0 - p2) / n2;
}

Estimate phi(const Cells& x, VarType type) {
  const double m1 = x.a + x.c, m2 = x.b + x.d;
  const double y = (x.a * x.d - x.b * x.c) / std::sqrt(x.n1() * x.n2() * m1 * m2);
  if (type == VarType::ST) return {y, phi_variance_two_samples(x, y)};
  if (type != VarType::LS && type != VarType::CS) unknown_vtype();
  return {y, phi_variance_one_sample(x, y)};
}

// (or^w - 1) / (or^w + 1): Q with w = 1, Y with w = 1/2; not defined with an empty cell.
Estimate yule(const Cells& x, double w) {
  if (x.any_zero()) return {};
  const double u = std::pow(x.a * x.d, w), v = std::pow(x.b * x.c, w), y = (u - v) / (u + v);
  const double sum = 1.0 / x.a + 1.0 / x.b + 1.0 / x.c + 1.0 / x.d;
  return {y, sq(0.5 * w * (1.0 - y * y)) * sum};
}

Estimate association(AssociationMeasure measure, const Cells& x, VarType type) {
  switch (measure) {
    case AssociationMeasure::PHI:
      return phi(x, type);
    case AssociationMeasure::ZPHI:
      return fisher_z(phi(x, type));
    case AssociationMeasure::YUQ:
      return yule(x, 1.0);
    case AssociationMeasure::YUY:
      return yule(x, 0.5);
    case AssociationMeasure::RTET:
      return tetrachoric(x);
    case AssociationMeasure::ZTET:
      return fisher_z(tetrachoric(x));
  }
  return {};
}

}  // namespace

Estimate fisher_z(const Estimate& r) { return {std::atanh(r.yi), r.vi / sq(1.0 - r.yi * r.yi)}; }

Effects effect_association(const TwoByTwo& table, AssociationMeasure measure,
                           const EffectSpec& spec) {
  check_table(table);
  check_vtype(spec, table.size());
  const CorrectedCells cells(table, spec.add, spec.to, spec.drop00, spec.how);
  Effects out = each_study(
      table.size(), [&](Index i) { return association(measure, cells.at(i), vtype_at(spec, i)); },
      [&](Index i) { return cells.raw(i).total(); });
  out.fractional = fractional_rows({&table.ai, &table.bi, &table.ci, &table.di});
  return out;
}

}  // namespace metaparity
