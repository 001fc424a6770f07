#include "core/delta_method.hpp"
#include "core/derivative.hpp"
#include "core/five_numbers.hpp"
#include "core/tables_2x2.hpp"
#include "core/wald_variance.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_five_numbers(const Rcpp::NumericMatrix& values, const Rcpp::NumericVector& n,
                      const Rcpp::NumericVector& lognormal, int method, bool back) {
  return run_core([&]() -> SEXP {
    const FiveNumberMoments m = five_number_moments(map_mat(values), map_vec(n), map_vec(lognormal),
                                                    static_cast<FiveNumberMethod>(method), back);
    return Rcpp::List::create(Rcpp::_["mean"] = wrap_vec(m.mean), Rcpp::_["sd"] = wrap_vec(m.sd),
                              Rcpp::_["tval"] = wrap_vec(m.tval),
                              Rcpp::_["crit"] = wrap_vec(m.crit));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_first_cell(const Rcpp::List& x) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector ori = x["ori"], ri = x["ri"], x2i = x["x2i"], correct = x["correct"],
                              ni = x["ni"], n1i = x["n1i"], n2i = x["n2i"];
    Rcpp::NumericVector out(ni.size(), NA_REAL);
    for (R_xlen_t i = 0; i < ni.size(); ++i) {
      if (std::isnan(ni[i] + n1i[i] + n2i[i])) continue;
      if (!std::isnan(ori[i]))
        out[i] = cell_from_odds_ratio(ori[i], ni[i], n1i[i], n2i[i]);
      else if (!std::isnan(ri[i]))
        out[i] = cell_from_phi(ri[i], ni[i], n1i[i], n2i[i]);
      else if (!std::isnan(x2i[i]))
        out[i] = cell_from_chisq(x2i[i], correct[i] != 0.0, ni[i], n1i[i], n2i[i]);
    }
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_accuracy_cells(const Rcpp::NumericMatrix& measures, const Rcpp::NumericVector& n) {
  return run_core([&]() -> SEXP {
    Rcpp::NumericMatrix out(measures.nrow(), 4);
    for (int i = 0; i < measures.nrow(); ++i) {
      const Cells t =
          cells_from_accuracy(measures(i, 0), measures(i, 1), measures(i, 2), measures(i, 3), n[i]);
      out.row(i) = Rcpp::NumericVector::create(na(t.a), na(t.b), na(t.c), na(t.d));
    }
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_derivative_nodes() {
  return Rcpp::NumericVector(kDerivativeNodes.begin(), kDerivativeNodes.end());
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_derivative(const Rcpp::NumericMatrix& values, const Rcpp::NumericVector& step) {
  return run_core(
      [&]() -> SEXP { return wrap_vec(richardson_derivative(map_mat(values), map_vec(step))); });
}

// Sampling variances from interval limits, an upper limit alone, or a test statistic, in this order.
// [[Rcpp::export(rng = false)]]
SEXP cpp_wald_variance(const Rcpp::List& x) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector yi = x["yi"], lb = x["lb"], ub = x["ub"], z = x["z"], p = x["p"],
                              level = x["level"];
    Rcpp::NumericVector vi(yi.size());
    for (R_xlen_t i = 0; i < yi.size(); ++i) {
      vi[i] = na(wald_variance({yi[i], lb[i], ub[i], z[i], p[i], level[i]}));
    }
    return vi;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_delta_variance(const Rcpp::NumericMatrix& gradient, const Rcpp::NumericMatrix& hessian,
                        const Rcpp::NumericMatrix& v) {
  return run_core([&]() -> SEXP {
    return wrap_mat(delta_variance(map_mat(gradient), map_mat(hessian), map_mat(v)));
  });
}
