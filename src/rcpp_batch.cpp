// Glue of many outcomes at once: columns or matrices in, a list of columns out.
#include "core/batch/outcomes.hpp"
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
  out.egger = Rcpp::as<bool>(spec["egger"]);
  out.begg = Rcpp::as<bool>(spec["begg"]);
  out.trimfill = Rcpp::as<bool>(spec["trimfill"]);
  out.leave1out = Rcpp::as<bool>(spec["leave1out"]);
  return out;
}

Rcpp::List wrap_outcomes(const OutcomeTable& x) {
  using Rcpp::_;
  Rcpp::IntegerVector code(static_cast<R_xlen_t>(x.code.size()));
  std::transform(x.code.begin(), x.code.end(), code.begin(),
                 [](OutcomeCode c) { return static_cast<int>(c); });
  const auto wrapped = [](const Vec& v) { return wrap_vec(v); };
  Rcpp::List out = Rcpp::List::create(
      _["k"] = Rcpp::wrap(x.k), _["estimate"] = wrap_mat(x.estimate), _["se"] = wrap_mat(x.se),
      _["zval"] = wrap_mat(x.zval), _["pval"] = wrap_mat(x.pval), _["ci.lb"] = wrap_mat(x.ci_lb),
      _["ci.ub"] = wrap_mat(x.ci_ub), _["code"] = code);
  const std::pair<const char*, const Vec*> columns[] = {{"tau2", &x.tau2},
                                                        {"I2", &x.I2},
                                                        {"H2", &x.H2},
                                                        {"QE", &x.Q},
                                                        {"QEp", &x.Qp},
                                                        {"QM", &x.QM},
                                                        {"QMp", &x.QMp},
                                                        {"pi.lb", &x.pi_lb},
                                                        {"pi.ub", &x.pi_ub},
                                                        {"egger", &x.egger},
                                                        {"egger.p", &x.egger_p},
                                                        {"begg", &x.begg},
                                                        {"begg.p", &x.begg_p},
                                                        {"k0", &x.trim_k0},
                                                        {"filled", &x.trim_estimate},
                                                        {"filled.lb", &x.trim_lb},
                                                        {"filled.ub", &x.trim_ub},
                                                        {"lowest", &x.low},
                                                        {"highest", &x.high},
                                                        {"largest.p", &x.worst_p}};
  for (const auto& column : columns) {
    if (column.second->size() > 0 || x.code.empty()) out[column.first] = wrapped(*column.second);
  }
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_outcomes(SEXP yi, SEXP vi, SEXP start, SEXP X, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    return wrap_outcomes(
        fit_outcomes(as_outcomes(yi, vi, start), real_mat(X), as_outcome_spec(spec)));
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
    return wrap_outcomes(fit_table_outcomes(as_outcomes(cells[0], cells[1], start),
                                            as_outcomes(cells[2], cells[3], start), tables,
                                            as_outcome_spec(spec)));
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
