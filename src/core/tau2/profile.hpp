// Weighted least squares as a function of tau2: residual sums, trace of P and log-likelihood at
// one tau2, in double or long double. Sources: Harville (1977, JASA 72, 320); Raudenbush (2009).
// Invariants: y is centred at the most precise study, whose residual and 1 - leverage are then
// sums over the others: no cancellation however unequal the variances.
#pragma once

#include "core/types.hpp"

namespace metaparity {

template <class Real>
struct ProfileTerms {
  Real rss = 0;   // y'Py = sum w e^2
  Real w2e2 = 0;  // y'PPy = sum w^2 e^2
  Real tr_p = 0;  // trace of P
  Real sum_w = 0;
};

// The model with an intercept alone.
template <class Real>
class InterceptProfile {
 public:
  InterceptProfile(const VecRef& yi, const VecRef& vi);

  Index size() const { return k_; }
  int columns() const { return 1; }
  Real ols_rss() const;  // sum of squares about the unweighted mean
  ProfileTerms<Real> terms(Real tau2) const;
  Real deviance(Real tau2, bool restricted) const;  // -2 log L without constants

 private:
  using Array = Eigen::Array<Real, Eigen::Dynamic, 1>;

  Index k_;
  Real v_top_;       // of the most precise study
  Array v_, d_;      // of the others; filled up to whole lanes by studies of no weight
  mutable Array w_;  // workspace: terms() runs dozens of times on the same size
};

// Any design matrix. Rows are taken in the order of their precision, columns scaled to unit
// length: Householder QR is then stable row by row (Higham 2002, section 19.4).
template <class Real>
class DesignProfile {
 public:
  DesignProfile(const VecRef& yi, const VecRef& vi, const MatRef& X, bool centre);

  Index size() const { return v_.size(); }
  int columns() const { return static_cast<int>(X_.cols()); }
  Real ols_rss() const { return y_.squaredNorm(); }
  ProfileTerms<Real> terms(Real tau2) const;
  Real deviance(Real tau2, bool restricted) const;

 private:
  using Array = Eigen::Array<Real, Eigen::Dynamic, 1>;

  ProfileTerms<Real> terms(Real tau2, Real& log_det) const;

  Array v_;
  Eigen::Matrix<Real, Eigen::Dynamic, 1> y_;
  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> X_;
  Eigen::Matrix<Real, 1, Eigen::Dynamic> scale_;
};

extern template class InterceptProfile<double>;
extern template class InterceptProfile<long double>;
extern template class DesignProfile<double>;
extern template class DesignProfile<long double>;

}  // namespace metaparity
