#include "core/linalg/dense.hpp"

#include <cmath>

#include "core/eigen_solvers.hpp"

namespace metaparity {

Mat product(const MatRef& a, const MatRef& b) { return a * b; }

Mat product(const MatRef& a, const MatRef& b, const MatRef& c) { return product(product(a, b), c); }

Mat cross(const MatRef& x, const VecRef& w, const MatRef& y) {
  return product(x.transpose(), w.asDiagonal() * y);
}

Mat sandwich(const MatRef& bread, const MatRef& x, const VecRef& spread) {
  return product(bread, cross(x, spread, x), bread);
}

Vec solve_symmetric(const MatRef& a, const VecRef& b) { return a.ldlt().solve(b); }

Mat solve_symmetric(const MatRef& a, const Mat& b) { return a.ldlt().solve(b); }

Mat inverse_symmetric(const MatRef& a) {
  return solve_symmetric(a, Mat(Mat::Identity(a.rows(), a.cols())));
}

SymmetricInverse invert_symmetric(const MatRef& a) {
  const auto factors = a.ldlt();
  const Vec d = factors.vectorD();
  if (!(d.minCoeff() > 0.0)) return {};
  const Mat one = Mat::Identity(a.rows(), a.cols());
  return {factors.solve(one), d.array().log().sum(), true};
}

double inverse_form(const MatRef& a, const VecRef& b) { return b.dot(solve_symmetric(a, b)); }

Index negative_eigenvalues(const MatRef& a) { return (a.ldlt().vectorD().array() < 0.0).count(); }

template <class Real>
ThinQr<Real> thin_qr(const Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>& x) {
  using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
  const Eigen::HouseholderQR<Matrix> qr(x);
  return {qr.householderQ() * Matrix::Identity(x.rows(), x.cols()),
          qr.matrixQR().topRows(x.cols()).template triangularView<Eigen::Upper>()};
}
template ThinQr<double> thin_qr(const Mat& x);
template ThinQr<long double> thin_qr(
    const Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>& x);

Mat solve_upper(const Mat& r, const Mat& b) { return r.triangularView<Eigen::Upper>().solve(b); }

double determinant(const MatRef& a) { return a.rows() == 0 ? 1.0 : a.determinant(); }

// Eigenvalues below this share of the largest are 0.
Mat inverse_power(const Mat& a, double power) {
  constexpr double kNull = 1e-12;
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(a);
  const Vec& values = eigen.eigenvalues();
  const double floor = kNull * values.cwiseAbs().maxCoeff();
  const Vec f = values.unaryExpr([&](double x) { return x > floor ? std::pow(x, -power) : 0.0; });
  return product(eigen.eigenvectors() * f.asDiagonal(), eigen.eigenvectors().transpose());
}

}  // namespace metaparity
