// The highest maximum of a likelihood in variance components: many starts, scans of ranges, standard deviations of 0 lifted,
// both sides of a correlation, a barrier where matrices must be those of random effects. Source: Harville (1977, JASA 72, 320).
// Oracle: many starts.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/model/mv_fit.hpp"

namespace metaparity::mv {

// The search over one layout.
struct Search {
  MvPeak best;
  double second = -kInf;
  Vec second_psi;
  int starts = 0, maxima = 0, iterations = 0;
  bool barred = false;  // behind a barrier

  // What a climb may end at.
  const MvPeak* known() const { return best.valid ? &best : nullptr; }

  void take(MvPeak peak) {
    ++starts;
    iterations += peak.iterations;
    if (!peak.valid || peak.joined) return;
    const bool same =
        best.valid && std::fabs(peak.ll - best.ll) < 1e-6 * (1.0 + std::fabs(best.ll));
    if (!same && peak.settled) ++maxima;
    if (!best.valid || peak.ll > best.ll) {
      if (best.valid && !same && best.settled) next(best);
      best = std::move(peak);
    } else if (!same && peak.settled) {
      next(peak);
    }
  }

 private:
  void next(const MvPeak& peak) {
    if (!(peak.ll > second)) return;
    second = peak.ll;
    second_psi = peak.psi;
  }
};

std::unique_ptr<MvLikelihood> likelihood_of(const MvModel& model,
                                            const std::vector<MvCluster>& clusters,
                                            const MvLayout& layout);

// The parameter at a point of the scale on which a range is scanned.
std::function<double(double)> range_values(const MvShape& shape);

constexpr double kLeastBarrier = 1e-10;

// The likelihood itself at a peak behind a barrier.
void unbar(MvLikelihood& likelihood, const MvSpec& spec, MvPeak& peak);

void search(const MvModel& model, const std::vector<MvCluster>& clusters, const MvLayout& layout,
            const MvSpec& spec, Search& out);

// A correlation common to m effects that no random effects have, below -1 / (m - 1), lets the marginal variances become
// singular and the likelihood rise without end. Are there such terms? They are bounded.
bool bounded(MvModel& model, const Search& found, const MvLayout& layout);

}  // namespace metaparity::mv
