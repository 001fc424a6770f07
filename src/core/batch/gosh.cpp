#include "core/batch/gosh.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/batch/leave1out.hpp"
#include "core/errors.hpp"
#include "core/linalg/moments.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/heterogeneity.hpp"
#include "core/threads.hpp"

namespace metaparity {
namespace {

std::vector<Index> members(const SubsetRef& include, Index row) {
  std::vector<Index> out;
  for (Index j = 0; j < include.cols(); ++j) {
    if (include(row, j) != 0) out.push_back(j);
  }
  return out;
}

// Moments about the first study, so that a common offset of the estimates costs no digits.
void set_closed_form(Gosh& out, Index i, const VecRef& yi, const VecRef& vi,
                     const std::vector<Index>& rows, Tau2Method method) {
  const double origin = yi[rows.front()];
  Moments m;
  for (const Index j : rows) m = m.merged(Moments::of(yi[j] - origin, 1.0 / vi[j]));
  const double df = m.k - 1, spread = 2.0 * m.e2 / m.w;
  const double tau2 =
      method == Tau2Method::DL && m.k > 1 ? std::max(0.0, (m.m2 - df) / spread) : 0.0;
  double mean = m.mean;
  if (tau2 > 0.0) {
    double w = 0.0, wy = 0.0;
    for (const Index j : rows) {
      const double weight = 1.0 / (vi[j] + tau2);
      w += weight;
      wy += weight * (yi[j] - origin);
    }
    mean = wy / w;
  }
  const Heterogeneity h = heterogeneity_from_q(m.m2, df, kNaN);
  out.QE[i] = m.k > 1 ? m.m2 : 0.0;
  out.I2[i] = m.k > 1 ? h.I2 : 0.0;
  out.H2[i] = m.k > 1 ? h.H2 : 1.0;
  out.tau2[i] = tau2;
  out.beta(i, 0) = origin + mean;
}

// Collinear moderators, or as many coefficients as studies, leave a row of NaN.
bool estimable(const MatRef& X, const std::vector<Index>& rows) {
  const auto n = static_cast<Index>(rows.size());
  if (X.cols() == 1) return n >= 1;
  if (n <= X.cols()) return false;
  Mat design(n, X.cols());
  for (Index i = 0; i < n; ++i) design.row(i) = X.row(rows[static_cast<std::size_t>(i)]);
  return static_cast<Index>(independent_columns(design).size()) == X.cols();
}

void set_refit(Gosh& out, Index i, const RmaFit& fit) {
  out.QE[i] = fit.QE;
  out.I2[i] = fit.k > fit.p ? fit.I2 : 0.0;
  out.H2[i] = fit.k > fit.p ? fit.H2 : 1.0;
  out.tau2[i] = fit.tau2;
  out.beta.row(i) = fit.beta;
}

}  // namespace

Gosh::Gosh(Index n, Index p)
    : k(static_cast<std::size_t>(n), 0),
      QE(Vec::Constant(n, kNaN)),
      I2(QE),
      H2(QE),
      tau2(QE),
      beta(Mat::Constant(n, p, kNaN)) {}

Gosh gosh(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
          const ModelSpec& spec, const SubsetRef& include, Index from, Index n, int threads) {
  if (include.cols() != yi.size()) throw InvalidInput("subsets", "must have a column per study");
  ModelSpec used = spec;
  used.test = TestType::Z;
  used.btt.clear();
  const bool closed = has_closed_form(vi, X, weights, used);
  Gosh out(n, X.cols());
  parallel_for(n, threads, spec.checkpoint, [&](Index i) {
    const std::vector<Index> rows = members(include, from + i);
    out.k[static_cast<std::size_t>(i)] = static_cast<int>(rows.size());
    if (!estimable(X, rows)) return;
    if (closed) {
      set_closed_form(out, i, yi, vi, rows, used.method);
      return;
    }
    try {
      set_refit(out, i, fit_rows(yi, vi, X, weights, used, rows));
    } catch (const std::runtime_error&) {
      return;
    }
  });
  return out;
}

Eigen::MatrixXi all_subsets(int k, int smallest) {
  const unsigned all = 1U << k;
  std::vector<unsigned> masks;
  masks.reserve(all);
  const auto size = [](unsigned mask) {
    int count = 0;
    for (; mask != 0U; mask &= mask - 1U) ++count;
    return count;
  };
  for (unsigned mask = 1U; mask < all; ++mask) {
    if (size(mask) >= smallest) masks.push_back(mask);
  }
  std::stable_sort(masks.begin(), masks.end(),
                   [&](unsigned a, unsigned b) { return size(a) < size(b); });
  Eigen::MatrixXi out(static_cast<Index>(masks.size()), k);
  for (std::size_t i = 0; i < masks.size(); ++i) {
    for (int j = 0; j < k; ++j)
      out(static_cast<Index>(i), j) = static_cast<int>(masks[i] >> j & 1U);
  }
  return out;
}

}  // namespace metaparity
