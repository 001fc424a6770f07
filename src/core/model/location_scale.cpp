#include "core/model/location_scale.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {
namespace {

// Below this share of the sampling variance an amount of heterogeneity is on its way to 0.
constexpr double kVanishing = 1e-5;

// Standardised data: y and v in units of a power of two, columns of X and Z orthonormal.
class Problem {
 public:
  Problem(const LocationScaleData& data, const LocationScaleSpec& spec)
      : spec_(spec), k_(data.yi.size()), p_(data.X.cols()) {
    if (data.vi.size() != k_ || data.X.rows() != k_ || data.Z.rows() != k_)
      throw InvalidInput("x", "is damaged: its yi, vi, X and Z are of different lengths");
    double size = data.vi.mean();
    if (!(size > 0.0)) size = data.yi.squaredNorm() / static_cast<double>(k_);
    scale_ = std::scalbn(1.0, std::ilogb(std::sqrt(size > 0.0 ? size : 1.0)));
    y_ = data.yi / scale_;
    v_ = data.vi / (scale_ * scale_);
    const ThinQr<double> x = thin_qr<double>(data.X), z = thin_qr<double>(data.Z);
    const double root_k = std::sqrt(static_cast<double>(k_));
    Q_ = x.q * root_k;
    x_root_ = x.r / root_k;
    Z_ = z.q * root_k;
    z_root_ = z.r / root_k;
    log_det_x_ = 2.0 * x.log_det();
    offset_ = spec.link == ScaleLink::Log ? -2.0 * std::log(scale_) : 0.0;
  }

  struct At {
    Vec t, w, r, u;
    Mat B;      // (Q'WQ)^-1
    Vec gamma;  // coefficients of Q
    double ml = -kInf, reml = -kInf, rss = 0.0;
    bool valid = false;
  };

  Vec amounts(const Vec& a) const {
    const Vec eta = Z_ * a;
    return spec_.link == ScaleLink::Log ? Vec((eta.array() + offset_).exp()) : eta;
  }

  At solve(const Vec& t) const {
    At out;
    out.t = t;
    const Vec total = v_ + t;
    if (!(total.minCoeff() > 0.0) || !total.allFinite()) return out;
    out.w = total.cwiseInverse();
    const Mat xwx = cross(Q_, out.w, Q_);
    const Eigen::LLT<Mat> llt(xwx);
    if (llt.info() != Eigen::Success) return out;
    out.B = llt.solve(Mat::Identity(p_, p_));
    out.gamma = out.B * (Q_.transpose() * out.w.cwiseProduct(y_));
    out.r = y_ - Q_ * out.gamma;
    out.u = out.w.cwiseProduct(out.r);
    out.rss = out.u.dot(out.r);
    const double logs = total.array().log().sum(), n = static_cast<double>(k_),
                 p = static_cast<double>(p_);
    const double shift = std::log(scale_);
    out.ml = -0.5 * (n * kLog2Pi + logs + out.rss) - n * shift;
    // Q'WQ = R^-T X'WX R^-1, with log |X'X| = 2 log |R|.
    const double log_xwx = 2.0 * llt.matrixLLT().diagonal().array().log().sum() -
                           p * std::log(static_cast<double>(k_));
    out.reml = -0.5 * ((n - p) * kLog2Pi + logs + out.rss + log_xwx) - (n - p) * shift -
               (spec_.reml_design ? 0.0 : 0.5 * log_det_x_);
    out.valid = true;
    return out;
  }

  double ll(const At& at) const { return spec_.restricted ? at.reml : at.ml; }

