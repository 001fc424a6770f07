#include "core/stata/metareg_permute.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/errors.hpp"
#include "core/model/random_effects.hpp"
#include "core/model/wald.hpp"
#include "core/random.hpp"

namespace metaparity {
namespace {

Mat with_constant(const Mat& X, bool intercept) {
  if (!intercept) return X;
  Mat out(X.rows(), X.cols() + 1);
  out.col(0).setOnes();
  out.rightCols(X.cols()) = X;
  return out;
}

struct Statistics {
  Vec single, joint;
};

class Tester {
 public:
  Tester(const VecRef& yi, const VecRef& vi, const ModelSpec& spec, const PermutationPlan& plan)
      : yi_(yi), vi_(vi), spec_(spec), plan_(plan), shift_(plan.intercept ? 1 : 0) {
    spec_.int_incl = plan.intercept;
  }

  Statistics at(const Mat& X) const {
    Statistics out{Vec(X.cols()), Vec(static_cast<Index>(plan_.joint.size()))};
    if (plan_.univariable) {
      for (Index j = 0; j < X.cols(); ++j) out.single[j] = std::fabs(fit(X.col(j)).zval[shift_]);
      if (plan_.joint.empty()) return out;
    }
    const RmaFit all = fit(X);
    if (!plan_.univariable) out.single = all.zval.tail(X.cols()).cwiseAbs();
    for (std::size_t s = 0; s < plan_.joint.size(); ++s) {
      out.joint[static_cast<Index>(s)] = wald(all, plan_.joint[s]);
    }
    return out;
  }

 private:
  RmaFit fit(const Mat& X) const {
    return fit_rma(yi_, vi_, with_constant(X, plan_.intercept), Vec(), spec_);
  }

  // b' V^-1 b of one set.
  double wald(const RmaFit& all, const std::vector<int>& set) const {
    const auto m = static_cast<Index>(set.size());
    Vec b(m);
    Mat V(m, m);
    for (Index i = 0; i < m; ++i) {
      const Index r = set[static_cast<std::size_t>(i)] + shift_;
      b[i] = all.beta[r];
      for (Index j = 0; j < m; ++j) V(i, j) = all.vb(r, set[static_cast<std::size_t>(j)] + shift_);
    }
    return wald_statistic(b, V);
  }

  VecRef yi_, vi_;
  ModelSpec spec_;
  const PermutationPlan& plan_;
  Index shift_;
};

}  // namespace

PermutationTest permute_metareg(const VecRef& yi, const VecRef& vi, const MatRef& X,
                                const ModelSpec& spec, const PermutationPlan& plan) {
  if (plan.reps < 1) throw InvalidInput("permute", "must be at least 1");
  const Mat covariates = X;
  const Tester tester(yi, vi, spec, plan);
  const Statistics seen = tester.at(covariates);
  // Equal up to rounding counts as reached.
  constexpr double kSlack = 1.0 - 1e-10;
  Vec count = Vec::Zero(X.cols()), count_adjusted = count,
      count_joint = Vec::Zero(seen.joint.size());
  std::vector<Index> order(static_cast<std::size_t>(X.rows()));
  std::iota(order.begin(), order.end(), Index{0});
  Random random(plan.seed);
  Mat shuffled(X.rows(), X.cols());
  for (int r = 0; r < plan.reps; ++r) {
    ask(spec.checkpoint);
    random.shuffle(order);
    for (Index i = 0; i < X.rows(); ++i)
      shuffled.row(i) = covariates.row(order[static_cast<std::size_t>(i)]);
    const Statistics now = tester.at(shuffled);
    const double most = now.single.maxCoeff();
    for (Index j = 0; j < X.cols(); ++j) {
      if (now.single[j] >= seen.single[j] * kSlack) count[j] += 1.0;
      if (most >= seen.single[j] * kSlack) count_adjusted[j] += 1.0;
    }
    for (Index s = 0; s < seen.joint.size(); ++s) {
      if (now.joint[s] >= seen.joint[s] * kSlack) count_joint[s] += 1.0;
    }
  }
  const double n = plan.reps;
  PermutationTest out;
  out.p = count / n;
  out.p_adjusted = count_adjusted / n;
  out.p_joint = count_joint / n;
  const auto error = [n](const Vec& p) { return Vec((p.array() * (1.0 - p.array()) / n).sqrt()); };
  out.se = error(out.p);
  out.se_max = std::max(out.se.maxCoeff(), error(out.p_adjusted).maxCoeff());
  if (out.p_joint.size() > 0) out.se_max = std::max(out.se_max, error(out.p_joint).maxCoeff());
  return out;
}

}  // namespace metaparity
