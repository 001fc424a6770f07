#include "core/linalg/box_newton.hpp"

#include <algorithm>
#include <cmath>

#include "core/eigen_solvers.hpp"

namespace metaparity {
namespace {

using Indices = std::vector<Index>;

Mat minus_block(const Mat& h, const Indices& rows) {
  const Index n = static_cast<Index>(rows.size());
  Mat out(n, n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j)
      out(i, j) = -h(rows[static_cast<std::size_t>(i)], rows[static_cast<std::size_t>(j)]);
  }
  return out;
}

Vec scale_of(const Mat& a) {
  Vec out(a.rows());
  for (Index i = 0; i < a.rows(); ++i) {
    const double d = std::fabs(a(i, i));
    out[i] = d > 0.0 ? 1.0 / std::sqrt(d) : 1.0;
  }
  return out;
}

// Newton's direction; where the function is not concave, along the eigenvectors by the size of the curvature.
Vec ascent(const Mat& a, const Vec& g) {
  const Vec d = scale_of(a);
  const Mat scaled = d.asDiagonal() * a * d.asDiagonal();
  const Eigen::LLT<Mat> llt(scaled);
  if (llt.info() == Eigen::Success && llt.matrixLLT().diagonal().minCoeff() > 1e-6) {
    return d.cwiseProduct(llt.solve(Vec(d.cwiseProduct(g))));
  }
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(scaled);
  const Vec size = eigen.eigenvalues().cwiseAbs();
  const double floor = std::max(1e-6 * size.maxCoeff(), 1e-12);
  const Vec along = eigen.eigenvectors().transpose() * d.cwiseProduct(g);
  return d.cwiseProduct(eigen.eigenvectors() * along.cwiseQuotient(size.cwiseMax(floor)));
}

struct Direction {
  Vec step;
  Indices rows;
  double gain = 0.0;  // twice what the quadratic promises
};

Direction direction(const Expansion& e, const Vec& x, const Box& box) {
  Direction out;
  for (Index j = 0; j < x.size(); ++j) {
    const bool low = x[j] <= box.lower[j], high = x[j] >= box.upper[j];
    if ((low && high) || (low && e.gradient[j] <= 0.0) || (high && e.gradient[j] >= 0.0)) continue;
    out.rows.push_back(j);
  }
  while (!out.rows.empty()) {
    Vec g(static_cast<Index>(out.rows.size()));
    for (Index i = 0; i < g.size(); ++i) g[i] = e.gradient[out.rows[static_cast<std::size_t>(i)]];
    const Vec part = ascent(minus_block(e.hessian, out.rows), g);
    Indices kept;
    for (Index i = 0; i < g.size(); ++i) {
      const Index j = out.rows[static_cast<std::size_t>(i)];
      const bool out_of_box =
          (x[j] <= box.lower[j] && part[i] < 0.0) || (x[j] >= box.upper[j] && part[i] > 0.0);
      if (!out_of_box) kept.push_back(j);
    }
    if (kept.size() == out.rows.size()) {
      out.step = Vec::Zero(x.size());
      for (Index i = 0; i < g.size(); ++i)
        out.step[out.rows[static_cast<std::size_t>(i)]] = part[i];
      out.gain = g.dot(part);
      return out;
    }
    out.rows = kept;
  }
  out.step = Vec::Zero(x.size());
  return out;
}

Vec inside(const Vec& x, const Box& box) { return x.cwiseMax(box.lower).cwiseMin(box.upper); }

// No step is longer than ten times the size of a parameter.
double longest(const Vec& step, const Vec& x) {
  const Vec ratio = step.cwiseAbs().cwiseQuotient((10.0 + 10.0 * x.cwiseAbs().array()).matrix());
  return 1.0 / std::max(1.0, ratio.maxCoeff());
}

// Is this point in the neighbourhood of the known maximum where the function is its quadratic?
bool near_known(const BoxMaximum& known, const Vec& x, double value) {
  const double below = known.at.value - value;
  if (!known.converged || !(below < 1e-2)) return false;
  const Vec d = x - known.x;
  const double told = -d.dot(known.at.gradient) - 0.5 * d.dot(known.at.hessian * d);
  return told >= 0.0 && told < 1e-2 &&
         std::fabs(below - told) <= 0.1 * told + 1e-12 * (1.0 + std::fabs(value));
}

}  // namespace

BoxMaximum maximise_in_box(const std::function<Expansion(const Vec&)>& f, const Vec& start,
                           const Box& box, int most, const BoxMaximum* known) {
  BoxMaximum out;
  out.x = inside(start, box);
  out.at = f(out.x);
  if (!std::isfinite(out.at.value)) return out;
  for (; out.iterations < most; ++out.iterations) {
    if (known != nullptr && near_known(*known, out.x, out.at.value)) {
      out.joined = out.converged = true;
      return out;
    }
    const Direction d = direction(out.at, out.x, box);
    const double size = 1.0 + std::fabs(out.at.value);
    if (d.rows.empty() || d.gain <= 1e-24 * size) {
      out.converged = true;
      break;
    }
    const bool last = d.gain <= 1e-13 * size;
    double length = longest(d.step, out.x);
    bool moved = false;
    for (int half = 0; half < 40 && !moved; ++half, length *= 0.5) {
      const Vec x = inside(out.x + length * d.step, box);
      Expansion next = f(x);
      const double promised = out.at.gradient.dot(x - out.x);
      if (!(std::isfinite(next.value) && (next.value >= out.at.value + 1e-4 * promised ||
                                          (last && next.value >= out.at.value - 1e-12 * size)))) {
        continue;
      }
      moved = true;
      out.x = x;
      out.at = std::move(next);
    }
    if (last || !moved) {
      out.converged = last || d.gain <= 1e-8 * size;
      break;
    }
  }
  out.free.assign(static_cast<std::size_t>(out.x.size()), false);
  for (Index j = 0; j < out.x.size(); ++j)
    out.free[static_cast<std::size_t>(j)] = out.x[j] > box.lower[j] && out.x[j] < box.upper[j];
  return out;
}

Mat information_inverse(const Mat& hessian, const std::vector<bool>& free) {
  Indices rows;
  for (std::size_t j = 0; j < free.size(); ++j)
    if (free[j]) rows.push_back(static_cast<Index>(j));
  Mat out = Mat::Zero(hessian.rows(), hessian.cols());
  if (rows.empty()) return out;
  const Mat a = minus_block(hessian, rows);
  const Vec d = scale_of(a);
  const Eigen::LLT<Mat> llt(d.asDiagonal() * a * d.asDiagonal());
  if (!a.allFinite() || llt.info() != Eigen::Success ||
      llt.matrixLLT().diagonal().minCoeff() < 1e-6) {
    return Mat();
  }
  const Mat inverse =
      d.asDiagonal() * llt.solve(Mat::Identity(a.rows(), a.cols())) * d.asDiagonal();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j)
      out(rows[i], rows[j]) = inverse(static_cast<Index>(i), static_cast<Index>(j));
  }
  return out;
}

}  // namespace metaparity
