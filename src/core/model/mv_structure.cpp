#include "core/model/mv_structure.hpp"

#include <algorithm>
#include <cmath>

#include "core/eigen_solvers.hpp"

namespace metaparity {

namespace {

bool has_range(MvStruct s) {
  return s == MvStruct::SPEXP || s == MvStruct::SPGAU || s == MvStruct::SPLIN ||
         s == MvStruct::SPRAT || s == MvStruct::SPSPH;
}

// Logarithm of how far beyond the ranges to be tried a search may go.
constexpr double kRangeMargin = 11.5;

bool unstructured(MvStruct s) { return s == MvStruct::UN || s == MvStruct::GEN; }

// The place of a pair among those of a lower triangle, column by column.
Index triangle(Index i, Index j, Index q) {
  const Index lo = std::min(i, j), hi = std::max(i, j);
  return lo * q - lo * (lo + 1) / 2 + hi - lo - 1;
}

// f, f' or f'' of rho^d, with 0^0 = 1.
double power(double rho, double d, int order) {
  if (order == 0) return d == 0.0 ? 1.0 : std::pow(rho, d);
  // At 0 the derivatives of times less than 1 or 2 apart are infinite; their signs tell enough.
  if (d != 1.0 && d != 2.0 && rho >= 0.0) rho = std::max(rho, 1e-100);
  if (order == 1) return d == 0.0 ? 0.0 : d * (d == 1.0 ? 1.0 : std::pow(rho, d - 1.0));
  if (d == 0.0 || d == 1.0) return 0.0;
  return d * (d - 1.0) * (d == 2.0 ? 1.0 : std::pow(rho, d - 2.0));
}

// The spatial correlations at distance d and range r, and their derivatives in r.
double spatial_correlation(MvStruct s, double d, double r, int order) {
  const double x = d / r, x2 = x * x;
  switch (s) {
    case MvStruct::SPEXP: {
      const double f = std::exp(-x);
      return order == 0 ? f : (order == 1 ? f * x / r : f * (x2 - 2.0 * x) / (r * r));
    }
    case MvStruct::SPGAU: {
      const double f = std::exp(-x2);
      return order == 0
                 ? f
                 : (order == 1 ? f * 2.0 * x2 / r : f * (4.0 * x2 * x2 - 6.0 * x2) / (r * r));
    }
    case MvStruct::SPLIN:
      if (x >= 1.0) return 0.0;
      return order == 0 ? 1.0 - x : (order == 1 ? x / r : -2.0 * x / (r * r));
    case MvStruct::SPRAT: {
      const double u = 1.0 + x2;
      return order == 0 ? 1.0 / u
                        : (order == 1 ? 2.0 * x2 / (r * u * u)
                                      : 2.0 * x2 * (x2 - 3.0) / (r * r * u * u * u));
    }
    case MvStruct::SPSPH:
      if (x >= 1.0) return 0.0;
      return order == 0
                 ? 1.0 - 1.5 * x + 0.5 * x * x2
                 : (order == 1 ? 1.5 * (x - x * x2) / r : (6.0 * x * x2 - 3.0 * x) / (r * r));
    case MvStruct::CS:
    case MvStruct::HCS:
    case MvStruct::UN:
    case MvStruct::ID:
    case MvStruct::DIAG:
    case MvStruct::AR:
    case MvStruct::HAR:
    case MvStruct::CAR:
    case MvStruct::GEN:
    case MvStruct::GDIAG:
    case MvStruct::Known:
      break;
  }
  return kNaN;
}

}  // namespace

IndexVec MvShape::varying(const MvTerm& term) {
  IndexVec out;
  for (Index j = 0; j < term.levels; ++j)
    if (!(term.tau2[j] == 0.0)) out.push_back(j);
  return out;
}

Index MvShape::full_rank(const MvTerm& term) {
  if (!unstructured(term.structure)) return 0;
  const IndexVec use = varying(term);
  if (use.size() < 2) return 0;
  for (std::size_t a = 0; a < use.size(); ++a) {
    if (!std::isnan(term.tau2[use[a]])) return 0;
    for (std::size_t b = a + 1; b < use.size(); ++b)
      if (!std::isnan(term.rho[triangle(use[b], use[a], term.levels)])) return 0;
  }
  return static_cast<Index>(use.size());
}

MvShape::MvShape(const MvTerm& term, Index rank)
    : term_(&term),
      q_(term.levels),
      rank_(rank),
      tau2_(mv_tau2_count(term.structure, term.levels)),
      rho_(mv_rho_count(term.structure, term.levels)) {
  if (rank > 0) {
    form_ = Form::Factor;
    use_ = varying(term);
    for (Index j = 0; j < rank; ++j) {
      for (std::size_t i = static_cast<std::size_t>(j); i < use_.size(); ++i)
        entries_.emplace_back(use_[i], j);
    }
    size_ = static_cast<Index>(entries_.size());
    return;
  }
  const MvStruct s = term.structure;
  form_ = Form::Scalar;
  if (s == MvStruct::DIAG || s == MvStruct::GDIAG) form_ = Form::Diagonal;
  if (s == MvStruct::HCS || s == MvStruct::HAR || unstructured(s)) form_ = Form::Scaled;
  size_ = tau2_ + rho_;
}

bool MvShape::spatial() const { return has_range(term_->structure); }

Index MvShape::pair(Index i, Index j) const { return rho_ == 1 ? 0 : triangle(i, j, q_); }

double MvShape::rho_of(const Vec& psi, Index i, Index j) const { return psi[tau2_ + pair(i, j)]; }

double MvShape::correlation(double d, double r, int order) const {
  switch (term_->structure) {
    case MvStruct::AR:
    case MvStruct::HAR:
    case MvStruct::CAR:
      return power(r, d, order);
    case MvStruct::CS:
    case MvStruct::HCS:
    case MvStruct::UN:
    case MvStruct::GEN:
      return order == 0 ? r : (order == 1 ? 1.0 : 0.0);
    case MvStruct::ID:
    case MvStruct::DIAG:
    case MvStruct::GDIAG:
    case MvStruct::Known:
      return 0.0;
    case MvStruct::SPEXP:
    case MvStruct::SPGAU:
    case MvStruct::SPLIN:
    case MvStruct::SPRAT:
    case MvStruct::SPSPH:
      break;
  }
  const double range = std::exp(r), f = spatial_correlation(term_->structure, d, range, order);
  if (order == 0) return f;
  if (order == 1) return range * f;
  return range * range * f + range * spatial_correlation(term_->structure, d, range, 1);
}

// C(rho) or its derivatives in the rho of this pair.
double MvShape::c(const Vec& psi, Index i, Index j, int order) const {
  if (term_->structure == MvStruct::Known && term_->known.size() > 0)
    return order == 0 ? term_->known(i, j) : 0.0;
  if (i == j) return order == 0 ? 1.0 : 0.0;
  if (rho_ == 0) return 0.0;
  const double d = term_->distance.size() > 0 ? term_->distance(i, j) : 1.0;
  return correlation(d, rho_of(psi, i, j), order);
}

Mat MvShape::value(const Vec& psi) const {
  Mat G = Mat::Zero(q_, q_);
  switch (form_) {
    case Form::Factor: {
      Mat L = Mat::Zero(q_, rank_);
      for (Index e = 0; e < size_; ++e)
        L(entries_[static_cast<std::size_t>(e)].first,
          entries_[static_cast<std::size_t>(e)].second) = psi[e];
      G.noalias() = L * L.transpose();
      return G;
    }
    case Form::Diagonal:
      G.diagonal() = psi.head(q_);
      return G;
    case Form::Scalar:
      for (Index j = 0; j < q_; ++j) {
        for (Index i = j; i < q_; ++i) G(i, j) = G(j, i) = psi[0] * c(psi, i, j, 0);
      }
      return G;
    case Form::Scaled:
      for (Index j = 0; j < q_; ++j) {
        for (Index i = j; i < q_; ++i) G(i, j) = G(j, i) = psi[i] * psi[j] * c(psi, i, j, 0);
      }
      return G;
  }
  return G;
}

Mat MvShape::derivative(const Vec& psi, Index k) const {
  Mat D = Mat::Zero(q_, q_);
  if (form_ == Form::Factor) {
    const auto [a, r] = entries_[static_cast<std::size_t>(k)];
    for (Index e = 0; e < size_; ++e) {
      const auto [b, column] = entries_[static_cast<std::size_t>(e)];
      if (column != r) continue;
      D(a, b) += psi[e];
      D(b, a) += psi[e];
    }
    return D;
  }
  if (form_ == Form::Diagonal) {
    D(k, k) = 1.0;
    return D;
  }
  const bool scaled = form_ == Form::Scaled;
  for (Index j = 0; j < q_; ++j) {
    for (Index i = 0; i < q_; ++i) {
      const double size = scaled ? psi[i] * psi[j] : psi[0];
      if (k >= tau2_) {
        if (i != j && pair(i, j) == k - tau2_) D(i, j) = size * c(psi, i, j, 1);
      } else if (!scaled) {
        D(i, j) = c(psi, i, j, 0);
      } else if (i == k || j == k) {
        D(i, j) = ((i == k ? psi[j] : 0.0) + (j == k ? psi[i] : 0.0)) * c(psi, i, j, 0);
      }
    }
  }
  return D;
}

double MvShape::curvature(const Vec& psi, const Mat& S, Index k, Index l) const {
  if (form_ == Form::Diagonal) return 0.0;
  if (form_ == Form::Factor) {
    const auto [a, r] = entries_[static_cast<std::size_t>(k)];
    const auto [b, s] = entries_[static_cast<std::size_t>(l)];
    return r == s ? 2.0 * S(a, b) : 0.0;
  }
  if (k > l) std::swap(k, l);
  const bool scaled = form_ == Form::Scaled;
  if (l < tau2_) return scaled ? 2.0 * S(k, l) * c(psi, k, l, 0) : 0.0;
  double out = 0.0;
  for (Index j = 0; j < q_; ++j) {
    for (Index i = 0; i < q_; ++i) {
      if (i == j || pair(i, j) != l - tau2_) continue;
      if (k >= tau2_) {
        if (k == l) out += S(i, j) * (scaled ? psi[i] * psi[j] : psi[0]) * c(psi, i, j, 2);
      } else {
        const double size = scaled ? (i == k ? psi[j] : 0.0) + (j == k ? psi[i] : 0.0) : 1.0;
        out += S(i, j) * size * c(psi, i, j, 1);
      }
    }
  }
  return out;
}

Vec MvShape::lower() const {
  Vec out = Vec::Constant(size_, -kInf);
  if (form_ == Form::Factor) return out;
  out.head(tau2_).setZero();
  if (spatial()) {
    // Shorter ranges leave no correlation, longer ones of upper() nothing but.
    if (range() >= 0) out[tau2_] = range_grid(2)[0] - kRangeMargin;
    return out;
  }
  out.tail(rho_).setConstant(term_->structure == MvStruct::CAR ? 0.0 : term_->least_rho);
  return out;
}

Vec MvShape::upper() const {
  Vec out = Vec::Constant(size_, kInf);
  if (form_ != Form::Factor && !spatial()) out.tail(rho_).setOnes();
  if (spatial() && range() >= 0) out[tau2_] = range_grid(2).maxCoeff() + kRangeMargin;
  return out;
}

Vec MvShape::given() const {
  if (form_ == Form::Factor) return Vec::Constant(size_, kNaN);
  return inner(term_->tau2, term_->rho);
}

Vec MvShape::inner(const Vec& tau2, const Vec& rho) const {
  Vec out(size_);
  if (form_ == Form::Factor) {
    const Index m = static_cast<Index>(use_.size());
    Mat G(m, m);
    for (Index b = 0; b < m; ++b) {
      for (Index a = 0; a < m; ++a) {
        const Index i = use_[at(a)], j = use_[at(b)];
        G(a, b) = std::sqrt(tau2[i] * tau2[j]) * (a == b ? 1.0 : rho[pair(i, j)]);
      }
    }
    const Eigen::SelfAdjointEigenSolver<Mat> e(G);
    Mat root(m, rank_);
    for (Index r = 0; r < rank_; ++r)
      root.col(r) =
          e.eigenvectors().col(m - 1 - r) * std::sqrt(std::max(e.eigenvalues()[m - 1 - r], 0.0));
    // The rotation that makes the root lower trapezoidal leaves G as it is.
    const Eigen::HouseholderQR<Mat> qr(root.transpose());
    const Mat L = Mat(qr.matrixQR().triangularView<Eigen::Upper>()).transpose();
    Index k = 0;
    for (Index r = 0; r < rank_; ++r) {
      for (Index a = r; a < m; ++a) out[k++] = L(a, r) * (L(r, r) < 0.0 ? -1.0 : 1.0);
    }
    return out;
  }
  out.head(tau2_) = form_ == Form::Scaled ? Vec(tau2.array().sqrt()) : tau2;
  if (rho_ > 0) out.tail(rho_) = spatial() ? Vec(rho.array().log()) : rho;
  return out;
}

Vec MvShape::tau2(const Vec& psi) const {
  if (form_ == Form::Factor) return value(psi).diagonal();
  return form_ == Form::Scaled ? Vec(psi.head(tau2_).array().square()) : Vec(psi.head(tau2_));
}

Vec MvShape::rho(const Vec& psi) const {
  if (form_ != Form::Factor)
    return spatial() ? Vec(psi.tail(rho_).array().exp()) : Vec(psi.tail(rho_));
  const Mat G = value(psi);
  // Of an effect that is held at 0 the correlations are what was given.
  Vec out = term_->rho.array().isNaN().select(Vec::Zero(rho_), term_->rho);
  for (std::size_t b = 0; b < use_.size(); ++b) {
    for (std::size_t a = b + 1; a < use_.size(); ++a) {
      const Index i = use_[a], j = use_[b];
      // Of rank 1 the correlations are exactly -1 and 1.
      double r = rank_ == 1 ? std::copysign(1.0, G(i, j)) : G(i, j) / std::sqrt(G(i, i) * G(j, j));
      if (G(i, i) == 0.0 || G(j, j) == 0.0) r = 0.0;
      out[pair(i, j)] = std::min(std::max(r, -1.0), 1.0);
    }
  }
  return out;
}

Vec MvShape::slope(const Vec& psi) const {
  Vec out = Vec::Ones(size_);
  if (form_ == Form::Scaled) out.head(tau2_) = 2.0 * psi.head(tau2_);
  if (spatial()) out.tail(rho_) = psi.tail(rho_).array().exp();
  return out;
}

Index MvShape::range() const {
  const bool has = spatial() || term_->structure == MvStruct::CAR;
  return has && std::isnan(term_->rho[0]) && q_ > 1 ? tau2_ : -1;
}

double MvShape::range_value(double x) const { return spatial() ? x : std::exp(-std::exp(-x)); }

Vec MvShape::range_grid(Index most) const {
  double least = kInf, largest = 0.0;
  for (Index j = 0; j < q_; ++j) {
    for (Index i = j + 1; i < q_; ++i) {
      const double d = term_->distance(i, j);
      if (d > 0.0) least = std::min(least, d);
      largest = std::max(largest, d);
    }
  }
  if (!(largest > 0.0)) return Vec::Zero(1);
  Vec out(most);
  const double from = std::log(0.1 * least), to = std::log(10.0 * largest);
  for (Index i = 0; i < most; ++i) {
    const double x = from + (to - from) * static_cast<double>(i) / static_cast<double>(most - 1);
    out[i] = x;
  }
  return out;
}

}  // namespace metaparity
