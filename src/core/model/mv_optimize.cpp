#include "core/model/mv_optimize.hpp"

#include <algorithm>
#include <cmath>

#include "core/eigen_solvers.hpp"
#include "core/linalg/optimize.hpp"

namespace metaparity {

namespace {

IndexVec free_of(const MvBox& box, const Vec& psi, const Vec& score) {
  IndexVec out;
  for (Index j = 0; j < psi.size(); ++j) {
    if (box.fixed[at(j)]) continue;
    const bool held =
        (psi[j] <= box.lower[j] && score[j] <= 0.0) || (psi[j] >= box.upper[j] && score[j] >= 0.0);
    if (!held) out.push_back(j);
  }
  return out;
}

// The Newton step of these parameters, uphill also where the likelihood is not concave: scaled to unit curvature, with the
// absolute values of the eigenvalues, none below `least` of the largest.
Vec newton_step(const Vec& score, const Mat& info, const IndexVec& use, double least) {
  const Index m = static_cast<Index>(use.size());
  Vec g(m), scale(m), out = Vec::Zero(score.size());
  Mat H(m, m);
  for (Index i = 0; i < m; ++i) {
    const double d = std::fabs(info(use[at(i)], use[at(i)]));
    scale[i] = d > 0.0 ? 1.0 / std::sqrt(d) : 1.0;
    g[i] = score[use[at(i)]] * scale[i];
  }
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < m; ++j) H(i, j) = info(use[at(i)], use[at(j)]) * scale[i] * scale[j];
  }
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(H);
  Vec w = eigen.eigenvalues().cwiseAbs();
  const double floor = least * std::max(w.maxCoeff(), 1e-300);
  const Vec along = eigen.eigenvectors().transpose() * g;
  Vec step = Vec::Zero(m);
  for (Index i = 0; i < m; ++i)
    step += eigen.eigenvectors().col(i) * (along[i] / std::max(w[i], floor));
  for (Index i = 0; i < m; ++i) out[use[at(i)]] = step[i] * scale[i];
  return out;
}

// Parameters at a bound that the step would cross are held, and the step taken again.
Vec feasible_step(const MvBox& box, const Vec& psi, const MvSlope& slope, double least,
                  IndexVec& use) {
  for (;;) {
    if (use.empty()) return Vec::Zero(psi.size());
    const Vec step = newton_step(slope.score, slope.information, use, least);
    IndexVec left;
    for (Index j : use) {
      const bool out =
          (psi[j] <= box.lower[j] && step[j] < 0.0) || (psi[j] >= box.upper[j] && step[j] > 0.0);
      if (!out) left.push_back(j);
    }
    if (left.size() == use.size()) return step;
    use = std::move(left);
  }
}

double ll_of(const MvMean& m, bool restricted) {
  return m.valid ? (restricted ? m.reml : m.ml) : -kInf;
}

// An average information can be nearly singular where the likelihood is curved, so that its steps lead nowhere. After a step
// cut short the exact one is taken, where it is to be had; else small eigenvalues are raised until steps succeed.
class Guide {
 public:
  explicit Guide(const MvLikelihood& likelihood)
      : average_(!likelihood.observed()),
        affordable_(likelihood.exact_cost() * static_cast<double>(likelihood.size()) < 1e9) {}
  bool exact() const { return exact_; }
  double least() const { return least_; }
  // After a step of which the share `taken` was gone: is the next one made another way?
  bool changes(double taken, double gain) {
    if (!average_ || exact_ || gain < 1e-6) return false;
    if (taken >= 0.25) {
      least_ = std::max(0.1 * least_, kLeast);
      return false;
    }
    if (affordable_) {
      exact_ = true;
      return true;
    }
    if (least_ >= 1.0) return false;
    least_ = std::min(std::max(30.0 * least_, 1e-4), 1.0);
    return true;
  }

 private:
  static constexpr double kLeast = 1e-10;
  bool average_, affordable_, exact_ = false;
  double least_ = kLeast;
};

bool unmoved(const Vec& next, const Vec& psi, const Vec& size) {
  return ((next - psi).array().abs() <= 1e-15 * size.array()).all();
}

// Is this point in the neighbourhood of the known maximum where the likelihood is its quadratic, of which an average
// information is a rougher guess?
bool near_known(const MvPeak& known, const Vec& psi, double ll, bool observed) {
  const double below = known.ll - ll;
  if (!known.settled || !(below < 1e-2) || known.psi.size() != psi.size()) return false;
  const Vec d = psi - known.psi;
  const double told = 0.5 * d.dot(known.slope.information * d) - d.dot(known.slope.score);
  return told >= 0.0 && told < 1e-2 &&
         std::fabs(below - told) <= (observed ? 0.1 : 0.4) * told + 1e-12 * (1.0 + std::fabs(ll));
}

}  // namespace

