// Reference: the model by dense algebra: generalised least squares, the density of a multivariate normal variable,
// sandwiches for other weights; identities of the tests.
#include "core/model/random_effects.hpp"

#include <Eigen/LU>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/tau2/tau2.hpp"
#include "core/tau2/tau2_rules.hpp"
#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

struct Case {
  Vec y, v;
  Mat X;
};

Case random_case(stress::Random& r, Index k, Index p) {
  Case c{Vec(k), Vec(k), Mat::Ones(k, p)};
  for (Index i = 0; i < k; ++i) {
    c.y(i) = r.normal();
    c.v(i) = r.power10(-2.0, 0.0);
    for (Index j = 1; j < p; ++j) c.X(i, j) = r.normal();
  }
  return c;
}

ModelSpec of(Tau2Method method, TestType test = TestType::Z) {
  ModelSpec spec;
  spec.method = method;
  spec.test = test;
  return spec;
}

RmaFit fit(const Case& c, const ModelSpec& spec, const Vec& weights = Vec()) {
  return fit_rma(c.y, c.v, c.X, weights, spec);
}

struct Dense {
  Vec beta, e;
  Mat vb, w;
};

Dense dense(const Case& c, double tau2) {
  Dense d;
  d.w = (c.v.array() + tau2).inverse().matrix().asDiagonal();
  d.vb = (c.X.transpose() * d.w * c.X).inverse();
  d.beta = d.vb * c.X.transpose() * d.w * c.y;
  d.e = c.y - c.X * d.beta;
  return d;
}

const double kLogTwoPi = std::log(2 * std::acos(-1.0));

}  // namespace

TEST_CASE("fit_rma: coefficients, their covariances and tests are generalised least squares") {
  stress::Random r(101);
  for (const Tau2Method method :
       {Tau2Method::FE, Tau2Method::DL, Tau2Method::REML, Tau2Method::ML}) {
    for (const Index p : {1, 3}) {
      const Case c = random_case(r, 12, p);
      const RmaFit f = fit(c, of(method));
      const Dense d = dense(c, f.tau2);
      for (Index j = 0; j < p; ++j) {
        CHECK(f.beta(j) == Approx(d.beta(j)).epsilon(1e-10).margin(1e-12));
        CHECK(f.se(j) == rel(std::sqrt(d.vb(j, j)), 1e-10));
        CHECK(f.zval(j) == rel(f.beta(j) / f.se(j), 1e-13));
        CHECK(f.pval(j) == rel(normal_two_sided(f.zval(j)), 1e-12));
        CHECK(f.ci_ub(j) - f.ci_lb(j) == rel(2 * normal_quantile(0.975) * f.se(j), 1e-12));
      }
      CHECK((f.vb - d.vb).cwiseAbs().maxCoeff() <= 1e-10 * d.vb.cwiseAbs().maxCoeff());
      const Dense common = dense(c, 0.0);
      const double q = common.e.dot(common.w * common.e);
      CHECK(f.QE == rel(q, 1e-9));
      CHECK(f.QEp == rel(chisq_upper(q, static_cast<double>(12 - p)), 1e-7));
      const Mat P = common.w - common.w * c.X * common.vb * c.X.transpose() * common.w;
      CHECK(f.vt == rel(static_cast<double>(12 - p) / P.trace(), 1e-9));
      if (method != Tau2Method::FE)
        CHECK(f.I2 == Approx(100 * f.tau2 / (f.tau2 + f.vt)).epsilon(1e-12).margin(1e-300));
    }
  }
}

