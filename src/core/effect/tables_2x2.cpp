// Cells of 2x2 tables from margins and a statistic: Bonett (2007) and the definitions of phi and chi-squared; from
// accuracy measures by search over whole cells. Oracle: the tables themselves.
#include "core/effect/tables_2x2.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "core/errors.hpp"

namespace metaparity {
namespace {

double margins(double n, double n1, double n2) { return n1 * (n - n1) * n2 * (n - n2); }

double gap(double wanted, double part, double whole) {
  if (std::isnan(wanted)) return 0.0;
  const double found = whole > 0.0 ? part / whole : 0.5;
  return (wanted - found) * (wanted - found);
}

// Every first margin up to n is tried.
constexpr double kMostSearched = 1e7;

struct Accuracy {
  double sens, spec, ppv, npv, n;
  double misfit(const WholeCells& t) const {
    return gap(sens, t.a, t.a + t.c) + gap(spec, t.d, t.b + t.d) + gap(ppv, t.a, t.a + t.b) +
           gap(npv, t.d, t.c + t.d);
  }
};

bool possible(const WholeCells& t) { return t.a >= 0.0 && t.b >= 0.0 && t.c >= 0.0 && t.d >= 0.0; }

// Moves of up to two subjects between any cells until none improves.
WholeCells descend(const Accuracy& goal, WholeCells best) {
  double least = goal.misfit(best);
  for (bool moved = true; moved;) {
    moved = false;
    const WholeCells from = best;
    for (double da = -2.0; da <= 2.0; ++da) {
      for (double db = -2.0; db <= 2.0; ++db) {
        for (double dc = -2.0; dc <= 2.0; ++dc) {
          const WholeCells t = {from.a + da, from.b + db, from.c + dc, from.d - da - db - dc};
          if (!possible(t) || !(goal.misfit(t) < least)) continue;
          least = goal.misfit(t);
          best = t;
          moved = true;
        }
      }
    }
  }
  return best;
}

// The best table among those with every first margin m, both proportions within it known.
template <class Make>
WholeCells scan(const Accuracy& goal, double first, double second, Make&& make) {
  WholeCells best = make(0.0, 0.0, 0.0);
  double least = kInf;
  for (double m = 0.0; m <= goal.n; ++m) {
    const WholeCells t = make(m, std::nearbyint(first * m), std::nearbyint(second * (goal.n - m)));
    if (goal.misfit(t) < least) {
      least = goal.misfit(t);
      best = t;
    }
  }
  return descend(goal, best);
}

}  // namespace

// The smaller root of (theta - 1) a^2 - B a + theta n1 n2 = 0, B = n + (n1 + n2)(theta - 1), all divided by the larger of
// theta and 1 so that nothing overflows, each sign of B in the form without cancellation.
double cell_from_odds_ratio(double odds_ratio, double n, double n1, double n2) {
  if (!(odds_ratio >= 0.0)) return kNaN;
  const double theta = std::min(odds_ratio, 1.0), one = 1.0 / std::max(odds_ratio, 1.0);
  const double b = one * n + (n1 + n2) * (theta - one), c = theta * n1 * n2;
  const double root = std::sqrt(std::max(0.0, b * b - 4.0 * (theta - one) * c));
  return b > 0.0 ? 2.0 * c / (b + root) : (root - b) / (2.0 * (one - theta));
}

double cell_from_phi(double phi, double n, double n1, double n2) {
  return (n1 * n2 + phi * std::sqrt(margins(n, n1, n2))) / n;
}

double cell_from_chisq(double chisq, bool corrected, double n, double n1, double n2) {
  const double size =
      std::sqrt(std::fabs(chisq) * margins(n, n1, n2) / n) + (corrected ? 0.5 * n : 0.0);
  return (n1 * n2 + std::copysign(size, chisq)) / n;
}

WholeCells cells_from_accuracy(double sens, double spec, double ppv, double npv, double n) {
  if (n > kMostSearched)
    throw InvalidInput("ni", "must be at most 1e7 where the cells are searched for");
  const Accuracy goal = {sens, spec, ppv, npv, n};
  WholeCells best = {kNaN, kNaN, kNaN, kNaN};
  double least = kInf;
  const auto take = [&](const WholeCells& t) {
    if (goal.misfit(t) < least) {
      least = goal.misfit(t);
      best = t;
    }
  };
  if (!std::isnan(sens + spec)) {
    take(scan(goal, sens, spec, [&](double m, double a, double d) {
      return WholeCells{a, n - m - d, m - a, d};
    }));
  }
  if (!std::isnan(ppv + npv)) {
    take(scan(goal, ppv, npv, [&](double m, double a, double d) {
      return WholeCells{a, m - a, n - m - d, d};
    }));
  }
  return best;
}

}  // namespace metaparity
