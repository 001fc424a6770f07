#include "core/bias/audit_pool.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/tau2/tau2.hpp"
#include "core/tau2/tau2_rules.hpp"

namespace metaparity {

namespace {

struct Pooling {
  ModelSpec spec;
  double z, t1, t2;  // critical values: normal, t with k - 1 and k - 2 degrees of freedom
};

Pooling pooling_of(Index k, Tau2Method method, double level) {
  Pooling out;
  out.spec.method = method;
  out.z = critical_value(level, kNaN);
  out.t1 = k > 1 ? critical_value(level, static_cast<double>(k - 1)) : kNaN;
  out.t2 = k > 2 ? critical_value(level, static_cast<double>(k - 2)) : kNaN;
  return out;
}

double tau2_of(const Vec& y, const Vec& v, const ModelSpec& spec) {
  if (spec.method == Tau2Method::FE || y.size() < 2) return 0.0;
  try {
    return estimate_tau2(y, v, Mat::Ones(y.size(), 1), Vec(), spec);
  } catch (const NotConverged&) {
    return kNaN;
  }
}

// I2 from tau2 and the typical variance (Higgins & Thompson 2002).
double i2_of_tau2(const Vec& w, double tau2) {
  const double sum = w.sum(), k = static_cast<double>(w.size());
  const double typical = (k - 1.0) * sum / (sum * sum - w.squaredNorm());
  return k > 1.0 ? 100.0 * tau2 / (tau2 + typical) : 0.0;
}

// Iterated estimators are printed as far as they had come when they stopped: rma.uni() stops REML, ML and empirical
// Bayes at a change of 1e-5, and its root of Paule and Mandel's equation at the fourth root of the machine's precision.
double tau2_stop(Tau2Method method) {
  const std::string_view name = method.rule().name;
  if (name == "PM") return std::sqrt(std::sqrt(std::numeric_limits<double>::epsilon()));
  return name == "REML" || name == "ML" || name == "EB" ? 1e-5 : 0.0;
}

Vec quantities(const Vec& y, const Vec& s, const Pooling& how, double tau2_off) {
  const Index k = y.size();
  const Vec v = s.array().square(), fixed = v.cwiseInverse();
  const double mean = fixed.dot(y) / fixed.sum();
  const double Q = (fixed.array() * (y.array() - mean).square()).sum(),
               df = static_cast<double>(k - 1);
  const double tau2 = std::max(tau2_of(y, v, how.spec) + tau2_off, 0.0);
  const Vec w = (v.array() + tau2).inverse();
  const double sum = w.sum(), est = w.dot(y) / sum, se = std::sqrt(1.0 / sum);
  const double hk =
      k > 1 ? se * std::sqrt((w.array() * (y.array() - est).square()).sum() / df) : kNaN;
  const double predictive = std::sqrt(tau2 + se * se), of_hk = std::sqrt(tau2 + hk * hk);
  Vec out(kAuditQuantityCount + k);
  out.head(kAuditQuantityCount) << est, se, est / se, Q, tau2,
      Q > 0.0 ? std::max(0.0, 100.0 * (Q - df) / Q) : 0.0, i2_of_tau2(fixed, tau2),
      est - how.z * se, est + how.z * se, est - how.t1 * se, est + how.t1 * se, est - how.t1 * hk,
      est + how.t1 * hk, est / hk, est - how.t2 * predictive, est + how.t2 * predictive,
      est - how.t1 * predictive, est + how.t1 * predictive, est - how.z * predictive,
      est + how.z * predictive, est - how.t1 * of_hk, est + how.t1 * of_hk, est - how.t2 * of_hk,
      est + how.t2 * of_hk;
  out.tail(k) = 100.0 * w / sum;
  return out;
}

// Widens the ranges to hold a point; a result that is NaN there leaves them as they are.
void include(PoolRanges& ranges, const Vec& point) {
  for (Index j = 0; j < point.size(); ++j) {
    if (std::isnan(point(j))) continue;
    ranges.low(j) = std::fmin(ranges.low(j), point(j));
    ranges.high(j) = std::fmax(ranges.high(j), point(j));
  }
}

class PrintedBox {
 public:
  PrintedBox(const PoolBox& box, const Pooling& how) : box_(box), how_(how), k_(box.size()) {}
  // Estimates, standard errors, and tau2 where it is iterated.
  Index inputs() const { return 2 * k_ + 1; }
  bool is_free(Index i) const { return half(i) > 0.0; }
  // shift: -1 to 1 of each input; the standard errors stay above 0.
  Vec at(const Vec& shift) const {
    const Vec y = box_.y + shift.head(k_).cwiseProduct(box_.y_half);
    const Vec s =
        (box_.s + shift.segment(k_, k_).cwiseProduct(box_.s_half)).cwiseMax(1e-3 * box_.s);
    return quantities(y, s, how_, shift(2 * k_) * tau2_stop(how_.spec.method));
  }

