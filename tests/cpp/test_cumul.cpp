// Reference: fit_rma() on the first rows, written out for each fit.
#include "core/batch/cumul.hpp"

#include "core/model/random_effects.hpp"
#include "core/tau2/tau2_rules.hpp"
#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

struct Case {
  Vec y, v;
};

// Variance ratios up to 10^decades and an offset.
Case random_case(stress::Random& r, Index k, double decades, double offset) {
  Case c{Vec(k), Vec(k)};
  for (Index i = 0; i < k; ++i) {
    c.y(i) = offset + r.normal();
    c.v(i) = r.power10(-decades, 0.0);
  }
  return c;
}

std::vector<int> up_to(int k) {
  std::vector<int> out;
  for (int i = 1; i <= k; ++i) out.push_back(i);
  return out;
}

void check_rows(const FitTable& fast, const Case& c, const ModelSpec& spec,
                const std::vector<int>& ends) {
  REQUIRE(fast.k == ends);
  for (std::size_t j = 0; j < ends.size(); ++j) {
    const Index n = ends[j], at = static_cast<Index>(j);
    ModelSpec used = spec;
    if (n == 1) used.test = TestType::Z;
    const RmaFit fit = fit_rma(c.y.head(n), c.v.head(n), Mat::Ones(n, 1), Vec(), used);
    CHECK(fast.estimate(at, 0) == rel(fit.beta(0), 1e-10));
    CHECK(fast.se(at, 0) == rel(fit.se(0), 1e-10));
    CHECK(fast.pval(at, 0) == Approx(fit.pval(0)).epsilon(1e-10).margin(1e-13));
    CHECK(fast.ci_lb(at, 0) == Approx(fit.ci_lb(0)).epsilon(1e-10).margin(1e-10));
    CHECK(fast.Q(at) == Approx(fit.QE).epsilon(1e-10).margin(1e-12));
    CHECK(fast.Qp(at) == rel(fit.QEp, 1e-8));
    CHECK(fast.tau2(at) == rel(fit.tau2, 1e-10));
    CHECK(fast.I2(at) == Approx(fit.I2).epsilon(1e-10).margin(1e-12));
    CHECK(fast.H2(at) == rel(fit.H2, 1e-10));
  }
}

}  // namespace

TEST_CASE("cumulative fits are the fits of the first rows") {
  stress::Random r(3);
  for (const Tau2Method method :
       {Tau2Method::FE, Tau2Method::DL, Tau2Method::REML, tau2_method("PM")}) {
    for (const TestType test : {TestType::Z, TestType::KnHa}) {
      const Case c = random_case(r, 15, 8.0, 3.0);
      ModelSpec spec;
      spec.method = method;
      spec.test = test;
      check_rows(cumulative(c.y, c.v, Mat::Ones(15, 1), Vec(), spec, up_to(15)), c, spec,
                 up_to(15));
    }
  }
}

TEST_CASE("cumulative: studies may come several at a time") {
  stress::Random r(4);
  for (const Tau2Method method : {Tau2Method::DL, Tau2Method::REML}) {
    const Case c = random_case(r, 9, 3.0, 0.0);
    ModelSpec spec;
    spec.method = method;
    const std::vector<int> ends{2, 5, 9};
    const FitTable t = cumulative(c.y, c.v, Mat::Ones(9, 1), Vec(), spec, ends);
    CHECK(t.failed.empty());
    check_rows(t, c, spec, ends);
  }
  const Case c = random_case(r, 3, 1.0, 0.0);
  CHECK(cumulative(c.y, c.v, Mat::Ones(3, 1), Vec(), ModelSpec{}, {}).Q.size() == 0);
}

TEST_CASE("cumulative: the last fit is the fit of all, in whatever order they came") {
  stress::Random r(5);
  const Case c = random_case(r, 8, 2.0, 0.0), turned{c.y.reverse(), c.v.reverse()};
  ModelSpec spec;
  spec.method = Tau2Method::DL;
  const FitTable a = cumulative(c.y, c.v, Mat::Ones(8, 1), Vec(), spec, {8}),
                 b = cumulative(turned.y, turned.v, Mat::Ones(8, 1), Vec(), spec, up_to(8));
  CHECK(a.estimate(0, 0) == rel(b.estimate(7, 0), 1e-12));
  CHECK(a.tau2(0) == rel(b.tau2(7), 1e-12));
}

TEST_CASE("cumulative: first rows that carry no fit are told and left missing") {
  stress::Random r(6);
  const Case c = random_case(r, 6, 1.0, 0.0);
  Mat X(6, 2);
  X.col(0).setOnes();
  X.col(1) << 0, 0, 0, 1, 0, 1;
  const FitTable t = cumulative(c.y, c.v, X, Vec(), ModelSpec{}, up_to(6));
  CHECK((t.failed == std::vector<int>{0, 1, 2}));
  CHECK(std::isnan(t.estimate(2, 1)));
  CHECK(std::isfinite(t.estimate(3, 1)));
  const RmaFit last = fit_rma(c.y, c.v, X, Vec(), ModelSpec{});
  CHECK(t.estimate(5, 1) == rel(last.beta(1), 1e-12));
}

TEST_CASE("cumulative: weights of the user go with their studies") {
  const Vec y = values({1, 3, 8}), v = values({0.2, 0.3, 0.4}), w = values({1, 3, 4});
  ModelSpec spec;
  spec.method = Tau2Method::FE;
  const FitTable t = cumulative(y, v, Mat::Ones(3, 1), w, spec, up_to(3));
  CHECK(t.estimate(1, 0) == rel(10.0 / 4, 1e-13));
  CHECK(t.se(1, 0) == rel(std::sqrt(0.2 + 9 * 0.3) / 4, 1e-13));
  CHECK(t.estimate(2, 0) == rel(42.0 / 8, 1e-13));
}
