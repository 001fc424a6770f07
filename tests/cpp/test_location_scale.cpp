// Derivatives against differences of a dense likelihood; a constant scale against fit_rma(); separation and bounds.
#include "core/model/location_scale.hpp"

#include <Eigen/LU>
#include <cmath>

#include "catch.h"
#include "core/constants.hpp"
#include "core/model/random_effects.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

LocationScaleData some_data(stress::Random& r, Index k, Index p, Index q) {
  LocationScaleData out{Vec(k), Vec(k), Mat::Ones(k, p), Mat::Ones(k, q)};
  for (Index i = 0; i < k; ++i) {
    out.vi[i] = r.power10(-2.0, -0.5);
    for (Index j = 1; j < p; ++j) out.X(i, j) = r.normal();
    for (Index j = 1; j < q; ++j) out.Z(i, j) = 5.0 + r.normal();
    const double t = std::exp(-1.5 + (q > 1 ? 0.8 * (out.Z(i, 1) - 5.0) : 0.0));
    out.yi[i] = 0.3 + std::sqrt(out.vi[i] + t) * r.normal();
  }
  return out;
}

double dense_ll(const LocationScaleData& d, const LocationScaleSpec& spec, const Vec& alpha) {
  const Vec eta = d.Z * alpha;
  const Vec t = spec.link == ScaleLink::Log ? Vec(eta.array().exp()) : eta;
  const Mat M = (d.vi + t).asDiagonal(), W = M.inverse(), A = d.X.transpose() * W * d.X;
  const Vec e = d.yi - d.X * (A.inverse() * (d.X.transpose() * W * d.yi));
  const double k = static_cast<double>(d.yi.size()), p = static_cast<double>(d.X.cols());
  double ll = -0.5 * ((spec.restricted ? k - p : k) * kLog2Pi + (d.vi + t).array().log().sum() +
                      e.dot(W * e));
  if (spec.restricted)
    ll += 0.5 * (std::log((d.X.transpose() * d.X).determinant()) - std::log(A.determinant()));
  return ll;
}

}  // namespace

TEST_CASE("value, score and observed information of the scale part") {
  stress::Random r(17);
  for (const bool restricted : {false, true}) {
    for (const ScaleLink link : {ScaleLink::Log, ScaleLink::Identity}) {
      const LocationScaleData data = some_data(r, 15, 3, 2);
      LocationScaleSpec spec;
      spec.restricted = restricted;
      spec.link = link;
      const Vec alpha = link == ScaleLink::Log ? Vec(Eigen::Vector2d(-2.0, 0.2))
                                               : Vec(Eigen::Vector2d(0.1, 0.02));
      const Expansion at = location_scale_ll(data, spec, alpha);
      CHECK(at.value == Approx(dense_ll(data, spec, alpha)).epsilon(1e-10));
      for (Index j = 0; j < 2; ++j) {
        Vec up = alpha, down = alpha;
        up[j] += 1e-5;
        down[j] -= 1e-5;
        CHECK(at.gradient[j] ==
              Approx((dense_ll(data, spec, up) - dense_ll(data, spec, down)) / 2e-5)
                  .epsilon(1e-6)
                  .margin(1e-6));
        const Expansion a = location_scale_ll(data, spec, up),
                        b = location_scale_ll(data, spec, down);
        for (Index l = 0; l < 2; ++l)
          CHECK(at.hessian(j, l) ==
                Approx((a.gradient[l] - b.gradient[l]) / 2e-5).epsilon(1e-6).margin(1e-5));
      }
    }
  }
}

TEST_CASE("a constant scale is the random-effects model, with either link") {
  stress::Random r(2);
  for (int set = 0; set < 20; ++set) {
    const LocationScaleData data = some_data(r, 12, 2, 1);
    ModelSpec model;
    model.method = Tau2Method::REML;
    const RmaFit plain = fit_rma(data.yi, data.vi, data.X, Vec(), model);
    LocationScaleSpec spec;
    const LocationScaleFit log_fit = fit_location_scale(data, spec);
    CHECK(log_fit.tau2[0] == Approx(plain.tau2).epsilon(1e-7).scale(1e-3));
    CHECK(log_fit.ll == Approx(plain.reml.ll).epsilon(1e-8));
    CHECK(log_fit.separated == (plain.tau2 == 0.0));
    spec.link = ScaleLink::Identity;
    const LocationScaleFit identity = fit_location_scale(data, spec);
    CHECK(identity.tau2[0] == Approx(plain.tau2).epsilon(1e-7).scale(1e-3));
  }
}

TEST_CASE("a group without heterogeneity has an infinite coefficient and the others their own") {
  stress::Random r(6);
  LocationScaleData data = some_data(r, 24, 1, 2);
  for (Index i = 0; i < 24; ++i) {
    data.Z(i, 1) = i % 2 == 0 ? 1.0 : 0.0;
    if (i % 2 == 0) data.yi[i] = 0.3;
  }
  const LocationScaleFit fit = fit_location_scale(data, {});
  REQUIRE(fit.separated);
  CHECK(fit.alpha[1] == -kInf);
  CHECK(fit.tau2[0] == 0.0);
  CHECK(std::isfinite(fit.va(0, 0)));
  CHECK(std::isnan(fit.va(1, 1)));
}

TEST_CASE(
    "intervals end where the profile has fallen by half the quantile; starts find nothing higher") {
  stress::Random r(9);
  for (int set = 0; set < 10; ++set) {
    const LocationScaleData data = some_data(r, 30, 1, 2);
    const LocationScaleFit fit = fit_location_scale(data, {});
    if (fit.separated) continue;
    const Interval ends = location_scale_interval(data, {}, fit, 1, 0.95);
    if (std::isfinite(ends.ub)) {
      const Vec ll = location_scale_profile(data, {}, 1, Vec::Constant(1, ends.ub));
      CHECK(2.0 * (fit.ll - ll[0]) == Approx(3.841458820694124).epsilon(1e-6));
    }
    for (int start = 0; start < 10; ++start) {
      const Box box{Vec::Constant(2, -kInf), Vec::Constant(2, kInf)};
      const Vec a = Eigen::Vector2d(-2.0 + 3.0 * r.normal(), r.normal());
      const BoxMaximum other =
          maximise_in_box([&](const Vec& x) { return location_scale_ll(data, {}, x); }, a, box);
      if (other.converged) CHECK(fit.ll >= other.at.value - 1e-7);
    }
  }
}

TEST_CASE("with no coefficient free the fit is the likelihood there, with either link") {
  stress::Random r(11);
  const LocationScaleData d = some_data(r, 12, 1, 1);
  for (const ScaleLink link : {ScaleLink::Log, ScaleLink::Identity}) {
    LocationScaleSpec spec;
    spec.link = link;
    spec.alpha = Vec::Constant(1, link == ScaleLink::Log ? -1.2 : 0.3);
    const LocationScaleFit fit = fit_location_scale(d, spec);
    CHECK(fit.ll == Approx(dense_ll(d, spec, spec.alpha)).epsilon(1e-10));
    CHECK(std::isnan(fit.va(0, 0)));
    const Vec ll = location_scale_profile(d, spec, 0, spec.alpha);
    CHECK(ll[0] == Approx(fit.ll));
  }
}
