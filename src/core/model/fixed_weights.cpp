#include "core/model/fixed_weights.hpp"

#include <cmath>
#include <vector>

#include "core/errors.hpp"
#include "core/model/knapp_hartung.hpp"

namespace metaparity {

WeightedMean weighted_mean(const VecRef& yi, const VecRef& vi, const VecRef& weights, double tau2) {
  const double sum = weights.sum();
  return {weights.dot(yi) / sum,
          std::sqrt((weights.array().square() * (vi.array() + tau2)).sum()) / sum};
}

// t_i = w (1 - q) / (k - 1); q^ = q + q sum t k / (sum q (k - 1)) where any quality is short of 1;
// weight q w + k sum t q^ / sum q^ - t: their sum is that of w.
Vec quality_weights(const VecRef& vi, const VecRef& quality) {
  std::vector<int> bad;
  for (Index i = 0; i < quality.size(); ++i) {
    if (!(quality[i] > 0.0) || !std::isfinite(quality[i])) bad.push_back(static_cast<int>(i));
  }
  if (!bad.empty()) throw InvalidStudies("qwt", bad, "must be positive");
  const double k = static_cast<double>(vi.size());
  const Vec w = vi.cwiseInverse(), q = quality / quality.maxCoeff();
  if (vi.size() < 2 || q.minCoeff() == 1.0) return w;
  const Vec t = (w.array() * (1.0 - q.array())).matrix() / (k - 1.0);
  const Vec share = q * (1.0 + t.sum() * k / (q.sum() * (k - 1.0)));
  return q.cwiseProduct(w) + k * t.sum() / share.sum() * share - t;
}

double hksj_factor(const VecRef& yi, const VecRef& vi, double est, double tau2) {
  const double rss = ((yi.array() - est).square() / (vi.array() + tau2)).sum();
  return knapp_hartung(rss, static_cast<double>(yi.size() - 1));
}

double robust_se(const VecRef& yi, const VecRef& vi, double est, double tau2) {
  const Eigen::ArrayXd w = (vi.array() + tau2).inverse();
  const double sum = w.sum();
  return std::sqrt((w.square() * (yi.array() - est).square() / (1.0 - w / sum)).sum()) / sum;
}

}  // namespace metaparity
