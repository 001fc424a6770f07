# The studies that regtest() and ranktest() work on, from a fit or from plain numbers.

# `x` of the call: a column of `data`, a variable, or a fit.
tested_object <- function(mc, env) {
  if (is.null(mc$x)) abort_input("x", "must be given", mc)
  data <- data_of_call(mc, env)
  x <- resolve_column(mc$x, data, env, "x", mc)
  if (inherits(x, "metaparity_subgroup")) {
    abort_input("x", "holds subgroups; test one of its fits, as in x$overall or x$groups[[1]]", mc)
  }
  require_independent(x, "x", mc)
  look_whole(x, "x", studies = TRUE)
  x
}

is_foreign_fit <- function(x) inherits(x, "rma") && !inherits(x, "metaparity")

foreign_function <- function(name) {
  if (!requireNamespace("metafor", quietly = TRUE)) abort_input("x", "needs the package metafor, which made it")
  getExportedValue("metafor", name)
}

fit_studies <- function(x, mc, env = NULL) {
  ignored <- intersect(c("vi", "sei", "subset"), names(mc))
  if (length(ignored)) warn_input(ignored[1L], "is ignored when `x` is a fit", mc)
  ni <- x$ni
  if (!is.null(mc$ni)) {
    ni <- check_numeric_vector(resolve_column(mc$ni, x$data, env, "ni", mc), "ni", mc)
    if (length(ni) == length(x$not.na)) ni <- ni[x$not.na]
    if (length(ni) != length(x$yi)) {
      abort_input("ni", sprintf("must have one element for each of the %d studies, not %d", length(x$yi), length(ni)),
                  mc)
    }
  }
  yi <- as.numeric(x$yi)
  X <- if (inherits(x, "rma.uni")) x$X else intercept_column(length(yi))$X
  list(yi = yi, vi = as.numeric(x$vi), ni = ni, X = X, weights = if (is.null(x$weights)) numeric() else x$weights,
       slab = if (!isTRUE(x$slab.null)) estimated_slab(x), measure = x$measure, rows = seq_along(yi),
       dropped = integer())
}

plain_studies <- function(x, mc, env) {
  data <- data_of_call(mc, env)
  if (inherits(x, "escalc")) {
    data <- x
    x <- .subset2(x, attr(x, "yi.names")[1L])
  }
  ni <- resolve_column(mc$ni, data, env, "ni", mc)
  if (is.null(ni)) ni <- effect_notes(x, data, "x", mc)$ni
  yi <- check_numeric_vector(x, "x", mc)
  k <- length(yi)
  vi <- variance_column(mc, data, env, k)
  if (!is.null(ni)) ni <- check_numeric_vector(ni, "ni", mc)
  if (!is.null(ni) && length(ni) != k) {
    abort_input("ni", sprintf("must have one element for each of the %d studies, not %d", k, length(ni)), mc)
  }
  rows <- check_subset(resolve_column(mc$subset, data, env, "subset", mc), k, mc)
  if (is.null(rows)) rows <- seq_len(k)
  missing <- is.na(yi) | is.na(vi) | (if (is.null(ni)) FALSE else is.na(ni))
  dropped <- rows[missing[rows]]
  if (length(dropped)) warn_dropped(dropped, "missing values", mc)
  rows <- rows[!missing[rows]]
  check_plain_numbers(yi, vi, rows, mc)
  list(yi = yi[rows], vi = vi[rows], ni = ni[rows], X = intercept_column(length(rows))$X, weights = numeric(),
       measure = "GEN", rows = rows, dropped = dropped)
}

check_plain_numbers <- function(yi, vi, rows, call) {
  if (length(rows) == 0L) abort_input("x", "holds no study without missing values", call)
  bad <- rows[!is.finite(yi[rows])]
  if (length(bad)) abort_studies("x", bad, "must be finite", call)
  bad <- rows[!is.finite(vi[rows]) | vi[rows] < 0]
  if (length(bad)) abort_studies("vi", bad, "must be finite and not negative", call)
}

# Tests that weight by 1/vi need variances above 0.
check_tested_variances <- function(studies, call) {
  bad <- which(!(studies$vi > 0))
  if (length(bad)) abort_studies("vi", studies$rows[bad], "must be above 0 for this test", call)
}

tested_digits <- function(digits, x) {
  if (is.null(digits)) digits <- if (is.list(x)) x$digits
  expand_digits(digits)
}
