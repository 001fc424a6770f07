#include "core/model/location_scale_problem.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"

namespace metaparity::location_scale {

Problem::Problem(const LocationScaleData& data, const LocationScaleSpec& spec)
    : spec_(spec), k_(data.yi.size()), p_(data.X.cols()) {
  if (data.vi.size() != k_ || data.X.rows() != k_ || data.Z.rows() != k_)
    throw InvalidInput("x", "is damaged: its yi, vi, X and Z are of different lengths");
  double size = data.vi.mean();
  if (!(size > 0.0)) size = data.yi.squaredNorm() / static_cast<double>(k_);
  scale_ = std::scalbn(1.0, std::ilogb(std::sqrt(size > 0.0 ? size : 1.0)));
  Vec known = Vec::Zero(p_);
  for (Index j = 0; j < p_; ++j) {
    if (spec.beta.size() == 0 || std::isnan(spec.beta[j])) {
      free_.push_back(j);
    } else {
      known[j] = spec.beta[j];
    }
  }
  y_ = (data.yi - data.X * known) / scale_;
  v_ = data.vi / (scale_ * scale_);
  const ThinQr<double> x = thin_qr<double>(data.X), z = thin_qr<double>(data.Z);
  const double root_k = std::sqrt(static_cast<double>(k_));
  Q_ = x.q * root_k;
  if (free_.size() == static_cast<std::size_t>(p_)) {
    F_ = Q_;
    f_root_ = x.r / root_k;
  } else if (!free_.empty()) {
    Mat columns(k_, static_cast<Index>(free_.size()));
    for (std::size_t j = 0; j < free_.size(); ++j)
      columns.col(static_cast<Index>(j)) = data.X.col(free_[j]);
    const ThinQr<double> f = thin_qr<double>(columns);
    F_ = f.q * root_k;
    f_root_ = f.r / root_k;
  } else {
    F_ = Mat(k_, 0);
    f_root_ = Mat(0, 0);
  }
  Z_ = z.q * root_k;
  z_root_ = z.r / root_k;
  log_det_x_ = 2.0 * x.log_det();
  offset_ = spec.link == ScaleLink::Log ? -2.0 * std::log(scale_) : 0.0;
}

Vec Problem::amounts(const Vec& a) const {
  const Vec eta = Z_ * a;
  return spec_.link == ScaleLink::Log ? Vec((eta.array() + offset_).exp()) : eta;
}

Problem::At Problem::solve(const Vec& t) const {
  At out;
  out.t = t;
  const Vec total = v_ + t;
  if (!(total.minCoeff() > 0.0) || !total.allFinite()) return out;
  out.w = total.cwiseInverse();
  const Eigen::LLT<Mat> llt(cross(Q_, out.w, Q_));
  if (llt.info() != Eigen::Success) return out;
  out.design = llt.solve(Mat::Identity(p_, p_));
  const Index f = F_.cols();
  if (f == p_) {
    out.B = out.design;
  } else if (f > 0) {
    out.B = cross(F_, out.w, F_).llt().solve(Mat::Identity(f, f));
  } else {
    out.B = Mat(0, 0);
  }
  out.gamma = out.B * (F_.transpose() * out.w.cwiseProduct(y_));
  out.r = y_ - F_ * out.gamma;
  out.u = out.w.cwiseProduct(out.r);
  out.rss = out.u.dot(out.r);
  const double logs = total.array().log().sum(), n = static_cast<double>(k_),
               p = static_cast<double>(p_);
  const double shift = std::log(scale_);
  out.ml = -0.5 * (n * kLog2Pi + logs + out.rss) - n * shift;
  // Q'WQ = R^-T X'WX R^-1, with log |X'X| = 2 log |R|.
  const double log_xwx =
      2.0 * llt.matrixLLT().diagonal().array().log().sum() - p * std::log(static_cast<double>(k_));
  out.reml = -0.5 * ((n - p) * kLog2Pi + logs + out.rss + log_xwx) - (n - p) * shift -
             (spec_.reml_design ? 0.0 : 0.5 * log_det_x_);
  out.valid = true;
  return out;
}

// Score 1/2 (u^2 - diag P) by t; observed information 1/2 P^2 - u P u; chain rule to alpha.
Expansion Problem::expand(const Vec& a) const {
  Expansion out;
  const At s = solve(amounts(a));
  if (!s.valid) return out;
  const Index q = Z_.cols();
  const Mat D = by_amounts(s.t);
  const Mat QB = Q_ * s.design;
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
  const Mat G = F_.transpose() * s.w.cwiseProduct(s.u).asDiagonal() * D;
  out.hessian += G.transpose() * s.B * G;
  if (spec_.restricted) {
    std::vector<Mat> S;
    for (Index a1 = 0; a1 < q; ++a1)
      S.push_back(s.design * cross(Q_, w2.cwiseProduct(D.col(a1)), Q_));
    for (Index a1 = 0; a1 < q; ++a1) {
      for (Index b1 = 0; b1 < q; ++b1)
        out.hessian(a1, b1) +=
            0.5 * (S[static_cast<std::size_t>(a1)] * S[static_cast<std::size_t>(b1)]).trace();
    }
  }
  if (spec_.link == ScaleLink::Log) out.hessian += cross(Z_, Vec(g.cwiseProduct(s.t)), Z_);
  return out;
}

Vec Problem::to_alpha(const Vec& a) const {
  const Vec out = solve_upper(z_root_, a);
  return spec_.link == ScaleLink::Log ? out : Vec(out * scale_ * scale_);
}

Vec Problem::from_alpha(const Vec& alpha) const {
  const Vec out = z_root_ * alpha;
  return spec_.link == ScaleLink::Log ? out : Vec(out / (scale_ * scale_));
}

Mat Problem::alpha_map() const {
  const Index q = Z_.cols();
  return solve_upper(z_root_, Mat::Identity(q, q)) *
         (spec_.link == ScaleLink::Log ? 1.0 : scale_ * scale_);
}

Mat Problem::back_map() const {
  const Index q = Z_.cols();
  Mat out(q, q);
  for (Index j = 0; j < q; ++j) out.col(j) = from_alpha(Vec::Unit(q, j));
  return out;
}

Mat Problem::by_amounts(const Vec& t) const {
  return spec_.link == ScaleLink::Log ? Mat(t.asDiagonal() * Z_) : Z_;
}

Vec Problem::beta(const At& at) const {
  if (free_.size() == static_cast<std::size_t>(p_)) return solve_upper(f_root_, at.gamma) * scale_;
  Vec out = spec_.beta;
  if (free_.empty()) return out;
  const Vec b = solve_upper(f_root_, at.gamma) * scale_;
  for (std::size_t j = 0; j < free_.size(); ++j) out[free_[j]] = b[static_cast<Index>(j)];
  return out;
}

// The block of the inverse of the joint information, which has F'WUD beside the blocks of its parts.
Mat Problem::vb(const At& at, const Mat& spread) const {
  const Index f = F_.cols();
  Mat out = Mat::Constant(p_, p_, kNaN);
  if (f == 0) return out;
  Mat B = at.B;
  if (spread.size() > 0) {
    const Mat G = at.B * (F_.transpose() * at.w.cwiseProduct(at.u).asDiagonal() * by_amounts(at.t));
    B += G * spread * G.transpose();
  }
  const Mat L = solve_upper(f_root_, Mat::Identity(f, f)) * scale_;
  const Mat V = L * B * L.transpose();
  for (Index i = 0; i < f; ++i)
    for (Index j = 0; j < f; ++j)
      out(free_[static_cast<std::size_t>(i)], free_[static_cast<std::size_t>(j)]) = V(i, j);
  return out;
}

}  // namespace metaparity::location_scale
