# deltamethod(): functions of several estimates with their covariances. Derivatives come from central differences, the
# Taylor terms: core/effect/delta_method. Oracle: analytic derivatives, exact moments of normal variables.

#' The delta method for several estimates
#'
#' Applies a function to estimates and approximates the covariance matrix of the result.
#'
#' @param x numeric vector of estimates, or a fit with `coef()` and `vcov()` methods.
#' @param vcov their covariance matrix, when `x` is a vector.
#' @param fun function of the estimates: with one argument for each, or with one that is the vector of them. It
#'   returns a
#'   numeric vector.
#' @param order 1, 2 or 3: order of the Taylor approximation of the variance.
#' @param level confidence level in percent; that of the fit, or 95.
#' @param H0 values under the null hypotheses: one, or one per result.
#' @param digits number of decimals printed.
#' @return An object of class `c("metaparity_deltamethod", "deltamethod")`: a list with `tab`, a data frame of the
#'   results
#'   (`coef`, `se`, `zval`, `pval`, `ci.lb`, `ci.ub`), and `vcov`, their covariance matrix. `coef()` and
#'   `vcov()` extract.
#' @details The variance is g' V g, with second order plus half of the trace of H V H V, where g and H are the
#'   gradient and the
#'   matrix of second derivatives; the third order adds the covariances of the cubic terms with the linear ones and with
#'   each other. Errors of class `metaparity_error_input`: sizes that do not fit, a function that
#'   does not
#'   return numbers.
#' @section In other software: Stata: `nlcom`. \pkg{metafor}: the same call, which needs the package \pkg{calculus}.
#' @references van der Vaart, A. W. (1998). *Asymptotic statistics*. Cambridge University Press.
#' @seealso [conv.delta()]
#' @examples
#' deltamethod(c(0.5, 0.8), diag(c(0.01, 0.02)), function(a, b) c(ratio = a / b, product = a * b))
#' @export
deltamethod <- function(x, vcov, fun, order = 1, level, H0 = 0, digits) {
  check_given(x)
  call <- sys.call()
  given <- delta_estimates(x, if (missing(vcov)) NULL else vcov, call)
  if (missing(fun) || !is.function(fun)) abort_input("fun", "must be a function", call)
  order <- check_number(order, "order", 1, 3, call)
  if (order != trunc(order)) abort_input("order", "must be 1, 2 or 3", call)
  f <- vector_function(fun, given$b, call)
  value <- f(given$b)
  if (!is.numeric(value) || !length(value)) abort_input("fun", "must return numbers", call)
  H0 <- check_numeric_vector(H0, "H0", call)
  if (!length(H0) %in% c(1L, length(value))) abort_input("H0", sprintf("must have 1 or %d values", length(value)), call)
  level <- check_level(if (missing(level)) given$level else level, call = call)
  slopes <- delta_gradient(f, given$b, length(value), call)
  none <- matrix(0, 0L, 0L)
  hessian <- if (order > 1) delta_hessian(f, given$b, length(value), call) else none
  third <- if (order > 2) delta_third(f, given$b, length(value), call) else none
  v <- call_core(cpp_delta_variance(slopes, hessian, third, given$v), call)
  test <- call_core(cpp_study_tests(as.numeric(value), diag(v), 0, level), call)
  moved <- call_core(cpp_study_tests(as.numeric(value) - rep_len(H0, length(value)), diag(v), 0, level), call)
  names <- names(value)
  tab <- data.frame(coef = as.numeric(value), se = test[[1L]], zval = moved[[2L]], pval = moved[[3L]],
                    ci.lb = test[[4L]], ci.ub = test[[5L]], row.names = if (!is.null(names)) make.unique(names))
  dimnames(v) <- if (!is.null(names)) list(names, names)
  structure(list(tab = tab, vcov = v, order = order, level = 1 - level, H0 = H0,
                 test = "z", digits = tested_digits(if (missing(digits)) NULL else digits, x)),
            class = c("metaparity_deltamethod", "deltamethod"))
}

