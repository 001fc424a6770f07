#include "core/model/mv_rank.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/eigen_solvers.hpp"
#include "core/model/mv_proper.hpp"
#include "core/model/mv_starts.hpp"

namespace metaparity::mv {

namespace {

// Of a standard deviation where variances are about 1.
constexpr double kDust = 1e-10;

// G with its smallest eigenvalues left out, if the likelihood is no lower: the rank of each factored term.
bool reduced_rank(const MvModel& model, const MvLayout& layout, const Vec& psi, IndexVec& ranks) {
  bool changed = false;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    if (ranks[t] < 2) continue;
    const MvShape& s = layout.shapes[t];
    const Mat G = s.value(psi.segment(layout.offset[t], s.size()));
    const Vec scale = G.diagonal().cwiseSqrt().cwiseMax(1e-150).cwiseInverse();
    const Eigen::SelfAdjointEigenSolver<Mat> e(Mat(scale.asDiagonal() * G * scale.asDiagonal()),
                                               Eigen::EigenvaluesOnly);
    Index rank = (e.eigenvalues().array() > 1e-6 * e.eigenvalues().maxCoeff()).count();
    rank = std::max(rank, Index{1});
    if (rank < ranks[t]) {
      ranks[t] = rank;
      changed = true;
    }
  }
  return changed;
}

}  // namespace

Vec carried(const MvModel& model, const MvLayout& from, const Vec& psi, const MvLayout& to) {
  Vec out(to.size);
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const Vec own = psi.segment(from.offset[t], from.shapes[t].size());
    out.segment(to.offset[t], to.shapes[t].size()) =
        to.shapes[t].inner(from.shapes[t].tau2(own), from.shapes[t].rho(own));
  }
  return out;
}

void reduce(const MvModel& model, const std::vector<MvCluster>& clusters, const MvSpec& spec,
            IndexVec& ranks, MvLayout& layout, Search& found) {
  for (int again = 0; again < 4; ++again) {
    IndexVec lower = ranks;
    if (!reduced_rank(model, layout, found.best.psi, lower)) return;
    const MvLayout smaller = mv_layout(model, lower);
    const std::unique_ptr<MvLikelihood> likelihood = likelihood_of(model, clusters, smaller);
    MvBarrier behind(*likelihood, mv_together(model, smaller), kLeastBarrier);
    MvLikelihood& climbed = found.barred ? static_cast<MvLikelihood&>(behind) : *likelihood;
    MvPeak peak = mv_climb(climbed, box_of(smaller),
                           carried(model, layout, found.best.psi, smaller), spec.restricted);
    if (found.barred) unbar(*likelihood, spec, peak);
    // The reduced factor is as good as the full one only where the full one's maximum is on the edge.
    if (!peak.valid || peak.ll < found.best.ll - 1e-8) return;
    ranks = lower;
    layout = smaller;
    found.best = std::move(peak);
  }
}

namespace {

// The entries of psi that are standard deviations or of a factor, so small that they are on their way to 0.
bool without_dust(const MvModel& model, const MvLayout& layout, const MvBox& box, Vec& psi) {
  bool any = false;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const MvTerm& term = model.terms[t];
    const Index from = layout.offset[t], size = layout.shapes[t].size();
    const Index tau2 = mv_tau2_count(term.structure, term.levels);
    const bool factor = layout.shapes[t].rank() > 0;
    if (!factor && (tau2 < 2 || mv_rho_count(term.structure, term.levels) == 0)) continue;
    for (Index j = from; j < from + (factor ? size : tau2); ++j) {
      if (box.fixed[at(j)] || psi[j] == 0.0 || std::fabs(psi[j]) > kDust) continue;
      psi[j] = 0.0;
      any = true;
    }
  }
  return any;
}

}  // namespace

void settle_zeros(const MvModel& model, const std::vector<MvCluster>& clusters,
                  const MvLayout& layout, const MvSpec& spec, Search& found) {
  Vec psi = found.best.psi;
  if (!without_dust(model, layout, box_of(layout), psi)) return;
  const MvMean mean = likelihood_of(model, clusters, layout)->mean(psi);
  const double ll = spec.restricted ? mean.reml : mean.ml;
  if (!mean.valid || ll < found.best.ll - 1e-12 * (1.0 + std::fabs(found.best.ll))) return;
  found.best.psi = psi;
  found.best.mean = mean;
  found.best.ll = ll;
}

}  // namespace metaparity::mv
