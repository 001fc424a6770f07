#include "core/stata/metaan.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/errors.hpp"
#include "core/random.hpp"

namespace metaparity {
namespace {

struct Mean {
  double mu, se, tau2;
};

// DerSimonian & Laird (1986).
Mean dl_mean(const Vec& y, const Vec& v) {
  const Eigen::ArrayXd w = v.array().inverse();
  const double s1 = w.sum(), s2 = w.square().sum();
  const double fixed = (w * y.array()).sum() / s1;
  const double q = (w * (y.array() - fixed).square()).sum();
  const double scale = s1 - s2 / s1;
  const double df = static_cast<double>(y.size()) - 1.0;
  const double tau2 = scale > 0.0 ? std::max(0.0, (q - df) / scale) : 0.0;
  const Eigen::ArrayXd wr = (v.array() + tau2).inverse();
  return {(wr * y.array()).sum() / wr.sum(), 1.0 / std::sqrt(wr.sum()), tau2};
}

// One row of signs per permutation; a pattern and its mirror image have the same |statistic|.
std::vector<std::vector<int>> sign_patterns(std::size_t k, std::size_t reps, std::uint64_t seed) {
  const bool all = k <= 21 && (std::size_t{1} << (k - 1)) <= reps;
  std::vector<std::vector<int>> out;
  if (all) {
    for (std::size_t bits = 0; bits < std::size_t{1} << (k - 1); ++bits) {
      std::vector<int> s(k, 1);
      for (std::size_t j = 0; j + 1 < k; ++j) s[j] = ((bits >> j) & 1u) != 0 ? -1 : 1;
      out.push_back(s);
    }
    return out;
  }
  Random random(seed);
  for (std::size_t r = 0; r < reps; ++r) {
    std::vector<int> s(k, 1);
    for (int& one : s) one = random.coin() ? -1 : 1;
    out.push_back(s);
  }
  return out;
}

}  // namespace

Interval permutation_interval(const VecRef& yi, const VecRef& vi, double level, int reps,
                              std::uint64_t seed) {
  const Vec v = vi;
  const Mean observed = dl_mean(yi, v);
  const auto patterns =
      sign_patterns(static_cast<std::size_t>(yi.size()), static_cast<std::size_t>(reps), seed);
  const auto p_value = [&](double mu) {
    const Vec e = (yi.array() - mu).matrix();
    const double seen = std::fabs(dl_mean(e, v).mu) * (1.0 - 1e-12);
    Vec y(e.size());
    int beyond = 0;
    for (const auto& s : patterns) {
      for (Index i = 0; i < e.size(); ++i) y[i] = s[static_cast<std::size_t>(i)] * e[i];
      if (std::fabs(dl_mean(y, v).mu) >= seen) ++beyond;
    }
    return static_cast<double>(beyond) / static_cast<double>(patterns.size());
  };
  const double alpha = 1.0 - level;
  const auto end = [&](double sign) {
    double inside = 0.0, outside = 4.0 * observed.se;
    for (int i = 0; p_value(observed.mu + sign * outside) > alpha; ++i) {
      if (i > 30) return sign * kInf;
      inside = outside;
      outside *= 2.0;
    }
    for (int i = 0; i < 40 && outside - inside > 1e-9 * observed.se; ++i) {
      const double middle = 0.5 * (inside + outside);
      (p_value(observed.mu + sign * middle) > alpha ? inside : outside) = middle;
    }
    return observed.mu + sign * inside;
  };
  return {end(-1.0), end(1.0)};
}

double bootstrap_tau2(const VecRef& yi, const VecRef& vi, int reps, std::uint64_t seed) {
  if (reps < 1) throw InvalidInput("reps", "must be at least 1");
  Random random(seed);
  const auto k = static_cast<std::uint64_t>(yi.size());
  Vec y(yi.size()), v(yi.size());
  double sum = 0.0;
  for (int r = 0; r < reps; ++r) {
    for (Index i = 0; i < yi.size(); ++i) {
      const auto from = static_cast<Index>(random.below(k));
      y[i] = yi[from];
      v[i] = vi[from];
    }
    sum += dl_mean(y, v).tau2;
  }
  return sum / reps;
}

}  // namespace metaparity