TEST_CASE("fit_rma: the likelihoods are densities of normal vectors, with their criteria") {
  stress::Random r(102);
  for (const Index p : {1, 2}) {
    const Case c = random_case(r, 9, p);
    const RmaFit f = fit(c, of(Tau2Method::REML));
    const Dense d = dense(c, f.tau2);
    const double k = 9, log_v = (c.v.array() + f.tau2).log().sum(), rss = d.e.dot(d.w * d.e);
    const double ml = -0.5 * (k * kLogTwoPi + log_v + rss);
    CHECK(f.ml.ll == rel(ml, 1e-11));
    const double n = k - static_cast<double>(p), parms = static_cast<double>(p) + 1;
    const double reml = -0.5 * (n * kLogTwoPi + log_v + rss - std::log(d.vb.determinant()) -
                                std::log((c.X.transpose() * c.X).determinant()));
    CHECK(f.reml.ll == rel(reml, 1e-11));
    CHECK(f.ml.AIC == rel(-2 * ml + 2 * parms, 1e-11));
    CHECK(f.ml.BIC == rel(-2 * ml + std::log(k) * parms, 1e-11));
    CHECK(f.reml.AICc == rel(-2 * reml + 2 * parms * n / (n - parms - 1), 1e-11));
    // The deviance is against the model that fits every study.
    const double saturated = -0.5 * (k * kLogTwoPi + c.v.array().log().sum());
    CHECK(f.ml.dev == rel(2 * (saturated - ml), 1e-10));
    // A linear change of the moderator moves the ML likelihood not at all.
    Case other = c;
    if (p == 2) other.X.col(1) = 7 * c.X.col(1) + 3 * c.X.col(0);
    CHECK(fit(other, of(Tau2Method::REML)).ml.ll == rel(ml, 1e-9));
  }
}

TEST_CASE("fit_rma: other weights make the estimate and a sandwich") {
  stress::Random r(103);
  const Case c = random_case(r, 10, 2);
  Vec a(10);
  for (Index i = 0; i < 10; ++i) a(i) = r.uniform(0.1, 5.0);
  for (const bool weighted : {true, false}) {
    ModelSpec spec = of(Tau2Method::DL);
    spec.weighted = weighted;
    const RmaFit f = fit(c, spec, weighted ? a : Vec());
    const Mat A = (weighted ? a : Vec(Vec::Ones(10))).asDiagonal();
    const Mat bread = (c.X.transpose() * A * c.X).inverse() * c.X.transpose() * A;
    const Mat v = bread * Mat((c.v.array() + f.tau2).matrix().asDiagonal()) * bread.transpose();
    const Vec b = bread * c.y;
    for (Index j = 0; j < 2; ++j) {
      CHECK(f.beta(j) == rel(b(j), 1e-10));
      CHECK(f.se(j) == rel(std::sqrt(v(j, j)), 1e-10));
    }
    CHECK(fit(c, spec, weighted ? Vec(1e200 * a) : Vec()).se(0) == rel(f.se(0), 1e-12));
  }
}

TEST_CASE("fit_rma: t, Knapp-Hartung and its floor") {
  stress::Random r(104);
  const Case c = random_case(r, 11, 2);
  const RmaFit z = fit(c, of(Tau2Method::REML)), t = fit(c, of(Tau2Method::REML, TestType::T)),
               kh = fit(c, of(Tau2Method::REML, TestType::KnHa)),
               floor = fit(c, of(Tau2Method::REML, TestType::Adhoc));
  const Dense d = dense(c, z.tau2);
  const double s2 = d.e.dot(d.w * d.e) / 9;
  CHECK(t.se(1) == z.se(1));
  CHECK(t.pval(1) == rel(t_two_sided(z.zval(1), 9), 1e-11));
  CHECK(kh.s2w == rel(s2, 1e-9));
  CHECK(kh.se(1) == rel(z.se(1) * std::sqrt(s2), 1e-9));
  CHECK(floor.se(1) == rel(z.se(1) * std::sqrt(std::fmax(1.0, s2)), 1e-9));
  CHECK(kh.QM == rel(z.QM / s2, 1e-9));  // one moderator
  CHECK(kh.QMp == rel(f_upper(kh.QM, 1, 9), 1e-9));
  CHECK(kh.QMdf2 == 9.0);
  CHECK(z.QM == rel(z.zval(1) * z.zval(1), 1e-12));
  CHECK(std::isnan(z.QMdf2));
}

