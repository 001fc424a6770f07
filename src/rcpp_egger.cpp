#include "core/egger.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

Rcpp::List wrap_coefficient(const Coefficient& c) {
  using Rcpp::_;
  return Rcpp::List::create(_["est"] = na(c.est), _["se"] = na(c.se), _["tval"] = na(c.tval),
                            _["pval"] = na(c.pval), _["ci.lb"] = na(c.ci_lb),
                            _["ci.ub"] = na(c.ci_ub));
}

Rcpp::List wrap_line(const LineFit& f, const std::vector<int>& excluded = {}) {
  using Rcpp::_;
  Rcpp::IntegerVector rows(excluded.begin(), excluded.end());
  for (auto& row : rows) ++row;
  return Rcpp::List::create(_["slope"] = wrap_coefficient(f.intercept),
                            _["bias"] = wrap_coefficient(f.slope), _["rmse"] = na(f.rmse),
                            _["df"] = f.df, _["k"] = f.k, _["excluded"] = rows);
}

// Rows of the matrix are studies, columns ai, bi, ci, di.
TwoByTwoRef cells_of(const ConstMatMap& cells) {
  return {cells.col(0), cells.col(1), cells.col(2), cells.col(3)};
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_egger_line(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& sei, double level) {
  return run_core(
      [&]() -> SEXP { return wrap_line(egger_line(map_vec(yi), map_vec(sei), level)); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_harbord_line(const Rcpp::NumericMatrix& cells, bool odds_ratio, double level) {
  return run_core([&]() -> SEXP {
    const ScoreFit f = harbord_line(cells_of(map_mat(cells)),
                                    odds_ratio ? ScoreMeasure::OR : ScoreMeasure::RR, level);
    Rcpp::List out = wrap_line(f.line, f.excluded);
    out["x"] = wrap_vec(f.x);
    out["y"] = wrap_vec(f.y);
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_peters_line(const Rcpp::NumericVector& yi, const Rcpp::NumericMatrix& cells,
                     double level) {
  return run_core([&]() -> SEXP {
    return wrap_line(peters_line(map_vec(yi), cells_of(map_mat(cells)), level));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_regression_lm(const Rcpp::NumericVector& yi, const Rcpp::NumericMatrix& X,
                       const Rcpp::NumericVector& weights, double level) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const LmFit f = fit_lm(map_vec(yi), map_mat(X), map_vec(weights), level);
    return Rcpp::List::create(_["beta"] = wrap_vec(f.beta), _["se"] = wrap_vec(f.se),
                              _["tval"] = wrap_vec(f.tval), _["pval"] = wrap_vec(f.pval),
                              _["ci.lb"] = wrap_vec(f.ci_lb), _["ci.ub"] = wrap_vec(f.ci_ub),
                              _["sigma"] = na(f.rmse), _["df.residual"] = f.df,
                              _["vb"] = wrap_mat(f.vb));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_pool_bias(const Rcpp::NumericVector& bias, const Rcpp::NumericVector& se) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const PooledBias p = pool_bias(map_vec(bias), map_vec(se));
    return Rcpp::List::create(_["bias"] = na(p.bias), _["se"] = na(p.se), _["zval"] = na(p.zval),
                              _["pval"] = na(p.pval));
  });
}
