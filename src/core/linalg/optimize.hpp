// Root finding on a bracket, free of absolute tolerances; minima by golden section.
// Sources: Chandrupatla (1997), Advances in Engineering Software 28, 145-149; Kiefer (1953). Oracle: closed forms.
#pragma once

#include <cmath>
#include <limits>
#include <utility>

#include "core/constants.hpp"

namespace metaparity {

// f(lo) and f(hi) have opposite signs (one may be 0). Stops at the resolution of Real, or when
// the bracket is relatively smaller than `rel`. At most 200 evaluations: a bracket of doubles
// halves into neighbours well before that.
template <class Real, class F>
Real find_root(F&& f, Real lo, Real f_lo, Real hi, Real f_hi, Real rel) {
  if (f_lo == Real(0)) return lo;
  if (f_hi == Real(0)) return hi;
  Real a = hi, fa = f_hi, b = lo, fb = f_lo, c = a, fc = fa;
  Real step = Real(0.5);
  for (int iter = 0; iter < 200; ++iter) {
    const Real x = a + step * (b - a);
    const Real fx = f(x);
    if (std::signbit(fx) == std::signbit(fa)) {
      c = a;
      fc = fa;
    } else {
      c = b;
      fc = fb;
      b = a;
      fb = fa;
    }
    a = x;
    fa = fx;
    const Real best = std::fabs(fa) < std::fabs(fb) ? a : b;
    if (fx == Real(0)) return x;
    const Real width = std::fabs(b - a);
    const Real tol = rel * std::fabs(best);
    if (width <= tol || width <= std::numeric_limits<Real>::min()) return best;
    const Real xi = (a - b) / (c - b), phi = (fa - fb) / (fc - fb);
    if (phi * phi < xi && (Real(1) - phi) * (Real(1) - phi) < Real(1) - xi) {
      step = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb);
    } else {
      step = Real(0.5);
    }
    const Real edge = Real(0.5) * tol / width;
    if (step < edge) step = edge;
    if (step > Real(1) - edge) step = Real(1) - edge;
  }
  return std::fabs(fa) < std::fabs(fb) ? a : b;
}

// The minimum of a function with one on [lo, hi]: the middle of the bracket that `close(lo, hi)` accepts, or the
// one after `most` steps.
template <class F, class Close>
double golden_section(F&& f, double lo, double hi, int most, Close&& close) {
  double x1 = hi - kGolden * (hi - lo), x2 = lo + kGolden * (hi - lo);
  double f1 = f(x1), f2 = f(x2);
  for (int iter = 0; iter < most && !close(lo, hi); ++iter) {
    if (f1 < f2) {
      hi = x2;
      x2 = x1;
      f2 = f1;
      x1 = hi - kGolden * (hi - lo);
      f1 = f(x1);
    } else {
      lo = x1;
      x1 = x2;
      f1 = f2;
      x2 = lo + kGolden * (hi - lo);
      f2 = f(x2);
    }
  }
  return 0.5 * (lo + hi);
}

template <class Real>
constexpr Real root_resolution() {
  return Real(4) * std::numeric_limits<Real>::epsilon();
}

}  // namespace metaparity
