// Exact solutions of published data, edges, identities with models of one side, the integral by brute force.
#include "core/model/diagnostic.hpp"

#include <cmath>

#include "catch.h"
#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/model/glmm.hpp"

using namespace metaparity;

namespace {

DiagnosticData of(std::initializer_list<double> tp, std::initializer_list<double> fp,
                  std::initializer_list<double> fn, std::initializer_list<double> tn) {
  const auto vec = [](std::initializer_list<double> x) {
    Vec out(static_cast<Index>(x.size()));
    Index i = 0;
    for (const double v : x) out[i++] = v;
    return out;
  };
  DiagnosticData d{vec(tp), vec(fp), vec(fn), vec(tn), Mat(), Mat()};
  d.X_sens = d.X_spec = Mat::Ones(d.tp.size(), 1);
  return d;
}

DiagnosticData dementia() {
  return of({18, 18, 15, 24, 17, 53, 9, 4, 32, 47, 9, 5, 32, 62},
            {17, 43, 12, 10, 2, 36, 9, 4, 113, 33, 10, 11, 16, 41},
            {4, 2, 7, 5, 6, 4, 5, 7, 5, 5, 2, 0, 10, 29},
            {25, 99, 19, 13, 16, 41, 5, 40, 46, 75, 16, 37, 42, 82});
}

DiagnosticData telomerase() {
  return of({25, 17, 88, 16, 40, 38, 23, 27, 14, 37}, {1, 3, 16, 3, 1, 6, 0, 2, 3, 22},
            {8, 4, 16, 10, 17, 9, 19, 6, 3, 7}, {25, 11, 31, 80, 137, 24, 12, 18, 29, 7});
}

DiagnosticFit fit_of(const DiagnosticData& d,
                     DiagnosticSpread spread = DiagnosticSpread::Unstructured, Index points = 0) {
  DiagnosticSpec spec;
  spec.spread = spread;
  spec.points = points;
  return fit_diagnostic(d, spec);
}

double side_ll(const Vec& yes, const Vec& no) {
  GlmmData d;
  d.events1 = yes;
  d.size1 = yes + no;
  d.X = Mat::Ones(yes.size(), 1);
  GlmmSpec spec;
  spec.measure = GlmmMeasure::PLO;
  return fit_glmm(d, spec).ll;
}

double log_binomial(double yes, double no, double eta) {
  return std::lgamma(yes + no + 1.0) - std::lgamma(yes + 1.0) - std::lgamma(no + 1.0) + yes * eta -
         (yes + no) * std::log1p(std::exp(eta));
}

}  // namespace

TEST_CASE("exact solutions of published data") {
  const DiagnosticFit a = fit_of(dementia());
  CHECK(a.ll == Approx(-82.8030562).epsilon(1e-9).scale(0));
  CHECK(a.beta[0] == Approx(1.3709647).epsilon(1e-6).scale(0));
  CHECK(a.beta[1] == Approx(0.6368047).epsilon(1e-6).scale(0));
  CHECK(a.var_sens == Approx(0.3591205).epsilon(1e-6).scale(0));
  CHECK(a.var_spec == Approx(0.4825023).epsilon(1e-6).scale(0));
  CHECK(a.rho() == Approx(-0.598688).epsilon(1e-6).scale(0));
  CHECK_FALSE(a.at_edge);
  const DiagnosticFit b = fit_of(telomerase());
  CHECK(b.ll == Approx(-50.3866901).epsilon(1e-9).scale(0));
  CHECK(b.rho() == -1.0);
  CHECK(b.at_edge);
  CHECK(b.var_spec == Approx(3.3161889).epsilon(1e-6).scale(0));
  CHECK(b.covariance.allFinite());
}

TEST_CASE("a fixed number of points is the maximum of that approximation") {
  for (const Index points : {1, 2, 5}) {
    const DiagnosticFit fit = fit_of(dementia(), DiagnosticSpread::Unstructured, points);
    CHECK(fit.points == points);
    const double l11 = std::sqrt(fit.var_spec), l21 = fit.cov / l11;
    Vec x(5);
    x << fit.beta, l11, std::sqrt(fit.var_sens - l21 * l21), l21;
    CHECK(diagnostic_loglik(dementia(), x, points) == Approx(fit.ll).epsilon(1e-10).scale(0));
    for (Index j = 0; j < 5; ++j) {
      for (const double step : {-1e-3, 1e-3}) {
        Vec next = x;
        next[j] += step;
        CHECK(diagnostic_loglik(dementia(), next, points) < fit.ll);
      }
    }
  }
  // What Stata prints of its five points, and lme4 of Laplace's approximation.
  CHECK(fit_of(dementia(), DiagnosticSpread::Unstructured, 5).ll ==
        Approx(-82.803331).margin(6e-7));
  CHECK(fit_of(dementia(), DiagnosticSpread::Unstructured, 1).ll == Approx(-82.8721).margin(2e-4));
}

