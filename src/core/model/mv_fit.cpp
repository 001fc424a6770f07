#include "core/model/mv_fit.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/model/fit_statistics.hpp"
#include "core/model/mv_information.hpp"
#include "core/model/mv_rank.hpp"
#include "core/model/mv_scaled.hpp"
#include "core/model/mv_search.hpp"
#include "core/model/mv_starts.hpp"

namespace metaparity {
namespace {

using namespace mv;

void check(const MvModel& model) {
  if (model.X.rows() != model.y.size() || model.V.diagonal.size() != model.y.size())
    throw InvalidInput("V", "must be as long as `yi`");
  if (model.beta.size() > 0 && model.beta.size() != model.X.cols())
    throw InvalidInput("beta", "must have one value for each coefficient");
  if (model.X.cols() > model.X.rows())
    throw InvalidInput("mods", "must have no more columns than there are estimates");
}

double free_parameters(const MvModel& model) {
  IndexVec seen;
  double out = 0.0;
  std::size_t place = 0;
  const auto count = [&](double value) {
    const std::size_t own = place++;
    if (!std::isnan(value)) return;
    if (!model.ties.empty()) {
      const Index tie = model.ties[own];
      if (std::find(seen.begin(), seen.end(), tie) != seen.end()) return;
      seen.push_back(tie);
    }
    out += 1.0;
  };
  for (const MvTerm& t : model.terms) {
    for (Index j = 0; j < t.tau2.size(); ++j) count(t.tau2[j]);
    for (Index j = 0; j < t.rho.size(); ++j) count(t.rho[j]);
  }
  const Index given = model.beta.size() > 0 ? model.beta.array().isFinite().count() : 0;
  return out + static_cast<double>(model.X.cols() - given);
}

void set_statistics(MvFit& fit, const MvModel& model, double saturated) {
  const double n = static_cast<double>(model.y.size()), p = static_cast<double>(model.X.cols());
  const double parms = free_parameters(model), top = std::isnan(saturated) ? 0.0 : saturated;
  fit.of_ml = fit_statistics(fit.of_ml.ll, 2.0 * (top - fit.of_ml.ll), n, parms);
  fit.of_reml = fit_statistics(fit.of_reml.ll, -2.0 * fit.of_reml.ll, n - p, parms);
}

// What was given is given back, not what a root and its square make of it.
Vec kept(const Vec& given, const Vec& found) { return given.array().isNaN().select(found, given); }

MvFit concluded(const Scaled& work, const MvLayout& layout, const Search& found,
                const MvSpec& spec) {
  MvFit out;
  const double u = work.unit, u2 = u * u, log_u = std::log(u);
  const Mat& left_out = work.model.restricted.size() > 0 ? work.model.restricted : work.model.X;
  const double n = static_cast<double>(work.model.y.size()),
               p = static_cast<double>(left_out.cols());
  for (std::size_t t = 0; t < layout.shapes.size(); ++t) {
    const Vec own = found.best.psi.segment(layout.offset[t], layout.shapes[t].size());
    const MvTerm& term = work.model.terms[t];
    out.tau2.push_back(kept(term.tau2, layout.shapes[t].tau2(own)) * u2);
    out.rho.push_back(kept(term.rho, layout.shapes[t].rho(own)));
    out.G.push_back(layout.shapes[t].value(own) * u2);
  }
  out.beta = u * (work.back * found.best.mean.beta);
  out.vb = u2 * (work.back * found.best.mean.vb * work.back.transpose());
  out.vb = (0.5 * (out.vb + out.vb.transpose())).eval();
  // The columns of X were made orthonormal, which takes log |X'X| / 2 out of the restricted likelihood.
  out.of_ml.ll = found.best.mean.ml - n * log_u;
  out.of_reml.ll = found.best.mean.reml - (n - p) * log_u;
  if (!spec.reml_design) out.of_reml.ll -= 0.5 * work.log_det_x;
  out.iterations = found.best.iterations;
  out.starts = found.starts;
  out.maxima = found.maxima;
  out.second = found.second - (spec.restricted ? n - p : n) * log_u;
  if (spec.restricted && !spec.reml_design) out.second -= 0.5 * work.log_det_x;
  out.settled = found.best.settled;
  return out;
}

// The model of what the coefficients given leave: the restricted likelihood leaves out their columns all the same.
MvModel without_given(const MvModel& model) {
  if (model.beta.size() == 0) return model;
  MvModel out = model;
  const Index p = model.X.cols(), free = model.beta.array().isNaN().count();
  out.X.resize(model.X.rows(), free);
  out.restricted = model.X;
  out.beta.resize(0);
  for (Index j = 0, to = 0; j < p; ++j) {
    if (std::isnan(model.beta[j])) {
      out.X.col(to++) = model.X.col(j);
    } else {
      out.y -= model.beta[j] * model.X.col(j);
    }
  }
  return out;
}

void add_given(MvFit& fit, const Vec& given) {
  const Index p = given.size();
  const Vec beta = fit.beta;
  const Mat vb = fit.vb;
  IndexVec free;
  for (Index j = 0; j < p; ++j)
    if (std::isnan(given[j])) free.push_back(j);
  fit.beta = given;
  fit.vb = Mat::Constant(p, p, kNaN);
  for (std::size_t i = 0; i < free.size(); ++i) {
    fit.beta[free[i]] = beta[static_cast<Index>(i)];
    for (std::size_t j = 0; j < free.size(); ++j)
      fit.vb(free[i], free[j]) = vb(static_cast<Index>(i), static_cast<Index>(j));
  }
}

// A range of effects without variance has no part in the likelihood: it is given in the middle of those of the data.
std::vector<char> idle_ranges(const MvLayout& layout, MvFit& fit) {
  std::vector<char> out;
  for (std::size_t t = 0; t < layout.shapes.size(); ++t) {
    const MvShape& shape = layout.shapes[t];
    const bool idle = shape.spatial() && shape.range() >= 0 && fit.tau2[t][0] == 0.0;
    out.push_back(idle);
    if (idle) fit.rho[t][0] = std::exp(shape.range_grid(3).mean());
  }
  return out;
}

}  // namespace

MvFit fit_mv(const MvModel& model, const MvSpec& spec) {
  check(model);
  Scaled work = scaled(without_given(model));
  const std::vector<MvCluster> clusters = mv_clusters(work.model);
  IndexVec ranks;
  const bool tied = !model.ties.empty();
  for (const MvTerm& t : work.model.terms) ranks.push_back(tied ? 0 : MvShape::full_rank(t));
  MvLayout layout = mv_layout(work.model, ranks);
  Search found;
  search(work.model, clusters, layout, spec, found);
  const bool endless = !found.best.settled && bounded(work.model, found, layout);
  if (endless) {
    found = Search();
    search(work.model, clusters, layout, spec, found);
  }
  reduce(work.model, clusters, spec, ranks, layout, found);
  if (!tied) settle_zeros(work.model, clusters, layout, spec, found);
  MvFit out = concluded(work, layout, found, spec);
  out.endless = endless;
  if (!tied) {
    out.flat = flat_components(work.model, layout, flat_parameters(found.best, box_of(layout)));
    out.idle = idle_ranges(layout, out);
  }
  if (spec.vcov) {
    out.information = natural_information(work.model, clusters, layout, found.best.psi, spec);
    // tau2 is in units squared.
    Vec unit = Vec::Ones(out.information.rows());
    Index from = 0;
    for (const MvTerm& t : work.model.terms) {
      const Index tau2 = mv_tau2_count(t.structure, t.levels),
                  rho = mv_rho_count(t.structure, t.levels);
      const bool covariances =
          spec.covariances && (t.structure == MvStruct::UN || t.structure == MvStruct::GEN);
      unit.segment(from, tau2 + (covariances ? rho : 0)).setConstant(1.0 / (work.unit * work.unit));
      from += tau2 + rho;
    }
    out.information = unit.asDiagonal() * out.information * unit.asDiagonal();
  }
  if (model.beta.size() > 0) add_given(out, model.beta);
  const MvSaturated whole = mv_saturated(model);
  out.QE = whole.Q;
  set_statistics(out, model, whole.ll);
  if (model.weights.size() > 0) mv_reweigh(out, model, model.weights);
  return out;
}

MvMarginal mv_marginal_at(const MvModel& model, const std::vector<Vec>& tau2,
                          const std::vector<Vec>& rho) {
  const MvLayout layout = mv_layout(model, IndexVec(model.terms.size(), 0));
  Vec psi(layout.size);
  for (std::size_t t = 0; t < model.terms.size(); ++t)
    psi.segment(layout.offset[t], layout.shapes[t].size()) =
        layout.shapes[t].inner(tau2[t], rho[t]);
  MvMarginal out;
  out.clusters = mv_clusters(model);
  out.M = mv_marginal(model, out.clusters, layout, psi);
  return out;
}

}  // namespace metaparity
