#include "core/model/glmm.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/constants.hpp"
#include "core/eigen_solvers.hpp"
#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {
namespace {

double log_choose(double n, double k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
}

Arm binomial(double events, double trials, double offset) {
  Arm out;
  out.kind = ArmKind::Binomial;
  out.events = events;
  out.size = trials;
  out.offset = offset;
  out.log_constant = log_choose(trials, events);
  return out;
}

Arm poisson(double events, double time) {
  Arm out;
  out.kind = ArmKind::Poisson;
  out.events = events;
  out.size = 1.0;
  out.offset = std::log(time);
  out.log_constant = -std::lgamma(events + 1.0);
  return out;
}

bool is_single(GlmmMeasure m) { return m == GlmmMeasure::PLO || m == GlmmMeasure::IRLN; }

std::vector<Arm> arms_of(const GlmmData& d, const GlmmSpec& spec, Index i) {
  const double x1 = d.events1[i], n1 = d.size1[i];
  if (spec.measure == GlmmMeasure::PLO) return {binomial(x1, n1, 0.0)};
  if (spec.measure == GlmmMeasure::IRLN) return {poisson(x1, n1)};
  const double x2 = d.events2[i], n2 = d.size2[i];
  const bool conditional =
      spec.kind == GlmmKind::ConditionalApproximate || spec.kind == GlmmKind::ConditionalExact;
  if (!conditional) {
    if (spec.measure == GlmmMeasure::IRR) return {poisson(x1, n1), poisson(x2, n2)};
    return {binomial(x1, n1, 0.0), binomial(x2, n2, 0.0)};
  }
  if (spec.measure == GlmmMeasure::IRR || spec.kind == GlmmKind::ConditionalApproximate)
    return {binomial(x1, x1 + x2, std::log(n1 / n2))};
  Arm exact;
  exact.kind = ArmKind::Hypergeometric;
  exact.events = x1;
  exact.table = std::make_shared<NoncentralHypergeometric>(n1, n2, x1 + x2);
  return {exact};
}

// What the free parameter of a study is: nothing, its level, or its effect (the saturated model).
enum class Own { None, Level, Effect };

GlmmModel model_of(const GlmmData& d, const GlmmSpec& spec, bool random_effect, Own own) {
  GlmmModel out;
  const Index p = d.X.cols();
  const bool two_arms = !is_single(spec.measure) && (spec.kind == GlmmKind::FixedStudies ||
                                                     spec.kind == GlmmKind::RandomStudies);
  const bool random_level = two_arms && spec.kind == GlmmKind::RandomStudies;
  const bool effects = own != Own::Effect;
  out.fixed = (effects ? p : 0) + (random_level ? 1 : 0);
  out.random.effect = random_effect;
  out.random.level = random_level;
  out.random.correlated = random_effect && random_level && spec.correlated;
  out.own = own != Own::None;
  for (Index i = 0; i < d.X.rows(); ++i) {
    std::vector<Arm> arms = arms_of(d, spec, i);
    for (std::size_t j = 0; j < arms.size(); ++j) {
      Arm& arm = arms[j];
      const bool first = j == 0;
      arm.fixed = Vec::Zero(out.fixed);
      if (first && effects) arm.fixed.head(p) = d.X.row(i).transpose();
      if (random_level) arm.fixed[out.fixed - 1] = 1.0;
      arm.level = 1.0;
      arm.effect = !two_arms ? 1.0 : (first ? spec.coding : spec.coding - 1.0);
      arm.own = own == Own::Effect ? (first ? 1.0 : 0.0) : 1.0;
    }
    out.studies.push_back(std::move(arms));
  }
  return out;
}

struct Solved {
  Vec x;
  Expansion at;
  Index points = 0;
  bool converged = false;
};

Box box_of(const GlmmModel& m, double tau) {
  const Index n = m.fixed + m.random.parameters();
  Box out{Vec::Constant(n, -kInf), Vec::Constant(n, kInf)};
  Index at = m.fixed;
  if (m.random.effect) {
    out.lower[at] = std::isnan(tau) ? 0.0 : tau;
    if (!std::isnan(tau)) out.upper[at] = tau;
    ++at;
  }
  if (m.random.level) out.lower[at] = 0.0;
  return out;
}

Solved solve(const GlmmModel& m, const Vec& start, const Box& box, Index points) {
  const GlmmLikelihood f(m, points);
  const BoxMaximum found = maximise_in_box([&](const Vec& x) { return f(x); }, start, box, 100);
  return {found.x, found.at, points, found.converged || std::isfinite(found.at.value)};
}

// The highest maximum from several starts.
Solved solve_from(const GlmmModel& m, const std::vector<Vec>& starts, const Box& box,
                  Index points) {
  const GlmmLikelihood f(m, points);
  BoxMaximum best;
  for (const Vec& start : starts) {
    BoxMaximum found = maximise_in_box([&](const Vec& x) { return f(x); }, start, box, 100,
                                       best.converged ? &best : nullptr);
    if (!found.joined && std::isfinite(found.at.value) && !(best.at.value >= found.at.value))
      best = std::move(found);
  }
  return {best.x, best.at, points, std::isfinite(best.at.value)};
}

// More points until the log-likelihood stands still.
Solved refine(const GlmmModel& m, Solved s, const Box& box, Index wanted) {
  if (wanted > 0 || m.random.dimension() == 0) return s;
  const bool plane = m.random.dimension() == 2;
  const std::vector<Index> orders =
      plane ? std::vector<Index>{15, 21, 31, 45} : std::vector<Index>{15, 25, 41, 61, 81};
  for (const Index points : orders) {
    if (points <= s.points) continue;
    const double before = s.at.value;
    s = solve(m, s.x, box, points);
    if (std::fabs(s.at.value - before) <= (plane ? 1e-8 : 1e-10) * (1.0 + std::fabs(before))) break;
  }
  return s;
}

Vec starting(const GlmmModel& m, const GlmmData& d, const GlmmSpec& spec, Own own) {
  Vec out = Vec::Zero(m.fixed + m.random.parameters());
  if (m.random.level) {
    const double events = d.events1.sum() + d.events2.sum(), size = d.size1.sum() + d.size2.sum();
    const double rate = std::max(events, 0.5) / size;
    out[m.fixed - 1] = spec.measure == GlmmMeasure::IRR
                           ? std::log(rate)
                           : std::log(rate / std::max(1.0 - rate, 1e-3));
  }
  if (is_single(spec.measure) && own != Own::Effect) {
    // An intercept near the pooled rate.
    const double rate = std::max(d.events1.sum(), 0.5) / d.size1.sum();
    const double eta = spec.measure == GlmmMeasure::IRLN
                           ? std::log(rate)
                           : std::log(rate / std::max(1.0 - rate, 1e-3));
    out.head(d.X.cols()) = d.X.colPivHouseholderQr().solve(Vec::Constant(d.X.rows(), eta));
  }
  for (Index j = m.fixed; j < out.size(); ++j) out[j] = 0.5;
  if (m.random.correlated) out[out.size() - 1] = 0.0;
  return out;
}

Index first_points(const GlmmModel& m, const GlmmSpec& spec) {
  if (spec.points > 0) return spec.points;
  return m.random.dimension() == 0 ? 1 : 9;
}

Solved fit_common(const GlmmData& d, const GlmmSpec& spec, const GlmmModel& m, Own own) {
  const Box box = box_of(m, kNaN);
  return refine(m, solve(m, starting(m, d, spec, own), box, first_points(m, spec)), box,
                spec.points);
}

// Parameters of the model with a random effect from those of the model without.
Vec with_effect(const GlmmModel& m, const Vec& common, double tau) {
  Vec out = Vec::Zero(m.fixed + m.random.parameters());
  out.head(m.fixed) = common.head(m.fixed);
  out[m.fixed] = tau;
  if (m.random.level) out[m.fixed + 1] = std::max(common[m.fixed], 0.1);
  return out;
}

double binomial_maximum(double events, double trials) {
  const auto part = [](double x, double p) { return x > 0.0 ? x * std::log(p) : 0.0; };
  return log_choose(trials, events) + part(events, events / trials) +
         part(trials - events, 1.0 - events / trials);
}

double poisson_maximum(double events) {
  return -std::lgamma(events + 1.0) + (events > 0.0 ? events * std::log(events) - events : 0.0);
}

// Heterogeneity of estimates with covariances V: what is left of them after their regression on X.
double residual_form(const Vec& estimate, const Mat& V, const Mat& X) {
  const Mat W = V.inverse();
  const Vec b = (X.transpose() * W * X).ldlt().solve(X.transpose() * W * estimate);
  const Vec r = estimate - X * b;
  return r.dot(W * r);
}

struct Saturated {
  double ll = kNaN, wald = kNaN;
};

// Two arms with free levels: every arm has its own maximum. Estimates that are infinite tell nothing.
Saturated saturated_fixed(const GlmmData& d, const GlmmSpec& spec) {
  const Index k = d.X.rows();
  Saturated out;
  out.ll = 0.0;
  Vec estimate(k), variance(k);
  std::vector<Index> kept;
  for (Index i = 0; i < k; ++i) {
    const double a = d.events1[i], c = d.events2[i];
    if (spec.measure == GlmmMeasure::IRR) {
      out.ll += poisson_maximum(a) + poisson_maximum(c);
      estimate[i] = std::log(a / d.size1[i]) - std::log(c / d.size2[i]);
      variance[i] = 1.0 / a + 1.0 / c;
    } else {
      const double b = d.size1[i] - a, e = d.size2[i] - c;
      out.ll += binomial_maximum(a, d.size1[i]) + binomial_maximum(c, d.size2[i]);
      estimate[i] = std::log(a / b) - std::log(c / e);
      variance[i] = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / e;
    }
    if (std::isfinite(estimate[i]) && std::isfinite(variance[i])) kept.push_back(i);
  }
  const Index n = static_cast<Index>(kept.size());
  if (n < d.X.cols()) return out;
  Vec y(n), v(n);
  Mat X(n, d.X.cols());
  for (Index i = 0; i < n; ++i) {
    const Index row = kept[static_cast<std::size_t>(i)];
    y[i] = estimate[row];
    v[i] = variance[row];
    X.row(i) = d.X.row(row);
  }
  out.wald = residual_form(y, v.asDiagonal(), X);
  return out;
}

Saturated saturated(const GlmmData& d, const GlmmSpec& spec) {
  if (!is_single(spec.measure) && spec.kind == GlmmKind::FixedStudies)
    return saturated_fixed(d, spec);
  const GlmmModel m = model_of(d, spec, false, Own::Effect);
  const Solved s = fit_common(d, spec, m, Own::Effect);
  const GlmmLikelihood f(m, std::max<Index>(s.points, 1));
  const Expansion at = f(s.x);
  Saturated out;
  out.ll = at.value;
  std::vector<Index> kept;
  for (Index i = 0; i < d.X.rows(); ++i)
    if (std::fabs(f.own()[i]) < 30.0 && f.own_information()[i] > 1e-6) kept.push_back(i);
  const Index n = static_cast<Index>(kept.size());
  if (n < d.X.cols()) return out;
  Vec y(n), info(n);
  Mat X(n, d.X.cols()), cross(n, s.x.size());
  for (Index i = 0; i < n; ++i) {
    const Index row = kept[static_cast<std::size_t>(i)];
    y[i] = f.own()[row];
    info[i] = f.own_information()[row];
    X.row(i) = d.X.row(row);
    cross.row(i) = f.own_cross().row(row);
  }
  Mat V = info.cwiseInverse().asDiagonal();
  if (s.x.size() > 0) {
    const Mat A = info.cwiseInverse().asDiagonal() * cross;
    V += A * Mat(-at.hessian).ldlt().solve(A.transpose());
  }
  out.wald = residual_form(y, V, X);
  return out;
}

void check(const GlmmData& d, const GlmmSpec& spec) {
  const Index k = d.X.rows();
  const bool pair = !is_single(spec.measure);
  if (d.events1.size() != k || d.size1.size() != k ||
      (pair && (d.events2.size() != k || d.size2.size() != k)))
    throw InvalidInput("data", "has columns of different lengths");
}

void fill(GlmmFit& fit, const GlmmModel& m, const Solved& s, Index p) {
  fit.x = s.x;
  fit.ll = s.at.value;
  fit.hessian = -s.at.hessian;
  fit.points = s.points;
  const RandomParts& r = m.random;
  Index at = m.fixed;
  const double tau = r.effect ? s.x[at++] : 0.0;
  fit.tau2 = tau * tau;
  if (r.level) {
    const double own = s.x[at++], shared = r.correlated ? s.x[at] : 0.0;
    fit.sigma2 = own * own + shared * shared;
    if (r.correlated) fit.rho = fit.sigma2 > 0.0 ? shared / std::sqrt(fit.sigma2) : kNaN;
  }
  const Box box = box_of(m, kNaN);
  std::vector<bool> free(static_cast<std::size_t>(s.x.size()), true);
  for (Index j = 0; j < s.x.size(); ++j) free[static_cast<std::size_t>(j)] = s.x[j] > box.lower[j];
  const Mat V = information_inverse(s.at.hessian, free);
  fit.singular = V.size() == 0;
  fit.beta = s.x.head(p);
  fit.vb = fit.singular ? Mat::Constant(p, p, kNaN) : Mat(V.topLeftCorner(p, p));
  if (r.effect && tau > 0.0 && !fit.singular)
    fit.se_tau2 = 2.0 * tau * std::sqrt(V(m.fixed, m.fixed));
}

// A random part so small that its absence is as likely is absent.
Solved without_dust(const GlmmModel& m, Solved s, const Box& box) {
  Box tight = box;
  bool any = false;
  for (Index j = m.fixed; j < s.x.size(); ++j) {
    if (box.lower[j] == 0.0 && box.upper[j] > 0.0 && s.x[j] > 0.0 && s.x[j] < 1e-4) {
      tight.upper[j] = 0.0;
      any = true;
    }
  }
  if (!any) return s;
  const Solved other = solve(m, s.x, tight, s.points);
  return other.at.value >= s.at.value - 1e-9 ? other : s;
}

Solved fit_random(const GlmmSpec& spec, const GlmmModel& m, const Vec& common) {
  const double tau = std::isnan(spec.tau2) ? kNaN : std::sqrt(spec.tau2);
  const Box box = box_of(m, tau);
  std::vector<Vec> starts;
  // Large studies have maxima near tau = 0, where the likelihood is stationary whatever lies above.
  for (const double start : {0.4, 1.2, 0.1, 0.03}) {
    starts.push_back(with_effect(m, common, std::isnan(tau) ? start : tau));
    if (!std::isnan(tau)) break;
  }
  const Solved best = solve_from(m, starts, box, first_points(m, spec));
  if (!std::isfinite(best.at.value))
    throw NotConverged("the likelihood has no maximum that was found");
  return without_dust(m, refine(m, best, box, spec.points), box);
}

bool has_own_levels(const GlmmSpec& spec) {
  return !is_single(spec.measure) && spec.kind == GlmmKind::FixedStudies;
}

}  // namespace

