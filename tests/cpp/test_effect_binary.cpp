// Reference values: the formulas by hand.
#include <cmath>

#include "catch.h"
#include "core/effect/effect_binary.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {
struct Data {
  Vec a{3}, b{3}, c{3}, d{3};
  Data() {
    a << 3, 0, 0;
    b << 7, 10, 9;
    c << 5, 2, 0;
    d << 11, 12, 13;
  }
  TwoByTwo table() const { return {a, b, c, d}; }
};
}  // namespace

TEST_CASE("one table by hand") {
  const Data x;
  const EffectSpec spec;
  const Effects rr = effect_binary(x.table(), BinaryMeasure::RR, spec);
  CHECK(rr.yi(0) == Approx(std::log((3.0 / 10.0) / (5.0 / 16.0))).epsilon(1e-14));
  CHECK(rr.vi(0) == Approx(1.0 / 3 - 1.0 / 10 + 1.0 / 5 - 1.0 / 16).epsilon(1e-14));
  CHECK(rr.ni(0) == 26.0);
  const Effects od = effect_binary(x.table(), BinaryMeasure::OR, spec);
  CHECK(od.yi(0) == Approx(std::log(33.0 / 35.0)).epsilon(1e-14));
  CHECK(od.vi(0) == Approx(1.0 / 3 + 1.0 / 7 + 1.0 / 5 + 1.0 / 11).epsilon(1e-14));
  const Effects rd = effect_binary(x.table(), BinaryMeasure::RD, spec);
  CHECK(rd.yi(0) == Approx(-0.0125).epsilon(1e-13));
  CHECK(rd.vi(0) == Approx(21.0 / 1000 + 55.0 / 4096).epsilon(1e-14));
  const Effects pe = effect_binary(x.table(), BinaryMeasure::PETO, spec);
  const double v = 10.0 * 16 * 8 * 18 / (26.0 * 26 * 25);
  CHECK(pe.yi(0) == Approx((3.0 - 80.0 / 26) / v).epsilon(1e-13));
  CHECK(pe.vi(0) == Approx(1.0 / v).epsilon(1e-14));
}

TEST_CASE("the rule for zero cells") {
  const Data x;
  EffectSpec spec;
  Effects e = effect_binary(x.table(), BinaryMeasure::OR, spec);
  CHECK(e.yi(1) == Approx(std::log(0.5 * 12.5 / (10.5 * 2.5))).epsilon(1e-14));
  CHECK_FALSE(std::isnan(e.yi(2)));
  spec.drop00 = true;
  e = effect_binary(x.table(), BinaryMeasure::OR, spec);
  CHECK(std::isnan(e.yi(2)));
  spec.to = AddTo::If0All;
  e = effect_binary(x.table(), BinaryMeasure::OR, spec);
  CHECK(e.yi(0) == Approx(std::log(3.5 * 11.5 / (7.5 * 5.5))).epsilon(1e-14));
  spec.to = AddTo::None;
  e = effect_binary(x.table(), BinaryMeasure::OR, spec);
  CHECK(e.infinite == std::vector<int>{1});
}

TEST_CASE("ways of adding") {
  const Data x;
  const Cells events = CorrectedCells(x.table(), 0.5, AddTo::Only0, false, AddHow::Events).at(1);
  CHECK(events.a == 0.5);
  CHECK(events.b == 10.0);
  CHECK(events.d == 12.0);
  const Cells opposite =
      CorrectedCells(x.table(), 0.5, AddTo::Only0, false, AddHow::Opposite).at(1);
  CHECK(opposite.a == Approx(10.0 / 24.0));
  CHECK(opposite.c == Approx(2.0 + 14.0 / 24.0));
  CHECK(opposite.total() == Approx(26.0));
}

TEST_CASE("a study with events in everybody is kept, and its risk ratio is 1") {
  Vec a(3), b(3), c(3), d(3);
  a << 20, 0, 3;
  b << 0, 20, 17;
  c << 25, 0, 5;
  d << 0, 25, 20;
  EffectSpec spec;
  spec.drop00 = true;
  const Effects dropped = effect_binary({a, b, c, d}, BinaryMeasure::RR, spec);
  CHECK(std::isnan(dropped.yi(0)));
  spec.how = AddHow::KeepFull;
  const Effects kept = effect_binary({a, b, c, d}, BinaryMeasure::RR, spec);
  CHECK(kept.yi(0) == 0.0);
  CHECK(kept.vi(0) == Approx(1 / 20.5 - 1 / 21.0 + 1 / 25.5 - 1 / 26.0).epsilon(1e-12).scale(0));
  CHECK(std::isnan(kept.yi(1)));
  CHECK(kept.yi(2) == dropped.yi(2));
}

TEST_CASE("wrong tables and formulas throw") {
  Data x;
  EffectSpec spec;
  spec.vtype = {VarType::UB};
  CHECK_THROWS_AS(effect_binary(x.table(), BinaryMeasure::OR, spec), InvalidInput);
  spec.vtype = {VarType::LS, VarType::LS};
  CHECK_THROWS_AS(effect_binary(x.table(), BinaryMeasure::OR, spec), InvalidInput);
  x.a(1) = -1.0;
  CHECK_THROWS_AS(effect_binary(x.table(), BinaryMeasure::OR, EffectSpec{}), InvalidStudies);
  x.a(1) = 1.5;
  CHECK(effect_binary(x.table(), BinaryMeasure::OR, EffectSpec{}).fractional ==
        std::vector<int>{1});
}
