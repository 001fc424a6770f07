#include "core/model/profile_tests.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"
#include "core/model/profile_mean.hpp"

namespace metaparity {
namespace {

using Array = Eigen::ArrayXd;

double log_likelihood(const VecRef& yi, const Array& w, double mu) {
  return 0.5 * (w.log() - w * (yi.array() - mu).square()).sum();
}

// E LR = 1 + 2 S3 / (S1 S2) - S2 / (2 S1^2): Lawley's terms in which the mean takes part.
double bartlett_factor(const Array& w) {
  const double s1 = w.sum(), s2 = w.square().sum(), s3 = w.cube().sum();
  return 1.0 + 2.0 * s3 / (s1 * s2) - 0.5 * s2 / (s1 * s1);
}

// u = delta (S2~ / S2) sqrt(|j|) / sqrt(j~_tt), with the covariances of scores at the fit and at mu
// in closed form.
double skovgaard_u(const VecRef& yi, const Array& w, const Array& w0, double estimate, double mu) {
  const Array e = yi.array() - estimate, e0 = yi.array() - mu;
  const double j_mt = (w.square() * e).sum();
  const double j_tt = (w.cube() * e.square() - 0.5 * w.square()).sum();
  const double j = w.sum() * j_tt - j_mt * j_mt;
  const double j0 = (w0.cube() * e0.square() - 0.5 * w0.square()).sum();
  return (estimate - mu) * w0.square().sum() / w.square().sum() * std::sqrt(j / j0);
}

}  // namespace

LikelihoodStatistic likelihood_test(const VecRef& yi, const VecRef& vi, double estimate,
                                    double tau2, double mu, LikelihoodTest type) {
  const Array w = (vi.array() + tau2).inverse();
  const Array w0 = (vi.array() + tau2_at_mean(yi, vi, mu)).inverse();
  const double lr =
      std::max(0.0, 2.0 * (log_likelihood(yi, w, estimate) - log_likelihood(yi, w0, mu)));
  LikelihoodStatistic out;
  out.lr = type == LikelihoodTest::Bartlett ? lr / bartlett_factor(w) : lr;
  out.z = std::copysign(std::sqrt(out.lr), estimate - mu);
  if (type != LikelihoodTest::Skovgaard) return out;
  // Both r and u vanish at the estimate: their ratio is 1 there.
  const double ratio = skovgaard_u(yi, w, w0, estimate, mu) / out.z;
  if (std::fabs(out.z) > 1e-4 && ratio > 0.0) out.z += std::log(ratio) / out.z;
  out.lr = out.z * out.z;
  return out;
}

Interval likelihood_interval(const VecRef& yi, const VecRef& vi, double estimate, double tau2,
                             double level, LikelihoodTest type) {
  const double z = critical_value(level, kNaN);
  const double step = 1.0 / std::sqrt((vi.array() + tau2).inverse().sum());
  const auto end = [&](double sign) {
    const auto short_of = [&](double mu) {
      return z + sign * likelihood_test(yi, vi, estimate, tau2, mu, type).z;
    };
    double inner = estimate, f_inner = z, reach = step;
    for (int i = 0; i < 120; ++i, reach *= 1.4) {
      const double outer = estimate + sign * reach, f_outer = short_of(outer);
      if (f_outer <= 0.0) return find_root<double>(short_of, inner, f_inner, outer, f_outer, 1e-12);
      inner = outer;
      f_inner = f_outer;
    }
    throw NotConverged("the likelihood of the mean has no bound within reach");
  };
  return {end(-1.0), end(1.0)};
}

}  // namespace metaparity
