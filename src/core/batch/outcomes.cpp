#include "core/batch/outcomes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>

#include "core/batch/leave1out.hpp"
#include "core/bias/begg.hpp"
#include "core/bias/egger.hpp"
#include "core/bias/trimfill.hpp"
#include "core/errors.hpp"
#include "core/linalg/dense.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/heterogeneity.hpp"
#include "core/model/knapp_hartung.hpp"
#include "core/model/random_effects.hpp"
#include "core/model/subgroup.hpp"
#include "core/tau2/likelihood_lanes.hpp"
#include "core/tau2/study_lanes.hpp"
#include "core/tau2/tau2.hpp"
#include "core/threads.hpp"

namespace metaparity {
namespace {

constexpr Index kBlock = 64;  // outcomes that share one workspace
// Where sums of squares need no change of scale (scale_data()).
constexpr double kLeastV = 1e-30, kMostV = 1e30;

struct Row {
  Vec y, v;
  Mat X;
  Index k = 0;
  bool whole = true;  // every number that is there can be used
  ModelSpec model;    // as far as this outcome can answer it
};

// Outcomes that are fitted together, and the plain ones among them.
struct Group {
  std::vector<Row> rows;
  StudyLanes lanes;
  std::vector<Index> plain;
  bool loaded = false;  // the lanes took them from the matrix, the rows are not filled
};

// The share of one outcome that every model has.
struct Numbers {
  double tau2 = 0.0, I2 = kNaN, H2 = kNaN, Q = kNaN, Qp = kNaN, ddf = kNaN;
};

// What the weighted means of a plain outcome give.
struct PlainFit {
  double tau2, Q, tr_p;   // Q and the trace without tau2
  double mu, sum_w, rss;  // with it
};

class OutcomeFitter {
 public:
  OutcomeFitter(const OutcomeStudies& data, const MatRef& X, const OutcomeSpec& spec,
                OutcomeColumns& out)
      : data_(data), X_(X), spec_(spec), out_(out), simple_(is_intercept_only(X)) {
    const Index widest = data.widest();
    ones_ = Mat::Ones(widest, 1);
    const ModelSpec& model = spec.model;
    const bool closed = model.method == Tau2Method::FE || model.method == Tau2Method::DL ||
                        model.method == Tau2Method::REML || model.method == Tau2Method::ML;
    loads_ = data.in_rows() && widest > 1 && closed && pools_plainly(model) &&
             spec.centres.size() == 0 && !spec.extras.any();
    // Quantiles by degrees of freedom: 0 stands for the normal distribution.
    critical_.resize(static_cast<std::size_t>(widest) + 1, kNaN);
    critical_[0] = critical_value(spec.model.level, kNaN);
    if (spec.model.test == TestType::Z && spec.predict_less == 0) return;
    for (Index df = 1; df <= widest; ++df) {
      critical_[static_cast<std::size_t>(df)] =
          critical_value(spec.model.level, static_cast<double>(df));
    }
  }

  // The outcomes from, ..., to - 1: as many as the workspace has rows, or fewer.
  void fit(Index from, Index to, Group& group);
  Group workspace() const {
    const Index k = data_.widest();
    Row row{Vec(k), Vec(k), Mat(simple_ ? 0 : k, X_.cols()), 0, true, spec_.model};
    row.model.checkpoint = nullptr;
    return {
        std::vector<Row>(StudyLanes::kLanes, row), StudyLanes(std::max<Index>(k, 1)), {}, false};
  }