  // Score 1/2 (u^2 - diag P) by t; observed information 1/2 P^2 - u P u; chain rule to alpha.
  Expansion expand(const Vec& a) const {
    Expansion out;
    const At s = solve(amounts(a));
    if (!s.valid) return out;
    const Index q = Z_.cols();
    const bool log_link = spec_.link == ScaleLink::Log;
    const Mat D = log_link ? Mat(s.t.asDiagonal() * Z_) : Z_;
    const Mat QB = Q_ * s.B;
    const Vec h = QB.cwiseProduct(Q_).rowwise().sum();
    const Vec w2 = s.w.cwiseAbs2(), u2 = s.u.cwiseAbs2();
    const Vec p_diag = spec_.restricted ? Vec(s.w - w2.cwiseProduct(h)) : s.w;
    const Vec g = 0.5 * (u2 - p_diag);
    out.value = ll(s);
    out.gradient = D.transpose() * g;
    Vec spread = -s.w.cwiseProduct(u2);
    if (spec_.restricted) {
      spread += 0.5 * (w2 - 2.0 * w2.cwiseProduct(s.w).cwiseProduct(h));
    } else {
      spread += 0.5 * w2;
    }
    out.hessian = cross(D, spread, D);
    const Mat G = Q_.transpose() * s.w.cwiseProduct(s.u).asDiagonal() * D;
    out.hessian += G.transpose() * s.B * G;
    if (spec_.restricted) {
      std::vector<Mat> S;
      for (Index a1 = 0; a1 < q; ++a1) S.push_back(s.B * cross(Q_, w2.cwiseProduct(D.col(a1)), Q_));
      for (Index a1 = 0; a1 < q; ++a1) {
        for (Index b1 = 0; b1 < q; ++b1)
          out.hessian(a1, b1) +=
              0.5 * (S[static_cast<std::size_t>(a1)] * S[static_cast<std::size_t>(b1)]).trace();
      }
    }
    if (log_link) out.hessian += cross(Z_, Vec(g.cwiseProduct(s.t)), Z_);
    return out;
  }

  Vec to_alpha(const Vec& a) const {
    const Vec out = solve_upper(z_root_, a);
    return spec_.link == ScaleLink::Log ? out : Vec(out * scale_ * scale_);
  }
  Vec from_alpha(const Vec& alpha) const {
    const Vec out = z_root_ * alpha;
    return spec_.link == ScaleLink::Log ? out : Vec(out / (scale_ * scale_));
  }
  // alpha = L a.
  Mat alpha_map() const {
    const Index q = Z_.cols();
    return solve_upper(z_root_, Mat::Identity(q, q)) *
           (spec_.link == ScaleLink::Log ? 1.0 : scale_ * scale_);
  }
  Vec beta(const At& at) const { return solve_upper(x_root_, at.gamma) * scale_; }
  Mat vb(const At& at) const {
    const Mat L = solve_upper(x_root_, Mat::Identity(p_, p_)) * scale_;
    return L * at.B * L.transpose();
  }
  double unit() const { return scale_ * scale_; }
  const Vec& v() const { return v_; }
  const Vec& y() const { return y_; }
  const Mat& Z() const { return Z_; }
  const Mat& Q() const { return Q_; }
  double offset() const { return offset_; }

