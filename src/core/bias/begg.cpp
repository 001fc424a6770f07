#include "core/bias/begg.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numeric>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/model/random_effects.hpp"

namespace metaparity {
namespace {

// Walks over runs of equal values of a sorted sequence: same(i) says whether element i equals its
// predecessor; visit(t) is called with the length of each run.
template <class Same, class Visit>
void each_run(std::size_t n, Same same, Visit visit) {
  std::int64_t run = n > 0 ? 1 : 0;
  for (std::size_t i = 1; i < n; ++i) {
    if (same(i)) {
      ++run;
    } else {
      visit(run);
      run = 1;
    }
  }
  if (run > 0) visit(run);
}

// Sorts `values` and returns the number of exchanges of neighbours that takes.
std::int64_t merge_count(std::vector<double>& values) {
  std::vector<double> spare(values.size());
  const std::size_t n = values.size();
  std::int64_t swaps = 0;
  for (std::size_t width = 1; width < n; width *= 2) {
    for (std::size_t lo = 0; lo < n; lo += 2 * width) {
      const std::size_t mid = std::min(lo + width, n), hi = std::min(lo + 2 * width, n);
      std::size_t i = lo, j = mid;
      for (std::size_t out = lo; out < hi; ++out) {
        if (i < mid && (j >= hi || values[i] <= values[j])) {
          spare[out] = values[i++];
        } else {
          spare[out] = values[j++];
          swaps += static_cast<std::int64_t>(mid - i);
        }
      }
    }
    values.swap(spare);
  }
  return swaps;
}

struct TieSums {
  std::int64_t pairs = 0;
  double t2 = 0.0, t3 = 0.0, t5 = 0.0;
  void add(std::int64_t run) {
    const auto t = static_cast<double>(run);
    pairs += run * (run - 1) / 2;
    t2 += t * (t - 1.0);
    t3 += t * (t - 1.0) * (t - 2.0);
    t5 += t * (t - 1.0) * (2.0 * t + 5.0);
  }
};

// Number of permutations with at most q inversions over n!, by the recursion over the counts
// divided by j at each step; all terms positive up to the rounding of a running sum.
double inversions_by_counts(std::int64_t q, std::int64_t n) {
  const auto size = static_cast<std::size_t>(q) + 1;
  std::vector<double> prob(size, 0.0), cumulative(size, 0.0);
  prob[0] = 1.0;
  for (std::int64_t j = 2; j <= n; ++j) {
    std::partial_sum(prob.begin(), prob.end(), cumulative.begin());
    const auto step = static_cast<std::size_t>(j);
    const auto top = static_cast<std::size_t>(std::min(q, j * (j - 1) / 2));
    for (std::size_t t = 0; t <= top; ++t) {
      const double below = t >= step ? cumulative[t - step] : 0.0;
      prob[t] = (cumulative[t] - below) / static_cast<double>(j);
    }
  }
  return std::accumulate(prob.begin(), prob.end(), 0.0);
}

using Complex = std::complex<double>;

Complex complex_expm1(Complex z) {
  const double half_sine = std::sin(0.5 * z.imag());
  const double real = std::expm1(z.real()) * std::cos(z.imag()) - 2.0 * half_sine * half_sine;
  return {real, std::exp(z.real()) * std::sin(z.imag())};
}

// Log of the product over j = 1..n of (e^{jz} - 1) / (j (e^z - 1)), the generating function of the
// number of inversions. e^{jz} - 1 runs by recurrence, since it is small for small j.
Complex log_generating(Complex z, std::int64_t n) {
  const Complex first = complex_expm1(z), step = std::exp(z), inverse = 1.0 / first;
  Complex rise = first, product(1.0, 0.0);
  double magnitude = 0.0;
  for (std::int64_t j = 1; j <= n; ++j) {
    product *= rise * inverse / static_cast<double>(j);
    rise = rise * step + first;
    if ((j & 15) == 0 || j == n) {
      const double size = std::abs(product);
      if (size == 0.0) return {-kInf, 0.0};
      magnitude += std::log(size);
      product /= size;
    }
  }
  return {magnitude, std::arg(product)};
}

struct TiltedMoments {
  double mean = 0.0, variance = 0.0;
};

// Moments of the sum over j = 1..n of counts 0..j-1 with weights e^{lambda t}, lambda <= 0.
TiltedMoments tilted_moments(double lambda, std::int64_t n) {
  TiltedMoments m;
  const double ratio = std::exp(lambda), first = std::expm1(lambda);
  const double g = first * first;
  double rise = first;
  for (std::int64_t i = 1; i <= n; ++i) {
    const auto j = static_cast<double>(i);
    if (-lambda * j < 1e-3) {  // both terms cancel: series around the uniform distribution
      m.mean += 0.5 * (j - 1.0) + lambda * (j * j - 1.0) / 12.0;
      m.variance += (j * j - 1.0) / 12.0;
    } else {
      m.mean += j * (1.0 + rise) / rise - ratio / first;
      m.variance += ratio / g - j * j * (1.0 + rise) / (rise * rise);
    }
    rise = rise * ratio + first;
  }
  return m;
}

// A tilt lambda < 0 whose mean is about q. The mean is convex in lambda below 0, so Newton's steps
// from the right do not overshoot; half a standard deviation is near enough.
double saddle_point(double q, std::int64_t n, TiltedMoments& moments) {
  const double half_step = 0.5 / std::sqrt(tilted_moments(0.0, n).variance);
  double lambda = -half_step;
  for (int i = 0; i < 200; ++i) {
    moments = tilted_moments(lambda, n);
    const double above = moments.mean - q;
    if (above < 0.5 * std::sqrt(moments.variance)) break;
    lambda -= above / moments.variance;
  }
  return lambda;
}

// P(T <= q) = G(lambda) e^{-lambda q} sum over s >= 0 of e^{lambda s} p(q - s), with p the
// distribution tilted by lambda; p comes from a Fourier sum over a window of 30 standard
// deviations, outside which it does not count.
double inversions_by_saddle(std::int64_t q, std::int64_t n) {
  TiltedMoments moments;
  const auto target = static_cast<double>(q);
  const double lambda = saddle_point(target, n, moments);
  const double reach = std::ceil(15.0 * std::sqrt(moments.variance) + 25.0);
  const double omega = std::acos(-1.0) / reach;
  const double log_top = log_generating({lambda, 0.0}, n).real();
  double total = 0.0;
  for (double m = 0.0; m <= reach; m += 1.0) {
    const Complex z(lambda, omega * m);
    const Complex lg = log_generating(z, n) - log_top;
    if (lg.real() < -45.0) break;
    const Complex tail = complex_expm1(z * (reach + 1.0)) / complex_expm1(z);
    const Complex turned = std::exp(lg - Complex(0.0, z.imag() * target));
    total += (m == 0.0 || m == reach ? 1.0 : 2.0) * (turned * tail).real();
  }
  return std::exp(log_top - lambda * target) * total / (2.0 * reach);
}

// Above this many additions the recursion takes longer than the inversion.
constexpr double kCountingCost = 3e5;

double inversions_at_most(std::int64_t q, std::int64_t n) {
  const double cost = static_cast<double>(q) * static_cast<double>(n);
  return cost <= kCountingCost ? inversions_by_counts(q, n) : inversions_by_saddle(q, n);
}

}  // namespace

double KendallPairs::tau_b() const {
  const double a = static_cast<double>(pairs - tied_x), b = static_cast<double>(pairs - tied_y);
  if (!(a > 0.0 && b > 0.0)) return kNaN;
  return static_cast<double>(score) / (std::sqrt(a) * std::sqrt(b));
}

KendallPairs kendall_pairs(const VecRef& x, const VecRef& y) {
  const auto n = static_cast<std::size_t>(x.size());
  std::vector<Index> order(n);
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(),
            [&](Index i, Index j) { return x(i) < x(j) || (x(i) == x(j) && y(i) < y(j)); });
  std::vector<double> sorted(n);
  for (std::size_t i = 0; i < n; ++i) sorted[i] = y(order[i]);
  TieSums tx, ty, both;
  const auto same_x = [&](std::size_t i) { return x(order[i]) == x(order[i - 1]); };
  const auto same_y = [&](std::size_t i) { return sorted[i] == sorted[i - 1]; };
  each_run(n, same_x, [&](std::int64_t t) { tx.add(t); });
  each_run(
      n, [&](std::size_t i) { return same_x(i) && same_y(i); },
      [&](std::int64_t t) { both.add(t); });
  const std::int64_t swaps = merge_count(sorted);
  each_run(n, same_y, [&](std::int64_t t) { ty.add(t); });
  KendallPairs out;
  out.n = static_cast<std::int64_t>(n);
  out.pairs = out.n * (out.n - 1) / 2;
  out.tied_x = tx.pairs;
  out.tied_y = ty.pairs;
  out.score = out.pairs - tx.pairs - ty.pairs + both.pairs - 2 * swaps;
  out.x2 = tx.t2, out.x3 = tx.t3, out.x5 = tx.t5;
  out.y2 = ty.t2, out.y3 = ty.t3, out.y5 = ty.t5;
  return out;
}

