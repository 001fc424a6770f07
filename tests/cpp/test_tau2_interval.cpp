// Reference: the equations that the ends of each interval solve, written out; Wald's intervals by hand.
#include "core/tau2/tau2_interval.hpp"

#include <Eigen/LU>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/quadform.hpp"
#include "core/model/random_effects.hpp"
#include "core/tau2/tau2_solver.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

Vec bcg_y() {
  return values({-0.889, -1.585, -1.348, -1.442, -0.218, -0.786, -1.621, 0.012, -0.469, -1.371,
                 -0.339, 0.446, -0.017});
}
Vec bcg_v() {
  return values({.326, .195, .415, .02, .051, .007, .223, .004, .056, .073, .012, .533, .071});
}
Mat bcg_x() {
  Mat X = Mat::Ones(13, 2);
  X.col(1) << 44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33;
  return X;
}

double residual_sum(const Vec& y, const Vec& a, const Mat& X) {
  const Mat w = a.asDiagonal();
  const Vec e = y - X * ((X.transpose() * w * X).inverse() * (X.transpose() * (w * y)));
  return e.dot(w * e);
}

const IntervalType kAll[] = {IntervalType::QP,      IntervalType::GENQ, IntervalType::HT,
                             IntervalType::PL,      IntervalType::Wald, IntervalType::WaldLog,
                             IntervalType::WaldSqrt};

struct Fitted {
  Vec y = bcg_y(), v = bcg_v();
  Mat X;
  ModelSpec spec;
  RmaFit fit;
  explicit Fitted(bool moderator, double level = 0.95)
      : X(moderator ? bcg_x() : Mat(Mat::Ones(13, 1))) {
    spec.level = level;
    fit = fit_rma(y, v, X, Vec(), spec);
  }
  Tau2Interval at(IntervalType type, const Vec& weights = Vec()) const {
    return tau2_interval(y, v, X, weights, spec, fit.tau2, fit.se_tau2, type);
  }
};

}  // namespace

TEST_CASE("interval ends solve their equations") {
  const Vec y = bcg_y(), v = bcg_v();
  const Mat X = Mat::Ones(13, 1);
  ModelSpec spec;
  const RmaFit fit = fit_rma(y, v, X, Vec(), spec);
  const auto ci = tau2_interval(y, v, X, Vec(), spec, fit.tau2, fit.se_tau2, IntervalType::PL);
  const double best = profile_deviance(y, v, X, fit.tau2, true);
  CHECK(profile_deviance(y, v, X, ci.lb, true) - best == Approx(3.841458820694124).epsilon(1e-10));
  CHECK(profile_deviance(y, v, X, ci.ub, true) - best == Approx(3.841458820694124).epsilon(1e-10));
  for (auto type : {IntervalType::QP, IntervalType::GENQ, IntervalType::HT, IntervalType::Wald,
                    IntervalType::WaldLog, IntervalType::WaldSqrt}) {
    const auto out = tau2_interval(y, v, X, Vec(), spec, fit.tau2, fit.se_tau2, type);
    CHECK(out.lb <= fit.tau2);
    CHECK(out.ub >= fit.tau2);
  }
}

TEST_CASE("tau2 interval: Q-profile, the residual sum at quantiles of chi-squared") {
  for (const bool moderator : {false, true}) {
    const Fitted f(moderator, 0.9);
    const double df = moderator ? 11 : 12;
    const Tau2Interval ci = f.at(IntervalType::QP);
    const auto q = [&](double t) { return residual_sum(f.y, (f.v.array() + t).inverse(), f.X); };
    CHECK(q(ci.lb) == rel(chisq_quantile(0.95, df), 1e-9));
    CHECK(q(ci.ub) == rel(chisq_quantile(0.05, df), 1e-9));
    CHECK_FALSE(ci.empty);
  }
}

TEST_CASE("tau2 interval: generalised Q, its tails at the ends, own weights too") {
  for (const bool moderator : {false, true}) {
    const Fitted f(moderator);
    for (const Vec& a :
         {Vec(f.v.cwiseInverse()), Vec(f.v.array().sqrt().inverse()), Vec(Vec::Ones(13))}) {
      const Tau2Interval ci = f.at(IntervalType::GENQ, a);
      const double q = residual_sum(f.y, a, f.X);
      const double low = quadform_upper(q, a, (f.v.array() + ci.lb).matrix(), f.X);
      CHECK((ci.lb == 0.0 ? low >= 0.025 : low == Approx(0.025).epsilon(1e-7)));
      CHECK(quadform_upper(q, a, (f.v.array() + ci.ub).matrix(), f.X) ==
            Approx(0.975).epsilon(1e-7));
    }
    CHECK(f.at(IntervalType::GENQ).ub == f.at(IntervalType::GENQ, f.v.cwiseInverse()).ub);
  }
}

