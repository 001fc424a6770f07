#include "core/model/mantel_haenszel.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

struct Pooled2 {
  double beta = kNaN, se = kNaN;
};

struct Terms {
  double r, s;  // numerator and denominator of the study
};

Terms terms_of(MhMeasure measure, const Cells& x) {
  const double n = x.total();
  switch (measure) {
    case MhMeasure::OR:
      return {x.a * (x.d / n), x.b * (x.c / n)};
    case MhMeasure::RR:
      return {x.a * (x.n2() / n), x.c * (x.n1() / n)};
    case MhMeasure::RD:
      return {(x.a * x.n2() - x.c * x.n1()) / n, x.n1() * (x.n2() / n)};
  }
  return {kNaN, kNaN};
}

// Robins, Breslow & Greenland (1986) eq. 3, and Greenland & Robins (1985) eq. 13.
class RatioSums {
 public:
  explicit RatioSums(MhMeasure measure) : measure_(measure) {}
  void add(const Cells& x) {
    const Terms t = terms_of(measure_, x);
    const double n = x.total();
    if (!(n > 0.0)) return;
    r_ += t.r;
    s_ += t.s;
    if (measure_ == MhMeasure::RR) {
      v_ += x.n1() / n * (x.n2() / n) * (x.a + x.c) - x.a / n * x.c;
      return;
    }
    const double p = (x.a + x.d) / n, q = (x.b + x.c) / n;
    pr_ += p * t.r;
    mixed_ += p * t.s + q * t.r;
    qs_ += q * t.s;
  }
  Pooled2 value() const {
    if (!(r_ > 0.0) || !(s_ > 0.0)) return {};
    const double var = measure_ == MhMeasure::RR
                           ? v_ / (r_ * s_)
                           : 0.5 * (pr_ / (r_ * r_) + mixed_ / (r_ * s_) + qs_ / (s_ * s_));
    return {std::log(r_ / s_), std::sqrt(var)};
  }

 private:
  MhMeasure measure_;
  double r_ = 0.0, s_ = 0.0, v_ = 0.0, pr_ = 0.0, mixed_ = 0.0, qs_ = 0.0;
};

// `estimate` are the cells of the difference, `x` those of its variance.
class DifferenceSums {
 public:
  void add(const Cells& estimate, const Cells& x) {
    const Terms t = terms_of(MhMeasure::RD, estimate);
    const double n = x.total(), n1 = x.n1(), n2 = x.n2();
    if (!(n > 0.0)) return;
    ++tables_;
    r_ += t.r;
    s_ += t.s;
    spread_ += n1 * (n2 / n);
    const double u1 = n1 / n, u2 = n2 / n;
    p_ += x.c * u1 * u1 - x.a * u2 * u2 + u1 * u2 * (n2 - n1) / 2.0;
    q_ += (x.a * (n2 - x.c) + x.c * (n1 - x.a)) / (2.0 * n);
    g_ += x.a * x.b / n1 * u2 * u2 + x.c * x.d / n2 * u1 * u1;
  }
  Pooled2 value(RdVariance form) const {
    if (!(s_ > 0.0)) return {};
    const double beta = r_ / s_;
    const double num = form == RdVariance::Sato ? beta * p_ + q_ : g_;
    const bool raw = form == RdVariance::RevMan && tables_ > 1;
    return {beta, std::sqrt(std::fmax(num, 0.0)) / (raw ? s_ : spread_)};
  }

 private:
  int tables_ = 0;
  double r_ = 0.0, s_ = 0.0, spread_ = 0.0, p_ = 0.0, q_ = 0.0, g_ = 0.0;
};

// (|sum(O - E)| - c)^2 / V, Cochran's V with N^3, Mantel and Haenszel's with N^2 (N - 1).
struct ScoreSums {
  double o_minus_e = 0.0, v = 0.0, v_cochran = 0.0;
  void add(const Cells& x) {
    const double n = x.total();
    if (!(n > 1.0)) return;
    const PetoScore s = peto_score(x);
    o_minus_e += s.o_minus_e;
    v += s.v;
    v_cochran += s.v * ((n - 1.0) / n);
  }
};

double score_statistic(double o_minus_e, double v, bool correct) {
  if (!(v > 0.0)) return kNaN;
  const double d = std::fabs(o_minus_e) - (correct ? 0.5 : 0.0);
  return d * d / v;
}

double upper_or_nan(double x, double df) {
  return std::isnan(x) || df < 1.0 ? kNaN : chisq_upper(x, df);
}

void set_cmh(MhFit& fit, const ScoreSums& s, bool correct) {
  fit.MH = score_statistic(s.o_minus_e, s.v, correct);
  fit.CO = score_statistic(s.o_minus_e, s.v_cochran, correct);
  fit.MHp = upper_or_nan(fit.MH, 1.0);
  fit.COp = upper_or_nan(fit.CO, 1.0);
}

// Events of group 1 expected under the odds ratio psi: the root of
// (1 - psi) A^2 + B A - psi m n1 = 0, B = n2 - m + psi (n1 + m), in the form that does not cancel.
double expected_events(const Cells& x, double psi) {
  const double m = x.a + x.c, n1 = x.n1(), n2 = x.n2();
  const double b = n2 - m + psi * (n1 + m);
  const double root = std::sqrt(b * b + 4.0 * (1.0 - psi) * psi * m * n1);
  return b > 0.0 ? 2.0 * psi * m * n1 / (b + root) : (root - b) / (2.0 * (1.0 - psi));
}

