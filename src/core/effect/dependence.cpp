#include "core/effect/dependence.hpp"

#include <algorithm>
#include <cmath>

#include "core/ranges.hpp"

namespace metaparity {
namespace {

void check_level(const std::vector<int>& codes, const PairCorrelation& of, Index n) {
  check_fits(codes.empty() || static_cast<Index>(codes.size()) == n, "x");
  if (of.by_level.size() > 0)
    check_indices(codes, std::min(of.by_level.rows(), of.by_level.cols()), "rho");
}

void check_dependence(const Dependence& d, Index n) {
  check_level(d.obs, d.of_obs, n);
  check_level(d.type, d.of_type, n);
  const auto one_each = [n](Index size) { return size == 0 || size == n; };
  check_fits(d.grp1.size() == d.grp2.size() && one_each(static_cast<Index>(d.grp1.size())), "grp1");
  check_fits(one_each(d.time1.size()) && one_each(d.time2.size()), "time1");
  check_fits(d.w1.size() == d.w2.size() && one_each(d.w1.size()), "w1");
  check_fits(d.grp1.empty() || d.time1.size() == d.time2.size(), "time2");
}

}  // namespace

double Dependence::people(Index i, Index j) const {
  if (!type.empty() && type[at(i)] != type[at(j)]) return of_type.of(type[at(i)], type[at(j)]);
  if (!obs.empty() && obs[at(i)] != obs[at(j)]) return of_obs.of(obs[at(i)], obs[at(j)]);
  return 1.0;
}

// Covariance of the outcomes of two conditions: 0 of different groups, phi^|t - t'| of the same.
double Dependence::condition(Index i, bool first_i, Index j, bool first_j) const {
  const int gi = first_i ? grp1[at(i)] : grp2[at(i)], gj = first_j ? grp1[at(j)] : grp2[at(j)];
  if (gi != gj) return 0.0;
  double out = 1.0;
  if (time1.size() > 0) {
    const double ti = first_i ? time1[i] : time2[i], tj = first_j ? time1[j] : time2[j];
    out = std::pow(phi, std::fabs(ti - tj));
  }
  const double wi = w1.size() == 0 ? 1.0 : (first_i ? w1[i] : w2[i]);
  const double wj = w1.size() == 0 ? 1.0 : (first_j ? w1[j] : w2[j]);
  return out / std::sqrt(wi * wj);
}

// Of the difference of two conditions with that of two others.
double Dependence::contrast(Index i, Index j) const {
  return condition(i, true, j, true) - condition(i, true, j, false) - condition(i, false, j, true) +
         condition(i, false, j, false);
}

double Dependence::correlation(Index i, Index j) const {
  if (i == j) return 1.0;
  const double base = people(i, j);
  if (!grp1.empty()) {
    const double size = std::sqrt(contrast(i, i) * contrast(j, j));
    return base * contrast(i, j) / size;
  }
  return time1.size() > 0 ? base * std::pow(phi, std::fabs(time1[i] - time1[j])) : base;
}

Mat dependent_variances(const Dependence& d, const VecRef& vi, const std::vector<Index>& rows) {
  const Index m = static_cast<Index>(rows.size());
  check_dependence(d, vi.size());
  check_indices(rows, vi.size(), "cluster");
  Mat out(m, m);
  for (Index j = 0; j < m; ++j) {
    const Index b = rows[at(j)];
    out(j, j) = vi[b];
    for (Index i = j + 1; i < m; ++i) {
      const Index a = rows[at(i)];
      out(i, j) = out(j, i) = d.correlation(a, b) * std::sqrt(vi[a] * vi[b]);
    }
  }
  return out;
}

// Olkin & Finn: n Cov(r_st, r_uv) = r_st r_uv (r_su^2 + r_sv^2 + r_tu^2 + r_tv^2) / 2 + r_su r_tv + r_sv r_tu
// - (r_st r_su r_sv + r_st r_tu r_tv + r_su r_tu r_uv + r_sv r_tv r_uv); with n - 1 as the variance has it.
Mat correlation_covariances(const VecRef& r, const std::vector<int>& first,
                            const std::vector<int>& second, int variables, double n, bool rtoz) {
  const Index m = r.size();
  check_fits(static_cast<Index>(first.size()) == m && static_cast<Index>(second.size()) == m, "x");
  check_indices(first, variables, "x");
  check_indices(second, variables, "x");
  Mat R = Mat::Constant(variables, variables, kNaN);
  R.diagonal().setOnes();
  for (Index i = 0; i < m; ++i)
    R(first[at(i)], second[at(i)]) = R(second[at(i)], first[at(i)]) = r[i];
  Mat out(m, m);
  for (Index j = 0; j < m; ++j) {
    for (Index i = j; i < m; ++i) {
      const int s = first[at(i)], t = second[at(i)], u = first[at(j)], v = second[at(j)];
      const double st = R(s, t), uv = R(u, v), su = R(s, u), sv = R(s, v), tu = R(t, u),
                   tv = R(t, v);
      double c = 0.5 * st * uv * (su * su + sv * sv + tu * tu + tv * tv) + su * tv + sv * tu -
                 (st * su * sv + st * tu * tv + su * tu * uv + sv * tv * uv);
      if (i == j) c = std::pow(1.0 - st * st, 2.0);
      c /= rtoz ? (1.0 - st * st) * (1.0 - uv * uv) * (n - 3.0) : n - 1.0;
      out(i, j) = out(j, i) = c;
    }
  }
  return out;
}

}  // namespace metaparity
