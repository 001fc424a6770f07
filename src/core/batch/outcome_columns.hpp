// The columns of a table of many outcomes, one row an outcome, in memory that the caller makes: R's vectors are written
// by the threads themselves.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/types.hpp"

namespace metaparity {

// Why an outcome has no estimate.
enum class OutcomeCode { Fitted, NoStudy, TooFew, Collinear, Impossible, Failed };

// What is asked of each outcome beside its fit.
struct OutcomeExtras {
  bool egger = false, begg = false, trimfill = false, leave1out = false;
  bool any() const { return egger || begg || trimfill || leave1out; }
};

// One row an outcome, one column of a block a coefficient. Columns not asked for are empty.
struct OutcomeColumns {
  using Block = Eigen::Map<Mat>;
  using Column = Eigen::Map<Vec>;
  using Whole = Eigen::Map<Eigen::VectorXi>;

  Whole k;
  Block estimate, se, zval, pval, ci_lb, ci_ub;
  Whole code;
  Column tau2, I2, H2, Q, Qp, QM, QMp, pi_lb, pi_ub;
  Column egger, egger_p, begg, begg_p;
  Column trim_k0, trim_estimate, trim_lb, trim_ub;
  Column low, high, worst_p;  // estimates without each study in turn, and their largest p value
  double missing = kNaN;      // how the caller writes what is not available

  // The rows from, ..., to - 1 before and after their outcomes are fitted.
  void open(Index from, Index to) {
    each([&](double* x) { std::fill(x + from, x + to, kNaN); });
  }
  void close(Index from, Index to) {
    each([&](double* x) {
      for (Index i = from; i < to; ++i) x[i] = std::isnan(x[i]) ? missing : x[i];
    });
  }
  void set_code(Index i, OutcomeCode x) { code[i] = static_cast<int>(x); }
  bool has_code(Index i, OutcomeCode x) const { return code[i] == static_cast<int>(x); }

 private:
  template <class F>
  void each(F&& f) {
    for (Block* x : {&estimate, &se, &zval, &pval, &ci_lb, &ci_ub}) {
      for (Index j = 0; j < x->cols(); ++j) f(x->data() + j * x->rows());
    }
    for (Column* x : {&tau2,          &I2,      &H2,      &Q,       &Qp,   &QM,     &QMp,
                      &pi_lb,         &pi_ub,   &egger,   &egger_p, &begg, &begg_p, &trim_k0,
                      &trim_estimate, &trim_lb, &trim_ub, &low,     &high, &worst_p}) {
      if (x->size() > 0) f(x->data());
    }
  }
};

// maker.numbers(name, rows, columns) and maker.whole(name, rows) make the memory, in the order of the columns; p:
// coefficients; simple: an intercept alone. Without outcomes there are all columns.
template <class Maker>
OutcomeColumns make_outcome_columns(Index n, Index p, bool simple, const OutcomeExtras& extras,
                                    Maker& maker) {
  const auto block = [&](const char* name) {
    return OutcomeColumns::Block(maker.numbers(name, n, p), n, p);
  };
  const auto column = [&](const char* name, bool asked) {
    return asked || n == 0 ? OutcomeColumns::Column(maker.numbers(name, n, 1), n)
                           : OutcomeColumns::Column(nullptr, 0);
  };
  const auto whole = [&](const char* name) {
    return OutcomeColumns::Whole(maker.whole(name, n), n);
  };
  return {whole("k"),
          block("estimate"),
          block("se"),
          block("zval"),
          block("pval"),
          block("ci.lb"),
          block("ci.ub"),
          whole("code"),
          column("tau2", true),
          column("I2", true),
          column("H2", true),
          column("QE", true),
          column("QEp", true),
          column("QM", !simple),
          column("QMp", !simple),
          column("pi.lb", simple),
          column("pi.ub", simple),
          column("egger", extras.egger),
          column("egger.p", extras.egger),
          column("begg", extras.begg),
          column("begg.p", extras.begg),
          column("k0", extras.trimfill),
          column("filled", extras.trimfill),
          column("filled.lb", extras.trimfill),
          column("filled.ub", extras.trimfill),
          column("lowest", extras.leave1out),
          column("highest", extras.leave1out),
          column("largest.p", extras.leave1out),
          maker.missing()};
}

}  // namespace metaparity
