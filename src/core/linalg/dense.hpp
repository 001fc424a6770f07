// Products and factorisations of small dense matrices, compiled once for all who need them.
// Source: Golub & Van Loan (2013), chapters 3 and 4.
#pragma once

#include "core/types.hpp"

namespace metaparity {

Mat product(const MatRef& a, const MatRef& b);
// A B C.
Mat product(const MatRef& a, const MatRef& b, const MatRef& c);
// X' diag(w) Y.
Mat cross(const MatRef& x, const VecRef& w, const MatRef& y);
// B X' diag(spread) X B.
Mat sandwich(const MatRef& bread, const MatRef& x, const VecRef& spread);

// Of a symmetric matrix.
Vec solve_symmetric(const MatRef& a, const VecRef& b);
Mat solve_symmetric(const MatRef& a, const Mat& b);
Mat inverse_symmetric(const MatRef& a);
// With the logarithm of its determinant; not positive where an eigenvalue is not.
struct SymmetricInverse {
  Mat inverse;
  double log_det = kNaN;
  bool positive = false;
};
SymmetricInverse invert_symmetric(const MatRef& a);
// b' A^-1 b.
double inverse_form(const MatRef& a, const VecRef& b);
// A power of the Moore-Penrose inverse of a symmetric matrix without negative eigenvalues.
Mat inverse_power(const Mat& a, double power);
// How many eigenvalues are negative (Sylvester's law of inertia).
Index negative_eigenvalues(const MatRef& a);

// X = QR with orthonormal columns of Q, by Householder reflections; of doubles and long doubles.
template <class Real>
struct ThinQr {
  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> q, r;

  auto diagonal() const { return r.diagonal().array().abs(); }
  Real log_det() const { return diagonal().log().sum(); }  // log |det R|
};
template <class Real>
ThinQr<Real> thin_qr(const Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>& x);
// R^-1 B for upper triangular R.
Mat solve_upper(const Mat& r, const Mat& b);

// Of a square matrix; 1 of an empty one.
double determinant(const MatRef& a);

}  // namespace metaparity
