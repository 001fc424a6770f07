// Glue of Peto's method: cells and choices in, one list of numbers out.
#include "core/peto.hpp"

#include "rcpp_common_effect.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_peto(Rcpp::List columns, Rcpp::List effects, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector a = columns[0], b = columns[1], c = columns[2], d = columns[3];
    const TwoByTwo table{map_vec(a), map_vec(b), map_vec(c), map_vec(d)};
    const PetoSpec pool{Rcpp::as<double>(spec["add"]), as_add_to(Rcpp::as<std::string>(spec["to"])),
                        Rcpp::as<bool>(spec["drop00"]), Rcpp::as<double>(spec["level"])};
    const PetoFit f = fit_peto(table, as_effect_spec(effects), pool);
    return wrap_common(f, f.k_pos);
  });
}