 private:
  bool load(Index from, Index to, Group& group);
  bool prepare(Index i, Row& row);
  void fit_plain(Index from, Group& group);
  void finish(Index i, const Row& row, bool plain);
  void gather(Index i, Row& row) const;
  OutcomeCode obstacle(const Row& row) const;
  bool pools_plainly(const ModelSpec& model) const;
  bool plain(const Row& row, const ModelSpec& model) const;
  double tau2_of(const Row& row) const;
  void store_plain(Index i, Index k, const ModelSpec& model, const PlainFit& fit);
  void fit_any(Index i, const Row& row, const ModelSpec& model);
  void store(Index i, const Numbers& fit);
  void store_prediction(Index i, Index k, const Numbers& fit);
  void store_bias(Index i, const Row& row, const ModelSpec& model);
  void store_leave1out(Index i, const Row& row, const ModelSpec& model);
  double critical(double df) const {
    return critical_[std::isnan(df) ? 0 : static_cast<std::size_t>(std::max(df, 0.0))];
  }
  MatRef design(const Row& row) const {
    return simple_ ? ones_.topRows(row.k) : row.X.topRows(row.k);
  }

  const OutcomeStudies& data_;
  const MatRef& X_;
  const OutcomeSpec& spec_;
  OutcomeColumns& out_;
  const bool simple_;
  bool loads_ = false;  // may whole groups be taken from the matrix?
  Mat ones_;
  std::vector<double> critical_;
};

void OutcomeFitter::gather(Index i, Row& row) const {
  const Index m = data_.studies(i);
  row.k = 0;
  row.whole = true;
  for (Index j = 0; j < m; ++j) {
    const double y = data_.yi(i, j), v = data_.vi(i, j);
    if (std::isnan(y) || std::isnan(v)) continue;
    if (!simple_ && !X_.row(data_.design_row(i, j)).allFinite()) continue;
    row.whole = row.whole && std::isfinite(y) && std::isfinite(v) && v >= 0.0;
    row.y[row.k] = y;
    row.v[row.k] = v;
    if (!simple_) row.X.row(row.k) = X_.row(data_.design_row(i, j));
    ++row.k;
  }
}

OutcomeCode OutcomeFitter::obstacle(const Row& row) const {
  if (row.k == 0) return OutcomeCode::NoStudy;
  if (!row.whole) return OutcomeCode::Impossible;
  if (simple_) return OutcomeCode::Fitted;
  const Index p = X_.cols();
  const bool fixed =
      spec_.model.method == Tau2Method::FE || spec_.model.method == Tau2Method::Given;
  if (row.k < p || (row.k == p && !fixed)) return OutcomeCode::TooFew;
  if (static_cast<Index>(independent_columns(row.X.topRows(row.k)).size()) < p)
    return OutcomeCode::Collinear;
  return OutcomeCode::Fitted;
}

bool OutcomeFitter::pools_plainly(const ModelSpec& model) const {
  return simple_ && !model.has_own_bounds() && !model.q_centre && model.weighted;
}

bool OutcomeFitter::plain(const Row& row, const ModelSpec& model) const {
  if (!pools_plainly(model)) return false;
  const auto v = row.v.head(row.k);
  const double top = v.maxCoeff();
  return v.minCoeff() > 0.0 && top > kLeastV && top < kMostV;
}

// An intercept alone.
double OutcomeFitter::tau2_of(const Row& row) const {
  if (row.model.method == Tau2Method::FE) return 0.0;
  return estimate_tau2(row.y.head(row.k), row.v.head(row.k), ones_.topRows(row.k), Vec(),
                       row.model);
}

// The lanes' tau2 as far as lanes can tell it; NaN where the estimator of one data set must.
StudyLanes::Lane first_tau2(const StudyLanes& x, const PooledLanes& common, Tau2Method method) {
  using Lane = StudyLanes::Lane;
  const bool restricted = method == Tau2Method::REML;
  if (restricted || method == Tau2Method::ML) return likelihood_maxima(x, restricted);
  if (method == Tau2Method::FE) return Lane::Zero();
  if (method != Tau2Method::DL) return Lane::Constant(kNaN);
  // DerSimonian and Laird (1986), eq. 8.
  const Lane excess = (common.rss - (x.studies() - 1.0)) / common.tr_p;
  return (excess > 0.0).select(excess, Lane::Zero());
}

void OutcomeFitter::fit_plain(Index from, Group& group) {
  using Lane = StudyLanes::Lane;
  const StudyLanes& x = group.lanes;
  const Tau2Method method = spec_.model.method;
  const PooledLanes common = pool_lanes(x, Lane::Zero());
  Lane tau2 = first_tau2(x, common, method);
  std::array<bool, StudyLanes::kLanes> failed{};
  for (int lane = 0; lane < x.size(); ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    if (!std::isnan(tau2[lane])) continue;
    Row& row = group.rows[static_cast<std::size_t>(group.plain[l] - from)];
    if (group.loaded) prepare(group.plain[l], row);
    try {
      tau2[lane] = tau2_of(row);
    } catch (const std::exception&) {
      failed[l] = true;
    }
  }
  for (int lane = x.size(); lane < StudyLanes::kLanes; ++lane) tau2[lane] = 0.0;
  const PooledLanes at = (tau2 == 0.0).all() ? common : pool_lanes(x, tau2);
  for (int lane = 0; lane < x.size(); ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    const Index i = group.plain[l];
    const bool possible = !failed[l] && std::isfinite(at.mu[lane]) && std::isfinite(at.sum_w[lane]);
    if (!possible) {
      out_.set_code(i, OutcomeCode::Failed);
      continue;
    }
    const ModelSpec& model = group.rows[static_cast<std::size_t>(i - from)].model;
    store_plain(i, static_cast<Index>(x.studies(lane)), group.loaded ? spec_.model : model,
                {tau2[lane], common.rss[lane], common.tr_p[lane], at.mu[lane], at.sum_w[lane],
                 at.rss[lane]});
  }
}

void OutcomeFitter::store_plain(Index i, Index k, const ModelSpec& model, const PlainFit& at) {
  const double df = static_cast<double>(k - 1), typical = df / at.tr_p;
  const bool fixed = model.method == Tau2Method::FE;
  Numbers fit;
  fit.tau2 = at.tau2;
  fit.Q = at.Q;
  fit.Qp = df > 0.0 ? chisq_upper(fit.Q, df) : 1.0;
  const Heterogeneity h = fixed || model.i2_from_q ? heterogeneity_from_q(fit.Q, df, typical)
                                                   : heterogeneity_from_tau2(fit.tau2, typical);
  fit.I2 = h.I2;
  fit.H2 = h.H2;
  if (model.test != TestType::Z) fit.ddf = df;
  const double factor = scales_variance(model.test) ? variance_factor(model.test, at.rss, df) : 1.0;
  const double se = std::sqrt(factor / at.sum_w), z = at.mu / se, half = critical(fit.ddf) * se;
  out_.estimate(i, 0) = at.mu;
  out_.se(i, 0) = se;
  out_.zval(i, 0) = z;
  out_.pval(i, 0) = two_sided(z, fit.ddf);
  out_.ci_lb(i, 0) = at.mu - half;
  out_.ci_ub(i, 0) = at.mu + half;
  store(i, fit);
  if (!fixed) store_prediction(i, k, fit);
}

void OutcomeFitter::fit_any(Index i, const Row& row, const ModelSpec& model) {
  const RmaFit fit = fit_rma(row.y.head(row.k), row.v.head(row.k), design(row), Vec(), model);
  out_.estimate.row(i) = fit.beta.transpose();
  out_.se.row(i) = fit.se.transpose();
  out_.zval.row(i) = fit.zval.transpose();
  out_.pval.row(i) = fit.pval.transpose();
  out_.ci_lb.row(i) = fit.ci_lb.transpose();
  out_.ci_ub.row(i) = fit.ci_ub.transpose();
  const Numbers numbers{fit.tau2, fit.I2, fit.H2, fit.QE, fit.QEp, fit.ddf};
  store(i, numbers);
  if (simple_ && model.method != Tau2Method::FE) store_prediction(i, row.k, numbers);
  if (!simple_) {
    out_.QM[i] = fit.QM;
    out_.QMp[i] = fit.QMp;
  }
}

void OutcomeFitter::store(Index i, const Numbers& fit) {
  out_.tau2[i] = fit.tau2;
  out_.I2[i] = fit.I2;
  out_.H2[i] = fit.H2;
  out_.Q[i] = fit.Q;
  out_.Qp[i] = fit.Qp;
}

// Riley, Higgins & Deeks (2011): t with k - 2 degrees of freedom; others k - 1, or the distribution of the test.
void OutcomeFitter::store_prediction(Index i, Index k, const Numbers& fit) {
  const double df = spec_.predict_less > 0 ? static_cast<double>(k - spec_.predict_less) : fit.ddf;
  if (df < 1.0) return;
  const double se = out_.se(i, 0), reach = critical(df) * std::sqrt(fit.tau2 + se * se);
  out_.pi_lb[i] = out_.estimate(i, 0) - reach;
  out_.pi_ub[i] = out_.estimate(i, 0) + reach;
}

void OutcomeFitter::store_bias(Index i, const Row& row, const ModelSpec& model) {
  if (!spec_.extras.egger && !spec_.extras.begg && !spec_.extras.trimfill) return;
  const Vec y = row.y.head(row.k), v = row.v.head(row.k);
  if (v.minCoeff() <= 0.0) return;
  if (spec_.extras.egger && row.k > 2) {
    const LineFit line = egger_line(y, v.cwiseSqrt(), model.level);
    out_.egger[i] = line.slope.est;
    out_.egger_p[i] = line.slope.pval;
  }
  if (spec_.extras.begg && row.k > 2) {
    const RankTest test = rank_test(y, v);
    out_.begg[i] = test.tau;
    out_.begg_p[i] = test.pval;
  }
  if (!spec_.extras.trimfill || row.k < 3) return;
  const TrimFill filled = trim_and_fill(y, v, Vec(), model, TrimFillSpec());
  const FilledData all = fill(y, v, Vec(), filled);
  const RmaFit fit = fit_rma(all.yi, all.vi, Mat::Ones(all.yi.size(), 1), Vec(), model);
  out_.trim_k0[i] = filled.k0;
  out_.trim_estimate[i] = fit.beta[0];
  out_.trim_lb[i] = fit.ci_lb[0];
  out_.trim_ub[i] = fit.ci_ub[0];
}

void OutcomeFitter::store_leave1out(Index i, const Row& row, const ModelSpec& model) {
  if (row.k < 2) return;
  std::vector<int> each(static_cast<std::size_t>(row.k));
  for (std::size_t j = 0; j < each.size(); ++j) each[j] = static_cast<int>(j);
  const FitTable without = leave_one_out(row.y.head(row.k), row.v.head(row.k), ones_.topRows(row.k),
                                         Vec(), model, each, static_cast<int>(row.k));
  if (!without.failed.empty()) return;
  out_.low[i] = without.estimate.col(0).minCoeff();
  out_.high[i] = without.estimate.col(0).maxCoeff();
  out_.worst_p[i] = without.pval.col(0).maxCoeff();
}

// Gathers an outcome; false where it has no estimate.
bool OutcomeFitter::prepare(Index i, Row& row) {
  gather(i, row);
  const OutcomeCode code = obstacle(row);
  out_.k[i] = static_cast<int>(row.k);
  out_.set_code(i, code);
  if (code != OutcomeCode::Fitted) return false;
  ModelSpec& model = row.model;
  model.test = spec_.model.test;
  model.method = spec_.model.method;
  model.q_centre = spec_.model.q_centre;
  if (spec_.centres.size() > 0 && !std::isnan(spec_.centres[i])) model.q_centre = spec_.centres[i];
  if (row.k == X_.cols()) {  // nothing is left for heterogeneity nor for a scale
    model.test = TestType::Z;
    if (model.method != Tau2Method::Given) model.method = Tau2Method::FE;
  }
  return true;
}

void OutcomeFitter::finish(Index i, const Row& row, bool plain) {
  if (!out_.has_code(i, OutcomeCode::Fitted)) return;
  try {
    if (!plain) fit_any(i, row, row.model);
    if (!simple_) return;
    store_bias(i, row, row.model);
    if (spec_.extras.leave1out) store_leave1out(i, row, row.model);
  } catch (const std::exception&) {
    out_.set_code(i, OutcomeCode::Failed);
  }
}

// Neighbours in the rows of a matrix, all of them plain and with all studies.
bool OutcomeFitter::load(Index from, Index to, Group& group) {
  group.loaded = loads_ && to - from == StudyLanes::kLanes &&
                 group.lanes.load(data_.yi_from(from), data_.vi_from(from), data_.size(),
                                  data_.widest(), kLeastV, kMostV);
  if (!group.loaded) return false;
  for (Index i = from; i < to; ++i) {
    group.plain.push_back(i);
    out_.k[i] = static_cast<int>(data_.widest());
    out_.set_code(i, OutcomeCode::Fitted);
  }
  return true;
}

void OutcomeFitter::fit(Index from, Index to, Group& group) {
  group.lanes.clear();
  group.plain.clear();
  if (load(from, to, group)) return fit_plain(from, group);
  for (Index i = from; i < to; ++i) {
    Row& row = group.rows[static_cast<std::size_t>(i - from)];
    if (!prepare(i, row) || !plain(row, row.model)) continue;
    group.lanes.add(row.y.head(row.k), row.v.head(row.k));
    group.plain.push_back(i);
  }
  if (!group.plain.empty()) fit_plain(from, group);
  auto next = group.plain.begin();
  for (Index i = from; i < to; ++i) {
    const bool plain = next != group.plain.end() && *next == i;
    if (plain) ++next;
    finish(i, group.rows[static_cast<std::size_t>(i - from)], plain);
  }
}

// The tables of one outcome that are whole.
struct Tables {
  explicit Tables(Index most) : a(most), b(most), c(most), d(most) {}
  Vec a, b, c, d;
  Index k = 0;
  bool possible = true;
};

void gather_tables(const OutcomeStudies& first, const OutcomeStudies& second, Index i,
                   Tables& out) {
  out.k = 0;
  out.possible = true;
  for (Index j = 0; j < first.studies(i); ++j) {
    const double a = first.yi(i, j), b = first.vi(i, j), c = second.yi(i, j), d = second.vi(i, j);
    if (std::isnan(a + b + c + d)) continue;
    out.possible = out.possible && std::min({a, b, c, d}) >= 0.0 && std::isfinite(a + b + c + d);
    out.a[out.k] = a;
    out.b[out.k] = b;
    out.c[out.k] = c;
    out.d[out.k++] = d;
  }
}

void store_common(OutcomeColumns& out, Index i, const CommonFit& fit) {
  out.estimate(i, 0) = fit.beta;
  out.se(i, 0) = fit.se;
  out.zval(i, 0) = fit.zval;
  out.pval(i, 0) = fit.pval;
  out.ci_lb(i, 0) = fit.ci_lb;
  out.ci_ub(i, 0) = fit.ci_ub;
  out.tau2[i] = 0.0;
  out.I2[i] = fit.I2;
  out.H2[i] = fit.H2;
  out.Q[i] = fit.QE;
  out.Qp[i] = fit.QEp;
  out.k[i] = fit.k;
}

void fit_tables(const Tables& x, const TableSpec& spec, OutcomeColumns& out, Index i) {
  const OutcomeCode code = x.k == 0     ? OutcomeCode::NoStudy
                           : x.possible ? OutcomeCode::Fitted
                                        : OutcomeCode::Impossible;
  out.k[i] = static_cast<int>(x.k);
  out.set_code(i, code);
  if (code != OutcomeCode::Fitted) return;
  const TwoByTwo table{x.a.head(x.k), x.b.head(x.k), x.c.head(x.k), x.d.head(x.k)};
  try {
    if (spec.pooling == TablePooling::Peto) {
      store_common(out, i, fit_peto(table, spec.effects, spec.peto));
    } else {
      store_common(out, i, fit_mh(table, spec.measure, spec.effects, spec.mh));
    }
    if (std::isnan(out.estimate(i, 0))) out.set_code(i, OutcomeCode::Failed);
  } catch (const std::exception&) {
    out.set_code(i, OutcomeCode::Failed);
  }
}

template <class Work>
void in_blocks(OutcomeColumns& out, const OutcomeSpec& spec, Work&& work) {
  const Index n = out.k.size(), blocks = (n + kBlock - 1) / kBlock;
  parallel_for(blocks, spec.threads, spec.model.checkpoint, [&](Index block) {
    const Index from = block * kBlock, to = std::min(n, from + kBlock);
    out.open(from, to);
    work(from, to);
    out.close(from, to);
  });
}

}  // namespace

OutcomeStudies OutcomeStudies::rows(const MatRef& yi, const MatRef& vi) {
  if (yi.rows() != vi.rows() || yi.cols() != vi.cols())
    throw InvalidInput("vi", "must have the shape of `yi`");
  return OutcomeStudies(yi.data(), vi.data(), yi.rows(), yi.cols(), {});
}

OutcomeStudies OutcomeStudies::runs(const VecRef& yi, const VecRef& vi, std::vector<Index> start) {
  if (yi.size() != vi.size()) throw InvalidInput("vi", "must be as long as `yi`");
  if (start.empty() || start.front() != 0 || start.back() != yi.size() ||
      !std::is_sorted(start.begin(), start.end())) {
    throw InvalidInput("outcome", "is damaged: its runs do not cover the data");
  }
  const Index n = static_cast<Index>(start.size()) - 1;
  return OutcomeStudies(yi.data(), vi.data(), n, 0, std::move(start));
}

Index OutcomeStudies::studies(Index outcome) const {
  if (start_.empty()) return k_;
  const auto i = static_cast<std::size_t>(outcome);
  return start_[i + 1] - start_[i];
}

Index OutcomeStudies::widest() const {
  if (start_.empty()) return k_;
  Index most = 0;
  for (Index i = 0; i < n_; ++i) most = std::max(most, studies(i));
  return most;
}

void fit_outcomes(const OutcomeStudies& data, const MatRef& X, const OutcomeSpec& spec,
                  OutcomeColumns& out) {
  OutcomeFitter fitter(data, X, spec, out);
  in_blocks(out, spec, [&](Index from, Index to) {
    Group group = fitter.workspace();
    constexpr Index some = StudyLanes::kLanes;
    for (Index i = from; i < to; i += some) fitter.fit(i, std::min(i + some, to), group);
  });
}

void fit_table_outcomes(const OutcomeStudies& first, const OutcomeStudies& second,
                        const TableSpec& tables, const OutcomeSpec& spec, OutcomeColumns& out) {
  in_blocks(out, spec, [&](Index from, Index to) {
    Tables row(first.widest());
    for (Index i = from; i < to; ++i) {
      gather_tables(first, second, i, row);
      fit_tables(row, tables, out, i);
    }
  });
}

OutcomeBetween between_groups(const MatRef& estimate, const MatRef& se) {
  OutcomeBetween out;
  const Index n = estimate.rows();
  out.Q = out.pval = Vec::Constant(n, kNaN);
  out.df.assign(static_cast<std::size_t>(n), 0);
  Vec e(estimate.cols()), s(estimate.cols());
  for (Index i = 0; i < n; ++i) {
    Index g = 0;
    for (Index j = 0; j < estimate.cols(); ++j) {
      if (std::isnan(estimate(i, j)) || std::isnan(se(i, j))) continue;
      e[g] = estimate(i, j);
      s[g++] = se(i, j);
    }
    if (g == 0) continue;
    const BetweenTest test = test_between(e.head(g), s.head(g));
    out.Q[i] = test.Q;
    out.pval[i] = test.pval;
    out.df[static_cast<std::size_t>(i)] = static_cast<int>(test.df);
  }
  return out;
}

}  // namespace metaparity
