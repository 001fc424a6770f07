// References: closed forms; R's power.prop.test(p1 = 0.2, p2 = 0.15, power = 0.8) and power.t.test's normal limit.
#include "core/effect/absolute_risk.hpp"

#include <cmath>

#include "catch.h"

using namespace metaparity;

TEST_CASE("absolute risk: each measure's map of an assumed risk") {
  CHECK(corresponding_risk(0.2, 0.5, RiskMeasure::RR) == 0.1);
  CHECK(corresponding_risk(0.2, 0.5, RiskMeasure::OR) ==
        Approx(0.125 / 1.125).epsilon(1e-15).scale(0));
  CHECK(corresponding_risk(0.2, 3.0, RiskMeasure::HR) == Approx(1 - 0.512).epsilon(1e-15).scale(0));
  CHECK(corresponding_risk(0.2, -0.1, RiskMeasure::RD) == 0.1);
  CHECK(corresponding_risk(0.2, 8.0, RiskMeasure::IRR) == 1.6);
}

TEST_CASE("absolute risk: bounds, certain events, tiny risks") {
  CHECK(corresponding_risk(0.4, 5.0, RiskMeasure::RR) == 1.0);
  CHECK(corresponding_risk(0.2, -0.3, RiskMeasure::RD) == 0.0);
  CHECK(corresponding_risk(0.9, 0.3, RiskMeasure::RD) == 1.0);
  CHECK(corresponding_risk(1.0, 0.5, RiskMeasure::OR) == 1.0);
  CHECK(corresponding_risk(1.0, 0.5, RiskMeasure::HR) == 1.0);
  CHECK(corresponding_risk(0.0, 7.0, RiskMeasure::OR) == 0.0);
  CHECK(corresponding_risk(0.5, kInf, RiskMeasure::OR) == 1.0);
  CHECK(corresponding_risk(1e-20, 2.0, RiskMeasure::HR) == Approx(2e-20).epsilon(1e-14).scale(0));
  CHECK(std::isnan(corresponding_risk(kNaN, 1.0, RiskMeasure::RD)));
  CHECK(std::isnan(corresponding_risk(0.1, kNaN, RiskMeasure::RR)));
}

TEST_CASE("absolute risk: sizes that show an effect") {
  CHECK(size_of_risks(0.2, 0.15) == 1812.0);
  CHECK(std::isnan(size_of_risks(0.2, 0.2)));
  CHECK(std::isnan(size_of_risks(0.0, 0.2)));
  CHECK(size_of_means(0.2) == 786.0);
  CHECK(size_of_means(-0.2) == 786.0);
  CHECK(std::isnan(size_of_means(0.0)));
  CHECK(events_of_hazards(0.75) == 380.0);
  CHECK(events_of_hazards(1.0 / 0.75) == 380.0);
  CHECK(std::isnan(events_of_hazards(1.0)));
  CHECK(std::isnan(events_of_hazards(-2.0)));
}
