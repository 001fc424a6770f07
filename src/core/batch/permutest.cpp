#include "core/batch/permutest.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/errors.hpp"
#include "core/linalg/scaling.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "core/model/random_effects.hpp"
#include "core/model/wald.hpp"
#include "core/threads.hpp"

namespace metaparity {
namespace {

bool row_less(const MatRef& X, Index a, Index b) {
  for (Index j = 0; j < X.cols(); ++j) {
    if (X(a, j) != X(b, j)) return X(a, j) < X(b, j);
  }
  return false;
}

// Rows in ascending order get numbers 0, 1, ...; equal rows share one.
std::vector<int> number_rows(const MatRef& X) {
  std::vector<Index> order(static_cast<std::size_t>(X.rows()));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return row_less(X, a, b); });
  std::vector<int> out(order.size());
  int number = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && row_less(X, order[i - 1], order[i])) ++number;
    out[static_cast<std::size_t>(order[i])] = number;
  }
  return out;
}

double orders_of(const std::vector<int>& count) {
  double out = 1.0, n = 0.0;
  for (const int c : count) {
    for (int i = 1; i <= c; ++i) out = out * (n += 1.0) / i;
  }
  return std::round(out);
}

std::vector<int> counts_of(const std::vector<int>& kind) {
  if (kind.empty()) throw InvalidInput("x", "must hold at least one study");
  std::vector<int> count(static_cast<std::size_t>(*std::max_element(kind.begin(), kind.end())) + 1,
                         0);
  for (const int i : kind) ++count[static_cast<std::size_t>(i)];
  return count;
}

// The arrangement with this number among all of a multiset, in lexicographic order.
std::vector<int> arrangement(std::vector<int> count, double number) {
  std::vector<int> out;
  const int n = std::accumulate(count.begin(), count.end(), 0);
  double total = orders_of(count);
  for (int left = n; left > 0; --left) {
    for (std::size_t kind = 0; kind < count.size(); ++kind) {
      if (count[kind] == 0) continue;
      const double here = std::round(total * count[kind] / left);
      if (number < here) {
        out.push_back(static_cast<int>(kind));
        --count[kind];
        total = here;
        break;
      }
      number -= here;
    }
  }
  return out;
}

