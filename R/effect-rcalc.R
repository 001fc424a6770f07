# rcalc(): variances and covariances of correlation coefficients of the same people. The core computes them. Source:
# Olkin &
# Finn (1990); Steiger (1980). Oracle: metafor::rcalc.

#' Covariances of correlation coefficients
#'
#' Makes of correlations among several variables in one or several studies the estimates and their variance-covariance
#' matrix.
#'
#' @param x a formula `ri ~ var1 + var2 | study` (or without `| study`) of columns of `data`, a correlation matrix, or a
#'   list of correlation matrices.
#' @param ni sample sizes: a column of `data`, or one for each matrix.
#' @param data a data frame.
#' @param rtoz whether the correlations become Fisher's z.
#' @param nfun common sample size of a study: `"min"`, `"harmonic"`, `"mean"`, or a function.
#' @param sparse accepted: an ordinary matrix is returned.
#' @param ... for lists of matrices: `simplify = FALSE` gives a list with an element for each, `noid = TRUE` leaves the
#'   column
#'   of their names out, `vnames` are other names of the columns `id`, `var1` and `var2`. With a formula `simplify`
#'   alone.
#' @return A list: `dat`, a data frame with the study, the two variables, their pair, `yi` and `ni`; and `V`, a matrix
#'   of
#'   class `c("vcovmat", "metaparity_vcov", "matrix", "array")`.
#' @details A covariance that needs a correlation which is not there is `NA`, as are those of studies of fewer than 5
#'   people.
#'   Errors are of class `metaparity_error_input`.
#' @section Formula: Cov(r_st, r_uv) by Olkin and Finn, with n - 1; of z, divided by (1 - r_st^2)(1 - r_uv^2), with n -
#'   3.
#' @section In other software: \pkg{metafor}: `rcalc()`.
#' @references Olkin, I. and Finn, J. D. (1990). Testing correlated correlations. *Psychological Bulletin*, 108,
#'   330-333.
#' @examples
#' R <- matrix(c(1, 0.2, 0.3, 0.2, 1, 0.4, 0.3, 0.4, 1), 3)
#' rcalc(R, ni = 30)
#' @export
rcalc <- function(x, ni, data, rtoz = FALSE, nfun = "min", sparse = FALSE, ...) {
  mc <- match.call()
  dots <- named_dots(c("simplify", "noid", "vnames"), mc, ...)
  rtoz <- check_flag(rtoz, "rtoz", mc)
  check_flag(sparse, "sparse", mc)
  if (missing(x)) abort_input("x", "must be a formula, a correlation matrix or a list of these", mc)
  rows <- if (inherits(x, "formula")) formula_pairs(x, mc, data_of_call(mc, parent.frame()), parent.frame()) else
    matrix_pairs(x, if (!missing(ni)) ni, mc)
  size <- common_size(nfun, mc)
  groups <- unname(split(seq_along(rows$r), factor(rows$study, levels = unique(rows$study))))
  n <- vapply(groups, function(at) as.numeric(size(rows$n[at])), 0)
  V <- matrix(0, length(rows$r), length(rows$r))
  for (i in seq_along(groups)) V[groups[[i]], groups[[i]]] <- pair_variances(rows, groups[[i]], n[i], rtoz, mc)
  pair <- paste(rows$var1, rows$var2, sep = ".")
  dimnames(V) <- list(pair, pair)
  dat <- data.frame(var1 = rows$var1, var2 = rows$var2, var1.var2 = pair, yi = if (rtoz) atanh(rows$r) else rows$r,
                    ni = rep(n, lengths(groups))[order(unlist(groups))], stringsAsFactors = FALSE)
  if (!is.null(rows$name)) dat <- stats::setNames(cbind(as.character(rows$study), dat), c(rows$name, names(dat)))
  several <- !is.null(rows$name)
  if (several && !is.null(dots$simplify) && !check_flag(dots$simplify, "simplify", mc))
    return(stats::setNames(lapply(groups, function(at) correlation_part(dat[at, -1L], V[at, at, drop = FALSE])),
                           unique(rows$study)))
  if (several && !inherits(x, "formula")) dat <- renamed_pairs(dat, dots, mc)
  correlation_part(dat, V)
}

correlation_part <- function(dat, V) {
  rownames(dat) <- NULL
  list(dat = dat, V = structure(V, class = c("vcovmat", "metaparity_vcov", "matrix", "array")))
}

