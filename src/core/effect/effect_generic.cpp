#include "core/effect/effect_generic.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

// `arg` is what vi was made of.
Effects generic(const VecRef& yi, const Vec& vi, const std::string& arg) {
  std::vector<int> rows;
  for (Index i = 0; i < vi.size(); ++i) {
    if (std::isinf(vi(i))) rows.push_back(static_cast<int>(i));
  }
  if (!rows.empty()) throw InvalidStudies(arg, rows, "must be small enough for a finite variance");
  Effects out = make_effects(yi.size());
  out.yi = yi;
  out.vi = vi;
  return out;
}

}  // namespace

Effects effect_from_variance(const VecRef& yi, const VecRef& vi) {
  require_length(vi, yi.size(), "vi");
  require_finite(yi, "yi");
  require_not_negative(vi, "vi");
  return generic(yi, vi, "vi");
}

Effects effect_from_se(const VecRef& yi, const VecRef& sei) {
  require_length(sei, yi.size(), "sei");
  require_finite(yi, "yi");
  require_not_negative(sei, "sei");
  return generic(yi, sei.cwiseAbs2(), "sei");
}

Effects effect_from_limits(const VecRef& yi, const VecRef& lb, const VecRef& ub, double level,
                           std::vector<int>& asymmetric) {
  require_length(ub, lb.size(), "ci.ub");
  if (yi.size() > 0) require_length(yi, lb.size(), "yi");
  require_finite(yi, "yi");
  require_finite(lb, "ci.lb");
  require_finite(ub, "ci.ub");
  const Vec middle = yi.size() > 0 ? Vec(yi) : Vec(lb / 2.0 + ub / 2.0);
  std::vector<int> outside;
  for (Index i = 0; i < lb.size(); ++i) {
    if (lb(i) > ub(i) || middle(i) < lb(i) || middle(i) > ub(i))
      outside.push_back(static_cast<int>(i));
    if (std::fabs(lb(i) + ub(i) - 2.0 * middle(i)) > 0.3 * (ub(i) - lb(i)))
      asymmetric.push_back(static_cast<int>(i));
  }
  if (!outside.empty())
    throw InvalidStudies("ci.lb", outside, "and `ci.ub` must enclose the estimate");
  const double width = 2.0 * critical_value(level, kNaN);
  return generic(middle, ((ub - lb) / width).cwiseAbs2(), "ci.ub");
}

}  // namespace metaparity