TEST_CASE("fit_rma: the omnibus test is of the columns that are asked for") {
  stress::Random r(105);
  const Case c = random_case(r, 12, 3);
  ModelSpec spec = of(Tau2Method::DL);
  const RmaFit usual = fit(c, spec);
  const auto wald = [&](const std::vector<Index>& at) {
    const auto m = static_cast<Index>(at.size());
    Vec b(m);
    Mat v(m, m);
    for (Index i = 0; i < m; ++i) {
      b(i) = usual.beta(at[static_cast<std::size_t>(i)]);
      for (Index j = 0; j < m; ++j)
        v(i, j) = usual.vb(at[static_cast<std::size_t>(i)], at[static_cast<std::size_t>(j)]);
    }
    return b.dot(v.inverse() * b);
  };
  CHECK(usual.m == 2);
  CHECK(usual.QM == rel(wald({1, 2}), 1e-9));
  spec.btt = {0, 2};
  CHECK(fit(c, spec).QM == rel(wald({0, 2}), 1e-9));
  spec.btt.clear();
  spec.int_incl = false;
  CHECK(fit(c, spec).m == 3);
  CHECK(fit(c, spec).QM == rel(wald({0, 1, 2}), 1e-9));
}

TEST_CASE("fit_rma: R2 is the share of tau2 that the moderators account for") {
  stress::Random r(106);
  Case c = random_case(r, 20, 2);
  c.y += 2 * c.X.col(1);
  const RmaFit f = fit(c, of(Tau2Method::REML));
  const double without = estimate_tau2(c.y, c.v, Mat::Ones(20, 1), Vec(), of(Tau2Method::REML));
  CHECK(f.R2 == rel(100 * (without - f.tau2) / without, 1e-10));
  const RmaFit fe = fit(c, of(Tau2Method::FE));
  const Case plain{c.y, c.v, Mat::Ones(20, 1)};
  CHECK(fe.R2 == rel(100 * (1 - fe.QE / 18 / (fit(plain, of(Tau2Method::FE)).QE / 19)), 1e-9));
  CHECK(std::isnan(fit(plain, of(Tau2Method::REML)).R2));
  // A useless moderator: 0, or below where a convention shows the sign.
  Case noise = random_case(r, 8, 2);
  ModelSpec spec = of(Tau2Method::DL);
  for (int tries = 0; tries < 50; ++tries) {
    noise = random_case(r, 8, 2);
    spec.r2_signed = true;
    if (fit(noise, spec).R2 < 0) break;
  }
  CHECK(fit(noise, spec).R2 < 0.0);
  spec.r2_signed = false;
  CHECK(fit(noise, spec).R2 == 0.0);
}

TEST_CASE("fit_rma: powers of two of the data's unit are exact") {
  stress::Random r(107);
  const Case c = random_case(r, 7, 2);
  const RmaFit f = fit(c, of(Tau2Method::REML, TestType::KnHa));
  for (const int n : {-400, 300}) {
    const double s = std::ldexp(1.0, n);
    Case far = c;
    for (Index i = 0; i < 7; ++i) far.v(i) = c.v(i) * s * s;
    far.y *= s;
    const RmaFit g = fit(far, of(Tau2Method::REML, TestType::KnHa));
    CHECK(g.beta(1) / s == rel(f.beta(1), 1e-12));
    CHECK(g.tau2 / s / s == rel(f.tau2, 1e-12));
    CHECK(g.zval(1) == rel(f.zval(1), 1e-12));
    CHECK(g.I2 == rel(f.I2, 1e-12));
  }
}

