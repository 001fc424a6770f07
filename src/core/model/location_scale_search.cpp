#include "core/model/location_scale_search.hpp"

#include <algorithm>
#include <cmath>

#include "core/eigen_solvers.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity::location_scale {

bool is_given(const LocationScaleSpec& spec, Index j) {
  return spec.alpha.size() > 0 && !std::isnan(spec.alpha[j]);
}

Affine free_directions(const Problem& problem, const LocationScaleSpec& spec, Index q) {
  Vec given = Vec::Zero(q);
  std::vector<Index> free;
  for (Index j = 0; j < q; ++j) {
    if (is_given(spec, j)) {
      given[j] = spec.alpha[j];
    } else {
      free.push_back(j);
    }
  }
  Affine out{problem.from_alpha(given), Mat(q, static_cast<Index>(free.size()))};
  for (std::size_t c = 0; c < free.size(); ++c) {
    Vec e = Vec::Zero(q);
    e[free[c]] = 1.0;
    out.N.col(static_cast<Index>(c)) = problem.from_alpha(e).normalized();
  }
  if (free.size() == static_cast<std::size_t>(q)) out.N = Mat::Identity(q, q);
  return out;
}

Mat null_space(const Mat& rows, Index n) {
  if (rows.rows() == 0) return Mat::Identity(n, n);
  const Eigen::ColPivHouseholderQR<Mat> qr(rows.transpose());
  const Mat q = qr.householderQ();
  return q.rightCols(n - qr.rank());
}

Mat chosen_rows(const Mat& C, const std::vector<Index>& which) {
  Mat out(static_cast<Index>(which.size()), C.cols());
  for (std::size_t i = 0; i < which.size(); ++i) out.row(static_cast<Index>(i)) = C.row(which[i]);
  return out;
}

namespace {

Expansion along(const Problem& problem, const Affine& set, const Vec& b) {
  Expansion e = problem.expand(set.base + set.N * b);
  if (!std::isfinite(e.value)) return e;
  e.gradient = (set.N.transpose() * e.gradient).eval();
  e.hessian = (set.N.transpose() * e.hessian * set.N).eval();
  return e;
}

// Each predictor from 0 to 1 over its studies, upwards and downwards; none for a constant.
std::vector<Vec> rises(const Problem& problem) {
  std::vector<Vec> out;
  const Mat predictors = problem.predictors();
  for (Index j = 0; j < predictors.cols(); ++j) {
    const Vec z = predictors.col(j);
    const double least = z.minCoeff(), range = z.maxCoeff() - least;
    if (!(range > 1e-9 * z.cwiseAbs().maxCoeff())) continue;
    const Vec up = (z.array() - least) / range;
    out.push_back(up);
    out.push_back(Vec::Ones(z.size()) - up);
  }
  return out;
}

// What the logarithms of the amounts fall by in a steep start: over the range of a predictor, and down to the next study.
constexpr double kSteep = 12.0;

// Residual squares less the sampling variances.
Vec beyond_sampling(const Problem& problem) {
  const Vec w = (problem.v().array() + problem.v().mean()).inverse();
  const Vec xwy = problem.Q().transpose() * w.cwiseProduct(problem.y());
  const Vec r =
      problem.y() - problem.Q() * solve_symmetric(cross(problem.Q(), w, problem.Q()), VecRef(xwy));
  return r.cwiseAbs2() - problem.v();
}

double typical_excess(const Problem& problem, const Vec& beyond) {
  return std::max(beyond.mean(), 0.1 * problem.v().mean() + 1e-12);
}

// Residual squares less the sampling variances, in logarithms, regressed on Z; and level surfaces around them.
std::vector<Vec> log_starts(const Problem& problem) {
  const Index q = problem.Z().cols(), k = problem.Z().rows();
  const Vec beyond = beyond_sampling(problem);
  const double excess = typical_excess(problem, beyond);
  const Vec squares = beyond.cwiseMax(0.05 * excess);
  const double n = static_cast<double>(k);
  const auto project = [&](const Vec& eta) {
    return Vec(problem.Z().transpose() * (eta.array() - problem.offset()).matrix() / n);
  };
  std::vector<Vec> out{project(Vec::Constant(k, std::log(excess))),
                       project((squares.array()).log().matrix())};
  const Vec flat = out[0];
  for (Index j = 0; j < q && q > 1; ++j) {
    for (const double side : {-1.5, 1.5}) {
      Vec a = flat;
      a[j] += side;
      out.push_back(a);
    }
  }
  return out;
}

// Amounts that fall steeply from one end of each predictor: on the way to the studies there alone.
std::vector<Vec> steep_starts(const Problem& problem) {
  const Index k = problem.Z().rows();
  const double excess = typical_excess(problem, beyond_sampling(problem));
  const Vec level = Vec::Constant(k, std::log(excess) - problem.offset());
  std::vector<Vec> out;
  for (const Vec& rise : rises(problem)) {
    const Vec below = rise - Vec::Ones(k);
    const double next = (below.array() < -1e-9).select(below, -1.0).maxCoeff();
    for (const double slope : {kSteep, -kSteep / next})
      if (slope == kSteep || next > -0.5)
        out.push_back(problem.Z().transpose() * (level + slope * below) / static_cast<double>(k));
  }
  return out;
}

// Of maxima as high as each other the first is kept, whatever rounding says.
bool is_higher(const Found& found, double ll) {
  return !found.any || ll > found.ll + 1e-12 * (1.0 + std::fabs(ll));
}

void keep(Found& found, const Vec& a, double ll, int iterations) {
  ++found.starts;
  found.iterations += iterations;
  found.maxima.push_back(ll);
  if (is_higher(found, ll)) {
    found.ll = ll;
    found.a = a;
  }
  found.any = true;
}

}  // namespace

