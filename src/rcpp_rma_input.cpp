// The short way of rma_input() for what is usual: columns of a data frame as yi and vi or sei,
// nothing missing, no moderators, labels, groups or weights. Builds the same list.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "rcpp_convert.h"

using namespace metaparity_glue;

namespace {

constexpr const char* kPlainArguments[] = {"yi",     "vi",   "sei",   "data",
                                           "method", "test", "level", "digits"};

bool is_plain_call(SEXP call) {
  for (SEXP at = CDR(call); at != R_NilValue; at = CDR(at)) {
    if (TAG(at) == R_NilValue) return false;
    const char* name = CHAR(PRINTNAME(TAG(at)));
    bool known = false;
    for (const char* plain : kPlainArguments) known = known || std::strcmp(plain, name) == 0;
    if (!known) return false;
  }
  return true;
}

// The double column that an argument names; NULL for anything else.
SEXP plain_column(SEXP call, const char* arg, SEXP data) {
  for (SEXP at = CDR(call); at != R_NilValue; at = CDR(at)) {
    if (std::strcmp(CHAR(PRINTNAME(TAG(at))), arg) != 0) continue;
    if (TYPEOF(CAR(at)) != SYMSXP) return R_NilValue;
    SEXP x = element(data, CHAR(PRINTNAME(CAR(at))));
    return TYPEOF(x) == REALSXP && !Rf_isObject(x) ? x : R_NilValue;
  }
  return R_NilValue;
}

bool is_complete(SEXP x) {
  return std::none_of(REAL(x), REAL(x) + Rf_xlength(x),
                      [](double value) { return std::isnan(value); });
}

// The numbers alone: names and what escalc() hangs on them stay behind.
SEXP bare(SEXP x, bool squared) {
  if (ATTRIB(x) == R_NilValue && !squared) return x;
  SEXP out = Rf_allocVector(REALSXP, Rf_xlength(x));
  std::transform(REAL(x), REAL(x) + Rf_xlength(x), REAL(out),
                 [squared](double value) { return squared ? value * value : value; });
  return out;
}

SEXP ones(int k, SEXP dimnames) {
  SEXP out = PROTECT(Rf_allocMatrix(REALSXP, k, 1));
  std::fill_n(REAL(out), k, 1.0);
  Rf_setAttrib(out, R_DimNamesSymbol, dimnames);
  UNPROTECT(1);
  return out;
}

SEXP first_integers(int k) {
  SEXP out = Rf_allocVector(INTSXP, k);
  std::iota(INTEGER(out), INTEGER(out) + k, 1);
  return out;
}

// The data frame that a bare name stands for; NULL for any other expression: it is evaluated once, elsewhere.
SEXP plain_data(SEXP call, SEXP env) {
  for (SEXP at = CDR(call); at != R_NilValue; at = CDR(at)) {
    if (std::strcmp(CHAR(PRINTNAME(TAG(at))), "data") != 0) continue;
    if (TYPEOF(CAR(at)) != SYMSXP || CAR(at) == R_MissingArg) return R_NilValue;
    return Rf_findVar(CAR(at), env) == R_UnboundValue ? R_NilValue : Rf_eval(CAR(at), env);
  }
  return R_NilValue;
}

// Notes on yi are believed here when they were made for these very effects, none of them tied.
bool notes_fit(SEXP yi) {
  SEXP ni = Rf_getAttrib(yi, Rf_install("ni"));
  if (Rf_isNull(ni)) return true;
  if (Rf_xlength(ni) != Rf_xlength(yi)) return false;
  SEXP rows = Rf_getAttrib(yi, Rf_install("rows"));
  if (Rf_isNull(rows)) return true;
  SEXP noted = TYPEOF(rows) == VECSXP ? element(rows, "yi") : R_NilValue;
  if (TYPEOF(noted) != REALSXP || Rf_xlength(noted) != Rf_xlength(yi)) return false;
  return Rf_isNull(element(rows, "key")) &&
         std::equal(REAL(yi), REAL(yi) + Rf_xlength(yi), REAL(noted));
}

SEXP all_true(int k) {
  SEXP out = Rf_allocVector(LGLSXP, k);
  std::fill_n(LOGICAL(out), k, TRUE);
  return out;
}

}  // namespace

// NULL where rma_input() has to look closer. `shape`: see input_shape in R.
// [[Rcpp::export(rng = false)]]
SEXP cpp_plain_input(SEXP call, SEXP env, SEXP shape) {
  if (!is_plain_call(call)) return R_NilValue;
  const Rcpp::Shield<SEXP> data(plain_data(call, env));
  if (!Rf_inherits(data, "data.frame")) return R_NilValue;
  SEXP yi = plain_column(call, "yi", data), vi = plain_column(call, "vi", data);
  const bool squared = Rf_isNull(vi);
  if (squared) vi = plain_column(call, "sei", data);
  if (Rf_isNull(yi) || Rf_isNull(vi) || Rf_length(yi) == 0 || Rf_length(yi) != Rf_length(vi))
    return R_NilValue;
  if (!is_complete(yi) || !is_complete(vi)) return R_NilValue;
  if (squared && std::any_of(REAL(vi), REAL(vi) + Rf_length(vi), [](double x) { return x < 0; }))
    return R_NilValue;
  if (!Rf_isNull(Rf_getAttrib(yi, Rf_install("slab"))) || !notes_fit(yi)) return R_NilValue;
  const int k = Rf_length(yi);
  SEXP names = VECTOR_ELT(shape, 0);
  SEXP out = PROTECT(Rf_allocVector(VECSXP, Rf_length(names)));
  Rf_setAttrib(out, R_NamesSymbol, names);
  int at = 0;
  const auto put = [&](SEXP x) { SET_VECTOR_ELT(out, at++, x); };
  put(bare(yi, false));
  put(bare(vi, squared));
  put(ones(k, VECTOR_ELT(shape, 1)));
  put(R_NilValue);
  put(Rf_getAttrib(yi, Rf_install("ni")));
  put(R_NilValue);
  put(Rf_ScalarLogical(TRUE));
  put(first_integers(k));
  SET_VECTOR_ELT(out, 5, VECTOR_ELT(out, at - 1));
  put(all_true(k));
  put(R_NilValue);
  SEXP measure = Rf_getAttrib(yi, Rf_install("measure"));
  put(Rf_isNull(measure) ? VECTOR_ELT(shape, 2) : measure);
  put(Rf_ScalarLogical(TRUE));
  put(Rf_ScalarLogical(TRUE));
  at = 17;
  put(data);
  at = 21;
  put(VECTOR_ELT(shape, 3));
  UNPROTECT(1);
  return out;
}
