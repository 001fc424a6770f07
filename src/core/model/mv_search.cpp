#include "core/model/mv_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/errors.hpp"
#include "core/model/mv_proper.hpp"
#include "core/model/mv_starts.hpp"
#include "core/model/mv_tied.hpp"

namespace metaparity::mv {

namespace {

// Standard deviations at 0, of terms that have correlations.
IndexVec zero_deviations(const MvModel& model, const MvLayout& layout, const MvBox& box,
                         const Vec& psi) {
  IndexVec out;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const MvTerm& term = model.terms[t];
    const Index tau2 = mv_tau2_count(term.structure, term.levels);
    if (layout.shapes[t].rank() > 0 || tau2 < 2 || mv_rho_count(term.structure, term.levels) == 0)
      continue;
    for (Index j = layout.offset[t]; j < layout.offset[t] + tau2; ++j) {
      if (!box.fixed[at(j)] && psi[j] <= 0.0) out.push_back(j);
    }
  }
  return out;
}

// A standard deviation of 0 is stationary whatever lies beside it: each is lifted, and all of them.
void lift_zeros(MvLikelihood& likelihood, const MvBox& box, const MvModel& model,
                const MvLayout& layout, double excess, bool restricted, Search& out) {
  for (int again = 0; again < 4 && out.best.valid; ++again) {
    const double before = out.best.ll;
    const Vec from = out.best.psi;
    const IndexVec zeros = zero_deviations(model, layout, box, from);
    if (zeros.empty()) return;
    Vec all = from;
    for (Index j : zeros) {
      Vec one = from;
      one[j] = all[j] = std::sqrt(0.25 * excess);
      out.take(mv_climb(likelihood, box, one, restricted, out.known()));
    }
    if (zeros.size() > 1) out.take(mv_climb(likelihood, box, all, restricted, out.known()));
    if (!(out.best.ll > before + 1e-8 * (1.0 + std::fabs(before)))) return;
  }
}

// Terms with one correlation among several variances have maxima on both sides of 0: the best one's mirror is tried. Where
// the variances stop being positive definite before a maximum is reached, the correlation is scanned.
void try_correlations(MvLikelihood& likelihood, const MvBox& box, const MvModel& model,
                      const MvLayout& layout, bool restricted, Search& out) {
  for (std::size_t t = 0; t < model.terms.size() && out.best.valid; ++t) {
    const MvTerm& term = model.terms[t];
    const MvShape& shape = layout.shapes[t];
    if (mv_rho_count(term.structure, term.levels) != 1 || shape.range() >= 0 || shape.rank() > 0)
      continue;
    const Index tau2 = mv_tau2_count(term.structure, term.levels), at_rho = layout.offset[t] + tau2;
    if (box.fixed[at(at_rho)]) continue;
    if (tau2 > 1) {
      Vec psi = out.best.psi;
      const double rho = psi[at_rho];
      psi[at_rho] = rho > 0.0 ? -0.7 : 0.7;
      const double least = 0.1 * psi.segment(layout.offset[t], tau2).maxCoeff();
      for (Index j = layout.offset[t]; j < at_rho; ++j)
        if (!box.fixed[at(j)]) psi[j] = std::max(psi[j], least);
      out.take(mv_climb(likelihood, box, psi, restricted, out.known()));
    }
    if (out.best.settled) continue;
    int maxima = 0;
    out.take(mv_scan(
        likelihood, box, out.best.psi, at_rho, Vec::LinSpaced(39, -0.95, 0.95),
        [](double x) { return x; }, restricted, maxima));
  }
}

// From all starts, each changed by `within` (to be empty where it is none).
template <class Within>
void search_over(MvLikelihood& likelihood, const MvModel& model, const MvLayout& layout,
                 const MvSpec& spec, const Within& within, Search& out) {
  const MvBox box = box_of(layout);
  const double excess = excess_variance(model);
  const bool many = spec.many_starts && likelihood.cost() < 2e8;
  const auto climb = [&](const Vec& from, const MvPeak* known) {
    const Vec start = within(from);
    if (start.size() == from.size())
      out.take(mv_climb(likelihood, box, start, spec.restricted, known));
  };
  const Vec own = own_start(model, layout, excess);
  if (own.size() > 0) climb(own, nullptr);
  for (const Start& start : starts_of(model, many))
    climb(start_values(model, layout, start, excess), out.known());
  for (std::size_t t = 0; t < layout.shapes.size(); ++t) {
    const Index range = layout.shapes[t].range();
    if (range < 0) continue;
    const Vec from =
        out.best.valid
            ? out.best.psi
            : within(start_values(model, layout, starts_of(model, false).front(), excess));
    if (from.size() != layout.size) continue;
    int maxima = 0;
    MvPeak peak =
        mv_scan(likelihood, box, from, layout.offset[t] + range, layout.shapes[t].range_grid(41),
                range_values(layout.shapes[t]), spec.restricted, maxima);
    out.take(std::move(peak));
    out.maxima = std::max(out.maxima, maxima);
  }
  lift_zeros(likelihood, box, model, layout, excess, spec.restricted, out);
  try_correlations(likelihood, box, model, layout, spec.restricted, out);
}

}  // namespace