// Nothing is free: the value there, when there is one.
Found only_point(const Problem& problem, const Affine& set) {
  Found out;
  const Problem::At at = problem.solve(problem.amounts(set.base));
  if (at.valid && std::isfinite(problem.ll(at))) keep(out, set.base, problem.ll(at), 0);
  return out;
}

Found search_log(const Problem& problem, const LocationScaleSpec& spec, const Affine& set) {
  Found out;
  const Index f = set.N.cols();
  const Box box{Vec::Constant(f, -kInf), Vec::Constant(f, kInf)};
  std::vector<Vec> starts = log_starts(problem);
  if (spec.alpha_start.size() == problem.Z().cols())
    starts.push_back(problem.from_alpha(spec.alpha_start));
  const std::size_t plain = starts.size();
  for (const Vec& a : steep_starts(problem)) starts.push_back(a);
  const bool all = f == problem.Z().cols();
  BoxMaximum best;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const Vec& a = starts[i];
    const Vec b = all ? Vec(a - set.base) : Vec(set.N.colPivHouseholderQr().solve(a - set.base));
    BoxMaximum m = maximise_in_box([&](const Vec& x) { return along(problem, set, x); }, b, box,
                                   200, best.converged ? &best : nullptr);
    // Where amounts vanish there is always a likelihood near that of none: it counts where it is the highest.
    if (m.joined || (i >= plain && !is_higher(out, m.at.value))) {
      ++out.starts;
      out.iterations += m.iterations;
      continue;
    }
    if (std::isfinite(m.at.value)) keep(out, set.base + set.N * m.x, m.at.value, m.iterations);
    if (m.converged && !(best.at.value >= m.at.value)) best = std::move(m);
  }
  return out;
}