TEST_CASE("fit_rma: as many studies as coefficients, one study, a given tau2") {
  const Case one{values({0.7}), values({0.09}), Mat::Ones(1, 1)};
  const RmaFit f = fit(one, of(Tau2Method::REML));
  CHECK(f.beta(0) == rel(0.7, 1e-15));
  CHECK(f.se(0) == rel(0.3, 1e-15));
  CHECK(f.tau2 == 0.0);
  CHECK(f.QE == 0.0);
  CHECK(f.QEp == 1.0);
  const RmaFit t = fit(one, of(Tau2Method::REML, TestType::T));
  CHECK(std::isnan(t.pval(0)));
  CHECK(std::isnan(t.ci_lb(0)));
  ModelSpec given = of(Tau2Method::Given);
  given.tau2 = 0.16;
  CHECK(fit(one, given).se(0) == rel(0.5, 1e-14));
  CHECK(fit(one, given).parms == 1);
}

TEST_CASE("fit_rma: a variance of 0 needs heterogeneity, or other weights") {
  const Case c{values({1, 2, 4}), values({0, 0.2, 0.3}), Mat::Ones(3, 1)};
  CHECK_THROWS_AS(fit(c, of(Tau2Method::FE)), InvalidStudies);
  const RmaFit f = fit(c, of(Tau2Method::REML));
  CHECK(f.tau2 > 0.0);
  CHECK(std::isnan(f.QE));
  ModelSpec plain = of(Tau2Method::FE);
  plain.weighted = false;
  CHECK(fit(c, plain).beta(0) == rel(7.0 / 3, 1e-14));
  CHECK(fit(c, plain).se(0) == rel(std::sqrt(0.5) / 3, 1e-13));
}

TEST_CASE("fit_rma: Q around another centre; one that overflows is refused") {
  stress::Random r(108);
  const Case c = random_case(r, 6, 1);
  ModelSpec spec = of(Tau2Method::FE);
  spec.q_centre = 0.4;
  CHECK(fit(c, spec).QE == rel(((c.y.array() - 0.4).square() / c.v.array()).sum(), 1e-12));
  const Case tiny{values({1.8}), values({4.9e-324}), Mat::Ones(1, 1)};
  CHECK_THROWS_AS(fit(tiny, spec), InvalidInput);
}

TEST_CASE("fit_rma: what is no data is named") {
  const Vec y = values({1, 2, 3}), v = values({0.1, 0.2, 0.3}), none;
  const Mat one = Mat::Ones(3, 1);
  const auto check = [&](const Vec& yi, const Vec& vi, const Mat& X, const Vec& w) {
    check_study_data(yi, vi, X, w);
  };
  CHECK_NOTHROW(check(y, v, one, none));
  CHECK_THROWS_AS(check(none, none, Mat(0, 1), none), InvalidInput);
  CHECK_THROWS_AS(check(y, v.head(2), one, none), InvalidInput);
  CHECK_THROWS_AS(check(y, v, Mat::Ones(2, 1), none), InvalidInput);
  CHECK_THROWS_AS(check(y, v, Mat(3, 0), none), InvalidInput);
  CHECK_THROWS_AS(check(y, v, Mat::Ones(3, 4), none), InvalidInput);
  CHECK_THROWS_AS(check(y, v, Mat::Constant(3, 1, kInf), none), InvalidInput);
  CHECK_THROWS_AS(check(y, v, one, values({1, 1})), InvalidInput);
  const auto rows = [&](const Vec& yi, const Vec& vi, const Vec& w) {
    try {
      check(yi, vi, one, w);
    } catch (const InvalidStudies& e) {
      return e.rows();
    }
    return std::vector<int>{};
  };
  CHECK((rows(values({kNaN, 2, kInf}), v, none) == std::vector<int>{0, 2}));
  CHECK((rows(y, values({-1, 0, kNaN}), none) == std::vector<int>{0, 2}));
  CHECK((rows(y, v, values({1, -1, 0})) == std::vector<int>{1}));
  CHECK_THROWS_AS(fit({y, v, one}, of(Tau2Method::FE), Vec::Zero(3)), InvalidInput);
}
