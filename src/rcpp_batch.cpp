// Glue of many outcomes at once: columns or matrices in, a list of columns out.
#include "core/batch/outcomes.hpp"
#include "core/linalg/weighted_ls.hpp"
#include "rcpp_common_effect.h"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

// data: two columns and `start`, where the runs of the outcomes begin; without it two matrices, a row an outcome.
OutcomeStudies as_outcomes(SEXP x, SEXP y, SEXP start) {
  if (Rf_isNull(start)) return OutcomeStudies::rows(real_mat(x), real_mat(y));
  const Rcpp::NumericVector from(start);
  return OutcomeStudies::runs(real_vec(x), real_vec(y), {from.begin(), from.end()});
}

OutcomeSpec as_outcome_spec(const Rcpp::List& spec) {
  OutcomeSpec out;
  out.model = as_model_spec(spec["model"]);
  out.threads = Rcpp::as<int>(spec["threads"]);
  out.predict_less = Rcpp::as<int>(spec["predict_less"]);
  if (spec.containsElementNamed("centres"))
    out.centres = map_vec(Rcpp::as<Rcpp::NumericVector>(spec["centres"]));
  out.extras.egger = Rcpp::as<bool>(spec["egger"]);
  out.extras.begg = Rcpp::as<bool>(spec["begg"]);
  out.extras.trimfill = Rcpp::as<bool>(spec["trimfill"]);
  out.extras.leave1out = Rcpp::as<bool>(spec["leave1out"]);
  return out;
}

// The vectors of R that the columns are written into. flat: one coefficient needs no matrix.
class OutcomeList {
 public:
  explicit OutcomeList(bool flat) : flat_(flat) {}
  double* numbers(const char* name, Index rows, Index columns) {
    Rcpp::NumericVector x(Rcpp::no_init(static_cast<R_xlen_t>(rows * columns)));
    const bool block = columns > 1 || (!flat_ && is_block(name));
    if (block) x.attr("dim") = Rcpp::Dimension(static_cast<int>(rows), static_cast<int>(columns));
    return keep(name, x).begin();
  }
  int* whole(const char* name, Index rows) {
    return keep(name, Rcpp::IntegerVector(Rcpp::no_init(static_cast<R_xlen_t>(rows)))).begin();
  }
  double missing() const { return NA_REAL; }
  Rcpp::List list() const {
    Rcpp::List out(all_.begin(), all_.end());
    out.names() = Rcpp::CharacterVector(names_.begin(), names_.end());
    return out;
  }

 private:
  template <class V>
  V keep(const char* name, V x) {
    all_.emplace_back(x);
    names_.emplace_back(name);
    return x;
  }
  static bool is_block(const std::string& name) {
    for (const char* one : {"estimate", "se", "zval", "pval", "ci.lb", "ci.ub"}) {
      if (name == one) return true;
    }
    return false;
  }

  bool flat_;
  std::vector<Rcpp::RObject> all_;
  std::vector<std::string> names_;
};

template <class Fit>
Rcpp::List outcome_list(Index n, Index p, bool simple, const OutcomeExtras& extras, Fit&& fit) {
  OutcomeList made(simple);
  OutcomeColumns columns = make_outcome_columns(n, p, simple, extras, made);
  fit(columns);
  return made.list();
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_outcomes(SEXP yi, SEXP vi, SEXP start, SEXP X, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    const OutcomeStudies data = as_outcomes(yi, vi, start);
    const auto design = real_mat(X);
    const OutcomeSpec asked = as_outcome_spec(spec);
    return outcome_list(data.size(), design.cols(), is_intercept_only(design), asked.extras,
                        [&](OutcomeColumns& out) { fit_outcomes(data, design, asked, out); });
  });
}

// cells: ai, bi, ci, di; effects: of effect_spec() in R; pooling: "MH" or "PETO".
// [[Rcpp::export(rng = false)]]
SEXP cpp_table_outcomes(const Rcpp::List& cells, SEXP start, const std::string& pooling,
                        const std::string& measure, const Rcpp::List& effects,
                        const Rcpp::List& pool, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    TableSpec tables;
    tables.pooling = pooling == "MH" ? TablePooling::MantelHaenszel : TablePooling::Peto;
    tables.measure =
        measure == "OR" ? MhMeasure::OR : (measure == "RR" ? MhMeasure::RR : MhMeasure::RD);
    tables.effects = as_effect_spec(effects);
    if (tables.pooling == TablePooling::MantelHaenszel) {
      tables.mh = as_mh_spec(pool);
    } else {
      tables.peto = as_peto_spec(pool);
    }
    const OutcomeStudies first = as_outcomes(cells[0], cells[1], start),
                         second = as_outcomes(cells[2], cells[3], start);
    const OutcomeSpec asked = as_outcome_spec(spec);
    return outcome_list(first.size(), 1, true, asked.extras, [&](OutcomeColumns& out) {
      fit_table_outcomes(first, second, tables, asked, out);
    });
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_between_outcomes(const Rcpp::NumericMatrix& estimate, const Rcpp::NumericMatrix& se) {
  return run_core([&]() -> SEXP {
    const OutcomeBetween b = between_groups(map_mat(estimate), map_mat(se));
    return Rcpp::List::create(Rcpp::_["Q"] = wrap_vec(b.Q), Rcpp::_["df"] = Rcpp::wrap(b.df),
                              Rcpp::_["pval"] = wrap_vec(b.pval));
  });
}