double score_variance(const KendallPairs& pairs, TieRule rule) {
  const auto n = static_cast<double>(pairs.n);
  const double tied_y = rule == TieRule::Stata ? pairs.y5 : -pairs.y5;
  double v = (n * (n - 1.0) * (2.0 * n + 5.0) - pairs.x5 + tied_y) / 18.0;
  if (n > 1.0) v += pairs.x2 * pairs.y2 / (2.0 * n * (n - 1.0));
  if (n > 2.0) v += pairs.x3 * pairs.y3 / (9.0 * n * (n - 1.0) * (n - 2.0));
  return v;
}

double kendall_exact_two_sided(std::int64_t score, std::int64_t n) {
  const std::int64_t pairs = n * (n - 1) / 2;
  const std::int64_t inversions = (pairs - std::abs(score)) / 2;
  return std::min(1.0, 2.0 * inversions_at_most(inversions, n));
}

Vec begg_deviates(const VecRef& yi, const VecRef& vi) {
  Index heaviest = 0;
  const double smallest = vi.minCoeff(&heaviest);
  const Vec w = smallest * vi.cwiseInverse();
  const Eigen::ArrayXd y = yi.array() - yi(heaviest);
  const double total = w.sum();
  const double mean = (w.array() * y).sum() / total;
  // vi - 1/sum(w) = vi (sum(w) - w) / sum(w). For the heaviest study sum(w) - w is summed without
  // it; for all others the difference loses at most one bit and is the same for equal vi, so ties
  // stay.
  Vec out = (y - mean) / (vi.array() * (total - w.array()) / total).sqrt();
  double others = 0.0, others_y = 0.0;
  for (Index i = 0; i < w.size(); ++i) {
    if (i == heaviest) continue;
    others += w(i);
    others_y += w(i) * y(i);
  }
  if (w(heaviest) > 0.5 * total) {
    out(heaviest) = -(others_y / others) * std::sqrt(others / total / vi(heaviest));
  }
  return out;
}