GlmmFit fit_glmm(const GlmmData& data, const GlmmSpec& spec) {
  check(data, spec);
  const Index p = data.X.cols();
  const Own own = has_own_levels(spec) ? Own::Level : Own::None;
  const GlmmModel plain = model_of(data, spec, false, own);
  const Solved common =
      without_dust(plain, fit_common(data, spec, plain, own), box_of(plain, kNaN));
  GlmmFit out;
  out.ll_common = common.at.value;
  const bool fixed_tau = !std::isnan(spec.tau2);
  GlmmModel model = plain;
  Solved chosen = common;
  if (spec.random && !(fixed_tau && spec.tau2 == 0.0)) {
    const GlmmModel full = model_of(data, spec, true, own);
    const Solved found = fit_random(spec, full, common.x);
    // tau2 = 0 is the maximum when nothing above it is more likely.
    if (fixed_tau || found.at.value > common.at.value + 1e-9) {
      model = full;
      chosen = found;
    }
  }
  fill(out, model, chosen, p);
  out.parameters = static_cast<int>(p) + (own == Own::Level ? static_cast<int>(data.X.rows()) : 0) +
                   (plain.random.level ? 2 : 0) + (spec.random ? 1 : 0) +
                   (spec.random && spec.correlated && plain.random.level ? 1 : 0);
  const GlmmLikelihood f(model, std::max<Index>(chosen.points, 1));
  f(chosen.x);
  if (model.random.effect) f.random_effects(chosen.x, 0, out.effect_mean, out.effect_sd);
  if (model.random.level) f.random_effects(chosen.x, 1, out.level_mean, out.level_sd);
  if (!fixed_tau) {
    const Saturated s = saturated(data, spec);
    out.ll_saturated = s.ll;
    out.QE_wald = s.wald;
    out.QE_lrt = std::max(0.0, 2.0 * (s.ll - out.ll_common));
  }
  return out;
}