 private:
  LocationScaleSpec spec_;
  Index k_, p_;
  double scale_ = 1.0, offset_ = 0.0, log_det_x_ = 0.0;
  Vec y_, v_;
  Mat Q_, x_root_, Z_, z_root_;
};

// a = back alpha.
Mat z_inverse(const Problem& problem) {
  const Index q = problem.Z().cols();
  Mat out(q, q);
  for (Index j = 0; j < q; ++j) out.col(j) = problem.from_alpha(Vec::Unit(q, j));
  return out;
}

bool is_given(const LocationScaleSpec& spec, Index j) {
  return spec.alpha.size() > 0 && !std::isnan(spec.alpha[j]);
}

// Given elements of alpha leave a linear set: a = base + N free.
struct Affine {
  Vec base;
  Mat N;
};

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

Expansion along(const Problem& problem, const Affine& set, const Vec& b) {
  Expansion e = problem.expand(set.base + set.N * b);
  if (!std::isfinite(e.value)) return e;
  e.gradient = (set.N.transpose() * e.gradient).eval();
  e.hessian = (set.N.transpose() * e.hessian * set.N).eval();
  return e;
}

// Residual squares less the sampling variances, in logarithms, regressed on Z; and level surfaces around them.
std::vector<Vec> log_starts(const Problem& problem) {
  const Index q = problem.Z().cols(), k = problem.Z().rows();
  const Vec w = (problem.v().array() + problem.v().mean()).inverse();
  const Vec xwy = problem.Q().transpose() * w.cwiseProduct(problem.y());
  const Vec r =
      problem.y() - problem.Q() * solve_symmetric(cross(problem.Q(), w, problem.Q()), VecRef(xwy));
  const double excess =
      std::max((r.cwiseAbs2() - problem.v()).mean(), 0.1 * problem.v().mean() + 1e-12);
  const Vec squares = (r.cwiseAbs2() - problem.v()).cwiseMax(0.05 * excess);
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

struct Found {
  Vec a;
  double ll = -kInf;
  std::vector<double> maxima;
  int starts = 0, iterations = 0;
  bool any = false;
};

void keep(Found& found, const Vec& a, double ll, int iterations) {
  ++found.starts;
  found.iterations += iterations;
  found.maxima.push_back(ll);
  found.any = true;
  if (!(found.ll >= ll)) {
    found.ll = ll;
    found.a = a;
  }
}

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
  for (const Vec& a : starts) {
    const Vec b = set.N.colPivHouseholderQr().solve(a - set.base);
    const BoxMaximum m =
        maximise_in_box([&](const Vec& x) { return along(problem, set, x); }, b, box);
    if (std::isfinite(m.at.value)) keep(out, set.base + set.N * m.x, m.at.value, m.iterations);
  }
  return out;
}

// ---- identity link: Z alpha >= 0 by a working set of rows whose amount is 0 ----

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
  for (; out.iterations < 300 && std::isfinite(out.at.value); ++out.iterations) {
    const Mat N = null_space(chosen_rows(C, out.working), out.b.size());
    const Index f = N.cols();
    Vec step = Vec::Zero(out.b.size());
    double gain = 0.0;
    if (f > 0) {
      const Vec g = N.transpose() * out.at.gradient;
      const Eigen::SelfAdjointEigenSolver<Mat> eigen(-(N.transpose() * out.at.hessian * N));
      const Vec size = eigen.eigenvalues().cwiseAbs();
      const Vec s = eigen.eigenvectors() *
                    (eigen.eigenvectors().transpose() * g)
                        .cwiseQuotient(size.cwiseMax(1e-10 * size.maxCoeff() + 1e-300));
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
    bool moved = false;
    double length = most;
    for (int half = 0; half < 40 && !moved; ++half, length *= 0.5) {
      const Vec b_new = out.b + length * step;
      Expansion next = along(problem, set, b_new);
      if (!(std::isfinite(next.value) &&
            next.value >= out.at.value + 1e-4 * length * gain * (half < 30 ? 1.0 : 0.0)))
        continue;
      moved = true;
      out.b = b_new;
      out.at = std::move(next);
      if (half == 0 && hit >= 0) out.working.push_back(hit);
    }
    if (!moved) {
      if (release(C, out.at.gradient, out.working)) continue;
      out.converged = gain < 1e-8;
      break;
    }
  }
  return out;
}

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
  if (spec.alpha_start.size() == problem.Z().cols())
    starts.push_back(
        set.N.colPivHouseholderQr().solve(problem.from_alpha(spec.alpha_start) - set.base));
  for (const Vec& b : starts) {
    if (f > 0 && (C * b - floor).minCoeff() < -1e-12 * level) continue;
    Constrained m = climb_inside(problem, set, C, floor, b);
    if (!m.converged) continue;
    if (m.at.value > out.ll || !out.any) working = m.working;
    keep(out, set.base + set.N * m.b, m.at.value, m.iterations);
  }
  return out;
}

// ---- separation: some amounts go to 0 while alpha leaves all bounds ----

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

Mat alpha_covariance(const Problem& problem, const LocationScaleSpec& spec, const Affine& set,
                     const Vec& a, const Mat& within) {
  const Mat H = problem.expand(a).hessian;
  const Mat N = set.N * within;
  if (N.cols() == 0) return Mat();
  const Mat V = information_inverse(N.transpose() * H * N,
                                    std::vector<bool>(static_cast<std::size_t>(N.cols()), true));
  if (V.size() == 0) return Mat();
  const Mat L = problem.alpha_map() * N;
  Mat out = L * V * L.transpose();
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
  const Mat back = z_inverse(problem);
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
  fit.va = alpha_covariance(problem, spec, set, found.a, within);
  fit.singular = fit.va.size() == 0;
  if (fit.singular || fit.bounded) fit.va = Mat::Constant(q, q, kNaN);
  return fit;
}

Expansion location_scale_ll(const LocationScaleData& data, const LocationScaleSpec& spec,
                            const Vec& alpha) {
  const Problem problem(data, spec);
  Expansion out = problem.expand(problem.from_alpha(alpha));
  const Mat back = z_inverse(problem);
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
