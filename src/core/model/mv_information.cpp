#include "core/model/mv_information.hpp"

#include <cmath>

#include "core/eigen_solvers.hpp"
#include "core/model/mv_rank.hpp"
#include "core/model/mv_starts.hpp"

namespace metaparity::mv {

Mat natural_information(const MvModel& model, const std::vector<MvCluster>& clusters,
                        const MvLayout& layout, const Vec& psi, const MvSpec& spec) {
  const MvLayout plain = mv_layout(model, IndexVec(model.terms.size(), 0));
  const Vec at_plain = carried(model, layout, psi, plain);
  const std::unique_ptr<MvLikelihood> likelihood = mv_block_likelihood(model, clusters, plain);
  Mat out = Mat::Constant(plain.size, plain.size, kNaN);
  if (!likelihood->mean(at_plain).valid) return out;
  const MvSlope slope = likelihood->slope(at_plain, spec.restricted, true);
  const MvBox box = box_of(plain);
  Mat J = Mat::Identity(plain.size, plain.size);  // d psi / d natural
  std::vector<char> edge(at(plain.size), 0);
  for (std::size_t t = 0; t < plain.shapes.size(); ++t) {
    const Index from = plain.offset[t], q = model.terms[t].levels;
    const Vec d = plain.shapes[t].slope(at_plain.segment(from, plain.shapes[t].size()));
    for (Index j = 0; j < d.size(); ++j) J(from + j, from + j) = 1.0 / d[j];
    const MvStruct s = model.terms[t].structure;
    if (!spec.covariances || (s != MvStruct::UN && s != MvStruct::GEN)) continue;
    // rho = c / (s_i s_j).
    Index m = from + q;
    for (Index j = 0; j < q; ++j) {
      for (Index i = j + 1; i < q; ++i, ++m) {
        const double si = at_plain[from + i], sj = at_plain[from + j], r = at_plain[m];
        J(m, m) = 1.0 / (si * sj);
        J(m, from + i) = -0.5 * r / (si * si);
        J(m, from + j) = -0.5 * r / (sj * sj);
      }
    }
  }
  for (Index j = 0; j < plain.size; ++j)
    edge[at(j)] = at_plain[j] <= box.lower[j] || at_plain[j] >= box.upper[j];
  out = J.transpose() * slope.information * J;
  for (Index j = 0; j < plain.size; ++j) {
    if (!edge[at(j)]) continue;
    out.row(j).setConstant(kNaN);
    out.col(j).setConstant(kNaN);
  }
  return out;
}

IndexVec flat_parameters(const MvPeak& peak, const MvBox& box) {
  const Mat& info = peak.slope.information;
  IndexVec use, out;
  if (info.rows() != peak.psi.size()) return out;
  const double top = info.diagonal().size() > 0 ? info.diagonal().cwiseAbs().maxCoeff() : 0.0;
  for (Index j = 0; j < peak.psi.size(); ++j) {
    const double d = info(j, j);
    if (box.fixed[at(j)] || !(d > 1e-14 * top)) continue;
    const bool edge = peak.psi[j] <= box.lower[j] || peak.psi[j] >= box.upper[j];
    if (!edge || std::fabs(peak.slope.score[j]) < 1e-6 * std::sqrt(d)) use.push_back(j);
  }
  const Index m = static_cast<Index>(use.size());
  if (m < 2) return out;
  Mat H(m, m);
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < m; ++j) {
      const Index a = use[at(i)], b = use[at(j)];
      H(i, j) = info(a, b) / std::sqrt(info(a, a) * info(b, b));
    }
  }
  const Eigen::SelfAdjointEigenSolver<Mat> e(H);
  std::vector<char> share(at(m), 0);
  for (Index i = 0; i < m; ++i) {
    if (std::fabs(e.eigenvalues()[i]) > 1e-8) continue;
    for (Index j = 0; j < m; ++j)
      if (std::fabs(e.eigenvectors()(j, i)) > 0.05) share[at(j)] = 1;
  }
  for (Index j = 0; j < m; ++j)
    if (share[at(j)]) out.push_back(use[at(j)]);
  return out;
}

std::vector<char> flat_components(const MvModel& model, const MvLayout& layout,
                                  const IndexVec& flat) {
  std::vector<char> out;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const Index from = layout.offset[t], size = layout.shapes[t].size();
    const Index count = mv_tau2_count(model.terms[t].structure, model.terms[t].levels) +
                        mv_rho_count(model.terms[t].structure, model.terms[t].levels);
    std::vector<char> own(at(count), 0);
    for (Index j : flat) {
      if (j < from || j >= from + size) continue;
      if (layout.shapes[t].rank() > 0) {
        own.assign(at(count), 1);
      } else {
        own[at(j - from)] = 1;
      }
    }
    out.insert(out.end(), own.begin(), own.end());
  }
  return out;
}

}  // namespace metaparity::mv
