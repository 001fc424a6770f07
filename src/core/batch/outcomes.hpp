// Fits of many outcomes at once: the studies of each in rows of a matrix or in runs of long columns, the same model for
// all, on threads. Formulas: those of fit_rma(), which is the oracle row by row; an intercept alone takes sums without
// storage. Bias tests and trim and fill of each outcome: core/bias.
#pragma once

#include <vector>

#include "core/batch/outcome_columns.hpp"
#include "core/model/mantel_haenszel.hpp"
#include "core/model/peto.hpp"
#include "core/types.hpp"

namespace metaparity {

// Where the studies of an outcome stand. A NaN in yi or vi is a study that the outcome lacks.
class OutcomeStudies {
 public:
  static OutcomeStudies rows(const MatRef& yi, const MatRef& vi);
  // Outcome i has the elements start[i], ..., start[i + 1] - 1.
  static OutcomeStudies runs(const VecRef& yi, const VecRef& vi, std::vector<Index> start);
  Index size() const { return n_; }
  Index widest() const;
  Index studies(Index outcome) const;
  double yi(Index outcome, Index study) const { return yi_[at(outcome, study)]; }
  double vi(Index outcome, Index study) const { return vi_[at(outcome, study)]; }
  // Outcomes in the rows of a matrix: neighbours stand side by side, the next study `size()` further on.
  bool in_rows() const { return start_.empty(); }
  const double* yi_from(Index outcome) const { return yi_ + outcome; }
  const double* vi_from(Index outcome) const { return vi_ + outcome; }
  // The row of the design: of the study where outcomes stand in rows, of the element where they stand in runs.
  Index design_row(Index outcome, Index study) const {
    return start_.empty() ? study : at(outcome, study);
  }

 private:
  OutcomeStudies(const double* yi, const double* vi, Index n, Index k, std::vector<Index> start)
      : yi_(yi), vi_(vi), n_(n), k_(k), start_(std::move(start)) {}
  Index at(Index outcome, Index study) const {
    return start_.empty() ? outcome + study * n_
                          : start_[static_cast<std::size_t>(outcome)] + study;
  }

  const double *yi_, *vi_;
  Index n_, k_;
  std::vector<Index> start_;
};

struct OutcomeSpec {
  ModelSpec model;
  int threads = 1;
  int predict_less =
      0;        // prediction limits by t with k less this degrees of freedom; 0: by the test's
  Vec centres;  // where the Q of each outcome is taken; empty: around its common-effect estimate
  OutcomeExtras extras;
};

// X: the design, a row for each study or element; an intercept alone where it has one column of 1. out: columns for
// data.size() outcomes and X.cols() coefficients.
void fit_outcomes(const OutcomeStudies& data, const MatRef& X, const OutcomeSpec& spec,
                  OutcomeColumns& out);

// Mantel-Haenszel or Peto estimates of 2x2 tables; `model` of the spec has the level alone. cells: ai and bi, ci and di.
enum class TablePooling { MantelHaenszel, Peto };
struct TableSpec {
  TablePooling pooling = TablePooling::MantelHaenszel;
  MhMeasure measure = MhMeasure::OR;
  EffectSpec effects;
  MhSpec mh;
  PetoSpec peto;
};
void fit_table_outcomes(const OutcomeStudies& first, const OutcomeStudies& second,
                        const TableSpec& tables, const OutcomeSpec& spec, OutcomeColumns& out);

// Tests between groups of each outcome; a row an outcome, a column a group, NaN where the outcome has none of a group.
struct OutcomeBetween {
  Vec Q, pval;
  std::vector<int> df;
};
OutcomeBetween between_groups(const MatRef& estimate, const MatRef& se);

}  // namespace metaparity
