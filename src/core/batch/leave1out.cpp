#include "core/batch/leave1out.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/model/closed_form.hpp"
#include "core/model/random_effects.hpp"

namespace metaparity {
namespace {

// Between these variances the products of weights neither overflow nor underflow.
constexpr double kSmallest = 1e-60, kLargest = 1e60;

}  // namespace

FitTable::FitTable(Index n, Index p)
    : estimate(Mat::Constant(n, p, kNaN)),
      se(estimate),
      zval(estimate),
      pval(estimate),
      ci_lb(estimate),
      ci_ub(estimate),
      Q(Vec::Constant(n, kNaN)),
      Qp(Q),
      tau2(Q),
      I2(Q),
      H2(Q),
      k(static_cast<std::size_t>(n), 0) {}

void FitTable::set(Index row, const RmaFit& fit) {
  estimate.row(row) = fit.beta;
  se.row(row) = fit.se;
  zval.row(row) = fit.zval;
  pval.row(row) = fit.pval;
  ci_lb.row(row) = fit.ci_lb;
  ci_ub.row(row) = fit.ci_ub;
  Q(row) = fit.QE;
  Qp(row) = fit.QEp;
  tau2(row) = fit.tau2;
  I2(row) = fit.I2;
  H2(row) = fit.H2;
  k[static_cast<std::size_t>(row)] = fit.k;
}

bool has_closed_form(const VecRef& vi, const MatRef& X, const VecRef& weights,
                     const ModelSpec& spec) {
  const bool method = spec.method == Tau2Method::FE ||
                      (spec.method == Tau2Method::DL && !spec.q_centre && !spec.has_own_bounds());
  return method && spec.weighted && weights.size() == 0 && X.cols() == 1 &&
         (X.array() == 1.0).all() && vi.minCoeff() > kSmallest && vi.maxCoeff() < kLargest;
}

RmaFit fit_rows(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                const ModelSpec& spec, const std::vector<Index>& rows) {
  const auto n = static_cast<Index>(rows.size());
  if (n < X.cols()) throw SingularDesign("leave fewer studies than coefficients");
  ModelSpec used = spec;
  if (n == X.cols() && spec.method != Tau2Method::Given) used.method = Tau2Method::FE;
  if (n == X.cols()) used.test = TestType::Z;
  Vec y(n), v(n), own(weights.size() > 0 ? n : 0);
  Mat design(n, X.cols());
  for (Index i = 0; i < n; ++i) {
    const Index row = rows[static_cast<std::size_t>(i)];
    y(i) = yi(row);
    v(i) = vi(row);
    design.row(i) = X.row(row);
    if (own.size() > 0) own(i) = weights(row);
  }
  return fit_rma(y, v, design, own, used);
}

FitTable leave_one_out_refit(const VecRef& yi, const VecRef& vi, const MatRef& X,
                             const VecRef& weights, const ModelSpec& spec,
                             const std::vector<int>& cluster, int n) {
  FitTable out(n, X.cols());
  std::vector<Index> rows;
  rows.reserve(cluster.size());
  for (int omitted = 0; omitted < n; ++omitted) {
    ask(spec.checkpoint);
    rows.clear();
    for (std::size_t i = 0; i < cluster.size(); ++i) {
      if (cluster[i] != omitted) rows.push_back(static_cast<Index>(i));
    }
    try {
      out.set(omitted, fit_rows(yi, vi, X, weights, spec, rows));
    } catch (const std::runtime_error&) {
      out.failed.push_back(omitted);
    }
  }
  return out;
}

FitTable leave_one_out(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                       const ModelSpec& spec, const std::vector<int>& cluster, int n) {
  const Index k = yi.size();
  bool single = n == k && k > 1;
  for (Index i = 0; single && i < k; ++i) single = cluster[static_cast<std::size_t>(i)] == i;
  if (!single || !has_closed_form(vi, X, weights, spec)) {
    return leave_one_out_refit(yi, vi, X, weights, spec, cluster, n);
  }
  const ShiftedStudies data(yi, vi);
  std::vector<Moments> after(static_cast<std::size_t>(k) + 1);
  for (Index i = k; i-- > 0;) {
    const auto at = static_cast<std::size_t>(i);
    after[at] = after[at + 1].merged(data.study(i));
  }
  FitTable out(k, 1);
  Moments before;
  for (Index i = 0; i < k; ++i) {
    const Moments rest = before.merged(after[static_cast<std::size_t>(i) + 1]);
    out.set(i, closed_form_fit(data, rest, {i, i + 1}, spec));
    before = before.merged(data.study(i));
  }
  return out;
}

}  // namespace metaparity
