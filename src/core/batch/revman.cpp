#include "core/batch/revman.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"
#include "core/model/heterogeneity.hpp"
#include "core/model/knapp_hartung.hpp"
#include "core/tau2/tau2.hpp"

namespace metaparity {

namespace {

// Cells of one table. 0.5 is added to all four as soon as one of them is 0.
struct TableCells {
  double a, b, c, d;
  double m1() const { return a + b; }
  double m2() const { return c + d; }
  double N() const { return a + b + c + d; }
};

TableCells raw_cells(const RevmanRows& r, Index i) {
  return {r.x1[i], r.n1[i] - r.x1[i], r.x2[i], r.n2[i] - r.x2[i]};
}

TableCells corrected(const TableCells& t) {
  const double add = t.a == 0.0 || t.b == 0.0 || t.c == 0.0 || t.d == 0.0 ? 0.5 : 0.0;
  return {t.a + add, t.b + add, t.c + add, t.d + add};
}

bool has_arms(const RevmanRows& r, Index i) { return r.n1[i] > 0.0 && r.n2[i] > 0.0; }

RevmanEffect effect(double est, double se) {
  return {est, se, std::isfinite(est) && std::isfinite(se) && se > 0.0};
}

RevmanEffect odds_ratio(const RevmanRows& r, Index i) {
  const TableCells raw = raw_cells(r, i), t = corrected(raw);
  if (!has_arms(r, i) || raw.a + raw.c == 0.0 || raw.b + raw.d == 0.0) return {};
  return effect(std::log(t.a / t.b) - std::log(t.c / t.d),
                std::sqrt(1.0 / t.a + 1.0 / t.b + 1.0 / t.c + 1.0 / t.d));
}

// With events in everybody the ratio is 1, and its standard error that of the corrected cells.
RevmanEffect risk_ratio(const RevmanRows& r, Index i) {
  const TableCells raw = raw_cells(r, i), t = corrected(raw);
  if (!has_arms(r, i) || raw.a + raw.c == 0.0) return {};
  const bool all = raw.b + raw.d == 0.0;
  return effect(all ? 0.0 : std::log(t.a / t.m1()) - std::log(t.c / t.m2()),
                std::sqrt(1.0 / t.a - 1.0 / t.m1() + 1.0 / t.c - 1.0 / t.m2()));
}

// The difference is that of the raw counts, its standard error that of the corrected cells.
RevmanEffect risk_difference(const RevmanRows& r, Index i) {
  const TableCells raw = raw_cells(r, i), t = corrected(raw);
  if (!has_arms(r, i)) return {};
  return effect(raw.a / raw.m1() - raw.c / raw.m2(),
                std::sqrt(t.a * t.b / std::pow(t.m1(), 3) + t.c * t.d / std::pow(t.m2(), 3)));
}

RevmanEffect one_step(double o_e, double v) {
  return v > 0.0 ? effect(o_e / v, 1.0 / std::sqrt(v)) : RevmanEffect{};
}

RevmanEffect peto_odds_ratio(const RevmanRows& r, Index i) {
  const TableCells t = raw_cells(r, i);
  if (!has_arms(r, i)) return {};
  const double n1 = t.m1(), n2 = t.m2(), N = t.N(), events = t.a + t.c;
  const double v = n1 / N * (n2 / N) * events * ((t.b + t.d) / (N - 1.0));
  return one_step(t.a - n1 * events / N, v);
}

bool has_spread(const RevmanRows& r, Index i) {
  return has_arms(r, i) && r.sd1[i] > 0.0 && r.sd2[i] > 0.0;
}

RevmanEffect mean_difference(const RevmanRows& r, Index i) {
  if (!has_spread(r, i)) return {};
  return effect(r.x1[i] - r.x2[i],
                std::hypot(r.sd1[i] / std::sqrt(r.n1[i]), r.sd2[i] / std::sqrt(r.n2[i])));
}

// Hedges' adjusted g: J = 1 - 3 / (4 N - 9); SE^2 = N / (n1 n2) + g^2 / (2 (N - 3.94)).
RevmanEffect standardised_difference(const RevmanRows& r, Index i) {
  if (!has_spread(r, i)) return {};
  const double n1 = r.n1[i], n2 = r.n2[i], N = n1 + n2;
  const double s = std::hypot(std::sqrt(n1 - 1.0) * r.sd1[i], std::sqrt(n2 - 1.0) * r.sd2[i]) /
                   std::sqrt(N - 2.0);
  const double g = (1.0 - 3.0 / (4.0 * N - 9.0)) * ((r.x1[i] - r.x2[i]) / s);
  return effect(g, std::sqrt(N / n1 / n2 + g * g / (2.0 * (N - 3.94))));
}

RevmanEffect row_effect(const RevmanRows& r, Index i, RevmanMeasure measure) {
  switch (measure) {
    case RevmanMeasure::OR:
      return odds_ratio(r, i);
    case RevmanMeasure::RR:
      return risk_ratio(r, i);
    case RevmanMeasure::RD:
      return risk_difference(r, i);
    case RevmanMeasure::Peto:
      return peto_odds_ratio(r, i);
    case RevmanMeasure::OE:
      return one_step(r.x1[i], r.x2[i]);
    case RevmanMeasure::MD:
      return mean_difference(r, i);
    case RevmanMeasure::SMD:
      return standardised_difference(r, i);
    case RevmanMeasure::Generic:
      return effect(r.x1[i], r.x2[i]);
  }
  return {};
}

// The studies that are pooled: estimates, variances, weights that are shown.
struct RevmanParts {
  double est = kNaN, se = kNaN;
  Vec weight;
};

struct Set {
  std::vector<Index> rows;  // estimable ones
  Vec y, v;
};

Set estimable_set(const std::vector<RevmanEffect>& effects, const std::vector<Index>& rows) {
  Set out;
  for (const Index i : rows) {
    if (effects[static_cast<std::size_t>(i)].estimable) out.rows.push_back(i);
  }
  const auto k = static_cast<Index>(out.rows.size());
  out.y.resize(k);
  out.v.resize(k);
  for (Index j = 0; j < k; ++j) {
    const RevmanEffect& e =
        effects[static_cast<std::size_t>(out.rows[static_cast<std::size_t>(j)])];
    out.y[j] = e.est;
    out.v[j] = e.se * e.se;
  }
  return out;
}

RevmanParts pool_weighted(const VecRef& y, const Vec& w) {
  return {w.dot(y) / w.sum(), 1.0 / std::sqrt(w.sum()), w};
}

// Robins, Breslow & Greenland's variance on the corrected cells.
RevmanParts pool_mh_odds(const RevmanRows& r, const Set& s) {
  double R = 0, S = 0, PR = 0, PSQR = 0, QS = 0;
  Vec w(s.y.size());
  for (Index j = 0; j < w.size(); ++j) {
    const TableCells t = corrected(raw_cells(r, s.rows[static_cast<std::size_t>(j)]));
    const double N = t.N(), P = (t.a + t.d) / N, Q = (t.b + t.c) / N;
    const double Rj = t.a * t.d / N, Sj = t.b * t.c / N;
    R += Rj;
    S += Sj;
    PR += P * Rj;
    PSQR += P * Sj + Q * Rj;
    QS += Q * Sj;
    w[j] = Sj;
  }
  return {std::log(R / S),
          std::sqrt(PR / (2.0 * R * R) + PSQR / (2.0 * R * S) + QS / (2.0 * S * S)), w};
}

// Greenland & Robins's variance on the corrected cells.
RevmanParts pool_mh_risks(const RevmanRows& r, const Set& s) {
  double R = 0, S = 0, V = 0;
  Vec w(s.y.size());
  for (Index j = 0; j < w.size(); ++j) {
    const TableCells t = corrected(raw_cells(r, s.rows[static_cast<std::size_t>(j)]));
    const double N = t.N();
    R += t.a * t.m2() / N;
    S += t.c * t.m1() / N;
    V += (t.m1() * t.m2() * (t.a + t.c) - t.a * t.c * N) / (N * N);
    w[j] = t.c * t.m1() / N;
  }
  return {std::log(R / S), std::sqrt(V / (R * S)), w};
}

// Weights n1 n2 / N of the raw totals for the estimate, of the corrected ones for its variance.
RevmanParts pool_mh_differences(const RevmanRows& r, const Set& s) {
  double V = 0;
  Vec w(s.y.size());
  for (Index j = 0; j < w.size(); ++j) {
    const TableCells raw = raw_cells(r, s.rows[static_cast<std::size_t>(j)]), t = corrected(raw);
    w[j] = raw.m1() * raw.m2() / raw.N();
    const double wide = t.m1() * t.m2() / t.N();
    V += wide * wide * s.v[j];
  }
  const double se = w.size() == 1 ? std::sqrt(s.v[0]) : std::sqrt(V) / w.sum();
  return {w.dot(s.y) / w.sum(), se, w};
}

RevmanParts pool_fixed(const RevmanRows& r, const Set& s, const RevmanSpec& spec) {
  if (spec.method == RevmanMethod::MH) {
    switch (spec.measure) {
      case RevmanMeasure::OR:
        return pool_mh_odds(r, s);
      case RevmanMeasure::RR:
        return pool_mh_risks(r, s);
      case RevmanMeasure::RD:
        return pool_mh_differences(r, s);
      case RevmanMeasure::Peto:
      case RevmanMeasure::OE:
      case RevmanMeasure::MD:
      case RevmanMeasure::SMD:
      case RevmanMeasure::Generic:
        break;
    }
  }
  return pool_weighted(s.y, s.v.cwiseInverse());
}

double squared_distance(const Set& s, double centre) {
  return ((s.y.array() - centre).square() / s.v.array()).sum();
}

// DerSimonian & Laird around the estimate of the method that was chosen.
double moment_tau2(const Set& s, double Q) {
  const Vec w = s.v.cwiseInverse();
  const double C = w.sum() - w.squaredNorm() / w.sum();
  return s.y.size() < 2 ? 0.0 : std::max(0.0, (Q - static_cast<double>(s.y.size() - 1)) / C);
}

double likelihood_tau2(const Set& s) {
  if (s.y.size() < 2) return 0.0;
  ModelSpec model;
  model.method = Tau2Method::REML;
  return estimate_tau2(s.y, s.v, Mat::Ones(s.y.size(), 1), Vec(), model);
}

// SE^2 = sum w (y - mean)^2 / ((k - 1) sum w), not floored.
double hksj_se(const Set& s, const RevmanParts& pooled) {
  const double sum = (pooled.weight.array() * (s.y.array() - pooled.est).square()).sum();
  return std::sqrt(knapp_hartung(sum, static_cast<double>(s.y.size() - 1)) / pooled.weight.sum());
}

// Share of tau2 in the total variance at the typical sampling variance of Higgins & Thompson (2002).
double typical_i2(const Set& s, double tau2) {
  const Vec w = s.v.cwiseInverse();
  const double typical = static_cast<double>(w.size() - 1) / (w.sum() - w.squaredNorm() / w.sum());
  return w.size() < 2 ? 0.0 : heterogeneity_from_tau2(tau2, typical).I2;
}

struct PooledSet {
  RevmanPool pool;
  RevmanParts parts;
};

void conclude(RevmanPool& out, const Set& s, const RevmanParts& parts, const RevmanSpec& spec) {
  const bool adjusted = spec.random && spec.hksj && out.k > 1;
  out.est = parts.est;
  out.se = adjusted ? hksj_se(s, parts) : parts.se;
  const double crit = critical_value(spec.level_total, adjusted ? out.df : kNaN);
  out.lb = out.est - crit * out.se;
  out.ub = out.est + crit * out.se;
  out.z = std::abs(parts.est) / parts.se;
  out.p = normal_two_sided(out.z);
  if (spec.random) {
    const double half = crit * std::hypot(std::sqrt(out.tau2), out.se);
    out.pi_lb = out.est - half;
    out.pi_ub = out.est + half;
  }
}

PooledSet pool_set(const RevmanRows& rows, const Set& s, const RevmanSpec& spec) {
  PooledSet out;
  RevmanPool& pool = out.pool;
  pool.k = static_cast<int>(s.y.size());
  if (pool.k == 0) return out;
  pool.estimable = true;
  pool.df = pool.k - 1;
  out.parts = pool_fixed(rows, s, spec);
  pool.Q = squared_distance(s, out.parts.est);
  if (pool.df == 0) pool.Q = 0.0;
  pool.Qp = pool.df > 0 ? chisq_upper(pool.Q, pool.df) : 1.0;
  pool.I2 = heterogeneity_from_q(pool.Q, pool.df, kNaN).I2;
  if (spec.random) {
    pool.tau2 = spec.tau2 == RevmanTau2::DL ? moment_tau2(s, pool.Q) : likelihood_tau2(s);
    out.parts = pool_weighted(s.y, (s.v.array() + pool.tau2).inverse());
    if (spec.i2_from_tau2) pool.I2 = typical_i2(s, pool.tau2);
  }
  conclude(pool, s, out.parts, spec);
  return out;
}

// With totals of the subgroups only, the whole weighs each row with the tau2 of its own subgroup.
void pool_across(RevmanPool& total, const Set& s, const std::vector<int>& group,
                 const std::vector<RevmanPool>& groups, const RevmanSpec& spec) {
  Vec w(s.y.size());
  for (Index j = 0; j < w.size(); ++j) {
    const int g = group[static_cast<std::size_t>(s.rows[static_cast<std::size_t>(j)])];
    w[j] = 1.0 / (s.v[j] + groups[static_cast<std::size_t>(g)].tau2);
  }
  conclude(total, s, pool_weighted(s.y, w), spec);
}

// Percent of the sum over `rows`.
void share_weights(Vec& weight, const Set& s, const RevmanParts& parts) {
  const double sum = parts.weight.sum();
  for (std::size_t j = 0; j < s.rows.size(); ++j) {
    weight[s.rows[j]] = 100.0 * parts.weight[static_cast<Index>(j)] / sum;
  }
}

void test_groups(RevmanOutcome& out) {
  double sum = 0, mean = 0;
  int used = 0;
  for (const RevmanPool& g : out.groups) {
    if (!g.estimable) continue;
    const double w = 1.0 / (g.se * g.se);
    sum += w;
    mean += w * g.est;
    ++used;
  }
  if (used < 2) return;
  mean /= sum;
  for (const RevmanPool& g : out.groups) {
    if (g.estimable) out.Qb += std::pow((g.est - mean) / g.se, 2);
  }
  out.dfb = used - 1;
  out.Qbp = chisq_upper(out.Qb, out.dfb);
  out.I2b = heterogeneity_from_q(out.Qb, out.dfb, kNaN).I2;
}

void pool_groups(RevmanOutcome& out, const RevmanRows& rows, const std::vector<int>& group,
                 const RevmanSpec& spec) {
  const int count = *std::max_element(group.begin(), group.end()) + 1;
  std::vector<std::vector<Index>> members(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < group.size(); ++i) {
    members[static_cast<std::size_t>(group[i])].push_back(static_cast<Index>(i));
  }
  for (const auto& mine : members) {
    const Set s = estimable_set(out.effects, mine);
    PooledSet pooled = pool_set(rows, s, spec);
    if (spec.totals == RevmanTotals::Sub && pooled.pool.estimable) {
      share_weights(out.weight, s, pooled.parts);
      pooled.pool.weight = 100.0;
    }
    if (spec.totals == RevmanTotals::Yes) {
      for (const Index i : s.rows) pooled.pool.weight += out.weight[i];
    }
    out.groups.push_back(pooled.pool);
  }
  test_groups(out);
}

bool reads_totals(RevmanMeasure measure) {
  return measure != RevmanMeasure::OE && measure != RevmanMeasure::Generic;
}

bool reads_spread(RevmanMeasure measure) {
  return measure == RevmanMeasure::MD || measure == RevmanMeasure::SMD;
}

void check_rows(const RevmanRows& rows, const std::vector<int>& group, RevmanMeasure measure) {
  const Index n = rows.x1.size();
  if (n == 0) throw InvalidInput("x", "must hold at least one row");
  const bool totals = reads_totals(measure), spread = reads_spread(measure);
  if (rows.x2.size() != n || (totals && (rows.n1.size() != n || rows.n2.size() != n)) ||
      (spread && (rows.sd1.size() != n || rows.sd2.size() != n))) {
    throw InvalidInput("x", "must have one value of every column for each row");
  }
  if (!group.empty() && group.size() != static_cast<std::size_t>(n)) {
    throw InvalidInput("group", "must have one subgroup for each row");
  }
  if (std::any_of(group.begin(), group.end(), [n](int g) { return g < 0 || g >= n; })) {
    throw InvalidInput("group", "must number the subgroups from 1");
  }
}

}  // namespace

std::vector<RevmanEffect> revman_effects(const RevmanRows& rows, RevmanMeasure measure) {
  std::vector<RevmanEffect> out;
  out.reserve(static_cast<std::size_t>(rows.x1.size()));
  for (Index i = 0; i < rows.x1.size(); ++i) out.push_back(row_effect(rows, i, measure));
  return out;
}

RevmanOutcome revman_outcome(const RevmanRows& rows, const std::vector<int>& group,
                             const RevmanSpec& spec) {
  check_rows(rows, group, spec.measure);
  RevmanOutcome out;
  const Index n = rows.x1.size();
  out.effects = revman_effects(rows, spec.measure);
  out.lb = out.ub = Vec::Constant(n, kNaN);
  out.weight = Vec::Zero(n);
  const double crit = critical_value(spec.level_study, kNaN);
  for (Index i = 0; i < n; ++i) {
    const RevmanEffect& e = out.effects[static_cast<std::size_t>(i)];
    if (!e.estimable) continue;
    out.lb[i] = e.est - crit * e.se;
    out.ub[i] = e.est + crit * e.se;
  }
  std::vector<Index> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), Index{0});
  const Set s = estimable_set(out.effects, all);
  const PooledSet total = pool_set(rows, s, spec);
  out.total = total.pool;
  if (spec.totals == RevmanTotals::Yes && out.total.estimable) {
    share_weights(out.weight, s, total.parts);
    out.total.weight = 100.0;
  }
  if (group.empty()) return out;
  pool_groups(out, rows, group, spec);
  if (spec.totals == RevmanTotals::Sub) {
    if (spec.random && out.total.estimable) pool_across(out.total, s, group, out.groups, spec);
    for (const RevmanPool& g : out.groups) out.total.weight += g.weight;
  }
  return out;
}

}  // namespace metaparity
