# vcalc(): variances and covariances of the sampling errors of dependent estimates. The core computes each block.
# Source:
# Gleser & Olkin (2009). Oracle: metafor::vcalc.

#' Covariances of the sampling errors of dependent estimates
#'
#' Approximates the variance-covariance matrix of estimates that come from the same people, at several times, or share a
#' group.
#'
#' @param vi sampling variances, length k (a column of `data` or a variable).
#' @param cluster studies: estimates of different ones are independent.
#' @param subgroup groups of people within studies; estimates of different ones are independent.
#' @param obs distinguishes estimates of the same construct.
#' @param type distinguishes constructs.
#' @param time1,time2 time points of the estimates; of contrasts, of their first and second condition.
#' @param grp1,grp2 groups whose contrast each estimate is.
#' @param w1,w2 sizes of these groups, or other weights; equal by default.
#' @param data a data frame in which the arguments are looked up first.
#' @param rho correlation of different `obs` or `type`: a number, or a matrix whose row and column names are the levels.
#'   With both, two numbers or a list of two such: within types and between them.
#' @param phi correlation of times one unit apart.
#' @param rvars columns with the correlations of each cluster as a lower triangle, as in `c(r1, r2)` or `r1:r2`.
#' @param checkpd whether a block that is not positive definite is told.
#' @param nearpd not available: see Errors.
#' @param sparse accepted: an ordinary matrix is returned. [rma.mv()] finds its blocks.
#' @param ... not used; anything here is an error.
#' @return A k x k matrix of class `c("vcovmat", "metaparity_vcov", "matrix", "array")`, which prints zeros as points.
#' @details Rows with missing variances have `NA`. A block that is not positive definite gives a warning of class
#'   `metaparity_warning_input`. Errors are of class `metaparity_error_input`: `obs` or `type` without `rho`, times
#'   without
#'   `phi`; `nearpd = TRUE` is one of class `metaparity_error_unsupported`.
#' @section Formula: The covariance of i and j is r sqrt(v_i v_j), r the product of the correlation by `rho`, and
#'   phi^|t_i - t_j|; of contrasts, r = c / sqrt(c_ii c_jj) for the covariance c of the two differences of outcomes with
#'   variances 1 / w.
#' @section In other software: \pkg{metafor}: `vcalc()`.
#' @references Gleser, L. J. and Olkin, I. (2009). Stochastically dependent effect sizes. In *The Handbook of Research
#'   Synthesis and Meta-Analysis*, 2nd ed., 357-376. Russell Sage Foundation.
#' @examples
#' d <- data.frame(study = c(1, 1, 2), esid = c(1, 2, 1), v = c(0.04, 0.09, 0.05))
#' vcalc(v, cluster = study, obs = esid, rho = 0.6, data = d)
#' @export
vcalc <- function(vi, cluster, subgroup, obs, type, time1, time2, grp1, grp2, w1, w2, data, rho, phi, rvars,
                  checkpd = TRUE, nearpd = FALSE, sparse = FALSE, ...) {
  mc <- match.call()
  named_dots(character(), mc, ...)
  if (check_flag(nearpd, "nearpd", mc)) abort_capability("nearpd", "is not available: choose other correlations", mc)
  check_flag(sparse, "sparse", mc)
  env <- parent.frame()
  data <- data_of_call(mc, env)
  if (is.null(mc$cluster)) abort_input("cluster", "must be given", mc)
  if (is.null(mc$vi)) abort_input("vi", "must be given", mc)
  columns <- resolve_columns(vcalc_columns, mc, data, env, mc)
  k <- length(columns$cluster)
  if (length(columns$vi) == 1L) columns$vi <- rep(columns$vi, k)
  columns$vi <- check_numeric_vector(columns$vi, "vi", mc)
  for (name in names(columns)) if (length(columns[[name]]) != k)
    abort_input(name, sprintf("must have %d elements, as `cluster` has, not %d", k, length(columns[[name]])), mc)
  if (anyNA(columns$cluster)) abort_studies("cluster", which(is.na(columns$cluster)), "must not be missing", mc)
  key <- if (is.null(columns$subgroup)) columns$cluster else paste(columns$cluster, columns$subgroup, sep = ".")
  sets <- unname(split(seq_len(k), factor(key, levels = unique(key))))
  blocks <- if (is.null(mc$rvars)) {
    given <- list(rho = if (!missing(rho)) rho, phi = if (!missing(phi)) phi)
    call_core(cpp_dependent_variances(dependence_of(columns, given, mc), columns$vi, sets), mc)
  } else blocks_of_rvars(mc$rvars, data, env, columns$vi, sets, mc)
  if (check_flag(checkpd, "checkpd", mc)) warn_indefinite(blocks, sets, columns$cluster, mc)
  out <- matrix(0, k, k)
  for (i in seq_along(sets)) out[sets[[i]], sets[[i]]] <- blocks[[i]]
  lost <- is.na(columns$vi)
  out[lost, ] <- out[, lost] <- NA
  structure(out, class = c("vcovmat", "metaparity_vcov", "matrix", "array"))
}

vcalc_columns <- c("vi", "cluster", "subgroup", "obs", "type", "time1", "time2", "grp1", "grp2", "w1", "w2")