TEST_CASE("tau2 interval: Wald's on three scales") {
  const Fitted f(false, 0.9);
  const double t = f.fit.tau2, reach = normal_quantile(0.95) * f.fit.se_tau2;
  const Tau2Interval plain = f.at(IntervalType::Wald), log = f.at(IntervalType::WaldLog),
                     root = f.at(IntervalType::WaldSqrt);
  CHECK(plain.ub == rel(t + reach, 1e-12));
  CHECK(plain.lb == rel(std::fmax(0.0, t - reach), 1e-11));
  CHECK(log.lb * log.ub == rel(t * t, 1e-12));
  CHECK(std::log(log.ub / t) == rel(reach / t, 1e-12));
  CHECK(std::sqrt(root.ub) - std::sqrt(t) == rel(reach / (2 * std::sqrt(t)), 1e-11));
  CHECK(std::sqrt(root.lb) + std::sqrt(root.ub) == rel(2 * std::sqrt(t), 1e-12));
}

TEST_CASE("tau2 interval: the test-based one is symmetric in log H around the estimate") {
  const Fitted f(false);
  const Tau2Interval ci = f.at(IntervalType::HT);
  const auto h2 = [&](double t) { return 1 + t / f.fit.vt; };
  CHECK(h2(ci.lb) * h2(ci.ub) == rel(h2(f.fit.tau2) * h2(f.fit.tau2), 1e-10));
}

TEST_CASE(
    "tau2 interval: ends move with the square of the data's scale, and widen with the level") {
  for (const IntervalType type : kAll) {
    const Fitted f(false), narrow(false, 0.5);
    const Tau2Interval a = f.at(type), inner = narrow.at(type);
    for (const double s : {1e-20, 1e3}) {
      const Tau2Interval b = tau2_interval(s * f.y, s * s * f.v, f.X, Vec(), f.spec,
                                           s * s * f.fit.tau2, s * s * f.fit.se_tau2, type);
      CHECK(b.lb == rel(s * s * a.lb, 1e-8));
      CHECK(b.ub == rel(s * s * a.ub, 1e-8));
    }
    CHECK(inner.lb >= a.lb);
    CHECK(inner.ub < a.ub);
  }
}

TEST_CASE("tau2 interval: a lower end of the space below 0 is a shift of the variances") {
  Fitted f(false);
  const double least = -0.5 * f.v.minCoeff();
  for (const IntervalType type : {IntervalType::QP, IntervalType::PL}) {
    ModelSpec own = f.spec;
    own.tau2_min = least;
    const Tau2Interval a = tau2_interval(f.y, f.v, f.X, Vec(), own, f.fit.tau2, kNaN, type),
                       b = tau2_interval(f.y, f.v, f.X, Vec(), f.spec, f.fit.tau2, kNaN, type);
    CHECK(a.ub == rel(b.ub, 1e-9));  // far from the bound
    CHECK(a.lb == rel(b.lb, 1e-8));
  }
  const Vec calm = Vec::Constant(13, 0.1);
  ModelSpec own;
  own.tau2_min = -0.0039;
  CHECK(tau2_interval(calm, f.v, f.X, Vec(), own, -0.0039, kNaN, IntervalType::QP).lb ==
        rel(-0.0039, 1e-12));
}

TEST_CASE("tau2 interval: data too calm for any tau2, no heterogeneity, too few studies") {
  const Vec y = values({0.1, 0.1001, 0.0999, 0.1}), v = Vec::Constant(4, 1.0);
  const Mat one = Mat::Ones(4, 1);
  const ModelSpec spec;
  for (const IntervalType type : {IntervalType::QP, IntervalType::GENQ}) {
    const Tau2Interval ci = tau2_interval(y, v, one, Vec(), spec, 0.0, 0.1, type);
    CHECK(ci.empty);
    CHECK(ci.lb == 0.0);
    CHECK(ci.ub == 0.0);
  }
  const Tau2Interval pl = tau2_interval(y, v, one, Vec(), spec, 0.0, 0.1, IntervalType::PL);
  CHECK(pl.lb == 0.0);
  CHECK(pl.ub > 0.0);
  CHECK(tau2_interval(y, v, one, Vec(), spec, 0.0, 0.1, IntervalType::WaldLog).lb == 0.0);
  CHECK(std::isnan(tau2_interval(y, v, one, Vec(), spec, 0.0, 0.1, IntervalType::WaldSqrt).ub));
  for (const IntervalType type : kAll)
    CHECK_THROWS_AS(tau2_interval(y.head(1), v.head(1), one.topRows(1), Vec(), spec, 0, 0.1, type),
                    InvalidInput);
}
