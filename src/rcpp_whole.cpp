// Glue of the look at an object before a verb works on it: are its fields of the types and sizes of its class? Lengths
// and types alone, some microseconds.
#include <algorithm>
#include <array>
#include <cmath>

#include "rcpp_convert.h"

using namespace metaparity_glue;

namespace {

bool all_fits(SEXP x) {
  for (R_xlen_t i = 0; i < Rf_xlength(x); ++i) {
    if (!Rf_inherits(VECTOR_ELT(x, i), "metaparity")) return false;
  }
  return true;
}

bool of_kind(SEXP x, int kind) {
  const int type = TYPEOF(x);
  switch (kind) {
    case 1:  // numbers; a missing one may be logical
      return (type == REALSXP || type == INTSXP || type == LGLSXP) && !Rf_inherits(x, "factor");
    case 2:
      return type == LGLSXP;
    case 3:
      return type == STRSXP;
    case 4:
      return type == VECSXP;
    case 5:  // a vector of whatever values
      return Rf_isVectorAtomic(x);
    case 6:
      return type == LANGSXP;
    case 7:
      return (type == REALSXP || type == INTSXP) && !Rf_inherits(x, "factor");
    case 8:  // text, or numbers that stand for it
      return type == STRSXP || type == INTSXP || type == REALSXP || type == LGLSXP;
    case 10:
      return type == VECSXP && Rf_inherits(x, "metaparity");
    case 11:
      return type == VECSXP && all_fits(x);
    default:
      return true;
  }
}

// Sizes with the same number are equal; 0: any, -n: n; 100 + n: a number that is the size n.
class Sizes {
 public:
  bool fits(int number, R_xlen_t size) {
    if (number == 0) return true;
    if (number < 0) return size == -number;
    R_xlen_t& known = sizes_[static_cast<std::size_t>(number) % sizes_.size()];
    if (known < 0) known = size;
    return known == size;
  }
  Sizes() { sizes_.fill(-1); }

 private:
  std::array<R_xlen_t, 16> sizes_;
};

R_xlen_t value_of(SEXP x) {
  const double value = Rf_asReal(x);
  return value >= 0 && value < 1e15 ? static_cast<R_xlen_t>(value) : -2;
}

// The number of columns is asked of matrices alone: -100 is none,
// -200 a vector or the rows of a matrix.
bool of_size(SEXP x, int rows, int columns, Sizes& sizes) {
  if (rows > 100) return Rf_xlength(x) == 1 && sizes.fits(rows - 100, value_of(x));
  if (columns == -200) return sizes.fits(rows, Rf_isMatrix(x) ? Rf_nrows(x) : Rf_xlength(x));
  if (columns == -100) return sizes.fits(rows, Rf_xlength(x));
  return Rf_isMatrix(x) && sizes.fits(rows, Rf_nrows(x)) && sizes.fits(columns, Rf_ncols(x));
}

bool has_missing(SEXP x) {
  if (TYPEOF(x) == REALSXP) {
    return std::any_of(REAL(x), REAL(x) + Rf_xlength(x), [](double v) { return std::isnan(v); });
  }
  if (TYPEOF(x) == LGLSXP || TYPEOF(x) == INTSXP) {
    for (R_xlen_t i = 0; i < Rf_xlength(x); ++i) {
      if (INTEGER(x)[i] == NA_INTEGER) return true;
    }
  }
  if (TYPEOF(x) == STRSXP) {
    for (R_xlen_t i = 0; i < Rf_xlength(x); ++i) {
      if (STRING_ELT(x, i) == NA_STRING) return true;
    }
  }
  return false;
}

}  // namespace

// The number of the first field that is not as `shape` has it, 0 if all are. shape: names, kind, rows, columns, needed,
// filled.
// [[Rcpp::export(rng = false)]]
int cpp_misshapen(SEXP x, SEXP shape) {
  SEXP names = VECTOR_ELT(shape, 0), own = Rf_getAttrib(x, R_NamesSymbol);
  const int n = Rf_length(own);
  const SEXP* own_names = n > 0 ? STRING_PTR_RO(own) : nullptr;
  const int *kind = INTEGER(VECTOR_ELT(shape, 1)), *rows = INTEGER(VECTOR_ELT(shape, 2)),
            *columns = INTEGER(VECTOR_ELT(shape, 3)), *needed = LOGICAL(VECTOR_ELT(shape, 4)),
            *filled = LOGICAL(VECTOR_ELT(shape, 5));
  if (TYPEOF(x) != VECSXP) return 1;
  Sizes sizes;
  int at = 0;
  for (int i = 0; i < Rf_length(names); ++i) {
    SEXP value = R_NilValue;
    SEXP name = STRING_ELT(names, i);
    // Most fields follow each other as the shape has them.
    const SEXP* here = std::find(own_names + at, own_names + n, name);
    if (here == own_names + n) here = std::find(own_names, own_names + n, name);
    if (here != own_names + n) {
      at = static_cast<int>(here - own_names);
      value = VECTOR_ELT(x, at);
    }
    if (Rf_isNull(value)) {
      if (needed[i]) return i + 1;
      continue;
    }
    if (!of_kind(value, kind[i]) || !of_size(value, rows[i], columns[i], sizes) ||
        (filled[i] && has_missing(value)))
      return i + 1;
  }
  return 0;
}