// Breslow-Day sum over the tables with events and non-events in both margins, and Tarone's
// correction.
struct HomogeneitySums {
  double psi, chi2 = 0.0, diff = 0.0, var = 0.0;
  int k = 0;
  void add(const Cells& x) {
    const double m = x.a + x.c, n1 = x.n1(), n2 = x.n2();
    if (!(m > 0.0) || !(x.b + x.d > 0.0) || !(n1 > 0.0) || !(n2 > 0.0)) return;
    const double a = expected_events(x, psi);
    const double v = 1.0 / (1.0 / a + 1.0 / (m - a) + 1.0 / (n1 - a) + 1.0 / (n2 - m + a));
    ++k;
    chi2 += (x.a - a) * (x.a - a) / v;
    diff += x.a - a;
    var += v;
  }
};

void set_homogeneity(MhFit& fit, const CorrectedCells& cells) {
  if (std::isnan(fit.beta)) return;
  HomogeneitySums h{std::exp(fit.beta)};
  for (Index i = 0; i < cells.size(); ++i) {
    const Cells x = cells.at(i);
    if (!x.any_missing()) h.add(x);
  }
  fit.k_pos = h.k;
  fit.BD = h.chi2;
  fit.TA = h.k > 0 ? h.chi2 - h.diff * h.diff / h.var : kNaN;
  fit.BDp = upper_or_nan(fit.BD, h.k - 1);
  fit.TAp = upper_or_nan(fit.TA, h.k - 1);
}

BinaryMeasure as_binary(MhMeasure m) {
  return m == MhMeasure::OR ? BinaryMeasure::OR
                            : (m == MhMeasure::RR ? BinaryMeasure::RR : BinaryMeasure::RD);
}

// Sums of Greenland & Robins (1985) for rates; MH weights x2 t1 / T and t1 t2 / T.
struct RateSums {
  double r = 0.0, s = 0.0, v = 0.0, d = 0.0, w = 0.0, dv = 0.0, score = 0.0;
  void add(const Rates& x) {
    const double t = x.time(), m = x.x1 + x.x2, u1 = x.t1 / t, u2 = x.t2 / t;
    r += x.x1 * u2;
    s += x.x2 * u1;
    v += m * u1 * u2;
    score += x.x1 - m * u1;
    d += x.x1 * u2 - x.x2 * u1;
    w += x.t1 * u2;
    dv += x.x1 * u2 * u2 + x.x2 * u1 * u1;
  }
};

}  // namespace

MhFit fit_mh(const TwoByTwo& table, MhMeasure measure, const EffectSpec& effects,
             const MhSpec& spec) {
  MhFit fit;
  take_effects(fit, effect_binary(table, as_binary(measure), effects));
  const CorrectedCells cells(table, spec.add, spec.to, spec.drop00, spec.how);
  RatioSums ratio(measure);
  DifferenceSums difference;
  ScoreSums score;
  for (Index i = 0; i < cells.size(); ++i) {
    const Cells x = cells.at(i);
    if (x.any_missing()) continue;
    const Cells own = effects.rd_uncorrected ? cells.raw(i) : x;
    ++fit.k;
    const double weight = terms_of(measure, measure == MhMeasure::RD ? own : x).s;
    fit.weights(i) = std::isnan(weight) ? 0.0 : weight;
    if (measure == MhMeasure::RD) {
      difference.add(own, x);
    } else {
      ratio.add(x);
    }
    if (measure == MhMeasure::OR) score.add(x);
  }
  const Pooled2 pooled =
      measure == MhMeasure::RD ? difference.value(spec.rd_variance) : ratio.value();
  fit.beta = pooled.beta;
  fit.se = pooled.se;
  complete_fit(fit, spec.level);
  if (measure == MhMeasure::OR) {
    set_cmh(fit, score, spec.correct);
    set_homogeneity(fit, cells);
  }
  return fit;
}

MhFit fit_mh_rates(const PersonTime& data, RateMeasure measure, const EffectSpec& effects,
                   const MhSpec& spec) {
  MhFit fit;
  take_effects(fit, effect_rates(data, measure, effects));
  const CorrectedRates rates(data, spec.add, spec.to, spec.drop00);
  RateSums sums;
  for (Index i = 0; i < rates.size(); ++i) {
    const Rates x = rates.at(i);
    if (x.any_missing()) continue;
    ++fit.k;
    fit.weights(i) = (measure == RateMeasure::IRR ? x.x2 : x.t2) * (x.t1 / x.time());
    sums.add(x);
  }
  if (measure == RateMeasure::IRD && sums.w > 0.0) {
    fit.beta = sums.d / sums.w;
    fit.se = std::sqrt(sums.dv) / sums.w;
  } else if (measure == RateMeasure::IRR && sums.r > 0.0 && sums.s > 0.0) {
    fit.beta = std::log(sums.r / sums.s);
    fit.se = std::sqrt(sums.v / (sums.r * sums.s));
  }
  complete_fit(fit, spec.level, "x1i");
  if (measure == RateMeasure::IRR) {
    fit.MH = score_statistic(sums.score, sums.v, spec.correct);
    fit.MHp = upper_or_nan(fit.MH, 1.0);
  }
  return fit;
}

}  // namespace metaparity