std::unique_ptr<MvLikelihood> likelihood_of(const MvModel& model,
                                            const std::vector<MvCluster>& clusters,
                                            const MvLayout& layout) {
  if (model.restricted.size() > 0) return mv_block_likelihood(model, clusters, layout);
  std::unique_ptr<MvLikelihood> out = mv_nested_likelihood(model, clusters);
  if (!out) out = mv_crossed_likelihood(model, clusters, layout);
  return out ? std::move(out) : mv_block_likelihood(model, clusters, layout);
}

std::function<double(double)> range_values(const MvShape& shape) {
  return [&shape](double x) { return shape.range_value(x); };
}

void unbar(MvLikelihood& likelihood, const MvSpec& spec, MvPeak& peak) {
  if (!peak.valid) return;
  peak.mean = likelihood.mean(peak.psi);
  peak.ll = spec.restricted ? peak.mean.reml : peak.mean.ml;
  peak.slope = likelihood.slope(peak.psi, spec.restricted, false);
}

namespace {

// Where the best matrices are those of no random effects: the search once more behind a barrier, which is then taken down.
void search_proper(MvLikelihood& likelihood, const MvModel& model, const MvLayout& layout,
                   const MvSpec& spec, const std::vector<MvTogether>& sets, Search& out) {
  const MvBox box = box_of(layout);
  MvBarrier behind(likelihood, sets, 1e-3);
  Search found;
  search_over(
      behind, model, layout, spec,
      [&](const Vec& psi) { return mv_made_proper(sets, psi, box.fixed); }, found);
  if (!found.best.valid)
    throw NotConverged("no positive definite matrix has the correlations that are given");
  found.second = -kInf;
  for (; behind.mu > kLeastBarrier; behind.mu *= 0.1) {
    MvPeak peak = mv_climb(behind, box, found.best.psi, spec.restricted);
    found.best.psi = std::move(peak.psi);
    found.best.settled = peak.settled;
    found.iterations += peak.iterations;
  }
  unbar(likelihood, spec, found.best);
  found.barred = true;
  out = std::move(found);
}

}  // namespace

namespace {

// Without a valley on the way to the highest maximum the other one is a point of its slope.
void forget_slope(MvLikelihood& likelihood, bool restricted, Search& out) {
  if (out.second_psi.size() != out.best.psi.size() || !(out.best.ll - out.second < 2.0)) return;
  const double least = out.second - 1e-9 * (1.0 + std::fabs(out.second));
  constexpr int kSteps = 16;
  for (int i = 1; i < kSteps; ++i) {
    const double part = static_cast<double>(i) / kSteps;
    const MvMean mean = likelihood.mean(out.second_psi + part * (out.best.psi - out.second_psi));
    if (!mean.valid || (restricted ? mean.reml : mean.ml) < least) return;
  }
  out.second = -kInf;
  out.maxima = std::max(1, out.maxima - 1);
}

}  // namespace

void search(const MvModel& model, const std::vector<MvCluster>& clusters, const MvLayout& layout,
            const MvSpec& spec, Search& out) {
  if (!model.ties.empty()) return search_tied(model, clusters, layout, spec, out);
  const std::unique_ptr<MvLikelihood> likelihood = likelihood_of(model, clusters, layout);
  search_over(
      *likelihood, model, layout, spec, [](const Vec& psi) { return psi; }, out);
  if (out.best.valid) forget_slope(*likelihood, spec.restricted, out);
  const std::vector<MvTogether> sets = mv_together(model, layout);
  if (!sets.empty() && !(out.best.valid && mv_proper(sets, out.best.psi)))
    search_proper(*likelihood, model, layout, spec, sets, out);
  if (!out.best.valid)
    throw NotConverged("no start has a likelihood: the variances are not positive definite");
}

bool bounded(MvModel& model, const Search& found, const MvLayout& layout) {
  bool out = false;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    MvTerm& term = model.terms[t];
    if (term.structure != MvStruct::CS && term.structure != MvStruct::HCS) continue;
    const Index most = mv_most_together(term);
    if (most < 3 || !std::isnan(term.rho[0])) continue;
    const double least = -1.0 / static_cast<double>(most - 1);
    const Vec own = found.best.psi.segment(layout.offset[t], layout.shapes[t].size());
    if (!(layout.shapes[t].rho(own)[0] < least)) continue;
    term.least_rho = least;
    out = true;
  }
  return out;
}

}  // namespace metaparity::mv