delta_estimates <- function(x, v, call) {
  level <- 95
  if (!is.numeric(x)) {
    v <- tryCatch(stats::vcov(x), error = function(e) abort_input("x", "must be estimates or a fit with vcov()", call))
    if (is.list(x) && is.numeric(x$level)) level <- 100 * (1 - x$level)
    x <- tryCatch(stats::coef(x), error = function(e) abort_input("x", "must be estimates or a fit with coef()", call))
  }
  if (is.null(v)) abort_input("vcov", "must be given", call)
  v <- if (is.numeric(v)) as.matrix(v) else v
  if (!is.numeric(v) || !identical(dim(v), rep(length(x), 2L)) || anyNA(v)) {
    abort_input("vcov", sprintf("must be a %d x %d matrix without missing values", length(x), length(x)), call)
  }
  if (anyNA(x)) abort_studies("x", which(is.na(x)), "must not be missing", call)
  list(b = as.numeric(x), v = unname(v), level = level)
}

# One argument for each estimate, or one for all.
vector_function <- function(fun, b, call) {
  apart <- length(formals(args(fun))) == length(b) && length(b) > 1L
  function(x) {
    tryCatch(if (apart) do.call(fun, as.list(x)) else fun(x),
             error = function(e) abort_input("fun", sprintf("failed: %s", conditionMessage(e)), call))
  }
}

# Derivative of each result by each estimate: one row per result.
delta_gradient <- function(f, b, q, call, step = pmax(abs(b), 0.1) * 0.002) {
  nodes <- cpp_derivative_nodes()
  slopes <- vapply(seq_along(b), function(j) {
    values <- vapply(nodes, function(node) as.numeric(f(replace(b, j, b[j] + node * step[j]))), numeric(q))
    call_core(cpp_derivative(matrix(values, nrow = q), rep(step[j], q)), call)
  }, numeric(q))
  matrix(slopes, nrow = q)
}

# Second derivatives, from gradients of gradients: the matrix of each result below that of the one before.
delta_hessian <- function(f, b, q, call, step = pmax(abs(b), 0.1) * 0.01) {
  slope <- function(j) function(x) as.numeric(delta_gradient(f, x, q, call, step)[, j])
  columns <- lapply(seq_along(b), function(j) delta_gradient(slope(j), b, q, call, step))
  do.call(rbind, lapply(seq_len(q), function(i) {
    h <- vapply(columns, function(m) m[i, ], numeric(length(b)))
    (h + t(h)) / 2
  }))
}

# Third derivatives: for each result the derivatives of its matrix of second derivatives by each estimate.
delta_third <- function(f, b, q, call) {
  p <- length(b)
  step <- pmax(abs(b), 0.1) * 0.02
  bends <- function(x) as.numeric(delta_hessian(f, x, q, call, step))
  slopes <- delta_gradient(bends, b, q * p * p, call, step)
  by_result <- lapply(seq_len(q), function(i) {
    do.call(rbind, lapply(seq_len(p),
                          function(k) matrix(slopes[, k], q * p, p)[(i - 1L) * p + seq_len(p), , drop = FALSE]))
  })
  do.call(rbind, by_result)
}

#' @export
coef.metaparity_deltamethod <- function(object, ...) {
  stats::setNames(object$tab$coef, if (!is.null(rownames(object$vcov))) rownames(object$tab))
}

#' @export
vcov.metaparity_deltamethod <- function(object, ...) object$vcov

#' @export
print.metaparity_deltamethod <- function(x, digits = x$digits, ...) {
  tab <- x$tab
  table <- list(beta = as.matrix(tab["coef"]), se = tab$se, zval = tab$zval, pval = tab$pval, ci.lb = tab$ci.lb,
                ci.ub = tab$ci.ub, test = "z", int.only = FALSE)
  rownames(table$beta) <- rownames(tab)
  stars <- isTRUE(getOption("show.signif.stars"))
  cat_lines(c("", format_coefficients(table, tested_digits(digits, x), stars), "",
              if (stars) c(format_signif_legend(), "")))
  invisible(x)
}
