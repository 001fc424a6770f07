# Tables of refits, for every class on the model contract: what leave1out(), cumul() and deletion statistics show. The
# core loops over the studies of fits of rma() and of pooled tables. Oracle: the loops; brute force.

# A refit, or NULL where these rows allow none.
tried_refit <- function(x, rows) {
  suppressWarnings(tryCatch(model_refit(x, rows), error = function(e) {
    fails <- inherits(e, c("metaparity_error_input", "metaparity_error_not_converged"))
    if (!fails || inherits(e, "metaparity_error_unsupported")) stop(e)
  }))
}

# The table of refits, one row for each set of studies used: what leave1out() and cumul() show.
refit_table <- function(x, sets, labels, call) {
  fits <- lapply_progress(sets, function(rows) tried_refit(x, rows), TRUE)
  failed <- vapply(fits, is.null, NA)
  warn_failed(which(failed), labels, call)
  p <- ncol(model_studies(x)$X)
  field <- function(name, n) {
    found <- vapply(fits, function(f) if (is.null(f[[name]])) rep(NA_real_, n) else as.numeric(f[[name]])[seq_len(n)],
                    numeric(n))
    if (n == 1L) as.numeric(found) else t(found)
  }
  columns <- c("estimate", "se", "zval", "pval", "ci.lb", "ci.ub")
  out <- c(sapply(columns, field, n = p, simplify = FALSE),
           sapply(c("Q", "Qp", "tau2", "I2", "H2"), field, n = 1L, simplify = FALSE))
  c(list(k = lengths(sets)), out)
}

# One row per set of studies that is left out; `index` is the set of each study used.
fits_without <- function(x, groups, call) UseMethod("fits_without")

#' @exportS3Method fits_without metaparity
fits_without.metaparity <- function(x, groups, call) {
  sets <- lapply(seq_along(groups$labels), function(i) which(groups$index != i))
  refit_table(x, sets, groups$labels, call)
}

#' @exportS3Method fits_without metaparity_mh
fits_without.metaparity_mh <- function(x, groups, call) {
  used <- which(x$not.na)
  pool_subsets(x, lapply(seq_along(groups$labels), function(i) used[groups$index != i]), groups$labels, call)
}
#' @exportS3Method fits_without metaparity_peto
fits_without.metaparity_peto <- fits_without.metaparity_mh

#' @exportS3Method fits_without metaparity_uni
fits_without.metaparity_uni <- function(x, groups, call) {
  if (is_recentred(x)) return(NextMethod())
  table <- call_core(cpp_leave1out(as.numeric(x$yi), x$vi, x$X, own_weights(x), x$spec, groups$index,
                                   length(groups$labels)), call)
  warn_failed(table$failed, groups$labels, call)
  table
}

# One row for the first 1, 2, ... studies of `rows` (rows of the data), `ends` of them.
fits_of_first <- function(x, plan, call) UseMethod("fits_of_first")

#' @exportS3Method fits_of_first metaparity
fits_of_first.metaparity <- function(x, plan, call) {
  at <- match(plan$rows, model_studies(x)$rows)
  refit_table(x, lapply(plan$ends, function(end) at[seq_len(end)]), plan$labels, call)
}

#' @exportS3Method fits_of_first metaparity_mh
fits_of_first.metaparity_mh <- function(x, plan, call) {
  pool_subsets(x, lapply(plan$ends, function(end) plan$rows[seq_len(end)]), plan$labels, call)
}
#' @exportS3Method fits_of_first metaparity_peto
fits_of_first.metaparity_peto <- fits_of_first.metaparity_mh

#' @exportS3Method fits_of_first metaparity_uni
fits_of_first.metaparity_uni <- function(x, plan, call) {
  if (is_recentred(x)) return(NextMethod())
  rows <- plan$rows
  weights <- if (is.null(x$weights.f)) numeric() else x$weights.f[rows]
  table <- call_core(cpp_cumul(as.numeric(x$yi.f)[rows], x$vi.f[rows], x$X.f[rows, , drop = FALSE], weights,
                               x$spec, plan$ends), call)
  warn_failed(table$failed, plan$labels, call)
  table
}
