#include "core/model/mv_starts.hpp"

#include <algorithm>
#include <cmath>

namespace metaparity::mv {

double excess_variance(const MvModel& model) {
  const Vec fitted = model.X * (model.X.transpose() * model.y);
  const double n = static_cast<double>(model.y.size()), p = static_cast<double>(model.X.cols());
  const double v = model.V.diagonal.mean(),
               s = (model.y - fitted).squaredNorm() / std::max(n - p, 1.0);
  return std::max({s - v, 0.05 * s, 1e-3 * v, 1e-8});
}

std::vector<Start> starts_of(const MvModel& model, bool many) {
  const Index m = static_cast<Index>(model.terms.size());
  bool correlated = false, slopes = false;
  for (const MvTerm& t : model.terms) {
    correlated = correlated || mv_rho_count(t.structure, t.levels) > 0;
    slopes = slopes || t.general();
  }
  const Vec even = Vec::Constant(m, 1.0 / static_cast<double>(std::max(m, Index{1})));
  std::vector<Start> out{{even, 0.5, 1.0}};
  if (!many) return out;
  for (Index j = 0; j < m && m > 1 && m <= 6; ++j) {
    Start s{Vec::Constant(m, 0.05), 0.5, 1.0};
    s.share[j] = 0.95;
    out.push_back(s);
  }
  out.push_back({even, 0.2, 0.02});
  if (correlated) {
    out.push_back({even, 0.9, 1.0});
    out.push_back({even, -0.5, 1.0});
    out.push_back({even, 0.05, 4.0});
  }
  // Random slopes of few groups have maxima far from the variance of the estimates.
  for (const double rho : {0.9, -0.9})
    if (slopes) out.push_back({even, rho, 300.0});
  return out;
}

Vec start_values(const MvModel& model, const MvLayout& layout, const Start& start, double excess) {
  Vec out(layout.size);
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const MvTerm& term = model.terms[t];
    const MvShape& shape = layout.shapes[t];
    const Index m = static_cast<Index>(t);
    Vec tau2 = Vec::Constant(mv_tau2_count(term.structure, term.levels),
                             start.size * excess * start.share[m]);
    if (term.general()) {
      const Vec mean_square =
          term.design.colwise().squaredNorm() / static_cast<double>(term.design.rows());
      for (Index j = 0; j < tau2.size(); ++j)
        tau2[j] /= std::max(mean_square[j], 1e-300) * static_cast<double>(tau2.size());
    }
    Vec rho = Vec::Constant(mv_rho_count(term.structure, term.levels), start.rho);
    // A negative common correlation must leave the matrix positive definite.
    if (start.rho < 0.0 && term.levels > 2)
      rho.setConstant(-0.5 / static_cast<double>(term.levels - 1));
    if (term.structure == MvStruct::CAR) rho = rho.cwiseAbs();
    if (shape.range() >= 0) {
      const Vec grid = shape.range_grid(9);
      rho[0] = shape.range_value(grid[grid.size() / 2]);
      if (term.structure != MvStruct::CAR) rho[0] = std::exp(rho[0]);
    }
    for (Index j = 0; j < tau2.size(); ++j)
      if (!std::isnan(term.tau2[j])) tau2[j] = term.tau2[j];
    for (Index j = 0; j < rho.size(); ++j)
      if (!std::isnan(term.rho[j])) rho[j] = term.rho[j];
    out.segment(layout.offset[t], shape.size()) = shape.inner(tau2, rho);
  }
  return out;
}

Vec own_start(const MvModel& model, const MvLayout& layout, double excess) {
  Vec out = start_values(model, layout, starts_of(model, false).front(), excess);
  bool any = false;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const MvTerm& term = model.terms[t];
    const MvShape& shape = layout.shapes[t];
    Vec psi = out.segment(layout.offset[t], shape.size()), tau2 = shape.tau2(psi),
        rho = shape.rho(psi);
    for (Index j = 0; j < std::min(tau2.size(), term.tau2_start.size()); ++j)
      if (!std::isnan(term.tau2_start[j]) && std::isnan(term.tau2[j])) {
        tau2[j] = term.tau2_start[j];
        any = true;
      }
    for (Index j = 0; j < std::min(rho.size(), term.rho_start.size()); ++j)
      if (!std::isnan(term.rho_start[j]) && std::isnan(term.rho[j])) {
        rho[j] = term.rho_start[j];
        any = true;
      }
    out.segment(layout.offset[t], shape.size()) = shape.inner(tau2, rho);
  }
  return any ? out : Vec();
}

MvBox box_of(const MvLayout& layout) {
  MvBox box{Vec(layout.size), Vec(layout.size), {}};
  for (std::size_t t = 0; t < layout.shapes.size(); ++t) {
    const MvShape& s = layout.shapes[t];
    box.lower.segment(layout.offset[t], s.size()) = s.lower();
    box.upper.segment(layout.offset[t], s.size()) = s.upper();
    const Vec given = s.given();
    for (Index j = 0; j < s.size(); ++j) box.fixed.push_back(std::isnan(given[j]) ? 0 : 1);
  }
  return box;
}

}  // namespace metaparity::mv