// SplitMix64 (Steele, Lea & Flood 2014): a stream for each permutation costs nothing to start.
class Stream {
 public:
  Stream(std::uint64_t seed, double number) : state_(seed) {
    state_ = next() ^ (0xD1B54A32D192ED03ULL * (static_cast<std::uint64_t>(number) + 1));
  }
  std::uint64_t next() {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
  }
  // 0, ..., n - 1 without bias.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t limit = ~0ULL - ~0ULL % n;
    std::uint64_t x = next();
    while (x >= limit) x = next();
    return x % n;
  }
  void shuffle(std::vector<int>& x) {
    for (std::size_t i = x.size(); i > 1; --i)
      std::swap(x[i - 1], x[static_cast<std::size_t>(below(i))]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace

struct PermutationTester::Statistics {
  Vec beta, zval;
  double QM = kNaN;
};

PermutationFits::PermutationFits(Index n, Index p)
    : zval(Mat::Constant(n, p, kNaN)), beta(zval), QM(Vec::Constant(n, kNaN)) {}

double count_permutations(const MatRef& X, bool signs) {
  return signs ? std::ldexp(1.0, static_cast<int>(X.rows())) : orders_of(counts_of(number_rows(X)));
}

PermutationTester::PermutationTester(const PermutationData& data, const ModelSpec& spec,
                                     const PermutationScheme& scheme)
    : weights_(scale_weights(data.weights)),
      X_(data.X),
      spec_(spec),
      scheme_(scheme),
      signs_(is_intercept_only(data.X)),
      kind_(number_rows(data.X)),
      count_(counts_of(kind_)) {
  check_study_data(data.yi, data.vi, data.X, data.weights);
  if (X_.rows() <= X_.cols()) throw InvalidInput("x", "must have more studies than coefficients");
  const Scaled scaled = scale_data(data.yi, data.vi);
  yi_ = scaled.yi;
  vi_ = scaled.vi;
  exponent_ = scaled.exponent;
  spec_.tau2 = std::scalbn(spec_.tau2, -2 * exponent_);
  if (scheme_.given.cols() > 0 && scheme_.given.rows() != yi_.size())
    throw InvalidInput("x", "must have as many studies as the permutations have elements");
  if (spec_.btt.empty()) {
    for (int j = spec_.int_incl && X_.cols() > 1 ? 1 : 0; j < X_.cols(); ++j)
      spec_.btt.push_back(j);
  }
  example_.assign(count_.size(), 0);
  for (std::size_t i = 0; i < kind_.size(); ++i)
    example_[static_cast<std::size_t>(kind_[i])] = static_cast<Index>(i);
}

double PermutationTester::omnibus(const Vec& beta, const Mat& vb) const {
  const auto m = static_cast<Index>(spec_.btt.size());
  Vec b(m);
  Mat v(m, m);
  for (Index r = 0; r < m; ++r) {
    const int row = spec_.btt[static_cast<std::size_t>(r)];
    b[r] = beta[row];
    for (Index c = 0; c < m; ++c) v(r, c) = vb(row, spec_.btt[static_cast<std::size_t>(c)]);
  }
  const double wald = m == 1 ? b[0] * b[0] / v(0, 0) : wald_statistic(b, v);
  return spec_.test == TestType::Z ? wald : wald / static_cast<double>(m);
}

PermutationTester::Statistics PermutationTester::refit(const VecRef& yi,
                                                       const std::vector<Index>& rows) const {
  Mat X(yi.size(), X_.cols());
  for (Index i = 0; i < X.rows(); ++i) X.row(i) = X_.row(rows[static_cast<std::size_t>(i)]);
  const RmaFit full = fit_rma(yi, vi_, X, weights_, spec_);
  return {full.beta, full.zval, full.QM};
}

PermutationTester::Statistics PermutationTester::fit(const VecRef& yi, const PermutedFitter& fitter,
                                                     const std::vector<Index>& rows) const {
  if (!fitter.usable()) return refit(yi, rows);
  const PermutedFit quick = fitter.fit(yi, rows);
  if (!quick.settled) return refit(yi, rows);
  return {quick.beta, quick.zval, omnibus(quick.beta, quick.vb)};
}

// The fitter of these estimates; of none when the weights are the user's own.
PermutedFitter PermutationTester::fitter(const VecRef& yi) const {
  ModelSpec spec = spec_;
  if (weights_.size() > 0) spec.weighted = false;
  return PermutedFitter(yi, vi_, X_, spec);
}

PermutationTester::Statistics PermutationTester::as_given(const VecRef& yi,
                                                          const PermutedFitter& fitter,
                                                          double number) const {
  const Eigen::VectorXi how = scheme_.given.col(static_cast<Index>(number - scheme_.first));
  std::vector<Index> rows(static_cast<std::size_t>(yi.size()));
  if (signs_) {
    std::iota(rows.begin(), rows.end(), Index{0});
    return fit(yi.cwiseProduct(how.cast<double>()), fitter, rows);
  }
  for (Index i = 0; i < yi.size(); ++i) rows[static_cast<std::size_t>(i)] = how[i];
  return fit(yi, fitter, rows);
}

PermutationTester::Statistics PermutationTester::permuted(const VecRef& yi,
                                                          const PermutedFitter& fitter,
                                                          double number) const {
  const Index k = yi.size();
  std::vector<Index> rows(static_cast<std::size_t>(k));
  std::iota(rows.begin(), rows.end(), Index{0});
  if (original(number)) return fit(yi, fitter, rows);
  if (scheme_.given.cols() > 0) return as_given(yi, fitter, number);
  Stream random(scheme_.seed, number);
  if (signs_) {
    Vec signed_yi(k);
    std::uint64_t bits = static_cast<std::uint64_t>(scheme_.exact ? number : 0.0);
    for (Index i = 0; i < k; ++i) {
      if (!scheme_.exact && i % 64 == 0) bits = random.next();
      signed_yi[i] = (bits >> (i % 64) & 1U) != 0 ? -yi[i] : yi[i];
    }
    return fit(signed_yi, fitter, rows);
  }
  std::vector<int> kinds = scheme_.exact ? arrangement(count_, number) : kind_;
  if (!scheme_.exact) random.shuffle(kinds);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = example_[static_cast<std::size_t>(kinds[i])];
  return fit(yi, fitter, rows);
}

PermutationFits PermutationTester::fits(const VecRef& shift, double from, Index n,
                                        int threads) const {
  PermutationFits out(n, X_.cols());
  const Vec yi = yi_ - std::scalbn(1.0, -exponent_) * shift;
  const PermutedFitter quick = fitter(yi);
  parallel_for(n, threads, spec_.checkpoint, [&](Index i) {
    try {
      const Statistics at = permuted(yi, quick, from + static_cast<double>(i));
      out.beta.row(i) = std::scalbn(1.0, exponent_) * at.beta;
      out.zval.row(i) = at.zval;
      out.QM[i] = at.QM;
    } catch (const std::runtime_error&) {
      return;
    }
  });
  return out;
}

double PermutationTester::one_sided_p(const VecRef& direction, double at, int j, bool greater,
                                      double slack, Index n, int threads) const {
  const Vec shift = at * direction;
  const Vec yi = yi_ - std::scalbn(1.0, -exponent_) * shift;
  std::vector<Index> rows(static_cast<std::size_t>(yi.size()));
  std::iota(rows.begin(), rows.end(), Index{0});
  const double seen = fit(yi, fitter(yi), rows).zval[j];
  const Vec z = fits(shift, 0.0, n, threads).zval.col(j);
  Index count = 0, fitted = 0;
  for (Index i = 0; i < n; ++i) {
    if (std::isnan(z[i])) continue;
    ++fitted;
    if (greater ? z[i] >= seen - slack : z[i] <= seen + slack) ++count;
  }
  return static_cast<double>(count) / static_cast<double>(fitted);
}

// p is a step function: bisection to the resolution of the search finds the step that crosses `tail`.
double PermutationTester::interval_end(int j, bool upper, double tail, double start, double reach,
                                       double slack, Index n, int threads) const {
  const Vec direction = X_.col(j);
  const auto p = [&](double at) {
    return one_sided_p(direction, at, j, !upper, slack, n, threads);
  };
  double inside = start, outside = start, step = upper ? reach : -reach;
  bool found = false;
  for (int i = 0; i < 12 && !found; ++i, step *= 1.5) {
    outside = inside + step;
    found = p(outside) < tail;
    if (!found) inside = outside;
  }
  if (!found) return kNaN;
  // Far from zero the resolution of doubles may be coarser than that of the search.
  while (std::fabs(outside - inside) > 1e-7 * reach) {
    const double middle = 0.5 * (inside + outside);
    if (middle == inside || middle == outside) break;
    (p(middle) < tail ? outside : inside) = middle;
  }
  return 0.5 * (inside + outside);
}

}  // namespace metaparity