renamed_pairs <- function(dat, dots, call) {
  if (!is.null(dots$vnames)) {
    if (!is.character(dots$vnames) || length(dots$vnames) != 3L || anyNA(dots$vnames))
      abort_input("vnames", sprintf("must be three names, not %s", describe(dots$vnames)), call)
    names(dat)[1:4] <- c(dots$vnames, paste(dots$vnames[2:3], collapse = "."))
  }
  if (!is.null(dots$noid) && check_flag(dots$noid, "noid", call)) dat <- dat[-1L]
  dat
}

common_size <- function(nfun, call) {
  if (is.function(nfun)) return(nfun)
  switch(check_choice(nfun, c("min", "harmonic", "mean"), "nfun", call), min = min,
         harmonic = function(n) 1 / mean(1 / n), mean = mean)
}

pair_variances <- function(rows, at, n, rtoz, call) {
  if (is.na(n) || n < 5) return(NA_real_)
  names <- unique(c(rows$var1[at], rows$var2[at]))
  first <- match(rows$var1[at], names)
  second <- match(rows$var2[at], names)
  key <- paste(pmin(first, second), pmax(first, second))
  if (any(first == second) || anyDuplicated(key)) abort_input("x", "must have each pair of variables once in a study",
                                                              call)
  call_core(cpp_correlation_covariances(as.double(rows$r[at]), first, second, length(names), n, rtoz), call)
}

# ri ~ var1 + var2 | study
formula_pairs <- function(x, mc, data, env) {
  rhs <- if (length(x) == 3L) x[[3L]]
  study <- if (is.call(rhs) && identical(rhs[[1L]], quote(`|`))) rhs[[3L]]
  if (!is.null(study)) rhs <- rhs[[2L]]
  if (!is.call(rhs) || !identical(rhs[[1L]], quote(`+`)) || length(rhs) != 3L)
    abort_input("x", "must be a formula such as ri ~ var1 + var2 | study", mc)
  if (is.null(mc$ni)) abort_input("ni", "must be given", mc)
  column <- function(expr, arg) resolve_column(expr, data, env, arg, mc)
  out <- list(r = check_numeric_vector(column(x[[2L]], "x"), "x", mc), var1 = as.character(column(rhs[[2L]], "x")),
              var2 = as.character(column(rhs[[3L]], "x")), n = check_numeric_vector(column(mc$ni, "ni"), "ni", mc),
              study = if (is.null(study)) NULL else column(study, "x"), name = if (!is.null(study)) deparse(study)[1L])
  if (is.null(study)) out$study <- rep(1, length(out$r))
  if (length(out$n) == 1L) out$n <- rep(out$n, length(out$r))
  lengths <- lengths(out[c("r", "var1", "var2", "n", "study")])
  if (any(lengths != lengths[1L])) abort_input("x", "must have columns of one length", mc)
  bad <- which(abs(out$r) > 1)
  if (length(bad)) abort_studies("x", bad, "must be correlations, from -1 to 1", mc)
  out
}

matrix_pairs <- function(x, ni, call) {
  several <- is.list(x) && !is.data.frame(x)
  mats <- if (several) x else list(x)
  if (is.null(ni)) abort_input("ni", "must be given", call)
  ni <- check_numeric_vector(ni, "ni", call)
  if (length(ni) != length(mats)) abort_input("ni", sprintf("must have %d elements, not %d", length(mats), length(ni)),
                                              call)
  parts <- Map(function(R, n, id) {
    R <- tryCatch(as.matrix(R), error = function(e) NULL)
    if (!is.numeric(R) || nrow(R) != ncol(R) || nrow(R) < 2L) abort_input("x", "must be correlation matrices", call)
    names <- rownames(R) %||% colnames(R) %||% paste0("x", seq_len(nrow(R)))
    at <- which(lower.tri(R), arr.ind = TRUE)
    list(r = R[lower.tri(R)], var1 = names[at[, 2L]], var2 = names[at[, 1L]], n = rep(n, nrow(at)), study = rep(id,
                                                                                                            nrow(at)))
  }, mats, ni, names(mats) %||% seq_along(mats))
  join <- function(name) unlist(lapply(parts, `[[`, name), use.names = FALSE)
  out <- sapply(c("r", "var1", "var2", "n", "study"), join, simplify = FALSE)
  if (anyNA(out$r) || any(abs(out$r) > 1)) abort_input("x", "must have correlations from -1 to 1", call)
  if (several) out$name <- "id"
  out
}
