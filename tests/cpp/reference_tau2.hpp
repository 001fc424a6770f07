// tau2 in long double, independent of the core: roots of the score on a dense log grid for ML and REML,
// bisection of Q(tau2) = k - p for EB and PM (Viechtbauer 2005, eq. 8-13; Paule & Mandel 1982).
#pragma once

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/types.hpp"

namespace stress {

using Real = long double;
using Reals = std::vector<Real>;
using RealVec = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
using RealMat = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

enum class Criterion { ML, REML, Q };

class Reference {
 public:
  virtual ~Reference() = default;

  // Derivative of the log-likelihood times 2, or Q - (k - p): falls through 0 at a maximum.
  // `size` is the sum of what is added and subtracted.
  struct Score {
    Real value, size;
  };
  virtual Score score(Criterion criterion, Real t) const = 0;
  // -2 log-likelihood without constants.
  virtual Real deviance(Criterion criterion, Real t) const = 0;

  // Every tau2 >= 0 that may be the maximum: 0 if the criterion falls there, and each root from above.
  Reals candidates(Criterion criterion) const {
    Reals found;
    Real left = 0;
    bool rising = score(criterion, 0).value > 0;
    if (!rising) found.push_back(0);
    if (criterion == Criterion::Q && !rising) return found;
    const Real step = std::exp(std::log(10.0L) / 40);
    for (Real t = lowest_; left <= highest_; t *= step) {
      const bool now = score(criterion, t).value > 0;
      if (rising && !now) found.push_back(bisect(criterion, left, t));
      rising = now;
      left = t;
    }
    return found;
  }

  Real best(Criterion criterion) const {
    const Reals all = candidates(criterion);
    if (criterion == Criterion::Q) return all.front();
    return *std::min_element(all.begin(), all.end(), [&](Real a, Real b) {
      return deviance(criterion, a) < deviance(criterion, b);
    });
  }

  // Relative change of the root for a relative change of the score's terms.
  Real condition(Criterion criterion, Real root) const {
    const Real h = root * 1e-5L;
    const Real slope =
        (score(criterion, root + h).value - score(criterion, root - h).value) / (2 * h);
    return score(criterion, root).size / std::fabs(slope * root);
  }

 protected:
  Real lowest_ = 0, highest_ = 0;  // where the grid begins and ends

 private:
  Real bisect(Criterion criterion, Real lo, Real hi) const {
    for (int i = 0; i < 200; ++i) {
      const Real mid = lo + (hi - lo) / 2;
      if (mid <= lo || mid >= hi) break;
      (score(criterion, mid).value > 0 ? lo : hi) = mid;
    }
    return lo + (hi - lo) / 2;
  }
};

// Without moderators. Effects are centred at the most precise study, and what is left for it is taken
// from the others, so that no sum cancels.
class PooledReference : public Reference {
 public:
  PooledReference(const metaparity::Vec& y, const metaparity::Vec& v) : d_(y.size()), v_(y.size()) {
    Eigen::Index at = 0;
    v.minCoeff(&at);
    best_ = static_cast<std::size_t>(at);
    for (std::size_t i = 0; i < d_.size(); ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      d_[i] = Real(y[row]) - Real(y[at]);
      v_[i] = Real(v[row]);
    }
    const auto [lo, hi] = std::minmax_element(d_.begin(), d_.end());
    lowest_ = v_[best_] * 1e-20L;
    highest_ = 16 * (*hi - *lo) * (*hi - *lo);
  }

  Score score(Criterion criterion, Real t) const override {
    const Point at = point(t);
    Real squares = 0, trace = 0;
    for (std::size_t i = 0; i < d_.size(); ++i) {
      const Real w = at.w[i], r = d_[i] - at.mu;
      if (criterion == Criterion::Q) {
        squares += w * r * r;
      } else {
        squares += w * w * r * r;
        const Real others = i == best_ ? at.others : at.sum - w;
        trace += criterion == Criterion::ML ? w : w * others / at.sum;
      }
    }
    if (criterion == Criterion::Q) trace = static_cast<Real>(d_.size() - 1);
    return {squares - trace, squares + trace};
  }

