#include "core/model/mv_fit.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/model/fit_statistics.hpp"
#include "core/model/mv_proper.hpp"

namespace metaparity {

namespace {

// y, V and X in units in which variances are about 1 and the columns of X orthonormal.
struct Scaled {
  MvModel model;
  double unit = 1.0;
  Mat back;  // beta = unit * back * beta of the scaled model
  double log_det_x = 0.0;
};

double variance_unit(const MvModel& model) {
  const Vec& y = model.y;
  const double mean = y.mean(), spread = (y.array() - mean).square().mean();
  double typical = model.V.diagonal.mean() + spread;
  if (!(typical > 0.0)) typical = 1.0;
  return std::exp2(std::round(0.5 * std::log2(typical)));
}

// Columns that span those of X, orthonormal; R of X = QR.
Mat orthonormal(const Mat& X, Mat& R) {
  const Index p = X.cols(), n = X.rows();
  if (p == 0) {
    R = Mat();
    return X;
  }
  const Eigen::HouseholderQR<Mat> qr(X);
  R = qr.matrixQR().topRows(p).triangularView<Eigen::Upper>();
  if (!(R.diagonal().cwiseAbs().minCoeff() > 1e-13 * R.diagonal().cwiseAbs().maxCoeff()))
    throw SingularDesign("the moderators are linearly dependent");
  return qr.householderQ() * Mat::Identity(n, p);
}

Scaled scaled(const MvModel& model) {
  Scaled out;
  out.model = model;
  out.unit = variance_unit(model);
  const double u2 = out.unit * out.unit;
  out.model.y /= out.unit;
  out.model.V.diagonal /= u2;
  for (Mat& block : out.model.V.blocks) block /= u2;
  for (MvTerm& t : out.model.terms) {
    t.tau2 /= u2;
    if (t.tau2_start.size() > 0) t.tau2_start /= u2;
  }
  Mat R;
  out.model.X = orthonormal(model.X, R);
  const Index p = R.cols();
  if (p > 0) out.back = R.triangularView<Eigen::Upper>().solve(Mat::Identity(p, p));
  if (model.restricted.size() > 0) out.model.restricted = orthonormal(model.restricted, R);
  out.log_det_x = 2.0 * R.diagonal().array().abs().log().sum();
  return out;
}

// What the sampling variances leave of the variance around the mean, at least a little.
double excess_variance(const MvModel& model) {
  const Vec fitted = model.X * (model.X.transpose() * model.y);
  const double n = static_cast<double>(model.y.size()), p = static_cast<double>(model.X.cols());
  const double v = model.V.diagonal.mean(),
               s = (model.y - fitted).squaredNorm() / std::max(n - p, 1.0);
  return std::max({s - v, 0.05 * s, 1e-3 * v, 1e-8});
}

// One start: the shares of the excess variance that terms get, and a correlation.
struct Start {
  Vec share;
  double rho = 0.5;
  double size = 1.0;
};

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

// The user's own start; empty if there is none.
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

// The search over one layout.
struct Search {
  MvPeak best;
  double second = -kInf;
  int starts = 0, maxima = 0, iterations = 0;
  bool barred = false;  // behind a barrier

  // What a climb may end at.
  const MvPeak* known() const { return best.valid ? &best : nullptr; }

  void take(MvPeak peak) {
    ++starts;
    iterations += peak.iterations;
    if (!peak.valid || peak.joined) return;
    const bool same =
        best.valid && std::fabs(peak.ll - best.ll) < 1e-6 * (1.0 + std::fabs(best.ll));
    if (!same && peak.settled) ++maxima;
    if (!best.valid || peak.ll > best.ll) {
      if (best.valid && !same && best.settled) second = std::max(second, best.ll);
      best = std::move(peak);
    } else if (!same && peak.settled) {
      second = std::max(second, peak.ll);
    }
  }
};

std::unique_ptr<MvLikelihood> likelihood_of(const MvModel& model,
                                            const std::vector<MvCluster>& clusters,
                                            const MvLayout& layout) {
  if (model.restricted.size() > 0) return mv_block_likelihood(model, clusters, layout);
  std::unique_ptr<MvLikelihood> out = mv_nested_likelihood(model, clusters);
  if (!out) out = mv_crossed_likelihood(model, clusters, layout);
  return out ? std::move(out) : mv_block_likelihood(model, clusters, layout);
}

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

// A likelihood whose parameters are equal in sets.
class TiedLikelihood : public MvLikelihood {
 public:
  TiedLikelihood(MvLikelihood& whole, IndexVec set, Index size)
      : whole_(whole), set_(std::move(set)), size_(size) {}
  Index size() const override { return size_; }
  double cost() const override { return whole_.cost(); }
  MvMean mean(const Vec& psi) override { return whole_.mean(apart(psi)); }
  MvSlope slope(const Vec& psi, bool restricted, bool exact) override {
    const MvSlope all = whole_.slope(apart(psi), restricted, exact);
    const Index n = static_cast<Index>(set_.size());
    MvSlope out{Vec::Zero(size_), Mat::Zero(size_, size_)};
    for (Index i = 0; i < n; ++i) {
      out.score[set_[at(i)]] += all.score[i];
      for (Index j = 0; j < n; ++j)
        out.information(set_[at(i)], set_[at(j)]) += all.information(i, j);
    }
    return out;
  }
  Vec apart(const Vec& psi) const {
    Vec out(static_cast<Index>(set_.size()));
    for (std::size_t i = 0; i < set_.size(); ++i) out[static_cast<Index>(i)] = psi[set_[i]];
    return out;
  }
  // The first of each set.
  Vec together(const Vec& psi) const {
    Vec out(size_);
    for (Index i = static_cast<Index>(set_.size()) - 1; i >= 0; --i) out[set_[at(i)]] = psi[i];
    return out;
  }

