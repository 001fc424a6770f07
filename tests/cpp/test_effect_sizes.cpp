// Every measure by its name: closed forms of each family, inputs that are filled from others, refusals.
#include "catch.h"

#include <cmath>
#include <vector>

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

TEST_CASE("a measure is found by its name, and cells are filled from group sizes") {
  const Effects full = compute("OR", {{{"ai", {4}}, {"bi", {20}}, {"ci", {11}}, {"di", {25}}}});
  const Effects sizes = compute("OR", {{{"ai", {4}}, {"n1i", {24}}, {"ci", {11}}, {"n2i", {36}}}});
  CHECK(full.yi(0) == Approx(std::log(4.0 * 25.0 / (20.0 * 11.0))).epsilon(1e-14));
  CHECK(sizes.yi(0) == full.yi(0));
  CHECK(sizes.vi(0) == full.vi(0));
  CHECK_THROWS_AS(compute("NONE", {{{"ai", {4}}}}), InvalidInput);
}

TEST_CASE("families have their closed forms") {
  const Effects z = compute("ZCOR", {{{"ri", {0.5}}, {"ni", {23}}}});
  CHECK(z.yi(0) == Approx(std::atanh(0.5)).epsilon(1e-14));
  CHECK(z.vi(0) == Approx(0.05).epsilon(1e-14));
  const Effects rr = compute("MPRR", {{{"ai", {4}}, {"bi", {20}}, {"ci", {11}}, {"di", {25}}}});
  CHECK(rr.vi(0) == Approx(31.0 / (24.0 * 15.0)).epsilon(1e-14));
  const Effects abt = compute("ABT", {{{"ai", {0.75}}, {"mi", {5}}, {"ni", {102}}}});
  CHECK(abt.yi(0) == Approx(std::log(4.0)).epsilon(1e-14));
  CHECK(abt.vi(0) == Approx(0.025).epsilon(1e-14));
  const Effects mc = compute(
      "MC",
      {{{"m1i", {3}}, {"m2i", {1}}, {"sd1i", {2}}, {"sd2i", {2}}, {"ri", {0.5}}, {"ni", {8}}}});
  CHECK(mc.vi(0) == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("a variance formula that a measure has not is refused") {
  EffectSpec spec;
  spec.vtype = {VarType::MAX};
  CHECK_THROWS_AS(compute("COR", {{{"ri", {0.5}}, {"ni", {23}}}}, spec), InvalidInput);
  CHECK_THROWS_AS(compute("COR", {{{"ri", {1.5}}, {"ni", {23}}}}), InvalidStudies);
}
