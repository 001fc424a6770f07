// The registry itself: names, and what every rule promises, on random data.
#include "core/tau2/tau2_rules.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "catch.h"
#include "core/errors.hpp"
#include "core/tau2/tau2.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

struct Case {
  Vec y, v, weights;
  Mat X;
};

Case random_case(stress::Random& r, Index k, Index p) {
  Case out{Vec(k), Vec(k), Vec(k), Mat::Ones(k, p)};
  for (Index i = 0; i < k; ++i) {
    out.v(i) = r.power10(-2.0, 0.0);
    out.y(i) = 1.2 * r.normal();
    out.weights(i) = r.uniform(0.2, 2.0);
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
  }
  return out;
}

}  // namespace

TEST_CASE("every name finds its rule; others are refused") {
  const std::vector<std::string> names = tau2_method_names();
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  const std::vector<Tau2Method> rules = tau2_methods();
  for (const std::string& name : names) {
    const Tau2Method found = tau2_method(name.c_str());
    CHECK(std::find(rules.begin(), rules.end(), found) != rules.end());
  }
  CHECK(tau2_method("FE") == Tau2Method::FE);
  CHECK(tau2_method("CE") == tau2_method("EE"));
  CHECK(tau2_method("VC") == tau2_method("HE"));
  CHECK(tau2_method("MP") == tau2_method("PM"));
  CHECK(tau2_method("given") == Tau2Method::Given);
  CHECK(std::find(names.begin(), names.end(), "given") == names.end());
  for (const char* wrong : {"", "RE", "reml", "F", "FE CE", "CEFE"})
    CHECK_THROWS_AS(tau2_method(wrong), InvalidInput);
}

TEST_CASE("a tau2 given in the name of a rule has the standard error of the rule") {
  stress::Random r(71);
  for (int rep = 0; rep < 20; ++rep) {
    const Case c = random_case(r, 12, r.between(1, 3));
    for (const Tau2Method method : tau2_methods()) {
      ModelSpec spec;
      spec.method = method;
      const Tau2Estimate found = estimate_tau2_se(c.y, c.v, c.X, c.weights, spec);
      INFO(method.rule().name);
      REQUIRE(std::isfinite(found.tau2));
      REQUIRE(estimate_tau2(c.y, c.v, c.X, c.weights, spec) == found.tau2);
      spec.error_of = method;
      spec.method = Tau2Method::Given;
      spec.tau2 = found.tau2;
      const Tau2Estimate given = estimate_tau2_se(c.y, c.v, c.X, c.weights, spec);
      REQUIRE(given.tau2 == found.tau2);
      if (method.rule().se_at == nullptr) {
        CHECK(std::isnan(found.se));
        CHECK(std::isnan(given.se));
      } else {
        REQUIRE(given.se == Approx(found.se).epsilon(1e-12).scale(0));
      }
    }
  }
}

TEST_CASE("a variance of 0 is refused by the rules that weigh by 1 / v, and by no other") {
  stress::Random r(72);
  Case c = random_case(r, 9, 1);
  c.v(4) = 0.0;
  for (const Tau2Method method : tau2_methods()) {
    ModelSpec spec;
    spec.method = method;
    INFO(method.rule().name);
    if (method.rule().needs_positive_v) {
      try {
        estimate_tau2(c.y, c.v, c.X, Vec(), spec);
        FAIL("not refused");
      } catch (const InvalidStudies& e) {
        CHECK(e.rows() == std::vector<int>{4});
      }
    } else {
      CHECK(std::isfinite(estimate_tau2(c.y, c.v, c.X, Vec(), spec)));
    }
  }
}
