#include "core/bias/selection_model.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "core/bias/selection_likelihood.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"
#include "core/model/random_effects.hpp"

namespace metaparity {
namespace {

constexpr double kDensity = 5.8;  // nodes for each unit of z
constexpr double kCoarse = 2.9;   // while maxima are looked for

Vec pair(double a, double b) { return Eigen::Vector2d(a, b); }
Vec one(double a) { return Vec::Constant(1, a); }

// Corners from which the maxima of each type are reached.
std::vector<Vec> delta_starts(const SelectionSpec& spec) {
  switch (spec.type) {
    case SelectionType::Beta:
      return {pair(1, 1), pair(0.05, 1), pair(1, 5), pair(5, 1), pair(1, 0.05)};
    case SelectionType::NegExpPower:
      return {pair(1, 1),   pair(5, 0.3),  pair(2, 5),    pair(20, 1),
              pair(10, 10), pair(60, 0.1), pair(60, 0.02)};
    case SelectionType::HalfNormal:
    case SelectionType::NegExp:
    case SelectionType::Logistic:
    case SelectionType::Power:
      return {one(1), one(10)};
    case SelectionType::Truncated:
      return {one(0.8), one(0.05)};
    case SelectionType::TruncatedAt:
      return {pair(0.5, 0), pair(0.02, 0)};
    case SelectionType::Step: {
      std::vector<Vec> out;
      const Index d = spec.steps.size();
      for (const double last : {0.8, 0.1}) {
        Vec start = Vec::Ones(d);
        for (Index j = 1; j < d; ++j) {
          start[j] = 1.0 - (1.0 - last) * static_cast<double>(j) / static_cast<double>(d - 1);
          if (spec.decreasing) start[j] = 0.5 + 0.4 * last;
        }
        out.push_back(start);
      }
      return out;
    }
  }
  return {};
}

// Distributions far from the estimates of which a tail is kept: tau2 in units of the median variance, the mean moved
// by `shift` typical standard errors.
struct FarStart {
  double tau2, shift;
  Vec delta;
};

std::vector<FarStart> far_starts(SelectionType type) {
  switch (type) {
    case SelectionType::Beta:
      return {{8, 0, pair(0.3, 4)}, {30, 0, pair(0.7, 2)}, {14, 0, pair(0.8, 3.4)}};
    case SelectionType::HalfNormal:
    case SelectionType::NegExp:
    case SelectionType::Logistic:
    case SelectionType::Power:
      return {{30, 0, one(2)}, {100, 0, one(2)}};
    case SelectionType::NegExpPower:
      return {{0, -2, pair(90, 0.05)}, {0, -1.5, pair(90, 0.02)}, {0, -2, pair(90, 0.004)}};
    case SelectionType::Step:
    case SelectionType::Truncated:
    case SelectionType::TruncatedAt:
      return {};
  }
  return {};
}

struct Search {
  BoxMaximum best;
  std::vector<BoxMaximum> found;
  std::vector<double> maxima;
  int starts = 0, iterations = 0;
};

// same: all starts of the search are in this box.
void try_start(const SelectionLikelihood& f, const Vec& start, const Box& box, Search& search,
               bool same = true) {
  BoxMaximum found = maximise_in_box([&](const Vec& x) { return f(x); }, start, box, 200,
                                     same && search.best.converged ? &search.best : nullptr);
  ++search.starts;
  search.iterations += found.iterations;
  if (!found.converged || found.joined) return;
  search.maxima.push_back(found.at.value);
  search.found.push_back(found);
  if (!(search.best.at.value >= found.at.value)) search.best = std::move(found);
}

// The cut lies between two neighbouring estimates: the likelihood is smooth there and jumps at each.
std::vector<std::pair<double, double>> gaps(const SelectionLikelihood& f, const Box& box) {
  const Index at = f.coefficients() + 2;
  const double lo = box.lower[at], hi = box.upper[at];
  if (lo == hi) return {{lo, hi}};
  std::vector<double> ends;
  for (Index i = 0; i < f.yi().size(); ++i)
    if (f.is_affected(i) && f.yi()[i] >= lo && f.yi()[i] <= hi) ends.push_back(f.yi()[i]);
  ends.push_back(lo);
  ends.push_back(hi);
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  std::vector<std::pair<double, double>> out;
  for (std::size_t j = 0; j + 1 < ends.size(); ++j)
    out.emplace_back(ends[j], std::nextafter(ends[j + 1], -kInf));
  out.emplace_back(hi, hi);
  return out;
}

void search_from(const SelectionLikelihood& f, const Box& box, const Vec& tau2, const Vec& delta,
                 Search& search) {
  const bool same = f.type() != SelectionType::TruncatedAt;
  for (Index t = 0; t < tau2.size(); ++t) try_start(f, f.start(tau2[t], delta), box, search, same);
}

void search_all(const SelectionLikelihood& f, const SelectionSpec& spec, Search& search) {
  const Box box = f.box();
  const Vec tau2 =
      std::isnan(spec.tau2) ? pair(f.moment_tau2(), 0.0) : one(box.lower[f.coefficients()]);
  std::vector<Vec> deltas = delta_starts(spec);
  if (spec.delta_start.size() == f.deltas()) deltas.push_back(spec.delta_start);
  for (const FarStart& far : far_starts(spec.type)) {
    const double at = std::isnan(spec.tau2) ? far.tau2 : tau2[0];
    try_start(f, f.start(at, far.delta, far.shift), box, search);
  }
  for (const Vec& delta : deltas) {
    if (spec.type != SelectionType::TruncatedAt) {
      search_from(f, box, tau2, delta, search);
      continue;
    }
    for (const auto& gap : gaps(f, box)) {
      Box inner = box;
      const Index at = f.coefficients() + 2;
      inner.lower[at] = gap.first;
      inner.upper[at] = gap.second;
      search_from(f, inner, tau2.head(1), pair(delta[0], gap.second), search);
    }
  }
}

// The free parameters, without a cut at a jump of the likelihood.
Mat working_vcov(const SelectionLikelihood& f, const BoxMaximum& best) {
  Mat V = information_inverse(best.at.hessian, best.free);
  if (V.size() == 0) return V;
  const Index p = f.coefficients(), d = f.deltas();
  Mat J = Mat::Identity(f.size(), f.size());
  J.bottomRightCorner(d, d) = f.delta_jacobian(best.x);
  const Mat L = f.to_real() * J;
  V = (L * V * L.transpose()).eval();
  for (Index j = 0; j < V.rows(); ++j) {
    if (V(j, j) > 0.0 && (j <= p || best.free[static_cast<std::size_t>(j)])) continue;
    V.row(j).setConstant(kNaN);
    V.col(j).setConstant(kNaN);
  }
  return V;
}

SelectionFit concluded(const SelectionLikelihood& f, Search& search) {
  if (!std::isfinite(search.best.at.value))
    throw NotConverged("the selection model has no maximum that was found");
  const BoxMaximum& best = search.best;
  const Index p = f.coefficients(), n = f.size();
  const Mat L = f.to_real();
  SelectionFit out;
  out.beta = L.topLeftCorner(p, p) * best.x.head(p);
  out.tau2 = L(p, p) * best.x[p];
  out.delta = f.real_delta(best.x);
  out.ll = best.at.value + f.ll_shift();
  const Expansion plain = f.by_delta(best.x);
  Mat back = L;
  back.topLeftCorner(p, p) = L.topLeftCorner(p, p).inverse().eval();
  for (Index j = p; j < n; ++j) back(j, j) = 1.0 / L(j, j);
  out.hessian = -(back.transpose() * plain.hessian * back);
  out.gradient = back.transpose() * plain.gradient;
  out.vcov = working_vcov(f, best);
  out.singular = out.vcov.size() == 0;
  if (out.singular) out.vcov = Mat::Constant(n, n, kNaN);
  std::sort(search.maxima.rbegin(), search.maxima.rend());
  for (const double ll : search.maxima) {
    if (out.maxima.empty() || out.maxima.back() - (ll + f.ll_shift()) > 1e-5)
      out.maxima.push_back(ll + f.ll_shift());
  }
  out.starts = search.starts;
  out.iterations = search.iterations;
  return out;
}

void check(const SelectionData& data, const SelectionSpec& spec) {
  const Index k = data.yi.size();
  if (data.vi.size() != k || data.X.rows() != k ||
      (data.precision.size() > 0 && data.precision.size() != k) ||
      (!data.affected.empty() && static_cast<Index>(data.affected.size()) != k)) {
    throw InvalidInput("x", "is damaged: its yi, vi, X and weights are of different lengths");
  }
  if (!(data.vi.minCoeff() > 0.0)) throw InvalidInput("x", "must have sampling variances above 0");
  const Index d = weight_parameters({spec.type, false, spec.steps});
  if (spec.delta.size() != d || spec.delta_min.size() != d || spec.delta_max.size() != d)
    throw InvalidInput("delta", "must have one value for each parameter");
}

bool has_integrals(const SelectionSpec& spec) {
  return spec.type != SelectionType::Step && spec.type != SelectionType::Truncated &&
         spec.type != SelectionType::TruncatedAt;
}

// The integrals are refined until the log-likelihood stands still.
SelectionFit refined(const SelectionData& data, const SelectionSpec& spec, SelectionFit fit,
                     double density) {
  for (int round = 0; round < 4; ++round) {
    density *= 2.0;
    const SelectionLikelihood finer(data, spec, density);
    const Vec at = finer.start_from(fit);
    const double ll = finer(at).value + finer.ll_shift();
    if (std::fabs(ll - fit.ll) <= 1e-10 * (1.0 + std::fabs(ll))) return fit;
    Search search;
    try_start(finer, at, finer.box(), search);
    if (search.maxima.empty()) return fit;
    const std::vector<double> maxima = fit.maxima;
    const int starts = fit.starts;
    fit = concluded(finer, search);
    fit.maxima = maxima;
    fit.starts = starts;
  }
  return fit;
}

// Maxima are found with few nodes; those near the highest are then sharpened with all.
SelectionFit searched(const SelectionData& data, const SelectionSpec& spec,
                      const SelectionFit* start) {
  const SelectionLikelihood f(data, spec, kDensity);
  const SelectionLikelihood coarse(data, spec, has_integrals(spec) ? kCoarse : kDensity);
  Search search;
  if (start != nullptr && spec.type != SelectionType::TruncatedAt)
    try_start(coarse, coarse.start_from(*start), coarse.box(), search);
  // Step functions have one maximum in all that was seen; from a fit nearby nothing else is looked for.
  const bool near = start != nullptr && !has_integrals(spec) && !search.maxima.empty();
  if (!near) search_all(coarse, spec, search);
  if (!has_integrals(spec)) return concluded(f, search);
  Search sharp;
  std::vector<double> seen;
  for (const BoxMaximum& found : search.found) {
    const double ll = found.at.value;
    const bool again =
        std::any_of(seen.begin(), seen.end(), [&](double x) { return std::fabs(x - ll) < 1e-5; });
    if (again) continue;
    seen.push_back(ll);
    if (ll > search.best.at.value - 1.0) {
      try_start(f, found.x, f.box(), sharp);
    } else {
      sharp.maxima.push_back(ll);
    }
  }
  sharp.starts = search.starts;
  sharp.iterations += search.iterations;
  return concluded(f, sharp);
}

}  // namespace

SelectionFit fit_selection(const SelectionData& data, const SelectionSpec& spec) {
  check(data, spec);
  SelectionFit out = searched(data, spec, nullptr);
  return has_integrals(spec) ? refined(data, spec, std::move(out), kDensity) : out;
}

SelectionFit fit_selection_from(const SelectionData& data, const SelectionSpec& spec,
                                const SelectionFit& start) {
  check(data, spec);
  return searched(data, spec, &start);
}

double unselected_ll(const SelectionData& data, const SelectionSpec& spec) {
  ModelSpec model;
  model.method = std::isnan(spec.tau2) ? Tau2Method::ML : Tau2Method::Given;
  model.tau2 = std::isnan(spec.tau2) ? 0.0 : spec.tau2;
  return fit_rma(data.yi, data.vi, data.X, Vec(), model).ml.ll;
}

Vec selection_p_values(const SelectionData& data, const SelectionSpec& spec) {
  const WeightSpec weights{spec.type, spec.side == SelectionSide::TwoSided, Vec(), spec.pval_min};
  const double sign = spec.side == SelectionSide::Less ? -1.0 : 1.0;
  Vec out(data.yi.size());
  for (Index i = 0; i < out.size(); ++i)
    out[i] = p_value(sign * data.yi[i] / std::sqrt(data.vi[i]), weights).p;
  return out;
}

namespace {

double stepped_weight(const SelectionSpec& spec, double p, const VecRef& delta, double sd,
                      Vec* slope) {
  Index j = 0;
  if (spec.type == SelectionType::Step) {
    while (j + 1 < spec.steps.size() && p > spec.steps[j]) ++j;
  } else {
    const double cut = spec.type == SelectionType::TruncatedAt ? delta[1] : spec.steps[0];
    const double y =
        sd * (spec.side == SelectionSide::Less ? normal_quantile(p) : -normal_quantile(p));
    if (spec.side == SelectionSide::Less ? y < cut : y > cut) return 1.0;
  }
  if (slope != nullptr) (*slope)[j] = 1.0;
  return delta[j];
}

}  // namespace

SelectionCurve selection_curve(const SelectionSpec& spec, const VecRef& p, const MatRef& delta,
                               double precision, double sd) {
  const WeightSpec weights{spec.type, false, spec.steps, spec.pval_min};
  const bool stepped = spec.type == SelectionType::Step || spec.type == SelectionType::Truncated ||
                       spec.type == SelectionType::TruncatedAt;
  const SmoothWeight smooth(weights);
  SelectionCurve out{Mat(p.size(), delta.rows()), Mat::Zero(p.size(), delta.cols())};
  for (Index i = 0; i < p.size(); ++i) {
    double at = std::clamp(p[i], spec.pval_min, 1.0 - spec.pval_min);
    if (spec.type == SelectionType::Beta && spec.steps.size() == 2)
      at = std::clamp(at, spec.steps[0], spec.steps[1]);
    const PValue value{at, std::log(at), std::log1p(-at)};
    for (Index r = 0; r < delta.rows(); ++r) {
      const Vec d = delta.row(r).transpose();
      Vec slope = Vec::Zero(d.size());
      if (stepped) {
        out.weight(i, r) = stepped_weight(spec, at, d, sd, &slope);
      } else {
        const LogWeight l = smooth.at(value, d, precision);
        out.weight(i, r) = std::exp(l.value);
        for (Index j = 0; j < d.size(); ++j) slope[j] = out.weight(i, r) * l.first[j];
      }
      if (r == 0) out.slope.row(i) = slope.transpose();
    }
  }
  return out;
}

namespace {

SelectionSpec with_given(SelectionSpec spec, int which, double value) {
  if (which < 0) {
    spec.tau2 = value;
  } else {
    spec.delta[which] = value;
  }
  return spec;
}

// A value that the data rule out, as a weight of 0 where there are estimates, has no likelihood.
SelectionFit fit_at(const SelectionData& data, const SelectionSpec& spec,
                    const SelectionFit& start) {
  try {
    return fit_selection_from(data, spec, start);
  } catch (const NotConverged&) {
    const Index n = start.beta.size() + 1 + start.delta.size();
    SelectionFit out;
    out.beta = Vec::Constant(start.beta.size(), kNaN);
    out.vcov = Mat::Constant(n, n, kNaN);
    return out;
  }
}

}  // namespace

Vec selection_profile(const SelectionData& data, const SelectionSpec& spec, const SelectionFit& fit,
                      int which, const VecRef& values, Mat* beta, Mat* se) {
  Vec out(values.size());
  if (beta != nullptr) beta->resize(values.size(), fit.beta.size());
  if (se != nullptr) se->resize(values.size(), fit.beta.size());
  for (Index i = 0; i < values.size(); ++i) {
    const SelectionFit at = fit_at(data, with_given(spec, which, values[i]), fit);
    out[i] = at.ll;
    if (beta != nullptr) beta->row(i) = at.beta.transpose();
    if (se != nullptr)
      se->row(i) = at.vcov.diagonal().head(fit.beta.size()).cwiseSqrt().transpose();
  }
  return out;
}

SelectionInterval selection_interval(const SelectionData& data, const SelectionSpec& spec,
                                     const SelectionFit& fit, int which, double level) {
  const double cut = chisq_quantile(level, 1.0);
  const double estimate = which < 0 ? fit.tau2 : fit.delta[which];
  const double least = which < 0 ? 0.0 : spec.delta_min[which];
  const double most = which < 0 ? spec.tau2_max : spec.delta_max[which];
  const auto drop = [&](double value) {
    return std::min(2.0 * (fit.ll - fit_at(data, with_given(spec, which, value), fit).ll) - cut,
                    1e10);
  };
  const double unit = which < 0 ? data.vi.mean() : 0.1;
  SelectionInterval out;
  const auto walk = [&](double bound, double side, bool& beyond) {
    double last = estimate, at_last = -cut, step = std::max(0.5 * std::fabs(estimate), unit);
    for (int i = 0; i < 60; ++i, step *= 2.0) {
      const double next = side < 0.0 ? std::max(bound, last - step) : std::min(bound, last + step);
      const double value = drop(next);
      if (value >= 0.0) return find_root(drop, last, at_last, next, value, 1e-9);
      if (next == bound) {
        beyond = true;
        return bound;
      }
      last = next;
      at_last = value;
    }
    beyond = true;
    return side < 0.0 ? last : kInf;
  };
  out.lb = estimate <= least ? least : walk(least, -1.0, out.below);
  out.ub = estimate >= most ? most : walk(most, 1.0, out.above);
  return out;
}

}  // namespace metaparity