  Real deviance(Criterion criterion, Real t) const override {
    const Point at = point(t);
    Real sum = criterion == Criterion::REML ? std::log(at.sum) : 0;
    for (std::size_t i = 0; i < d_.size(); ++i) {
      const Real r = d_[i] - at.mu;
      sum += std::log(v_[i] + t) + at.w[i] * r * r;
    }
    return sum;
  }

  // The pooled effect relative to the most precise study, its standard error, and that study.
  Real mean(Real t) const { return point(t).mu; }
  Real standard_error(Real t) const { return 1 / std::sqrt(point(t).sum); }
  Eigen::Index centre() const { return static_cast<Eigen::Index>(best_); }

 private:
  struct Point {
    Reals w;
    Real sum, others, mu;
  };
  Point point(Real t) const {
    Point p{Reals(d_.size()), 0, 0, 0};
    for (std::size_t i = 0; i < d_.size(); ++i) {
      p.w[i] = 1 / (v_[i] + t);
      if (i == best_) continue;
      p.others += p.w[i];
      p.mu += p.w[i] * d_[i];
    }
    p.sum = p.others + p.w[best_];
    p.mu /= p.sum;
    return p;
  }

  Reals d_, v_;
  std::size_t best_ = 0;
};

// With moderators, for moderate ratios of variances: rows in order of precision, and the residual space
// from the full orthogonal factor, so that 1 - leverage is a sum of squares.
class RegressionReference : public Reference {
 public:
  RegressionReference(const metaparity::Vec& y, const metaparity::Vec& v, const metaparity::Mat& X)
      : y_(y.size()), v_(y.size()), X_(X.rows(), X.cols()) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(y.size()));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Eigen::Index>(i);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return v[a] < v[b]; });
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      y_[row] = Real(y[order[i]]) - Real(y[order[0]]);
      v_[row] = Real(v[order[i]]);
      X_.row(row) = X.row(order[i]).cast<Real>();
    }
    const Real range = y_.maxCoeff() - y_.minCoeff();
    lowest_ = v_[0] * 1e-16L;
    highest_ = 1e6L * range * range;
  }

  Score score(Criterion criterion, Real t) const override {
    const Point at = point(t);
    Real squares = at.z.squaredNorm();
    Real trace = static_cast<Real>(y_.size() - X_.cols());
    if (criterion != Criterion::Q) {
      squares = (at.w.array() * at.z.array().square()).sum();
      trace = criterion == Criterion::ML ? at.w.sum() : (at.w.array() * at.room.array()).sum();
    }
    return {squares - trace, squares + trace};
  }

  Real deviance(Criterion criterion, Real t) const override {
    const Point at = point(t);
    return (v_.array() + t).log().sum() + at.z.squaredNorm() +
           (criterion == Criterion::REML ? at.log_det : 0);
  }

 private:
  struct Point {
    RealVec w, z, room;  // weights, whitened residuals, 1 - leverages
    Real log_det;        // of X'WX
  };
  Point point(Real t) const {
    const Eigen::Index k = y_.size(), p = X_.cols();
    Point at;
    at.w = (v_.array() + t).inverse().matrix();
    const RealVec root = at.w.cwiseSqrt();
    const Eigen::HouseholderQR<RealMat> qr(RealMat(root.asDiagonal() * X_));
    const RealMat full = qr.householderQ() * RealMat::Identity(k, k);
    const RealMat rest = full.rightCols(k - p);
    at.z = rest * (rest.transpose() * root.cwiseProduct(y_));
    at.room = rest.rowwise().squaredNorm();
    at.log_det = 2 * qr.matrixQR().diagonal().head(p).array().abs().log().sum();
    return at;
  }

  RealVec y_, v_;
  RealMat X_;
};

}  // namespace stress