namespace {

// Drops the row of the working set whose multiplier says that the likelihood rises into the inside.
bool release(const Mat& C, const Vec& g, std::vector<Index>& working) {
  if (working.empty()) return false;
  const Mat A = chosen_rows(C, working);
  const Vec push = A.transpose().colPivHouseholderQr().solve(g);
  Index worst = 0;
  if (!(push.maxCoeff(&worst) > 1e-9 * (1.0 + g.norm()))) return false;
  working.erase(working.begin() + worst);
  return true;
}

struct Constrained {
  Vec b;
  Expansion at;
  std::vector<Index> working;
  bool converged = false;
  int iterations = 0;
};

Constrained climb_inside(const Problem& problem, const Affine& set, const Mat& C, const Vec& floor,
                         Vec b) {
  Constrained out{std::move(b), {}, {}, false, 0};
  out.at = along(problem, set, out.b);
  // What starts at the bound leaves it when the rest is at its best.
  const Vec free_room = C * out.b - floor;
  const double least = 1e-12 * problem.v().mean();
  for (Index i = 0; i < C.rows(); ++i)
    if (free_room[i] <= least) out.working.push_back(i);
  for (; out.iterations < 300 && std::isfinite(out.at.value); ++out.iterations) {
    const Mat N = null_space(chosen_rows(C, out.working), out.b.size());
    const Index f = N.cols();
    Vec step = Vec::Zero(out.b.size());
    double gain = 0.0;
    if (f > 0) {
      const Vec g = N.transpose() * out.at.gradient;
      const Eigen::SelfAdjointEigenSolver<Mat> eigen(-(N.transpose() * out.at.hessian * N));
      const Vec size = eigen.eigenvalues().cwiseAbs();
      Vec uphill = eigen.eigenvectors().transpose() * g;
      // Where the likelihood is flat, rounding is no slope.
      for (Index i = 0; i < f; ++i)
        if (size[i] <= 1e-10 * size.maxCoeff() &&
            std::fabs(uphill[i]) <= 1e-10 * (1.0 + std::fabs(out.at.value)))
          uphill[i] = 0.0;
      const Vec s = eigen.eigenvectors() *
                    uphill.cwiseQuotient(size.cwiseMax(1e-10 * size.maxCoeff() + 1e-300));
      step = N * s;
      gain = g.dot(s);
    }
    if (gain <= 1e-20 * (1.0 + std::fabs(out.at.value))) {
      if (release(C, out.at.gradient, out.working)) continue;
      out.converged = true;
      break;
    }
    double most = 1.0;
    Index hit = -1;
    const Vec room = C * out.b - floor, change = C * step;
    for (Index i = 0; i < C.rows(); ++i) {
      if (std::find(out.working.begin(), out.working.end(), i) != out.working.end()) continue;
      if (change[i] < 0.0 && room[i] + most * change[i] < 0.0) {
        most = std::max(0.0, -room[i] / change[i]);
        hit = i;
      }
    }
    // At the bound already: no step shows a gain there.
    if (hit >= 0 && most * gain <= 1e-14 * (1.0 + std::fabs(out.at.value))) {
      out.working.push_back(hit);
      continue;
    }
    bool moved = false;
    double length = most;
    for (int half = 0; half < 40 && !moved; ++half, length *= 0.5) {
      const Vec b_new = out.b + length * step;
      Expansion next = along(problem, set, b_new);
      if (!(std::isfinite(next.value) &&
            next.value >= out.at.value + 1e-4 * length * gain * (half < 30 ? 1.0 : 0.0)))
        continue;
      moved = true;
      // A step up to the bound may have passed a maximum on its way.
      bool short_of_it = false;
      if (half == 0 && hit >= 0) {
        const Vec b_half = out.b + 0.5 * length * step;
        Expansion before = along(problem, set, b_half);
        short_of_it = before.value > next.value;
        if (short_of_it) next = std::move(before);
      }
      out.b = short_of_it ? Vec(out.b + 0.5 * length * step) : b_new;
      out.at = std::move(next);
      if (half == 0 && hit >= 0 && !short_of_it) out.working.push_back(hit);
    }
    if (!moved) {
      if (release(C, out.at.gradient, out.working)) continue;
      out.converged = gain < 1e-8;
      break;
    }
  }
  return out;
}

}  // namespace

Found search_identity(const Problem& problem, const LocationScaleSpec& spec, const Affine& set,
                      std::vector<Index>& working) {
  Found out;
  const Index f = set.N.cols(), k = problem.Z().rows();
  const Mat C = problem.Z() * set.N;
  const Vec floor = -(problem.Z() * set.base);
  const double level = problem.v().mean();
  std::vector<Vec> starts;
  for (const double t : {1.0, 0.1, 10.0}) {
    const Vec a = problem.Z().transpose() * Vec::Constant(k, t * level) / static_cast<double>(k);
    starts.push_back(set.N.colPivHouseholderQr().solve(a - set.base));
  }
  // Amounts that rise from 0 along each predictor.
  const double excess = typical_excess(problem, beyond_sampling(problem));
  for (const Vec& rise : rises(problem)) {
    for (const double t : {2.0, 0.2}) {
      const Vec a = problem.Z().transpose() * (t * excess * rise) / static_cast<double>(k);
      starts.push_back(set.N.colPivHouseholderQr().solve(a - set.base));
    }
  }
  if (spec.alpha_start.size() == problem.Z().cols())
    starts.push_back(
        set.N.colPivHouseholderQr().solve(problem.from_alpha(spec.alpha_start) - set.base));
  for (const Vec& b : starts) {
    if (f > 0 && (C * b - floor).minCoeff() < -1e-12 * level) continue;
    Constrained m = climb_inside(problem, set, C, floor, b);
    if (!m.converged) continue;
    if (is_higher(out, m.at.value)) working = m.working;
    keep(out, set.base + set.N * m.b, m.at.value, m.iterations);
  }
  return out;
}

}  // namespace metaparity::location_scale