RankTest rank_test(const VecRef& yi, const VecRef& vi, bool exact) {
  RankTest out;
  out.k = static_cast<int>(yi.size());
  if (out.k < 2)
    throw InvalidInput("x", "must have at least 2 studies for a rank correlation test");
  check_study_data(yi, vi, Mat::Ones(yi.size(), 1), Vec());
  const Vec deviates = begg_deviates(yi, vi);
  if (!deviates.allFinite()) {
    throw InvalidInput(
        "vi", "must be positive and within the range in which effects can be standardised");
  }
  const KendallPairs pairs = kendall_pairs(vi, deviates);
  out.tau = pairs.tau_b();
  out.score = pairs.score;
  out.ties = pairs.ties();
  const auto s = static_cast<double>(pairs.score);
  out.sd = std::sqrt(score_variance(pairs, TieRule::Stata));
  if (out.sd > 0.0) {
    out.z = s / out.sd;
    out.p_z = normal_two_sided(out.z);
    out.z_cc = (std::abs(s) - 1.0) / out.sd;
    out.p_cc = std::min(1.0, 2.0 * normal_upper(out.z_cc));
  }
  out.exact = exact && !out.ties;
  if (out.exact) {
    out.pval = kendall_exact_two_sided(pairs.score, pairs.n);
  } else if (!std::isnan(out.tau)) {
    out.pval = normal_two_sided(s / std::sqrt(score_variance(pairs, TieRule::Kendall)));
  }
  return out;
}

PooledScore pool_scores(const VecRef& score, const VecRef& sd) {
  PooledScore out;
  out.score = score.sum();
  out.sd = sd.norm();
  if (!(out.sd > 0.0)) return out;
  const double sign = out.score > 0.0 ? 1.0 : (out.score < 0.0 ? -1.0 : 0.0);
  const double corrected = (std::abs(out.score) - 1.0) / out.sd;
  out.z = out.score / out.sd;
  out.p_z = normal_two_sided(out.z);
  out.z_cc = sign * corrected;
  out.p_cc = std::min(1.0, 2.0 * normal_upper(corrected));
  return out;
}

}  // namespace metaparity