MvPeak mv_climb(MvLikelihood& likelihood, const MvBox& box, const Vec& psi, bool restricted,
                const MvPeak* known) {
  constexpr int most = 300;
  MvPeak out;
  out.psi = psi.cwiseMax(box.lower).cwiseMin(box.upper);
  out.mean = likelihood.mean(out.psi);
  out.ll = ll_of(out.mean, restricted);
  out.valid = std::isfinite(out.ll);
  if (!out.valid) return out;
  double last = kInf;  // the expected gain of the step before
  int polished = 0;
  Guide guide(likelihood);
  for (out.iterations = 1; out.iterations <= most; ++out.iterations) {
    if (known != nullptr && near_known(*known, out.psi, out.ll, likelihood.observed())) {
      out.joined = true;
      return out;
    }
    out.slope = likelihood.slope(out.psi, restricted, guide.exact());
    IndexVec use = free_of(box, out.psi, out.slope.score);
    const Vec step = feasible_step(box, out.psi, out.slope, guide.least(), use);
    const double gain = step.dot(out.slope.score);
    if (use.empty() || gain <= 1e-24 * (1.0 + std::fabs(out.ll))) {
      out.settled = true;
      return out;
    }
    const double slack = 4e-16 * (1.0 + std::fabs(out.ll)), before = out.ll;
    double taken = 0.0;
    const Vec size = out.psi.cwiseAbs() + step.cwiseAbs();
    for (double share = 1.0; share > 1e-12; share *= share > 0.05 ? 0.5 : 0.1) {
      const Vec next = (out.psi + share * step).cwiseMax(box.lower).cwiseMin(box.upper);
      if (unmoved(next, out.psi, size)) break;
      MvMean there = likelihood.mean(next);
      const double ll = ll_of(there, restricted);
      // Near the top rounding hides the gain: a full step of a tiny expected gain is taken.
      const bool tiny = share == 1.0 && gain < 1e-9;
      if (!(ll > before || (tiny && ll >= before - 1e3 * slack))) continue;
      out.psi = next;
      out.mean = std::move(there);
      out.ll = ll;
      taken = share;
      break;
    }
    if (guide.changes(taken, gain)) {
      if (taken == 0.0) out.mean = likelihood.mean(out.psi);
      last = kInf;
      continue;
    }
    if (taken == 0.0) {
      out.mean = likelihood.mean(out.psi);
      out.settled = gain < 1e-6;
      return out;
    }
    // Steps by the average information converge linearly: a small gain alone is not the top.
    const double top = 1.0 + std::fabs(before);
    const bool near = gain < 1e-17 * top;
    const bool quadratic = gain < 1e-6 * last || gain < 1e-22 * top;
    last = gain;
    if (near && (quadratic || ++polished > 6)) {
      out.slope = likelihood.slope(out.psi, restricted, false);
      out.settled = true;
      return out;
    }
  }
  return out;
}

MvPeak mv_scan(MvLikelihood& likelihood, const MvBox& box, const Vec& psi, Index range,
               const Vec& grid, const std::function<double(double)>& value_at, bool restricted,
               int& maxima) {
  MvBox held = box;
  held.fixed[at(range)] = 1;
  std::vector<MvPeak> peaks;
  Vec from = psi;
  const auto fit_at = [&](double value) {
    Vec a = psi, b = from;
    a[range] = b[range] = value_at(value);
    MvPeak one = mv_climb(likelihood, held, a, restricted),
           two = mv_climb(likelihood, held, b, restricted);
    return two.valid && (!one.valid || two.ll > one.ll) ? two : one;
  };
  for (Index i = 0; i < grid.size(); ++i) {
    peaks.push_back(fit_at(grid[i]));
    if (peaks.back().valid) from = peaks.back().psi;
  }
  MvPeak best;
  const auto keep = [&](MvPeak peak) {
    if (peak.valid && (!best.valid || peak.ll > best.ll)) best = std::move(peak);
  };
  const Index n = grid.size();
  for (Index i = 0; i < n; ++i) {
    const MvPeak& here = peaks[at(i)];
    if (!here.valid) continue;
    const bool rises = i > 0 && peaks[at(i - 1)].valid && peaks[at(i - 1)].ll > here.ll;
    const bool falls = i + 1 < n && peaks[at(i + 1)].valid && peaks[at(i + 1)].ll > here.ll;
    if (rises || falls) continue;
    ++maxima;
    from = here.psi;
    double lo = grid[i > 0 ? i - 1 : i], hi = grid[i + 1 < n ? i + 1 : i];
    if (lo > hi) std::swap(lo, hi);
    const double value = golden_section(
        [&](double r) {
          const MvPeak peak = fit_at(r);
          return peak.valid ? -peak.ll : kInf;
        },
        lo, hi, 60, [](double a, double b) { return b - a <= 1e-9 * std::max(1.0, std::fabs(a)); });
    keep(here);
    MvPeak top = fit_at(value);
    keep(top);
    if (top.valid) keep(mv_climb(likelihood, box, top.psi, restricted));
  }
  return best;
}

}  // namespace metaparity
