#include "core/bias/trimfill.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/errors.hpp"
#include "core/model/random_effects.hpp"

namespace metaparity {
namespace {

// The studies with the missing side on the left, in rising order of their estimates.
struct Sorted {
  Vec yi, vi, weights;
  std::vector<int> row;
  double sign = 1.0;
};

Sorted sort_studies(const VecRef& yi, const VecRef& vi, const VecRef& weights, TrimSide side,
                    bool ties_by_variance) {
  Sorted out;
  const Index k = yi.size();
  out.sign = side == TrimSide::Right ? -1.0 : 1.0;
  out.row.resize(static_cast<std::size_t>(k));
  std::iota(out.row.begin(), out.row.end(), 0);
  std::stable_sort(out.row.begin(), out.row.end(), [&](int i, int j) {
    const double a = out.sign * yi(i), b = out.sign * yi(j);
    return a < b || (ties_by_variance && a == b && vi(i) < vi(j));
  });
  out.yi.resize(k);
  out.vi.resize(k);
  out.weights.resize(weights.size());
  for (Index i = 0; i < k; ++i) {
    const int row = out.row[static_cast<std::size_t>(i)];
    out.yi(i) = out.sign * yi(row);
    out.vi(i) = vi(row);
    if (weights.size() > 0) out.weights(i) = weights(row);
  }
  return out;
}

double pooled(const Sorted& data, Index n, const ModelSpec& model) {
  ModelSpec spec = model;
  spec.test = TestType::Z;
  if (n == 1 && spec.method != Tau2Method::Given) spec.method = Tau2Method::FE;
  const Vec own = data.weights.head(std::min(n, data.weights.size()));
  return fit_rma(data.yi.head(n), data.vi.head(n), Mat::Ones(n, 1), own, spec).beta(0);
}

Vec signed_ranks(const Vec& centred, bool average) {
  const auto k = static_cast<std::size_t>(centred.size());
  std::vector<Index> order(k);
  std::iota(order.begin(), order.end(), Index{0});
  const auto size = [&](std::size_t i) { return std::abs(centred(order[i])); };
  std::stable_sort(order.begin(), order.end(),
                   [&](Index i, Index j) { return std::abs(centred(i)) < std::abs(centred(j)); });
  Vec out(centred.size());
  for (std::size_t i = 0; i < k;) {
    std::size_t end = i + 1;
    while (average && end < k && size(end) == size(i)) ++end;
    const double rank = 0.5 * static_cast<double>(i + 1 + end);
    for (; i < end; ++i) {
      const double c = centred(order[i]);
      out(order[i]) = c > 0.0 ? rank : (c < 0.0 ? -rank : 0.0);
    }
  }
  return out;
}

struct Count {
  double k0 = 0.0, se = kNaN;
};

double rank_sum_variance(double k, double k0) {
  return (k * (k + 1.0) * (2.0 * k + 1.0) + 10.0 * k0 * k0 * k0 + 27.0 * k0 * k0 + 17.0 * k0 -
          18.0 * k * k0 * k0 - 18.0 * k * k0 + 6.0 * k * k * k0) /
         24.0;
}

// Duval & Tweedie's estimates of the number of missing studies before rounding.
Count missing_studies(const Vec& ranks, double rank_sum, TrimEstimator estimator) {
  const auto k = static_cast<double>(ranks.size());
  Count out;
  if (estimator == TrimEstimator::R0) {
    out.k0 = k - std::max(0.0, -ranks.minCoeff()) - 1.0;
    out.se = std::sqrt(2.0 * std::max(0.0, out.k0) + 2.0);
    return out;
  }
  if (estimator == TrimEstimator::L0) {
    out.k0 = (4.0 * rank_sum - k * (k + 1.0)) / (2.0 * k - 1.0);
    out.se = 4.0 * std::sqrt(rank_sum_variance(k, out.k0)) / (2.0 * k - 1.0);
    return out;
  }
  out.k0 = k - 0.5 - std::sqrt(2.0 * k * k - 4.0 * rank_sum + 0.25);
  out.se = 2.0 * std::sqrt(rank_sum_variance(k, out.k0)) /
           std::sqrt((k - 0.5) * (k - 0.5) - out.k0 * (2.0 * k - out.k0 - 1.0));
  return out;
}

// One study at least stays, so that there is an estimate to mirror at. metatrim's run estimator is
// half a study below R0. Q0 does not exist for rank sums above k^2 / 2: metatrim trims none then.
int rounded(double k0, Index k, const TrimFillSpec& spec) {
  if (std::isnan(k0)) {
    if (spec.truncate) return 0;
    throw InvalidInput("estimator", "\"Q0\" does not exist for these data; use \"L0\" or \"R0\"");
  }
  const double half = spec.estimator == TrimEstimator::R0 ? 0.0 : 0.5;
  const double whole = spec.truncate ? std::trunc(std::max(0.0, k0 + half)) : std::nearbyint(k0);
  return static_cast<int>(std::clamp(whole, 0.0, static_cast<double>(k - 1)));
}

struct Pass {
  TrimStep step;
  double se = kNaN;
  Vec ranks;
};

Pass trim_pass(const Sorted& data, int trimmed, const ModelSpec& model, const TrimFillSpec& spec) {
  const Index k = data.yi.size();
  Pass out;
  out.step.estimate = pooled(data, k - trimmed, model);
  out.ranks = signed_ranks(data.yi.array() - out.step.estimate, spec.average_ranks);
  out.step.rank_sum = out.ranks.cwiseMax(0.0).sum();
  const Count count = missing_studies(out.ranks, out.step.rank_sum, spec.estimator);
  out.step.k0 = rounded(count.k0, k, spec);
  out.se = count.se > 0.0 || std::isnan(count.se) ? count.se : 0.0;
  return out;
}

// Missing studies are on the right when estimates fall with the standard error.
TrimSide estimate_side(const VecRef& yi, const VecRef& vi, const VecRef& weights,
                       const ModelSpec& model) {
  const Index k = yi.size();
  if (vi.minCoeff() == vi.maxCoeff()) return TrimSide::Left;
  ModelSpec spec = model;
  spec.test = TestType::Z;
  if (k == 2) spec.method = Tau2Method::FE;
  Mat X(k, 2);
  X.col(0).setOnes();
  X.col(1) = vi.cwiseSqrt();
  return fit_rma(yi, vi, X, weights, spec).beta(1) < 0.0 ? TrimSide::Right : TrimSide::Left;
}

// The values of k0 since its last occurrence before the end of `steps`; empty when it is new.
std::vector<int> find_cycle(const std::vector<TrimStep>& steps) {
  std::vector<int> values;
  for (std::size_t i = steps.size(); i-- > 0;) {
    values.push_back(steps[i].k0);
    if (i > 0 && steps[i - 1].k0 == steps.back().k0) {
      std::sort(values.begin(), values.end());
      return values;
    }
  }
  return {};
}

}  // namespace

TrimFillSpec metatrim_spec(TrimEstimator estimator, bool flip) {
  TrimFillSpec spec;
  spec.estimator = estimator;
  spec.side = flip ? TrimSide::Right : TrimSide::Left;
  spec.maxiter = 11;
  spec.average_ranks = spec.truncate = spec.until_ranks_stay = true;
  return spec;
}

TrimFill trim_and_fill(const VecRef& yi, const VecRef& vi, const VecRef& weights,
                       const ModelSpec& model, const TrimFillSpec& spec) {
  const Index k = yi.size();
  if (k < 2) throw InvalidInput("x", "must have at least 2 studies for trim and fill");
  check_study_data(yi, vi, Mat::Ones(k, 1), weights);
  TrimFill out;
  out.side = spec.side == TrimSide::Auto ? estimate_side(yi, vi, weights, model) : spec.side;
  const Sorted data = sort_studies(yi, vi, weights, out.side, spec.average_ranks);
  Pass pass;
  Vec previous = Vec::Zero(k);
  int trimmed = 0;
  out.converged = false;
  while (static_cast<int>(out.steps.size()) < spec.maxiter) {
    pass = trim_pass(data, trimmed, model, spec);
    pass.step.rank_change = (pass.ranks - previous).cwiseAbs().sum();
    previous = pass.ranks;
    out.steps.push_back(pass.step);
    out.converged = spec.until_ranks_stay ? pass.step.rank_change == 0.0 : pass.step.k0 == trimmed;
    trimmed = pass.step.k0;
    if (out.converged) break;
    if (!spec.until_ranks_stay) out.cycle = find_cycle(out.steps);
    if (!out.cycle.empty()) break;
  }
  if (!out.cycle.empty()) {
    trimmed = out.cycle.front();
    pass = trim_pass(data, trimmed, model, spec);
  }
  out.k0 = trimmed;
  out.se_k0 = pass.se;
  if (spec.estimator == TrimEstimator::R0) out.p_k0 = std::ldexp(1.0, -(out.k0 + 1));
  for (TrimStep& step : out.steps) step.estimate *= data.sign;
  out.centre = data.sign * pass.step.estimate;
  out.filled_yi.resize(out.k0);
  for (int i = 0; i < out.k0; ++i) {
    const Index at = k - out.k0 + i;
    const int row = data.row[static_cast<std::size_t>(at)];
    out.source.push_back(row);
    double mirrored = out.centre + (out.centre - yi(row));
    if (mirrored < spec.limits.lb) mirrored = spec.limits.lb;
    if (mirrored > spec.limits.ub) mirrored = spec.limits.ub;
    out.filled_yi(i) = mirrored;
  }
  return out;
}

FilledData fill(const VecRef& yi, const VecRef& vi, const VecRef& weights, const TrimFill& result) {
  const Index k = yi.size(), extra = result.filled_yi.size();
  FilledData out;
  out.yi.resize(k + extra);
  out.vi.resize(k + extra);
  out.yi << yi, result.filled_yi;
  out.vi.head(k) = vi;
  if (weights.size() > 0) {
    out.weights.resize(k + extra);
    out.weights.head(k) = weights;
  }
  for (Index i = 0; i < extra; ++i) {
    const int row = result.source[static_cast<std::size_t>(i)];
    out.vi(k + i) = vi(row);
    if (weights.size() > 0) out.weights(k + i) = weights(row);
  }
  return out;
}

}  // namespace metaparity
