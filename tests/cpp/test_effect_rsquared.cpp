// Reference: the density of the non-central beta distribution of R^2 (Boost), integrated by Simpson's rule over the true
// values; large-sample limits; F of an ordinary regression.
#include "core/effect/effect_rsquared.hpp"

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_beta.hpp>

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

double by_quadrature(double r2, double m, double n) {
  const auto likelihood = [&](double rho2) {
    const double ncp = n * rho2 / (1.0 - rho2);
    if (ncp > 5000.0) return 0.0;
    return boost::math::pdf(
        boost::math::non_central_beta_distribution<double>(m / 2, (n - m - 1) / 2, ncp), r2);
  };
  const auto moment = [&](int power) {
    return simpson([&](double x) { return std::pow(x, power) * likelihood(x); }, 0.0, 0.98, 1000);
  };
  const double w = moment(0), mean = moment(1) / w;
  return moment(2) / w - mean * mean;
}

Frame data(double r2, double m, double n) { return {{{"r2i", {r2}}, {"mi", {m}}, {"ni", {n}}}}; }

}  // namespace

TEST_CASE("R2: fixed predictors, the spread of the likelihood by quadrature") {
  for (const double r2 : {0.05, 0.3, 0.6}) {
    for (const double m : {1.0, 4.0}) {
      const double v = fixed_predictors_variance(r2, m, 40);
      CHECK(v == rel(by_quadrature(r2, m, 40), 1e-6));
      CHECK(compute("R2F", data(r2, m, 40)).vi(0) == v);
    }
  }
}

TEST_CASE("R2: fixed predictors at the ends") {
  CHECK(fixed_predictors_variance(0.0, 3, 50) > 0.0);
  CHECK(fixed_predictors_variance(0.3, 3, 50) > 0.0);
  CHECK(std::isnan(fixed_predictors_variance(0.3, 3, 4)));
  CHECK(std::isnan(fixed_predictors_variance(1.0, 3, 50)));
  CHECK(std::isnan(fixed_predictors_variance(-0.1, 3, 50)));
  CHECK(std::isnan(fixed_predictors_variance(kNaN, 3, 50)));
  // Large n: 4 r2 (1 - r2)^2 (1 - r2 / 2) / n, through sums of up to 1e9 terms.
  for (const double r2 : {0.01, 0.3, 0.9}) {
    const double limit = 4.0 * r2 * (1.0 - r2) * (1.0 - r2) * (1.0 - 0.5 * r2);
    CHECK(1e8 * fixed_predictors_variance(r2, 3, 1e8) == Approx(limit).epsilon(1e-6));
  }
}

TEST_CASE("R2: from F and from its p value") {
  const double r2 = 0.35, m = 3, n = 44, df = n - m - 1, f = r2 / m / ((1 - r2) / df);
  const double p = boost::math::cdf(
      boost::math::complement(boost::math::fisher_f_distribution<double>(m, df), f));
  const Frame rows{{{"r2i", {r2, kNaN, kNaN, kNaN}},
                    {"fi", {99, f, kNaN, kNaN}},
                    {"pi", {0.5, 0.5, p, kNaN}},
                    {"mi", {m, m, m, m}},
                    {"ni", {n, n, n, n}}}};
  const Effects e = compute("R2", rows);
  for (Index i = 0; i < 3; ++i) CHECK(e.yi(i) == rel(r2, 1e-10));
  CHECK(std::isnan(e.yi(3)));
}

TEST_CASE("R2: random predictors; the small-sample variance tends to the large-sample one") {
  const Effects ls = compute("R2", data(0.4, 2, 1e7)),
                ls2 = compute("R2", data(0.4, 2, 1e7), with(VarType::LS2));
  CHECK(ls.vi(0) == rel(4 * 0.4 * 0.36 / 1e7, 1e-13));
  CHECK(ls2.vi(0) == rel(ls.vi(0), 1e-5));
  CHECK(compute("R2", data(0.4, 2, 30), with(VarType::LS2)).vi(0) <
        compute("R2", data(0.4, 2, 30)).vi(0));
  const Frame two{{{"r2i", {0.2, 0.5}}, {"mi", {2, 2}}, {"ni", {20, 40}}}};
  const Effects av = compute("R2", two, with(VarType::AV));
  CHECK(av.vi(0) == rel(4 * 0.4 * 0.36 / 20, 1e-13));
  CHECK(av.vi(0) == rel(2 * av.vi(1), 1e-14));
  CHECK_THROWS_AS(compute("R2", two, with(VarType::UB)), InvalidInput);
}

TEST_CASE("R2: the z transformation of R and its slope") {
  const Effects z = compute("ZR2", data(0.49, 2, 50));
  CHECK(std::tanh(z.yi(0)) == rel(0.7, 1e-14));
  CHECK(z.vi(0) == rel(0.02, 1e-15));
  const auto transform = [](const Vec& x) { return std::atanh(std::sqrt(x[0])); };
  const Mat v = Mat::Constant(1, 1, fixed_predictors_variance(0.49, 2, 50));
  const double delta = delta_variance(transform, values({0.49}), v);
  CHECK(compute("ZR2F", data(0.49, 2, 50), with(VarType::LS2)).vi(0) == rel(delta, 1e-8));
}

TEST_CASE("R2: wrong rows are refused") {
  CHECK_THROWS_AS(compute("R2", data(1.2, 2, 50)), InvalidStudies);
  CHECK_THROWS_AS(compute("R2", data(0.2, 0, 50)), InvalidStudies);
  CHECK_THROWS_AS(compute("R2", data(0.2, 2, 0)), InvalidStudies);
  CHECK_THROWS_AS(compute("R2", {{{"fi", {-1}}, {"mi", {2}}, {"ni", {50}}}}), InvalidStudies);
  CHECK(compute("R2F", data(0.2, 60, 50)).yi(0) == 0.2);
  CHECK(std::isnan(compute("R2F", data(0.2, 60, 50)).vi(0)));
}
