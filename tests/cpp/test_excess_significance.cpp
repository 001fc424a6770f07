// Reference: enumeration of all outcomes of the studies, power by Simpson's rule, the binomial distribution for equal
// power.
#include "core/bias/excess_significance.hpp"

#include "core/linalg/distributions.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

const Vec kY = values({0.9, 0.1, 0.6, -0.2, 1.2, 0.3, 0.8}),
          kV = values({0.1, 0.05, 0.2, 0.15, 0.3, 0.02, 0.08});

Excess run(const ExcessSpec& spec, const Vec& theta = Vec::Constant(1, 0.4)) {
  return excess_significance(kY, kV, theta, spec);
}

// P(as many successes), by going through all 2^k outcomes.
std::vector<double> enumerated(const Vec& power) {
  std::vector<double> mass(static_cast<std::size_t>(power.size()) + 1, 0.0);
  for (unsigned bits = 0; bits < (1u << power.size()); ++bits) {
    double p = 1;
    std::size_t hits = 0;
    for (Index i = 0; i < power.size(); ++i) {
      const bool hit = (bits >> i) & 1u;
      p *= hit ? power[i] : 1 - power[i];
      hits += hit;
    }
    mass[hits] += p;
  }
  return mass;
}

}  // namespace

TEST_CASE("excess_significance: power is the chance of significance under N(theta, v + tau2)") {
  for (const double tau2 : {0.0, 0.07}) {
    for (const Sides sides : {Sides::Two, Sides::Greater, Sides::Less}) {
      ExcessSpec spec;
      spec.tau2 = tau2;
      spec.h0 = 0.1;
      spec.effect_sides = sides;
      const Excess e = run(spec);
      const double crit = normal_quantile(sides == Sides::Two ? 0.975 : 0.95);
      for (Index i = 0; i < kY.size(); ++i) {
        const double sd = std::sqrt(kV[i] + tau2), cut = crit * std::sqrt(kV[i]);
        const auto density = [&](double y) {
          return std::exp(-0.5 * std::pow((y - 0.4) / sd, 2)) /
                 (sd * std::sqrt(2 * std::acos(-1.0)));
        };
        const double up = simpson(density, 0.1 + cut, 0.1 + cut + 12 * sd + 1, 4000),
                     low = simpson(density, 0.1 - cut - 12 * sd - 1, 0.1 - cut, 4000);
        const double power = sides == Sides::Two ? up + low : (sides == Sides::Greater ? up : low);
        CHECK(e.power(i) == rel(power, 1e-8));
        const double z = (kY[i] - 0.1) / std::sqrt(kV[i]);
        const bool hit = sides == Sides::Two       ? std::fabs(z) >= crit
                         : sides == Sides::Greater ? z >= crit
                                                   : z <= -crit;
        CHECK(e.significant[static_cast<std::size_t>(i)] == (hit ? 1 : 0));
      }
      CHECK(e.E == rel(e.power.sum(), 1e-14));
    }
  }
  ExcessSpec null;
  null.alpha = 0.01;
  CHECK(run(null, Vec::Zero(1)).power(3) == rel(0.01, 1e-12));
}

TEST_CASE("excess_significance: the exact test is the enumeration of all outcomes") {
  for (const Sides sides : {Sides::Two, Sides::Greater, Sides::Less}) {
    ExcessSpec spec;
    spec.sides = sides;
    const Excess e = run(spec, values({0.4, 0.1, 0.2, 0.9, 0.5, 0.3, 0.0}));
    const std::vector<double> mass = enumerated(e.power);
    const auto seen = static_cast<std::size_t>(e.O);
    double p = 0;
    for (std::size_t j = 0; j < mass.size(); ++j) {
      const bool counts = sides == Sides::Two       ? mass[j] <= mass[seen] * (1 + 1e-7)
                          : sides == Sides::Greater ? j >= seen
                                                    : j <= seen;
      if (counts) p += mass[j];
    }
    CHECK(e.pval == rel(p, 1e-11));
  }
}

TEST_CASE("excess_significance: equal power makes the exact test binomial") {
  const Vec y = Vec::Constant(6, 0.9), v = Vec::Constant(6, 0.25);
  Vec theta = Vec::Constant(1, 0.5);
  for (const Sides s : {Sides::Two, Sides::Greater, Sides::Less}) {
    ExcessSpec spec;
    spec.sides = s;
    spec.test = ExcessTest::Exact;
    const double exact = excess_significance(y, v, theta, spec).pval;
    spec.test = ExcessTest::Binomial;
    REQUIRE(exact == Approx(excess_significance(y, v, theta, spec).pval).epsilon(1e-10).scale(0));
  }
  REQUIRE(std::isnan(excess_limit(y, v, 0.0, 0.1, ExcessSpec())));
}

TEST_CASE("excess_significance: chi-squared, its one-sided halves") {
  ExcessSpec spec;
  spec.test = ExcessTest::Chi2;
  const Excess greater = run(spec);
  spec.sides = Sides::Less;
  const Excess less = run(spec);
  spec.sides = Sides::Two;
  const Excess two = run(spec);
  const double k = 7, d = two.O - two.E;
  CHECK(two.X2 == rel(d * d * k / (two.E * (k - two.E)), 1e-13));
  CHECK(two.pval == rel(chisq_upper(two.X2, 1), 1e-12));
  CHECK(greater.pval + less.pval == rel(1.0, 1e-13));
  CHECK(2 * std::fmin(greater.pval, less.pval) == rel(two.pval, 1e-12));
}

TEST_CASE("excess_significance: the mirror image and the scale of the data") {
  ExcessSpec up, down;
  up.effect_sides = Sides::Greater;
  down.effect_sides = Sides::Less;
  const Vec theta = values({0.4});
  const Excess a = excess_significance(kY, kV, theta, up),
               b = excess_significance(-kY, kV, -theta, down),
               c = excess_significance(1e-5 * kY, 1e-10 * kV, 1e-5 * theta, up);
  CHECK(a.significant == b.significant);
  CHECK(b.pval == rel(a.pval, 1e-13));
  CHECK(c.pval == rel(a.pval, 1e-10));
}

TEST_CASE("excess_significance: at its limit the test has the p value that was asked for") {
  ExcessSpec spec;
  spec.test = ExcessTest::Chi2;
  const Vec y = values({0.9, 0.8, 0.7, 1.1, 0.95, 0.85}), v = Vec::Constant(6, 0.12);
  for (const double side : {1.0, -1.0}) {
    const double limit = excess_limit(side * y, v, side * 0.8, 0.1, spec);
    REQUIRE(std::isfinite(limit));
    CHECK(side * limit > 0);
    CHECK(excess_significance(side * y, v, Vec::Constant(1, limit), spec).pval == rel(0.1, 1e-9));
  }
  CHECK(std::isnan(excess_limit(y, v, kInf, 0.1, spec)));
  CHECK(std::isnan(excess_limit(Vec::Zero(6), v, 0.8, 0.1, spec)));
}

TEST_CASE("excess_significance: none and all significant, one study") {
  ExcessSpec spec;
  const Vec v = Vec::Constant(3, 1.0), theta = Vec::Zero(1);
  const Excess none = excess_significance(Vec::Zero(3), v, theta, spec),
               all = excess_significance(Vec::Constant(3, 9.0), v, theta, spec);
  CHECK(none.pval == rel(1.0, 1e-14));
  CHECK(all.pval == rel(std::pow(0.05, 3), 1e-11));
  const Excess one = excess_significance(Vec::Constant(1, 9.0), v.head(1), theta, spec);
  CHECK(one.pval == rel(0.05, 1e-12));
}