TEST_CASE("the likelihood is the integral") {
  const DiagnosticData d = of({5, 9}, {2, 0}, {1, 3}, {7, 11});
  Vec x(5);
  x << 0.8, 1.1, 0.7, 0.5, -0.3;
  const double s_spec = 0.7, slope = -0.3 / 0.7, s_rest = 0.5;
  double total = 0.0;
  for (Index i = 0; i < 2; ++i) {
    double sum = 0.0;
    const double h = 0.02;
    for (double u = -7.0; u <= 7.0; u += h) {
      for (double w = -7.0; w <= 7.0; w += h) {
        const double spec = s_spec * u, sens = slope * spec + s_rest * w;
        sum += std::exp(log_binomial(d.tp[i], d.fn[i], 0.8 + sens) +
                        log_binomial(d.tn[i], d.fp[i], 1.1 + spec) - 0.5 * (u * u + w * w));
      }
    }
    total += std::log(sum * h * h / (2.0 * kPi));
  }
  CHECK(diagnostic_loglik(d, x, 45) == Approx(total).epsilon(1e-10).scale(0));
  CHECK(diagnostic_loglik(d, x, 31, true) > total);
}

TEST_CASE("without correlation the sides are two models of proportions") {
  const DiagnosticData d = dementia();
  const DiagnosticFit fit = fit_of(d, DiagnosticSpread::Independent);
  CHECK(fit.ll == Approx(side_ll(d.tp, d.fn) + side_ll(d.tn, d.fp)).epsilon(1e-9).scale(0));
  CHECK(fit.cov == 0.0);
  const DiagnosticFit none = fit_of(d, DiagnosticSpread::None);
  const double sens = d.tp.sum() / (d.tp + d.fn).sum();
  CHECK(none.beta[0] == Approx(std::log(sens / (1.0 - sens))).epsilon(1e-10).scale(0));
  CHECK(none.ll < fit.ll);
  const DiagnosticFit shared = fit_of(d, DiagnosticSpread::Shared);
  CHECK(shared.ll > none.ll);
  CHECK(shared.var_sens == shared.var_spec);
  CHECK(2.0 * (fit_of(d).ll - shared.ll) == Approx(40.135).margin(6e-4));
}

TEST_CASE("the sides are interchangeable, and so are the studies") {
  const DiagnosticData d = dementia();
  const DiagnosticFit a = fit_of(d);
  const DiagnosticData turned{d.tn, d.fn, d.fp, d.tp, d.X_spec, d.X_sens};
  const DiagnosticFit b = fit_of(turned);
  CHECK(b.ll == Approx(a.ll).epsilon(1e-9).scale(0));
  CHECK(b.beta[0] == Approx(a.beta[1]).epsilon(1e-6).scale(0));
  CHECK(b.var_spec == Approx(a.var_sens).epsilon(1e-5).scale(0));
  const DiagnosticData back{d.tp.reverse(), d.fp.reverse(), d.fn.reverse(),
                            d.tn.reverse(), d.X_sens,       d.X_spec};
  CHECK(fit_of(back).ll == Approx(a.ll).epsilon(1e-11).scale(0));
}

TEST_CASE("equal studies have no heterogeneity, exactly") {
  const DiagnosticFit fit = fit_of(of({20, 20, 20}, {5, 5, 5}, {10, 10, 10}, {45, 45, 45}));
  CHECK(fit.var_sens == 0.0);
  CHECK(fit.var_spec == 0.0);
  CHECK(std::isnan(fit.rho()));
  const DiagnosticFit one =
      fit_of(of({20, 20, 20, 20}, {5, 30, 1, 12}, {10, 10, 10, 10}, {45, 30, 44, 38}));
  CHECK(one.var_sens == 0.0);
  CHECK(one.var_spec > 0.0);
}

TEST_CASE("a study with one side tells of that side alone") {
  DiagnosticData d = dementia();
  d.tp[0] = d.fn[0] = 0.0;
  CHECK(std::isfinite(fit_of(d).ll));
  d.tp.conservativeResize(3);
  CHECK_THROWS_AS(fit_of(d), InvalidInput);
}
