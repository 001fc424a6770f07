// The covariance matrix G of a random term as a function of inner parameters, with first derivatives and the contraction of
// second ones. Forms: tau2 C(rho); s s' o C(rho) of standard deviations s; a diagonal; L L' of lower-trapezoidal L.
// Source: Pinheiro & Bates (2000), ch. 5. Oracle: numerical derivatives.
#pragma once

#include "core/model/mv_model.hpp"

namespace metaparity {

class MvShape {
 public:
  // rank > 0: G = L L' with that many columns of L; 0: standard deviations and correlations.
  MvShape(const MvTerm& term, Index rank);

  Index size() const { return size_; }
  Index rank() const { return rank_; }
  Mat value(const Vec& psi) const;
  Mat derivative(const Vec& psi, Index j) const;
  // <S, d2G / dpsi_j dpsi_k> of a symmetric S.
  double curvature(const Vec& psi, const Mat& S, Index j, Index k) const;

  Vec lower() const;
  Vec upper() const;
  // NaN where a parameter is free.
  Vec given() const;
  // Inner parameters of natural ones, and back: tau2 first, then rho.
  Vec inner(const Vec& tau2, const Vec& rho) const;
  Vec tau2(const Vec& psi) const;
  Vec rho(const Vec& psi) const;
  // d natural / d psi, of forms whose parameters correspond one by one.
  Vec slope(const Vec& psi) const;
  // The parameter that is a range or a decay with several maxima; -1 if there is none.
  Index range() const;
  // Is that parameter the logarithm of a range?
  bool spatial() const;
  // Logarithms of ranges to be tried, from short to long ones; the parameter at one.
  Vec range_grid(Index most) const;
  double range_value(double x) const;

  // Levels whose variance is not held at 0.
  static IndexVec varying(const MvTerm& term);
  // The columns of L of a term without restrictions but these; 0 for other terms.
  static Index full_rank(const MvTerm& term);

 private:
  enum class Form { Scalar, Scaled, Diagonal, Factor };
  double correlation(double d, double r, int order) const;
  double rho_of(const Vec& psi, Index i, Index j) const;
  double c(const Vec& psi, Index i, Index j, int order) const;
  Index pair(Index i, Index j) const;

  const MvTerm* term_;
  Form form_;
  Index q_, rank_, tau2_, rho_, size_;
  std::vector<std::pair<Index, Index>> entries_;  // of L
  IndexVec use_;                                  // levels that L has rows of
};

}  // namespace metaparity
