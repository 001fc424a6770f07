#include "core/model/diagnostic.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/errors.hpp"

namespace metaparity {
namespace {

Arm arm_of(double events, double others) {
  Arm out;
  out.events = events;
  out.size = events + others;
  out.log_constant =
      std::lgamma(out.size + 1.0) - std::lgamma(events + 1.0) - std::lgamma(others + 1.0);
  return out;
}

GlmmModel model_of(const DiagnosticData& d, DiagnosticSpread spread) {
  GlmmModel out;
  const Index p = d.X_sens.cols(), q = d.X_spec.cols();
  out.fixed = p + q;
  out.random.effect = spread != DiagnosticSpread::None;
  out.random.level =
      spread == DiagnosticSpread::Unstructured || spread == DiagnosticSpread::Independent;
  out.random.correlated = spread == DiagnosticSpread::Unstructured;
  for (Index i = 0; i < d.tp.size(); ++i) {
    Arm sens = arm_of(d.tp[i], d.fn[i]), spec = arm_of(d.tn[i], d.fp[i]);
    sens.fixed = Vec::Zero(p + q);
    sens.fixed.head(p) = d.X_sens.row(i).transpose();
    spec.fixed = Vec::Zero(p + q);
    spec.fixed.tail(q) = d.X_spec.row(i).transpose();
    // The order decides where the nodes of a product rule lie: specificity first, as Stata has it.
    spec.effect = 1.0;
    sens.effect = spread == DiagnosticSpread::Shared ? 1.0 : 0.0;
    sens.level = 1.0;
    // A side without persons tells nothing.
    std::vector<Arm> arms;
    if (sens.size > 0.0) arms.push_back(std::move(sens));
    if (spec.size > 0.0) arms.push_back(std::move(spec));
    out.studies.push_back(std::move(arms));
  }
  return out;
}

struct Solved {
  Vec x;
  double value = -kInf;
  Mat hessian;
  std::vector<bool> free;
};

// Central differences, extrapolated once (Richardson), of the value alone.
Expansion differentiated(const GlmmLikelihood& f, const Vec& x, const std::vector<Index>& rows) {
  const Index n = static_cast<Index>(rows.size());
  Expansion out{f.value(x), Vec::Zero(x.size()), Mat::Zero(x.size(), x.size())};
  const auto moved = [&](Index a, double da, Index b, double db) {
    Vec at = x;
    at[a] += da;
    at[b] += db;
    return f.value(at);
  };
  Vec h(n);
  for (Index i = 0; i < n; ++i)
    h[i] = 8e-3 * std::max(0.5, std::fabs(x[rows[static_cast<std::size_t>(i)]]));
  for (Index i = 0; i < n; ++i) {
    const Index a = rows[static_cast<std::size_t>(i)];
    double first[2], second[2];
    for (int level = 0; level < 2; ++level) {
      const double w = level == 0 ? h[i] : 0.5 * h[i];
      const double up = moved(a, w, a, 0.0), down = moved(a, -w, a, 0.0);
      first[level] = (up - down) / (2.0 * w);
      second[level] = (up - 2.0 * out.value + down) / (w * w);
    }
    out.gradient[a] = (4.0 * first[1] - first[0]) / 3.0;
    out.hessian(a, a) = (4.0 * second[1] - second[0]) / 3.0;
    for (Index j = 0; j < i; ++j) {
      const Index b = rows[static_cast<std::size_t>(j)];
      double cross[2];
      for (int level = 0; level < 2; ++level) {
        const double u = level == 0 ? h[i] : 0.5 * h[i], v = level == 0 ? h[j] : 0.5 * h[j];
        cross[level] =
            (moved(a, u, b, v) - moved(a, u, b, -v) - moved(a, -u, b, v) + moved(a, -u, b, -v)) /
            (4.0 * u * v);
      }
      out.hessian(a, b) = out.hessian(b, a) = (4.0 * cross[1] - cross[0]) / 3.0;
    }
  }
  return out;
}

// Newton's method on the approximation itself, from a point near its maximum.
Solved climb(const GlmmLikelihood& f, Solved s) {
  std::vector<Index> rows;
  for (Index j = 0; j < s.x.size(); ++j)
    if (s.free[static_cast<std::size_t>(j)]) rows.push_back(j);
  const Index n = static_cast<Index>(rows.size());
  for (int iter = 0; iter < 40; ++iter) {
    const Expansion e = differentiated(f, s.x, rows);
    s.value = e.value;
    s.hessian = e.hessian;
    Vec g(n);
    Mat a(n, n);
    for (Index i = 0; i < n; ++i) {
      g[i] = e.gradient[rows[static_cast<std::size_t>(i)]];
      for (Index j = 0; j < n; ++j)
        a(i, j) = -e.hessian(rows[static_cast<std::size_t>(i)], rows[static_cast<std::size_t>(j)]);
    }
    const Eigen::LLT<Mat> llt(a);
    const Vec step = llt.info() == Eigen::Success
                         ? Vec(llt.solve(g))
                         : Vec(g.cwiseQuotient(a.diagonal().cwiseAbs().cwiseMax(1e-3)));
    if (!step.allFinite() || g.dot(step) < 1e-12 * (1.0 + std::fabs(s.value))) break;
    bool better = false;
    for (double length = 1.0; length > 1e-6 && !better; length *= 0.5) {
      Vec next = s.x;
      for (Index i = 0; i < n; ++i) next[rows[static_cast<std::size_t>(i)]] += length * step[i];
      const double value = f.value(next);
      if (!(value > s.value)) continue;
      better = true;
      s.x = next;
    }
    if (!better) break;
  }
  return s;
}

// Which of l11, l22, l21 are held at 0.
struct Pattern {
  bool first, second, shared;
};

Solved solve(const GlmmModel& m, Index points, const Vec& start, const Pattern& zero) {
  const GlmmLikelihood f(m, points);
  const Index n = f.size();
  Box box{Vec::Constant(n, -kInf), Vec::Constant(n, kInf)};
  Vec x = start;
  Index at = m.fixed;
  for (const bool held : {m.random.effect && zero.first, m.random.level && zero.second,
                          m.random.correlated && zero.shared}) {
    if (at >= n) break;
    if (held) box.lower[at] = box.upper[at] = x[at] = 0.0;
    ++at;
  }
  const BoxMaximum found = maximise_in_box([&](const Vec& v) { return f(v); }, x, box, 100);
  std::vector<bool> free(static_cast<std::size_t>(n));
  for (Index j = 0; j < n; ++j) free[static_cast<std::size_t>(j)] = box.lower[j] < box.upper[j];
  return {found.x, found.at.value, found.at.hessian, std::move(free)};
}

bool is_higher(const Solved& a, const Solved& b) {
  return std::isfinite(a.value) && !(b.value >= a.value);
}

// Moments of the logits with half a person added to every cell.
struct LogitMoments {
  Vec beta;
  double sd_sens, sd_spec;
};

double side_moments(const Vec& yes, const Vec& no, const Mat& X, Vec& beta) {
  const Vec y = ((yes.array() + 0.5) / (no.array() + 0.5)).log();
  beta = X.colPivHouseholderQr().solve(y);
  const Vec r = y - X * beta;
  const double noise = ((yes.array() + 0.5).inverse() + (no.array() + 0.5).inverse()).mean();
  const double left =
      r.squaredNorm() / static_cast<double>(std::max<Index>(1, y.size() - X.cols())) - noise;
  return std::sqrt(std::max(left, 0.05));
}

LogitMoments moments_of(const DiagnosticData& d) {
  LogitMoments out;
  Vec sens, spec;
  out.sd_sens = side_moments(d.tp, d.fn, d.X_sens, sens);
  out.sd_spec = side_moments(d.tn, d.fp, d.X_spec, spec);
  out.beta.resize(sens.size() + spec.size());
  out.beta << sens, spec;
  return out;
}

Vec start_at(const GlmmModel& m, const LogitMoments& s, double rho) {
  Vec out = Vec::Zero(m.fixed + m.random.parameters());
  out.head(m.fixed) = s.beta;
  Index at = m.fixed;
  if (m.random.effect) out[at++] = s.sd_spec;
  if (m.random.level) out[at++] = s.sd_sens * std::sqrt(1.0 - rho * rho);
  if (m.random.correlated) out[at] = s.sd_sens * rho;
  return out;
}

constexpr Index kFirst = 9;

Solved best_of(const GlmmModel& m, const LogitMoments& s, const Pattern& zero,
               const std::vector<double>& rhos) {
  Solved best;
  for (const double rho : rhos) {
    Solved next = solve(m, m.random.dimension() == 2 ? kFirst : 15, start_at(m, s, rho), zero);
    if (is_higher(next, best)) best = std::move(next);
  }
  return best;
}

Pattern held(const GlmmModel& m, const Solved& s) {
  const auto fixed = [&](Index j) {
    return j < static_cast<Index>(s.free.size()) && !s.free[static_cast<std::size_t>(j)];
  };
  return {fixed(m.fixed), fixed(m.fixed + 1), fixed(m.fixed + 2)};
}

// To the number of points wanted, or to as many as it takes.
Solved settle(const GlmmModel& m, Solved s, Index wanted, Index& points) {
  const Pattern zero = held(m, s);
  if (wanted > 0) {
    points = wanted;
    return climb(GlmmLikelihood(m, wanted), std::move(s));
  }
  for (const Index order : {15, 21, 31, 45, 65}) {
    const double before = s.value;
    s = solve(m, order, s.x, zero);
    points = order;
    if (m.random.dimension() == 0 ||
        std::fabs(s.value - before) <= 1e-10 * (1.0 + std::fabs(before)))
      break;
  }
  return s;
}

// Of log-likelihoods: what few points may hide, and what is the same, where the simpler model is taken.
constexpr double kClose = 0.5, kSame = 1e-8;

// The inside, then every edge of the parameters: a correlation of -1 or 1, a variance of 0. The simplest that is as
// likely is the maximum.
Solved search(const DiagnosticData& d, const GlmmModel& m, Index wanted, Index& points) {
  const LogitMoments start = moments_of(d);
  std::vector<std::pair<Pattern, std::vector<double>>> plans;
  if (m.random.correlated) {
    plans = {{{true, true, true}, {0.0}},
             {{false, true, true}, {0.0}},
             {{true, false, true}, {0.0}},
             {{false, true, false}, {-0.9, 0.9}},
             {{false, false, false}, {-0.6, 0.0, 0.6}}};
  } else if (m.random.level) {
    plans = {{{true, true, true}, {0.0}},
             {{false, true, true}, {0.0}},
             {{true, false, true}, {0.0}},
             {{false, false, true}, {0.0}}};
  } else if (m.random.effect) {
    plans = {{{true, true, true}, {0.0}}, {{false, true, true}, {0.0}}};
  } else {
    plans = {{{false, false, false}, {0.0}}};
  }
  std::vector<Solved> rough;
  double top = -kInf;
  for (const auto& plan : plans) {
    rough.push_back(best_of(m, start, plan.first, plan.second));
    if (std::isfinite(rough.back().value)) top = std::max(top, rough.back().value);
  }
  Solved best;
  points = 0;
  for (Solved& candidate : rough) {
    if (!(candidate.value >= top - kClose)) continue;
    Index used = 0;
    Solved next = settle(m, std::move(candidate), wanted, used);
    if (!std::isfinite(next.value) || next.value <= best.value + kSame) continue;
    best = std::move(next);
    points = used;
  }
  if (!std::isfinite(best.value))
    throw NotConverged("the likelihood has no maximum that was found");
  return best;
}

void check(const DiagnosticData& d) {
  const Index k = d.tp.size();
  if (d.fp.size() != k || d.fn.size() != k || d.tn.size() != k || d.X_sens.rows() != k ||
      d.X_spec.rows() != k)
    throw InvalidInput("data", "has columns of different lengths");
}

// From the factor to the covariances: value and derivatives by (l11, l22, l21).
void fill_spread(DiagnosticFit& out, const GlmmModel& m, const Vec& x, Mat& J) {
  const Index p = m.fixed;
  const RandomParts& r = m.random;
  J = Mat::Zero(p + 3, x.size());
  J.topLeftCorner(p, p).setIdentity();
  if (!r.effect) return;
  const double a = x[p], b = r.level ? x[p + 1] : 0.0, c = r.correlated ? x[p + 2] : 0.0;
  out.var_spec = a * a;
  J(p + 1, p) = 2.0 * a;
  if (!r.level) {
    out.var_sens = out.cov = a * a;
    J(p, p) = J(p + 2, p) = 2.0 * a;
    return;
  }
  out.var_sens = b * b + c * c;
  out.cov = a * c;
  J(p, p + 1) = 2.0 * b;
  if (!r.correlated) return;
  J(p, p + 2) = 2.0 * c;
  J(p + 2, p) = c;
  J(p + 2, p + 2) = a;
}

int parameters_of(DiagnosticSpread spread) {
  switch (spread) {
    case DiagnosticSpread::Unstructured:
      return 3;
    case DiagnosticSpread::Independent:
      return 2;
    case DiagnosticSpread::Shared:
      return 1;
    case DiagnosticSpread::None:
      return 0;
  }
  return 0;
}

}  // namespace

double DiagnosticFit::rho() const {
  const double product = std::sqrt(var_sens * var_spec);
  if (!(product > 0.0)) return kNaN;
  const double rho = std::clamp(cov / product, -1.0, 1.0);
  // A correlation of 1 up to the rounding of the product is at its bound.
  return 1.0 - std::fabs(rho) < 1e-14 ? std::copysign(1.0, rho) : rho;
}

DiagnosticFit fit_diagnostic(const DiagnosticData& data, const DiagnosticSpec& spec) {
  check(data);
  const GlmmModel m = model_of(data, spec.spread);
  DiagnosticFit out;
  const Solved s = search(data, m, spec.points, out.points);
  const Index p = m.fixed;
  out.ll = s.value;
  out.beta = s.x.head(p);
  out.parameters = static_cast<int>(p) + parameters_of(spec.spread);
  Mat J;
  fill_spread(out, m, s.x, J);
  for (Index j = p; j < s.x.size(); ++j) out.at_edge |= !s.free[static_cast<std::size_t>(j)];
  const Mat V = information_inverse(s.hessian, s.free);
  out.singular = V.size() == 0;
  out.covariance = out.singular ? Mat::Constant(p + 3, p + 3, kNaN) : Mat(J * V * J.transpose());
  out.vb = out.covariance.topLeftCorner(p, p);
  if (m.random.effect) {
    const GlmmLikelihood f(m, std::max<Index>(out.points, 9));
    f.random_effects(s.x, 0, out.spec_mean, out.spec_sd);
    out.sens_mean = out.spec_mean;
    out.sens_sd = out.spec_sd;
    if (m.random.level) f.random_effects(s.x, 1, out.sens_mean, out.sens_sd);
  }
  return out;
}

double diagnostic_loglik(const DiagnosticData& data, const Vec& x, Index points, bool free_means) {
  check(data);
  const GlmmModel m = model_of(data, DiagnosticSpread::Unstructured);
  const GlmmLikelihood f(m, points);
  if (!free_means) return f.value(x);
  Box box{x, x};
  box.lower.head(m.fixed).setConstant(-kInf);
  box.upper.head(m.fixed).setConstant(kInf);
  return maximise_in_box([&](const Vec& v) { return f(v); }, x, box, 100).at.value;
}

}  // namespace metaparity