 private:
  double half(Index i) const {
    if (i == 2 * k_) return tau2_stop(how_.spec.method);
    return i < k_ ? box_.y_half(i) : box_.s_half(i - k_);
  }
  const PoolBox& box_;
  const Pooling& how_;
  Index k_;
};

// Q is convex in the estimates, and flat where they agree: from a corner, single inputs go to their other end while a
// quantity grows (or shrinks).
void climb(const PrintedBox& box, Vec shift, Index quantity, double sign, PoolRanges& ranges) {
  constexpr int kSweeps = 2;
  double best = sign * box.at(shift)(quantity);
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    const double before = best;
    for (Index i = 0; i < box.inputs(); ++i) {
      if (!box.is_free(i)) continue;
      for (const double end : {-1.0, 1.0}) {
        if (end == shift(i)) continue;
        const double kept = shift(i);
        shift(i) = end;
        const Vec result = box.at(shift);
        include(ranges, result);
        if (sign * result(quantity) > best) {
          best = sign * result(quantity);
        } else {
          shift(i) = kept;
        }
      }
    }
    if (!(best > before)) return;
  }
}

// Positions of Q and tau2 among the quantities.
constexpr Index kQ = 3, kTau2 = 4;

}  // namespace

PoolRanges audit_pool(const PoolBox& data, Tau2Method method, double level, double slack) {
  const Pooling how = pooling_of(data.size(), method, level);
  const PrintedBox box(data, how);
  const Index inputs = box.inputs();
  Vec shift = Vec::Zero(inputs);
  PoolRanges out;
  out.centre = box.at(shift);
  out.low = out.high = out.centre;
  const Index n = out.centre.size();
  Vec radius = Vec::Zero(n);
  Mat slope = Mat::Zero(inputs, n);
  for (Index i = 0; i < inputs; ++i) {
    if (!box.is_free(i)) continue;
    shift(i) = 1.0;
    const Vec up = box.at(shift);
    shift(i) = -1.0;
    const Vec down = box.at(shift);
    shift(i) = 0.0;
    include(out, up);
    include(out, down);
    slope.row(i) = (up - down).transpose();
    radius += (up - out.centre).cwiseAbs().cwiseMax((down - out.centre).cwiseAbs());
  }
  // A weight is greatest where its own standard error is smallest and the others are largest.
  const Index k = data.size();
  for (Index j = 0; j < k; ++j) {
    Vec corner = Vec::Zero(inputs);
    corner.segment(k, k).setOnes();
    corner(k + j) = -1.0;
    include(out, box.at(corner));
    include(out, box.at(-corner));
  }
  for (Index j = 0; j < std::min<Index>(n, kAuditQuantityCount); ++j) {
    const Vec corner = slope.col(j).unaryExpr([](double x) {
      return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
    });
    include(out, box.at(corner));
    include(out, box.at(-corner));
    if (j == kQ || j == kTau2) {
      climb(box, corner, j, 1.0, out);
      climb(box, -corner, j, -1.0, out);
    }
  }
  out.low = out.low.cwiseMin(out.centre - slack * radius);
  out.high = out.high.cwiseMax(out.centre + slack * radius);
  return out;
}

}  // namespace metaparity
