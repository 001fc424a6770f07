#include "core/model/location_scale.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"
#include "core/model/location_scale_search.hpp"

namespace metaparity {
namespace {

using namespace location_scale;

// Below this share of the sampling variance an amount of heterogeneity is on its way to 0.
constexpr double kVanishing = 1e-5;

// Some amounts go to 0 while alpha leaves all bounds.
struct Separation {
  std::vector<Index> rest;  // studies with an amount above 0
  Mat directions;           // of alpha in which the likelihood rises without end
};

Separation separation_of(const LocationScaleData& data, const Problem& problem, const Vec& t) {
  Separation out;
  const double size = problem.v().mean();
  for (Index i = 0; i < t.size(); ++i)
    if (t[i] > kVanishing * std::max(problem.v()[i], 1e-3 * size)) out.rest.push_back(i);
  if (static_cast<Index>(out.rest.size()) == t.size()) return out;
  out.directions = null_space(chosen_rows(data.Z, out.rest), data.Z.cols());
  return out;
}

// The limit: amounts of 0 outside `rest`, and alpha of the rest; what the directions touch is infinite.
bool conclude_separation(const LocationScaleData& data, const Problem& problem, const Separation& s,
                         LocationScaleFit& fit) {
  const Index q = data.Z.cols(), n = static_cast<Index>(s.rest.size());
  const Mat Z_rest = chosen_rows(data.Z, s.rest);
  const Eigen::ColPivHouseholderQR<Mat> qr(Z_rest);
  const Index rank = n > 0 ? qr.rank() : 0;
  Vec t = Vec::Zero(data.yi.size());
  Vec alpha = Vec::Zero(q);
  Mat va = Mat::Constant(q, q, kNaN);
  if (rank > 0) {
    // A full-rank part of Z on the rest; the others' amounts are 0 in the likelihood of all.
    std::vector<Index> columns;
    for (Index j = 0; j < rank; ++j) columns.push_back(qr.colsPermutation().indices()[j]);
    std::sort(columns.begin(), columns.end());
    const auto value = [&](const Vec& a) {
      Vec amounts = Vec::Zero(data.yi.size());
      Vec eta = Vec::Zero(n);
      for (Index j = 0; j < rank; ++j)
        eta += a[j] * Z_rest.col(columns[static_cast<std::size_t>(j)]);
      for (Index i = 0; i < n; ++i)
        amounts[s.rest[static_cast<std::size_t>(i)]] = std::exp(eta[i] + problem.offset());
      return amounts;
    };
    const auto ll_of = [&](const Vec& a) { return problem.ll(problem.solve(value(a))); };
    Vec a = Vec(rank);
    {
      const Vec eta = Z_rest * fit.alpha;
      Mat part(n, rank);
      for (Index j = 0; j < rank; ++j)
        part.col(j) = Z_rest.col(columns[static_cast<std::size_t>(j)]);
      a = part.colPivHouseholderQr().solve(eta);
    }
    Mat H(rank, rank);
    for (int iter = 0; iter < 60; ++iter) {
      // Differences of the analytic value: few parameters, near the maximum already.
      Vec g(rank);
      const double h = 1e-4, middle = ll_of(a);
      for (Index i = 0; i < rank; ++i) {
        Vec up = a, down = a;
        up[i] += h;
        down[i] -= h;
        const double fu = ll_of(up), fd = ll_of(down);
        g[i] = (fu - fd) / (2.0 * h);
        H(i, i) = (fu - 2.0 * middle + fd) / (h * h);
        for (Index j = 0; j < i; ++j) {
          Vec pp = up, pm = up, mp = down, mm = down;
          pp[j] += h;
          pm[j] -= h;
          mp[j] += h;
          mm[j] -= h;
          H(i, j) = H(j, i) = (ll_of(pp) - ll_of(pm) - ll_of(mp) + ll_of(mm)) / (4.0 * h * h);
        }
      }
      const Vec step = (-H).ldlt().solve(g);
      if (!step.allFinite() || ll_of(a + step) < middle - 1e-12 * std::fabs(middle)) break;
      a += step;
      if (step.norm() < 1e-9 * (1.0 + a.norm())) break;
    }
    t = value(a);
    const Mat V = information_inverse(H, std::vector<bool>(static_cast<std::size_t>(rank), true));
    for (Index j = 0; j < rank; ++j) {
      const Index c = columns[static_cast<std::size_t>(j)];
      alpha[c] = a[j];
      for (Index l = 0; l < rank && V.size() > 0; ++l)
        va(c, columns[static_cast<std::size_t>(l)]) = V(j, l);
    }
  }
  const Problem::At at = problem.solve(t);
  if (!at.valid || !(problem.ll(at) >= fit.ll - 1e-4)) return false;
  // Towards smaller amounts outside the rest.
  for (Index d = 0; d < s.directions.cols(); ++d) {
    Vec direction = s.directions.col(d);
    if ((data.Z * direction).sum() > 0.0) direction = -direction;
    for (Index j = 0; j < q; ++j) {
      if (std::fabs(direction[j]) < 1e-9) continue;
      alpha[j] = s.directions.cols() == 1 ? (direction[j] < 0.0 ? -kInf : kInf) : kNaN;
      va.row(j).setConstant(kNaN);
      va.col(j).setConstant(kNaN);
    }
  }
  if (rank == 0 && s.directions.cols() > 1) alpha.setConstant(kNaN);
  fit.separated = true;
  fit.alpha = alpha;
  fit.va = va;
  fit.tau2 = t * problem.unit();
  fit.beta = problem.beta(at);
  fit.vb = problem.vb(at);
  fit.ml = at.ml;
  fit.reml = at.reml;
  fit.rss = at.rss;
  fit.ll = problem.ll(at);
  return true;
}

void fill_from(const Problem& problem, const Vec& a, LocationScaleFit& fit) {
  const Problem::At at = problem.solve(problem.amounts(a));
  fit.alpha = problem.to_alpha(a);
  fit.tau2 = at.t * problem.unit();
  fit.beta = problem.beta(at);
  fit.vb = problem.vb(at);
  fit.ml = at.ml;
  fit.reml = at.reml;
  fit.rss = at.rss;
  fit.ll = problem.ll(at);
}

// Of a, along what is free.
Mat spread_of(const Problem& problem, const Affine& set, const Vec& a, const Mat& within) {
  const Mat H = problem.expand(a).hessian;
  const Mat N = set.N * within;
  if (N.cols() == 0) return Mat();
  const Mat V = information_inverse(N.transpose() * H * N,
                                    std::vector<bool>(static_cast<std::size_t>(N.cols()), true));
  if (V.size() == 0) return Mat();
  return N * V * N.transpose();
}

Mat alpha_covariance(const Problem& problem, const LocationScaleSpec& spec, const Mat& spread) {
  if (spread.size() == 0) return Mat();
  const Mat L = problem.alpha_map();
  Mat out = L * spread * L.transpose();
  for (Index j = 0; j < out.rows(); ++j) {
    if (!is_given(spec, j)) continue;
    out.row(j).setConstant(kNaN);
    out.col(j).setConstant(kNaN);
  }
  return out;
}

}  // namespace

LocationScaleFit fit_location_scale(const LocationScaleData& data, const LocationScaleSpec& spec) {
  const Problem problem(data, spec);
  const Index q = data.Z.cols();
  const Affine set = free_directions(problem, spec, q);
  std::vector<Index> working;
  Found found = set.N.cols() == 0             ? only_point(problem, set)
                : spec.link == ScaleLink::Log ? search_log(problem, spec, set)
                                              : search_identity(problem, spec, set, working);
  if (!found.any) throw NotConverged("the scale part has no maximum that was found");
  LocationScaleFit fit;
  fill_from(problem, found.a, fit);
  const Mat back = problem.back_map();
  fit.hessian = -(back.transpose() * problem.expand(found.a).hessian * back);
  fit.starts = found.starts;
  fit.iterations = found.iterations;
  std::sort(found.maxima.rbegin(), found.maxima.rend());
  for (const double ll : found.maxima)
    if (fit.maxima.empty() || fit.maxima.back() - ll > 1e-5) fit.maxima.push_back(ll);
  if (spec.link == ScaleLink::Log && set.N.cols() == q) {
    const Separation s = separation_of(data, problem, problem.amounts(found.a));
    if (s.directions.cols() > 0 && conclude_separation(data, problem, s, fit)) return fit;
  }
  if (set.N.cols() == 0) {
    fit.va = Mat::Constant(q, q, kNaN);
    return fit;
  }
  fit.bounded = !working.empty();
  const Mat within = fit.bounded
                         ? null_space(chosen_rows(problem.Z() * set.N, working), set.N.cols())
                         : Mat::Identity(set.N.cols(), set.N.cols());
  const Mat spread = spread_of(problem, set, found.a, within);
  fit.va = alpha_covariance(problem, spec, spread);
  if (spec.joint) fit.vb = problem.vb(problem.solve(problem.amounts(found.a)), spread);
  fit.singular = fit.va.size() == 0;
  if (fit.singular || fit.bounded) fit.va = Mat::Constant(q, q, kNaN);
  return fit;
}

Expansion location_scale_ll(const LocationScaleData& data, const LocationScaleSpec& spec,
                            const Vec& alpha) {
  const Problem problem(data, spec);
  Expansion out = problem.expand(problem.from_alpha(alpha));
  const Mat back = problem.back_map();
  out.gradient = (back.transpose() * out.gradient).eval();
  out.hessian = (back.transpose() * out.hessian * back).eval();
  return out;
}

namespace {

LocationScaleFit fit_given(const LocationScaleData& data, LocationScaleSpec spec, Index which,
                           double value, const Vec& start) {
  const Index q = data.Z.cols();
  if (spec.alpha.size() == 0) spec.alpha = Vec::Constant(q, kNaN);
  spec.alpha[which] = value;
  spec.alpha_start = start;
  try {
    return fit_location_scale(data, spec);
  } catch (const NotConverged&) {
    LocationScaleFit out;
    out.beta = Vec::Constant(data.X.cols(), kNaN);
    out.vb = Mat::Constant(data.X.cols(), data.X.cols(), kNaN);
    return out;
  }
}

}  // namespace

Vec location_scale_profile(const LocationScaleData& data, const LocationScaleSpec& spec,
                           Index which, const VecRef& values, Mat* beta, Mat* se) {
  Vec out(values.size());
  if (beta != nullptr) beta->resize(values.size(), data.X.cols());
  if (se != nullptr) se->resize(values.size(), data.X.cols());
  for (Index i = 0; i < values.size(); ++i) {
    const LocationScaleFit at = fit_given(data, spec, which, values[i], Vec());
    out[i] = at.ll;
    if (beta != nullptr) beta->row(i) = at.beta.transpose();
    if (se != nullptr) se->row(i) = at.vb.diagonal().cwiseSqrt().transpose();
  }
  return out;
}

Interval location_scale_interval(const LocationScaleData& data, const LocationScaleSpec& spec,
                                 const LocationScaleFit& fit, Index which, double level) {
  const double cut = chisq_quantile(level, 1.0);
  const Vec start = fit.alpha.allFinite() ? fit.alpha : Vec();
  const auto drop = [&](double value) {
    return std::min(2.0 * (fit.ll - fit_given(data, spec, which, value, start).ll) - cut, 1e10);
  };
  const double from = fit.alpha[which];
  const double se = fit.va.size() > 0 ? std::sqrt(fit.va(which, which)) : kNaN;
  const auto walk = [&](double side) {
    double last = from, at_last = -cut;
    double step =
        std::isfinite(se) && se > 0.0 ? se : std::max(0.1 * std::fabs(from), 1e-3 * data.vi.mean());
    for (int i = 0; i < 14; ++i, step *= 2.0) {
      const double next = last + side * step, value = drop(next);
      if (value >= 0.0) return find_root(drop, last, at_last, next, value, 1e-9);
      last = next;
      at_last = value;
    }
    return side * kInf;
  };
  if (!std::isfinite(from)) return {};
  return {walk(-1.0), walk(1.0)};
}

}  // namespace metaparity
