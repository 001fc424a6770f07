// Glue of the models of diagnostic test accuracy: counts and choices in, one list of numbers out.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/linalg/distributions.hpp"
#include "core/model/diagnostic.hpp"
#include "core/model/diagnostic_summary.hpp"
#include "core/model/likelihood_tests.hpp"
#include "core/ranges.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

constexpr std::array<std::pair<const char*, DiagnosticSpread>, 4> kSpreads{
    {{"UN", DiagnosticSpread::Unstructured},
     {"DIAG", DiagnosticSpread::Independent},
     {"SHARED", DiagnosticSpread::Shared},
     {"NONE", DiagnosticSpread::None}}};

DiagnosticData as_diagnostic_data(const Rcpp::List& data) {
  const Rcpp::NumericMatrix sens = data["X.sens"], spec = data["X.spec"];
  return {column(data, "tp"), column(data, "fp"), column(data, "fn"),
          column(data, "tn"), map_mat(sens),      map_mat(spec)};
}

DiagnosticSpec as_diagnostic_spec(const Rcpp::List& spec) {
  DiagnosticSpec out;
  out.spread = match_choice(kSpreads, Rcpp::as<std::string>(spec["struct"]).c_str(), "struct");
  out.points = Rcpp::as<int>(spec["points"]);
  return out;
}

Rcpp::List wrap_effects(const Vec& mean, const Vec& sd) {
  return Rcpp::List::create(Rcpp::_["mean"] = wrap_vec(mean), Rcpp::_["sd"] = wrap_vec(sd));
}

}  // namespace

// spec: struct, points, level, n (of the criteria).
// [[Rcpp::export(rng = false)]]
SEXP cpp_diagnostic(Rcpp::List data, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const DiagnosticFit fit = fit_diagnostic(as_diagnostic_data(data), as_diagnostic_spec(spec));
    const double level = spec["level"], n = spec["n"];
    const WaldTable t =
        wald_table(fit.beta, fit.vb.diagonal(), Vec::Zero(fit.beta.size()), level, kNaN);
    const FitStats s = likelihood_criteria(fit.ll, kNaN, n, fit.parameters);
    Rcpp::List out = Rcpp::List::create(
        _["beta"] = wrap_vec(fit.beta), _["vb"] = wrap_mat(fit.vb), _["se"] = wrap_vec(t.se),
        _["zval"] = wrap_vec(t.stat), _["pval"] = wrap_vec(t.pval), _["ci.lb"] = wrap_vec(t.ci_lb),
        _["ci.ub"] = wrap_vec(t.ci_ub),
        _["spread"] = Rcpp::NumericVector::create(fit.var_sens, fit.var_spec, fit.cov),
        _["rho"] = na(fit.rho()), _["covariance"] = wrap_mat(fit.covariance), _["ll"] = fit.ll,
        _["stats"] = Rcpp::NumericVector::create(s.ll, -2.0 * s.ll, s.AIC, s.BIC, s.AICc),
        _["parms"] = fit.parameters, _["points"] = static_cast<int>(fit.points),
        _["singular"] = fit.singular, _["at.edge"] = fit.at_edge,
        _["sens"] = wrap_effects(fit.sens_mean, fit.sens_sd));
    out["spec"] = wrap_effects(fit.spec_mean, fit.spec_sd);
    return out;
  });
}

// at: the two means, variances and the covariance; V: their covariances.
// [[Rcpp::export(rng = false)]]
SEXP cpp_diagnostic_summary(Rcpp::NumericVector at, Rcpp::NumericMatrix V, double level) {
  return run_core([&]() -> SEXP {
    check_fits(at.size() == 5 && V.nrow() == 5 && V.ncol() == 5, "x");
    const std::vector<DiagnosticQuantity> rows =
        diagnostic_summary({at[0], at[1], at[2], at[3], at[4], map_mat(V)}, level);
    Rcpp::NumericMatrix out(static_cast<int>(rows.size()), 4);
    Rcpp::CharacterVector names(out.nrow());
    for (int i = 0; i < out.nrow(); ++i) {
      const DiagnosticQuantity& row = rows[static_cast<std::size_t>(i)];
      const std::array<double, 4> values{row.estimate, row.se, row.ci_lb, row.ci_ub};
      for (int j = 0; j < 4; ++j) out(i, j) = na(values[static_cast<std::size_t>(j)]);
      names[i] = row.name;
    }
    Rcpp::colnames(out) = Rcpp::CharacterVector::create("estimate", "se", "ci.lb", "ci.ub");
    Rcpp::rownames(out) = names;
    return out;
  });
}

// x: the coefficients, then l11, l22, l21 of the Cholesky factor with the specificity first.
// [[Rcpp::export(rng = false)]]
SEXP cpp_diagnostic_loglik(Rcpp::List data, Rcpp::NumericVector x, int points, bool free_means) {
  return run_core([&]() -> SEXP {
    return Rcpp::wrap(diagnostic_loglik(as_diagnostic_data(data), map_vec(x), points, free_means));
  });
}
