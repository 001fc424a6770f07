// Reference: full enumeration of the signs and of the resamples, with an own DerSimonian-Laird mean.
#include "core/stata/metaan.hpp"

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

struct Laird {
  double mu, tau2;
};

Laird laird(const Vec& y, const Vec& v) {
  double sw = 0, sw2 = 0, sy = 0, q = 0, top = 0, bottom = 0;
  for (Index i = 0; i < y.size(); ++i) {
    sw += 1 / v[i];
    sw2 += 1 / (v[i] * v[i]);
    sy += y[i] / v[i];
  }
  for (Index i = 0; i < y.size(); ++i) q += std::pow(y[i] - sy / sw, 2) / v[i];
  const double tau2 = std::fmax(0.0, (q - static_cast<double>(y.size() - 1)) / (sw - sw2 / sw));
  for (Index i = 0; i < y.size(); ++i) {
    top += y[i] / (v[i] + tau2);
    bottom += 1 / (v[i] + tau2);
  }
  return {top / bottom, tau2};
}

// Share of all 2^k signs whose mean is as far from mu as the one seen.
double p_of(const Vec& y, const Vec& v, double mu) {
  const double seen = std::fabs(laird(y.array() - mu, v).mu) * (1 - 1e-12);
  int beyond = 0;
  for (unsigned bits = 0; bits < (1u << y.size()); ++bits) {
    Vec e = y.array() - mu;
    for (Index i = 0; i < y.size(); ++i)
      if ((bits >> i) & 1u) e[i] = -e[i];
    if (std::fabs(laird(e, v).mu) >= seen) ++beyond;
  }
  return beyond / static_cast<double>(1u << y.size());
}

const Vec kY = values({0.3, 0.1, 0.7, 0.5, 0.2, 0.65, 0.4}),
          kV = values({0.04, 0.1, 0.02, 0.07, 0.05, 0.03, 0.2});

}  // namespace

TEST_CASE("the permutation interval holds its estimate and grows with the level") {
  const Vec y = values({0.3, 0.1, 0.7, 0.5, 0.2, 0.6, 0.4}), v = Vec::Constant(7, 0.04);
  const Interval narrow = permutation_interval(y, v, 0.8, 1000, 1);
  const Interval wide = permutation_interval(y, v, 0.95, 1000, 1);
  CHECK(narrow.lb < 0.4);
  CHECK(narrow.ub > 0.4);
  CHECK(wide.lb < narrow.lb);
  CHECK(wide.ub > narrow.ub);
  CHECK(bootstrap_tau2(y, v, 200, 3) == bootstrap_tau2(y, v, 200, 3));
}

TEST_CASE("metaan: the permutation p value crosses its level at the ends of the interval") {
  for (const double level : {0.8, 0.95}) {
    const Interval ci = permutation_interval(kY, kV, level, 64, 1);
    const double step = 1e-6 * (ci.ub - ci.lb), alpha = 1 - level;
    CHECK(p_of(kY, kV, ci.lb + step) > alpha);
    CHECK(p_of(kY, kV, ci.lb - step) <= alpha);
    CHECK(p_of(kY, kV, ci.ub - step) > alpha);
    CHECK(p_of(kY, kV, ci.ub + step) <= alpha);
  }
}

TEST_CASE("metaan: a full enumeration draws nothing, and follows mirror, shift and scale") {
  const Interval a = permutation_interval(kY, kV, 0.9, 64, 1),
                 b = permutation_interval(kY, kV, 0.9, 1000, 99),
                 mirror = permutation_interval(-kY, kV, 0.9, 64, 1),
                 moved = permutation_interval(100 * kY.array() + 5, 1e4 * kV, 0.9, 64, 1);
  CHECK(a.lb == b.lb);
  CHECK(a.ub == b.ub);
  CHECK(mirror.lb == rel(-a.ub, 1e-6));
  CHECK(moved.lb == rel(100 * a.lb + 5, 1e-6));
  // With fewer permutations than there are, the seed tells which.
  CHECK(permutation_interval(kY, kV, 0.9, 40, 7).lb == permutation_interval(kY, kV, 0.9, 40, 7).lb);
}

TEST_CASE("metaan: few studies can not be rejected: no bound") {
  const Interval ci = permutation_interval(kY.head(3), kV.head(3), 0.95, 1000, 1);
  CHECK(ci.lb == -kInf);
  CHECK(ci.ub == kInf);
}

TEST_CASE("metaan: the bootstrapped tau2 tends to its mean over all resamples") {
  const Vec y = values({0.1, 1.5, -0.8}), v = values({0.1, 0.2, 0.05});
  double sum = 0, square = 0;
  for (int a = 0; a < 27; ++a) {
    const int at[] = {a % 3, a / 3 % 3, a / 9};
    const double t =
        laird(values({y[at[0]], y[at[1]], y[at[2]]}), values({v[at[0]], v[at[1]], v[at[2]]})).tau2;
    sum += t / 27;
    square += t * t / 27;
  }
  const int reps = 40000;
  const double error = std::sqrt((square - sum * sum) / reps);
  CHECK(std::fabs(bootstrap_tau2(y, v, reps, 11) - sum) < 4.5 * error);
  CHECK(bootstrap_tau2(y, v, 50, 1) != bootstrap_tau2(y, v, 50, 2));
}

TEST_CASE("metaan: no spread, no tau2; one study; no resamples are refused") {
  CHECK(bootstrap_tau2(Vec::Constant(4, 0.3), Vec::Constant(4, 0.1), 20, 1) == 0.0);
  CHECK(bootstrap_tau2(values({0.3}), values({0.1}), 5, 1) == 0.0);
  CHECK_THROWS_AS(bootstrap_tau2(kY, kV, 0, 1), InvalidInput);
}
