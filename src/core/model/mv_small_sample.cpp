#include "core/model/mv_small_sample.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"

namespace metaparity {

namespace {

struct Inner {
  MvLayout layout;
  Vec psi;
  IndexVec free;  // inside their bounds and not given
};

Inner inner_of(const MvModel& model, const std::vector<Vec>& tau2, const std::vector<Vec>& rho) {
  Inner out;
  out.layout = mv_layout(model, IndexVec(model.terms.size(), 0));
  out.psi.resize(out.layout.size);
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const MvShape& shape = out.layout.shapes[t];
    const Index from = out.layout.offset[t];
    out.psi.segment(from, shape.size()) = shape.inner(tau2[t], rho[t]);
    const Vec lower = shape.lower(), upper = shape.upper(), given = shape.given();
    for (Index j = 0; j < shape.size(); ++j) {
      const double value = out.psi[from + j];
      if (std::isnan(given[j]) && value > lower[j] && value < upper[j])
        out.free.push_back(from + j);
    }
  }
  return out;
}

// Slopes of the variances of the coefficients, a column for each free parameter, by central differences.
Mat variance_slopes(MvLikelihood& likelihood, const Inner& at, Index p) {
  Mat out(p, static_cast<Index>(at.free.size()));
  for (std::size_t j = 0; j < at.free.size(); ++j) {
    const Index own = at.free[j];
    const double h = 1e-5 * std::max(std::fabs(at.psi[own]), 1e-300);
    Vec up = at.psi, down = at.psi;
    up[own] += h;
    down[own] -= h;
    const MvMean a = likelihood.mean(up), b = likelihood.mean(down);
    if (!a.valid || !b.valid) return Mat::Constant(p, out.cols(), kNaN);
    out.col(static_cast<Index>(j)) = (a.vb.diagonal() - b.vb.diagonal()) / (up[own] - down[own]);
  }
  return out;
}

}  // namespace

Vec mv_satterthwaite(const MvModel& model, const std::vector<Vec>& tau2,
                     const std::vector<Vec>& rho, bool restricted) {
  const Index p = model.X.cols();
  Vec out = Vec::Constant(p, kNaN);
  const Inner at = inner_of(model, tau2, rho);
  const Index m = static_cast<Index>(at.free.size());
  if (m == 0) return out;
  const auto likelihood = mv_block_likelihood(model, mv_clusters(model), at.layout);
  const Mat slopes = variance_slopes(*likelihood, at, p);
  const MvMean mean = likelihood->mean(at.psi);
  if (!mean.valid || !slopes.allFinite()) return out;
  const Mat whole = likelihood->slope(at.psi, restricted, true).information;
  Mat information(m, m);
  Vec scale(m);
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < m; ++j)
      information(i, j) =
          whole(at.free[static_cast<std::size_t>(i)], at.free[static_cast<std::size_t>(j)]);
    scale[i] = 1.0 / std::sqrt(std::fabs(information(i, i)));
  }
  const Eigen::LLT<Mat> llt(scale.asDiagonal() * information * scale.asDiagonal());
  if (llt.info() != Eigen::Success) return out;
  for (Index c = 0; c < p; ++c) {
    const Vec g = slopes.row(c).transpose().cwiseProduct(scale);
    const double v = mean.vb(c, c), spread = llt.matrixL().solve(g).squaredNorm();
    if (spread > 0.0) out[c] = 2.0 * v * v / spread;
  }
  return out;
}

}  // namespace metaparity
