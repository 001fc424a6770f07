// Reference: variances by the delta method with numeric derivatives, from four counts of a fixed total or from two
// binomial shares; symmetries.
#include "core/effect/effect_association.hpp"

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

Effects of(const Vec& cells, AssociationMeasure measure, const EffectSpec& spec = EffectSpec{}) {
  const Vec a = cells.segment(0, 1), b = cells.segment(1, 1), c = cells.segment(2, 1),
            d = cells.segment(3, 1);
  return effect_association({a, b, c, d}, measure, spec);
}

double phi_of(const Vec& x) {
  return (x[0] * x[3] - x[1] * x[2]) /
         std::sqrt((x[0] + x[1]) * (x[2] + x[3]) * (x[0] + x[2]) * (x[1] + x[3]));
}

double yule_of(const Vec& x, double power) {
  const double odds = std::pow(x[0] * x[3] / (x[1] * x[2]), power);
  return (odds - 1.0) / (odds + 1.0);
}

const std::vector<Vec> kTables{values({4, 20, 11, 25}), values({30, 5, 7, 60}),
                               values({1, 99, 40, 3}), values({200, 100, 50, 25})};
const AssociationMeasure kAll[] = {AssociationMeasure::PHI,  AssociationMeasure::ZPHI,
                                   AssociationMeasure::YUQ,  AssociationMeasure::YUY,
                                   AssociationMeasure::RTET, AssociationMeasure::ZTET};

}  // namespace

TEST_CASE("association: one sample, the delta method from four counts of a fixed total") {
  for (const Vec& x : kTables) {
    const Effects phi = of(x, AssociationMeasure::PHI);
    CHECK(phi.yi(0) == rel(phi_of(x) + 0.0, 1e-13).margin(1e-16));
    CHECK(phi.vi(0) == rel(delta_variance(phi_of, x, multinomial(x)), 1e-8));
    for (const double power : {1.0, 0.5}) {
      const Effects y = of(x, power == 1.0 ? AssociationMeasure::YUQ : AssociationMeasure::YUY);
      const auto f = [&](const Vec& cells) { return yule_of(cells, power); };
      CHECK(y.yi(0) == rel(f(x), 1e-13).margin(1e-16));
      CHECK(y.vi(0) == rel(delta_variance(f, x, multinomial(x)), 1e-8));
    }
  }
}

TEST_CASE("association: phi of two samples, the delta method from two shares") {
  for (const Vec& x : kTables) {
    const double n1 = x[0] + x[1], n2 = x[2] + x[3];
    const auto f = [&](const Vec& p) {
      return phi_of(values({n1 * p[0], n1 * (1 - p[0]), n2 * p[1], n2 * (1 - p[1])}));
    };
    const Vec p = values({x[0] / n1, x[2] / n2});
    const Mat v = values({p[0] * (1 - p[0]) / n1, p[1] * (1 - p[1]) / n2}).asDiagonal();
    CHECK(of(x, AssociationMeasure::PHI, with(VarType::ST)).vi(0) ==
          rel(delta_variance(f, p, v), 1e-8));
  }
}

TEST_CASE("association: Fisher's z has its slope 1 / (1 - r^2), and none at 1") {
  const Estimate z = fisher_z({0.6, 0.02});
  CHECK(z.yi == rel(0.5 * std::log(4.0), 1e-15));
  CHECK(z.vi == rel(0.02 / (0.64 * 0.64), 1e-14));
  for (const Vec& x : kTables) {
    const Effects r = of(x, AssociationMeasure::PHI), t = of(x, AssociationMeasure::ZPHI);
    CHECK(std::tanh(t.yi(0)) == rel(r.yi(0), 1e-13).margin(1e-16));
    CHECK(t.vi(0) == rel(r.vi(0) / std::pow(1.0 - r.yi(0) * r.yi(0), 2), 1e-13));
  }
  EffectSpec plain;
  plain.to = AddTo::None;
  const Effects one = of(values({10, 0, 0, 12}), AssociationMeasure::ZPHI, plain);
  CHECK(std::isnan(one.yi(0)));
  CHECK(one.infinite == std::vector<int>{0});
}

TEST_CASE("association: groups or outcomes changing places change the sign alone") {
  for (const Vec& x : kTables) {
    const Vec rows = values({x[2], x[3], x[0], x[1]}), columns = values({x[1], x[0], x[3], x[2]}),
              both = values({x[3], x[2], x[1], x[0]});
    for (const AssociationMeasure m : kAll) {
      const Effects e = of(x, m);
      for (const Vec& other : {rows, columns}) {
        CHECK(of(other, m).yi(0) == rel(-e.yi(0), 1e-12).margin(1e-15));
        CHECK(of(other, m).vi(0) == rel(e.vi(0), 1e-10));
      }
      CHECK(of(both, m).yi(0) == rel(e.yi(0), 1e-12).margin(1e-15));
    }
  }
}

TEST_CASE("association: n times the subjects, 1 / n of the variance") {
  for (const AssociationMeasure m : kAll) {
    const Effects small = of(kTables[1], m), large = of(1e7 * kTables[1], m);
    CHECK(large.yi(0) == rel(small.yi(0), 1e-12));
    CHECK(1e7 * large.vi(0) == rel(small.vi(0), 1e-10));
  }
}

TEST_CASE("association: empty cells, empty margins, missing cells, odd input") {
  EffectSpec plain;
  plain.to = AddTo::None;
  const Vec empty_cell = values({0, 10, 5, 8}), empty_margin = values({0, 10, 0, 8});
  CHECK(std::isnan(of(empty_cell, AssociationMeasure::YUQ, plain).yi(0)));
  CHECK(of(empty_cell, AssociationMeasure::PHI, plain).yi(0) == rel(phi_of(empty_cell), 1e-14));
  const Vec added = empty_cell.array() + 0.5;
  CHECK(of(empty_cell, AssociationMeasure::YUQ).yi(0) == rel(yule_of(added, 1.0), 1e-13));
  for (const AssociationMeasure m : kAll) {
    CHECK(std::isnan(of(empty_margin, m, plain).yi(0)));
    CHECK(std::isnan(of(values({kNaN, 1, 2, 3}), m).yi(0)));
    CHECK_THROWS_AS(of(values({-1, 1, 2, 3}), m), InvalidStudies);
  }
  CHECK((of(values({1.5, 1, 2, 3}), AssociationMeasure::PHI).fractional == std::vector<int>{0}));
  CHECK(of(kTables[0], AssociationMeasure::PHI).ni(0) == 60.0);
  CHECK_THROWS_AS(of(kTables[0], AssociationMeasure::PHI, with(VarType::MAX)), InvalidInput);
  const Vec none;
  CHECK(effect_association({none, none, none, none}, AssociationMeasure::PHI, EffectSpec{})
            .yi.size() == 0);
}