Vec glmm_profile(const GlmmData& data, const GlmmSpec& spec, const VecRef& tau2, Mat* beta,
                 Mat* se) {
  Vec out(tau2.size());
  if (beta != nullptr) beta->resize(tau2.size(), data.X.cols());
  if (se != nullptr) se->resize(tau2.size(), data.X.cols());
  for (Index i = 0; i < tau2.size(); ++i) {
    GlmmSpec at = spec;
    at.tau2 = tau2[i];
    const GlmmFit fit = fit_glmm(data, at);
    out[i] = fit.ll;
    if (beta != nullptr) beta->row(i) = fit.beta.transpose();
    if (se != nullptr) se->row(i) = fit.vb.diagonal().cwiseSqrt().transpose();
  }
  return out;
}

Interval glmm_interval(const GlmmData& data, const GlmmSpec& spec, const GlmmFit& fit,
                       double level) {
  const double cut = chisq_quantile(level, 1.0);
  const auto drop = [&](double value) {
    GlmmSpec at = spec;
    at.tau2 = value;
    return 2.0 * (fit.ll - fit_glmm(data, at).ll) - cut;
  };
  Interval out{0.0, kInf};
  const double at_zero = 2.0 * (fit.ll - fit.ll_common) - cut;
  if (fit.tau2 > 0.0 && at_zero > 0.0) out.lb = find_root(drop, 0.0, at_zero, fit.tau2, -cut, 1e-8);
  double last = fit.tau2, at_last = -cut, step = std::max(fit.tau2, 0.1);
  for (int i = 0; i < 14; ++i, step *= 2.0) {
    const double next = last + step, value = drop(next);
    if (value >= 0.0) {
      out.ub = find_root(drop, last, at_last, next, value, 1e-8);
      break;
    }
    last = next;
    at_last = value;
  }
  return out;
}

}  // namespace metaparity
