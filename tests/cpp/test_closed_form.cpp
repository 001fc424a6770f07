// Reference: fit_rma() on the rows of the span.
#include "core/model/closed_form.hpp"

#include "core/model/random_effects.hpp"
#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

struct Case {
  Vec y, v;
};

Case random_case(stress::Random& r, Index k, double decades) {
  Case c{Vec(k), Vec(k)};
  for (Index i = 0; i < k; ++i) {
    c.y(i) = 0.3 + r.normal();
    c.v(i) = r.power10(-decades, 0.0);
  }
  return c;
}

RmaFit of_span(const Case& c, RowSpan rows, const ModelSpec& spec) {
  const ShiftedStudies data(c.y, c.v);
  Moments sum;
  for (Index i = 0; i < c.y.size(); ++i)
    if (i < rows.first || i >= rows.second) sum = sum.merged(data.study(i));
  return closed_form_fit(data, sum, rows, spec);
}

RmaFit refit(const Case& c, RowSpan rows, const ModelSpec& spec) {
  const Index tail = c.y.size() - rows.second, n = rows.first + tail;
  Vec y(n), v(n);
  y << c.y.head(rows.first), c.y.tail(tail);
  v << c.v.head(rows.first), c.v.tail(tail);
  return fit_rma(y, v, Mat::Ones(n, 1), Vec(), spec);
}

void check_same(const RmaFit& a, const RmaFit& b) {
  CHECK(a.k == b.k);
  CHECK(a.beta(0) == rel(b.beta(0), 1e-9));
  CHECK(a.se(0) == rel(b.se(0), 1e-9));
  CHECK(a.zval(0) == rel(b.zval(0), 1e-8));
  CHECK(a.pval(0) == rel(b.pval(0), 1e-6));
  CHECK(a.ci_lb(0) == Approx(b.ci_lb(0)).epsilon(1e-9).margin(1e-10));
  CHECK(a.ci_ub(0) == Approx(b.ci_ub(0)).epsilon(1e-9).margin(1e-10));
  CHECK(a.tau2 == rel(b.tau2, 1e-9));
  CHECK(a.QE == rel(b.QE, 1e-9));
  CHECK(a.QEp == rel(b.QEp, 1e-8));
  CHECK(a.I2 == rel(b.I2, 1e-8));
  CHECK(a.H2 == rel(b.H2, 1e-9));
}

}  // namespace

TEST_CASE(
    "closed form: common effect and DerSimonian-Laird are the general fit, for each test and "
    "span") {
  stress::Random r(61);
  for (const Tau2Method method : {Tau2Method::FE, Tau2Method::DL}) {
    for (const TestType test : {TestType::Z, TestType::T, TestType::KnHa, TestType::Adhoc}) {
      for (const RowSpan rows : {RowSpan{0, 0}, RowSpan{12, 12}, RowSpan{3, 4}, RowSpan{0, 5},
                                 RowSpan{2, 12}, RowSpan{5, 12}}) {
        const Case c = random_case(r, 12, 3.0);
        ModelSpec spec;
        spec.method = method;
        spec.test = test;
        spec.level = 0.9;
        if (rows.first == 12 || rows.second - rows.first < 10)
          check_same(of_span(c, rows, spec), refit(c, rows, spec));
      }
    }
  }
}

TEST_CASE("closed form: I2 from Q under random effects too, where a convention asks for it") {
  stress::Random r(62);
  const Case c = random_case(r, 10, 2.0);
  ModelSpec spec;
  spec.method = Tau2Method::DL;
  spec.i2_from_q = true;
  const RmaFit fit = of_span(c, {10, 10}, spec);
  CHECK(fit.I2 == rel(std::fmax(0.0, 100 * (fit.QE - 9) / fit.QE), 1e-12));
  check_same(fit, refit(c, {10, 10}, spec));
}

TEST_CASE("closed form: one study is its own estimate, tested as normal") {
  const Case c{values({0.7, 0.1}), values({0.09, 0.04})};
  for (const TestType test : {TestType::Z, TestType::T, TestType::KnHa}) {
    ModelSpec spec;
    spec.method = Tau2Method::DL;
    spec.test = test;
    const RmaFit fit = of_span(c, {1, 2}, spec);
    CHECK(fit.beta(0) == rel(0.7, 1e-14));
    CHECK(fit.se(0) == rel(0.3, 1e-14));
    CHECK(fit.zval(0) == rel(0.7 / 0.3, 1e-13));
    CHECK(fit.QE == 0.0);
    CHECK(fit.QEp == 1.0);
    CHECK(fit.I2 == 0.0);
    CHECK(fit.H2 == 1.0);
    CHECK(fit.tau2 == 0.0);
    CHECK(std::isnan(fit.ddf));
  }
}

TEST_CASE("closed form: a common offset of the estimates costs no digits") {
  stress::Random r(63);
  const Case c = random_case(r, 8, 1.0);
  Case far = c;
  for (Index i = 0; i < 8; ++i)
    far.y(i) = std::ldexp(std::round(std::ldexp(c.y(i), 20)), -20) + 1e6;
  Case near = far;
  near.y.array() -= 1e6;
  ModelSpec spec;
  spec.method = Tau2Method::DL;
  const RmaFit a = of_span(far, {8, 8}, spec), b = of_span(near, {8, 8}, spec);
  CHECK(a.QE == rel(b.QE, 1e-13));
  CHECK(a.tau2 == rel(b.tau2, 1e-13));
  CHECK(a.se(0) == rel(b.se(0), 1e-13));
}

TEST_CASE("closed form: studies are seen from the most precise one") {
  const Vec y = values({3, 5, 4}), v = values({0.3, 0.1, 0.2});
  const ShiftedStudies data(y, v);
  CHECK(data.shift == 5.0);
  CHECK(data.y(0) == -2.0);
  CHECK(data.study(2).w == rel(5.0, 1e-15));
  CHECK(data.study(2).mean == -1.0);
}
