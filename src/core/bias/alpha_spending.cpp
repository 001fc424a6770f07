#include "core/bias/alpha_spending.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/gauss.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {
namespace {

constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr double kFar = 9.0;  // beyond this many standard deviations a density is 0

double upper_tail(double z) { return 0.5 * std::erfc(z * kSqrtHalf); }

double spent_by(double t, double side, Spending kind, double phi) {
  switch (kind) {
    case Spending::OBrienFleming:
      return 2.0 * upper_tail(-normal_quantile(side / 2.0) / std::sqrt(t));
    case Spending::Pocock:
      return side * std::log1p((std::exp(1.0) - 1.0) * t);
    case Spending::Power:
      return side * std::pow(t, phi);
  }
  return kNaN;
}

// The process S = z sqrt(t) that has not left the boundaries: its density at nodes of an integral.
struct Inside {
  Vec node, mass;  // mass: density times weight
};

// Panels no wider than the kernel that comes next.
Inside nodes_between(double reach, double step) {
  const double panels = std::ceil(std::min(2.0 * reach / step + 1.0, 400.0));
  const Index n = static_cast<Index>(panels);
  const Quadrature rule = gauss_legendre(12, 0.0, 1.0);
  Inside out;
  out.node.resize(12 * n);
  out.mass.resize(12 * n);
  const double width = 2.0 * reach / panels;
  for (Index i = 0; i < n; ++i) {
    out.node.segment(12 * i, 12) =
        (-reach + width * (static_cast<double>(i) + rule.node.array())).matrix();
    out.mass.segment(12 * i, 12) = width * rule.weight;
  }
  return out;
}

// Probability of being above `edge` after a step of standard deviation `sd`.
double leaving(const Inside& f, double edge, double sd) {
  double out = 0.0;
  for (Index i = 0; i < f.node.size(); ++i) out += f.mass[i] * upper_tail((edge - f.node[i]) / sd);
  return out;
}

double density_after(const Inside& f, double s, double sd) {
  double out = 0.0;
  for (Index i = 0; i < f.node.size(); ++i) {
    const double z = (s - f.node[i]) / sd;
    if (std::fabs(z) < 39.0) out += f.mass[i] * std::exp(-0.5 * z * z);
  }
  return out / (sd * std::sqrt(2.0 * kPi));
}

double bound_at(const Inside& f, double t, double sd, double spend) {
  const auto excess = [&](double b) { return std::log(leaving(f, b * std::sqrt(t), sd) / spend); };
  double hi = 1.0;
  while (hi < 64.0 && excess(hi) > 0.0) hi *= 2.0;
  if (excess(0.0) <= 0.0) return 0.0;
  if (hi >= 64.0) return kInf;
  return find_root<double>(excess, 0.0, excess(0.0), hi, excess(hi), 1e-13);
}

}  // namespace

SpendingBounds spending_bounds(const VecRef& time, double alpha, Spending kind, double phi) {
  const Index n = time.size();
  if (!(alpha > 0.0 && alpha < 1.0)) throw InvalidInput("alpha", "must lie between 0 and 1");
  for (Index k = 0; k < n; ++k) {
    if (!(time[k] > (k > 0 ? time[k - 1] : 0.0) && time[k] <= 1.0))
      throw InvalidInput("time", "must increase from above 0 to at most 1");
  }
  SpendingBounds out{Vec::Constant(n, kNaN), Vec::Constant(n, kNaN)};
  const double side = alpha / 2.0;
  Inside f{Vec::Zero(1), Vec::Ones(1)};
  double before = 0.0, spent = 0.0, wide = 0.0;
  for (Index k = 0; k < n; ++k) {
    const double sd = std::sqrt(time[k] - before);
    const double all = spent_by(time[k], side, kind, phi);
    if (sd < wide / 500.0) {
      // Next to nothing is new: the bound before holds, the alpha is left to the next look.
      out.bound[k] = out.bound[k - 1];
      out.spent[k] = 2.0 * all;
      continue;
    }
    const double spend = std::max(all - spent, 0.0);
    const double b = spend > 0.0 ? bound_at(f, time[k], sd, spend) : kInf;
    out.bound[k] = b;
    out.spent[k] = 2.0 * all;
    if (k + 1 < n) {
      const double reach = std::min(b, kFar) * std::sqrt(time[k]);
      const double next = std::sqrt(time[k + 1] - time[k]);
      wide = reach;
      Inside g = nodes_between(reach, std::min(next, sd));
      for (Index i = 0; i < g.node.size(); ++i) g.mass[i] *= density_after(f, g.node[i], sd);
      f = std::move(g);
    }
    before = time[k];
    spent = all;
  }
  return out;
}

}  // namespace metaparity
