# vec2mat(), replmiss(), dfround(): small tools for data. Oracle: metafor.

#' A symmetric matrix from its lower triangle
#'
#' @param x vector with the elements below the diagonal, column by column (with the diagonal when `diag = TRUE`).
#' @param diag whether `x` holds the diagonal too.
#' @param corr whether the diagonal becomes 1.
#' @param dimnames names of rows and columns.
#' @return A symmetric matrix.
#' @details Error of class `metaparity_error_input`: a length that no square matrix has, or `dimnames` of another
#'   length.
#' @section In other software: \pkg{metafor}: the same call; Stata: `matrix C = vech`-like input by `corr2data,
#'   cstorage(lower)`.
#' @examples
#' vec2mat(1:6, corr = FALSE)
#' vec2mat(c(0.2, 0.3, 0.4), dimnames = c("A", "B", "C"))
#' @export
vec2mat <- function(x, diag = FALSE, corr = !diag, dimnames) {
  check_given(x)
  check_flag(diag, "diag")
  check_flag(corr, "corr")
  if (!is.numeric(x) && !(is.logical(x) && all(is.na(x))))
    abort_input("x", sprintf("must be numeric, not %s", describe(x)), sys.call())
  n <- length(x)
  p <- (sqrt(8 * n + 1) + if (diag) -1 else 1) / 2
  if (n == 0L || p != trunc(p)) abort_input("x", sprintf("must have the length of a triangle, not %d", n), sys.call())
  out <- matrix(NA_real_, nrow = p, ncol = p)
  out[lower.tri(out, diag = diag)] <- x
  out[upper.tri(out, diag = diag)] <- t(out)[upper.tri(out, diag = diag)]
  if (corr) diag(out) <- 1
  if (!missing(dimnames)) {
    if (!is.atomic(dimnames)) abort_input("dimnames", sprintf("must be names, not %s", describe(dimnames)), sys.call())
    if (length(dimnames) != p) {
      abort_input("dimnames", sprintf("must have %d elements, not %d", p, length(dimnames)), sys.call())
    }
    dimnames(out) <- list(dimnames, dimnames)
  }
  out
}

#' Replace missing values
#'
#' @param x vector with missing values.
#' @param y values that replace them: one, or one per element of `x`.
#' @param data data frame in which `x` and `y` are looked up first.
#' @return `x` with its missing values replaced; when `x` is empty, `y`.
#' @details Error of class `metaparity_error_input`: `y` of another length.
#' @section In other software: \pkg{metafor}: the same call; Stata: `replace x = y if missing(x)`.
#' @examples
#' replmiss(c(4, 2, NA), 0)
#' replmiss(x, y, data = data.frame(x = c(1, NA), y = 5:6))
#' @export
replmiss <- function(x, y, data) {
  mc <- match.call()
  env <- parent.frame()
  data <- data_of_call(mc, env)
  x <- resolve_column(mc$x, data, env, "x", mc)
  y <- resolve_column(mc$y, data, env, "y", mc)
  if (is.null(mc$y)) return(x)
  if (is.language(x)) abort_input("x", sprintf("must be a vector, not %s", describe(x)), mc)
  if (!length(x)) return(y)
  if (!anyNA(x) && !length(y)) return(x)
  if (!length(y) %in% c(1L, length(x))) {
    abort_input("y", sprintf("must have 1 or %d elements, not %d", length(x), length(y)), mc)
  }
  alike <- is.numeric(x) == is.numeric(y) || is.logical(x) || is.logical(y)
  if (is.raw(x) || is.raw(y) || is.list(x) || is.list(y) || is.language(y) || !alike) abort_input("y",
      "must be of the kind of `x`", mc)
  empty <- is.na(x)
  x[empty] <- rep_len(y, length(x))[empty]
  x
}

#' Round the numbers of a data frame
#'
#' @param x data frame (or matrix).
#' @param digits number of decimals: one, or one per column (any value for a column without numbers); 0 by default.
#' @param drop0 whether trailing zeros are dropped: one value or one per column. `FALSE` makes text of the numbers.
#' @return The data frame with its numeric columns rounded.
#' @details Error of class `metaparity_error_input`: `x` is no data frame, or `digits` or `drop0` has another length.
#' @section In other software: \pkg{metafor}: the same call; Stata: `format`.
#' @examples
#' dfround(data.frame(a = c(1.2345, -2), b = c("x", "y")), digits = 2)
#' @export
dfround <- function(x, digits, drop0 = TRUE) {
  check_given(x)
  if (is.matrix(x)) x <- data.frame(x, check.names = FALSE)
  if (!is.data.frame(x)) abort_input("x", sprintf("must be a data frame, not %s", describe(x)), sys.call())
  p <- ncol(x)
  digits <- one_per_column(if (missing(digits)) 0 else check_numeric_vector(digits, "digits"), p, "digits")
  drop0 <- one_per_column(vapply(check_vector(drop0, "drop0"), check_flag, NA, arg = "drop0"), p, "drop0")
  for (i in which(vapply(x, is.numeric, NA))) {
    x[[i]] <- if (drop0[i]) round(x[[i]], digits[i]) else formatC(x[[i]], format = "f", digits = digits[i])
  }
  x
}

one_per_column <- function(value, p, arg) {
  value <- check_vector(value, arg)
  if (length(value) == 1L) return(rep(value, p))
  if (length(value) != p) {
    abort_input(arg, sprintf("must have 1 or %d elements, not %d", p, length(value)), sys.call(-1L))
  }
  value
}
