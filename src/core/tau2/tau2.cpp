#include "core/tau2/tau2.hpp"

#include <vector>

#include "core/errors.hpp"
#include "core/tau2/tau2_rules.hpp"

namespace metaparity {
namespace {

void check_zero_variances(const VecRef& vi, const Tau2Rule& rule) {
  if (!rule.needs_positive_v) return;
  std::vector<int> rows;
  for (Index i = 0; i < vi.size(); ++i) {
    if (vi[i] == 0.0) rows.push_back(static_cast<int>(i));
  }
  if (!rows.empty())
    throw InvalidStudies("vi", rows, "must be positive for this method, but is zero");
}

}  // namespace

double estimate_tau2(const VecRef& yi, const VecRef& vi, const MatRef& X, const VecRef& weights,
                     const ModelSpec& spec) {
  const Tau2Rule& rule = spec.method.rule();
  check_zero_variances(vi, rule);
  return rule.estimate({yi, vi, X, weights, spec}).tau2;
}

Tau2Estimate estimate_tau2_se(const VecRef& yi, const VecRef& vi, const MatRef& X,
                              const VecRef& weights, const ModelSpec& spec) {
  const Tau2Rule& rule = spec.method.rule();
  check_zero_variances(vi, rule);
  const Tau2Data data{yi, vi, X, weights, spec};
  const Tau2Found found = rule.estimate(data);
  if (found.with_se || rule.se_at == nullptr) return {found.tau2, found.se};
  return {found.tau2, rule.se_at(data, found.tau2)};
}

}  // namespace metaparity