 private:
  MvLikelihood& whole_;
  IndexVec set_;
  Index size_;
};

// Sets of equal parameters: numbered in the order of their first member.
IndexVec sets_of(const IndexVec& ties, Index& count) {
  IndexVec out, seen;
  for (Index t : ties) {
    const auto found = std::find(seen.begin(), seen.end(), t);
    out.push_back(static_cast<Index>(found - seen.begin()));
    if (found == seen.end()) seen.push_back(t);
  }
  count = static_cast<Index>(seen.size());
  return out;
}

std::function<double(double)> range_values(const MvShape& shape) {
  return [&shape](double x) { return shape.range_value(x); };
}

void search_tied(const MvModel& model, const std::vector<MvCluster>& clusters,
                 const MvLayout& layout, const MvSpec& spec, Search& out) {
  const std::unique_ptr<MvLikelihood> whole = mv_block_likelihood(model, clusters, layout);
  Index count = 0;
  const IndexVec set = sets_of(model.ties, count);
  TiedLikelihood tied(*whole, set, count);
  const MvBox all = box_of(layout);
  MvBox box{tied.together(all.lower), tied.together(all.upper), std::vector<char>(at(count), 0)};
  for (std::size_t i = 0; i < set.size(); ++i)
    if (all.fixed[i]) box.fixed[at(set[i])] = 1;
  const double excess = excess_variance(model);
  const Vec own = own_start(model, layout, excess);
  if (own.size() > 0) out.take(mv_climb(tied, box, tied.together(own), spec.restricted));
  for (const Start& start : starts_of(model, true))
    out.take(mv_climb(tied, box, tied.together(start_values(model, layout, start, excess)),
                      spec.restricted));
  for (std::size_t t = 0; t < layout.shapes.size(); ++t) {
    const Index range = layout.shapes[t].range();
    if (range < 0 || !out.best.valid) continue;
    int maxima = 0;
    out.take(mv_scan(tied, box, out.best.psi, set[at(layout.offset[t] + range)],
                     layout.shapes[t].range_grid(41), range_values(layout.shapes[t]),
                     spec.restricted, maxima));
    out.maxima = std::max(out.maxima, maxima);
  }
  if (!out.best.valid)
    throw NotConverged("no start has a likelihood: the variances are not positive definite");
  out.best.psi = tied.apart(out.best.psi);
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

constexpr double kLeastBarrier = 1e-10;

// The likelihood itself at a peak behind a barrier.
void unbar(MvLikelihood& likelihood, const MvSpec& spec, MvPeak& peak) {
  if (!peak.valid) return;
  peak.mean = likelihood.mean(peak.psi);
  peak.ll = spec.restricted ? peak.mean.reml : peak.mean.ml;
  peak.slope = likelihood.slope(peak.psi, spec.restricted, false);
}

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

void search(const MvModel& model, const std::vector<MvCluster>& clusters, const MvLayout& layout,
            const MvSpec& spec, Search& out) {
  if (!model.ties.empty()) return search_tied(model, clusters, layout, spec, out);
  const std::unique_ptr<MvLikelihood> likelihood = likelihood_of(model, clusters, layout);
  search_over(
      *likelihood, model, layout, spec, [](const Vec& psi) { return psi; }, out);
  const std::vector<MvTogether> sets = mv_together(model, layout);
  if (!sets.empty() && !(out.best.valid && mv_proper(sets, out.best.psi)))
    search_proper(*likelihood, model, layout, spec, sets, out);
  if (!out.best.valid)
    throw NotConverged("no start has a likelihood: the variances are not positive definite");
}

// A correlation common to m effects that no random effects have, below -1 / (m - 1), lets the marginal variances become
// singular and the likelihood rise without end. Are there such terms? They are bounded.
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

// psi of one layout in another.
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

// The observed information in tau2 and rho (or covariances), at a maximum inside.
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

// Parameters that share a flat direction at the maximum: inside their bounds, or at one without a slope.
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

// The same of tau2 and rho: all of a term that is a factor.
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