# Codes and numbers as the core takes them.
dependence_of <- function(columns, given, call) {
  for (pair in list(c("grp1", "grp2"), c("w1", "w2"))) {
    if (is.null(columns[[pair[1L]]]) != is.null(columns[[pair[2L]]]))
      abort_input(pair[1L], sprintf("and `%s` must be given together", pair[2L]), call)
  }
  if (!is.null(columns$time2) && is.null(columns$time1)) abort_input("time1", "must be given with `time2`", call)
  timed <- !is.null(columns$time1)
  if (timed && is.null(given$phi)) abort_input("phi", "must be given with `time1`", call)
  if (!timed && !is.null(given$phi)) warn_input("phi", "is not used: there is no `time1`", call)
  levels <- list(obs = level_values(columns$obs), type = level_values(columns$type))
  rho <- dependence_rho(given$rho, levels, call)
  groups <- level_values(c(as.character(columns$grp1), as.character(columns$grp2)))
  code <- function(x, levels) if (!is.null(x)) match(as.character(x), as.character(levels))
  out <- list(obs = code(columns$obs, levels$obs), type = code(columns$type, levels$type),
              grp1 = code(columns$grp1, groups), grp2 = code(columns$grp2, groups), rho_obs = rho$obs,
              rho_type = rho$type, phi = if (timed) check_number(given$phi, "phi", -1, 1, call) else 1)
  for (name in c("time1", "w1", "w2")) if (!is.null(columns[[name]]))
    out[[name]] <- check_numeric_vector(columns[[name]], name, call)
  out$time2 <- if (is.null(columns$time2)) out$time1 else check_numeric_vector(columns$time2, "time2", call)
  for (name in c("w1", "w2")) if (any(out[[name]] <= 0, na.rm = TRUE)) abort_input(name, "must be positive", call)
  out
}

level_values <- function(x) if (!is.null(x)) unique(x)

dependence_rho <- function(rho, levels, call) {
  both <- !is.null(levels$obs) && !is.null(levels$type)
  needed <- names(levels)[!vapply(levels, is.null, NA)]
  if (!length(needed)) {
    if (!is.null(rho)) warn_input("rho", "is not used: there is no `obs` and no `type`", call)
    return(list())
  }
  if (is.null(rho)) abort_input("rho", sprintf("must be given with `%s`", needed[1L]), call)
  parts <- if (is.list(rho)) rho else if (both && !is.matrix(rho)) as.list(rho) else list(rho)
  if (length(parts) != length(needed)) {
    abort_input("rho", if (both) "must be two numbers, or a list of two, within and between types" else
      "must be one number or one matrix", call)
  }
  stats::setNames(Map(function(part, values) rho_part(part, values, call), parts, levels[needed]), needed)
}

rho_part <- function(rho, levels, call) {
  if (is.data.frame(rho)) rho <- as.matrix(rho)
  if (!is.matrix(rho)) return(check_number(rho, "rho", -1, 1, call))
  at <- match(as.character(levels), rownames(rho) %||% colnames(rho))
  if (!is.numeric(rho) || nrow(rho) != ncol(rho) || anyNA(at))
    abort_input("rho", "must be a square matrix whose row names are the levels", call)
  rho <- unname(rho[at, at, drop = FALSE])
  if (any(abs(rho) > 1, na.rm = TRUE)) abort_input("rho", "must be correlations, from -1 to 1", call)
  rho
}

# Lower triangles in the first columns of each cluster's rows.
blocks_of_rvars <- function(expr, data, env, vi, sets, call) {
  if (is.null(data)) abort_input("data", "must be given with `rvars`", call)
  places <- as.list(seq_along(data))
  names(places) <- names(data)
  at <- tryCatch(unlist(eval(expr, places, env)), error = function(e)
    abort_input("rvars", "must be columns of `data`", call))
  if (is.character(at)) at <- match(at, names(data))
  if (!is.numeric(at) || anyNA(at) || any(at < 1 | at > length(data))) abort_input("rvars", "must be columns of `data`",
                                                                                   call)
  if (max(lengths(sets)) > length(at))
    abort_input("rvars", sprintf("must be %d columns, as the largest cluster has rows", max(lengths(sets))), call)
  r <- as.matrix(as.data.frame(plain_list(data)[at]))
  if (!is.numeric(r)) abort_input("rvars", "must be columns of numbers", call)
  lapply(sets, function(rows) {
    if (any(diff(rows) != 1L)) abort_input("rvars", "need the rows of each cluster one after another", call)
    m <- unname(r[rows, seq_along(rows), drop = FALSE])
    m[upper.tri(m)] <- t(m)[upper.tri(m)]
    m * sqrt(outer(vi[rows], vi[rows]))
  })
}

warn_indefinite <- function(blocks, sets, cluster, call) {
  bad <- vapply(blocks, function(b) {
    known <- !is.na(diag(b))
    b <- b[known, known, drop = FALSE]
    nrow(b) > 1L && !anyNA(b) && min(eigen(b, symmetric = TRUE, only.values = TRUE)$values) <=
      sqrt(.Machine$double.eps) * max(diag(b))
  }, NA)
  if (!any(bad)) return(invisible())
  names <- unique(as.character(cluster[vapply(sets[bad], `[`, 0L, 1L)]))
  warn_input("cluster", sprintf("has blocks that are not positive definite: %s", paste(utils::head(names, 10L),
                                                                                       collapse = ", ")), call)
}
