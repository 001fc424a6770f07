# conv.wald(), conv.delta(): effects with sampling variances from intervals and tests, and on another scale. The core
# computes variances and derivatives. Oracle: metafor, analytic derivatives.

#' Effects and sampling variances from intervals, tests and p values
#'
#' @param out estimates.
#' @param ci.lb,ci.ub limits of their Wald-type intervals; the upper limit alone is enough.
#' @param zval test statistics.
#' @param pval two-sided p values.
#' @param n total sample sizes; they are kept with the estimates and enter no computation.
#' @param data data frame in which the columns are looked up first, such as one made by [escalc()].
#' @param include rows to compute: logical or row numbers.
#' @param level coverage of the intervals in percent: one value or one per study.
#' @param transf function applied to estimates and limits, such as `log`.
#' @param check whether estimates are reported that are far from the middle of their interval.
#' @param var.names names of the columns of estimates and variances; by default those of `data`, or `yi` and `vi`.
#' @param append whether `data` is returned with the columns.
#' @param replace `"ifna"` (or `FALSE`): only missing values of existing columns are replaced; `"all"` (or `TRUE`):
#'   wherever
#'   there is a new value; `"complete"`: the whole column.
#' @param ... `cifac`, how far from the middle an estimate may lie without a warning, as a share of the interval; 0.1.
#' @return A data frame of class `c("metaparity_escalc", "escalc", "data.frame")`.
#' @details The variance is `((ci.ub - ci.lb) / (2 z))^2`, without a lower limit `((ci.ub - yi) / z)^2`, without
#'   limits
#'   `(yi / zval)^2`, where `zval` is taken from `pval` when it is not given.
#'
#'   Warnings of class `metaparity_warning_studies`: estimates outside the middle fifth of their interval; infinite
#'   variances, which are set to missing. Errors of class `metaparity_error_studies`: p values outside 0 to 1.
#' @section In other software: \pkg{metafor}: the same call; Stata: `metan theta ll ul`; RevMan: the calculator of the
#'   generic inverse-variance outcome.
#' @references Higgins, J. P. T. et al. (2024). *Cochrane Handbook for Systematic Reviews of Interventions*, 6.3.
#' @examples
#' d <- data.frame(or = c(1.37, 1.89), lb = c(1.03, 1.60), ub = c(1.82, 2.23))
#' conv.wald(out = or, ci.lb = lb, ci.ub = ub, data = d, transf = log)
#' @export
conv.wald <- function(out, ci.lb, ci.ub, zval, pval, n, data, include, level = 95, transf, check = TRUE, var.names,
                      append = TRUE, replace = "ifna", ...) {
  mc <- match.call()
  env <- parent.frame()
  cifac <- check_number(named_dots("cifac", mc, ...)$cifac %||% 0.1, "cifac", 0, call = mc)
  found <- conversion_columns(c("out", "ci.lb", "ci.ub", "zval", "pval", "n"), mc, env)
  x <- found$columns
  bad <- which(x$pval < 0 | x$pval > 1)
  if (length(bad)) abort_studies("pval", bad, "must be between 0 and 1", mc)
  level <- if (missing(level)) 95 else resolve_column(mc$level, found$data, env, "level", mc)
  level <- vapply(rep_len(check_numeric_vector(level, "level", mc), found$k), check_level, 0, call = mc)
  shown <- x[c("out", "ci.lb", "ci.ub")]
  if (!missing(transf)) {
    f <- check_function(transf, "transf", mc)
    shown <- lapply(shown, function(v) values_for(if (all(is.na(v))) v else f(v), length(v), "transf", mc))
  }
  reported <- list(yi = shown$out, lb = shown$ci.lb, ub = shown$ci.ub, z = x$zval, p = x$pval, level = level)
  vi <- call_core(cpp_wald_variance(reported), mc)
  if (check_flag(check, "check", mc)) warn_off_centre(shown, cifac, mc)
  form <- list(var.names = effect_names(if (!missing(var.names)) var.names, found$data, mc),
               append = check_flag(append, "append", mc), replace = conversion_replace(replace, mc))
  place_effects(found, shown$out, vi, if (!is.null(mc$n)) x$n, form, mc)
}

check_function <- function(f, arg, call) {
  found <- if (is_word(f)) get0(f, envir = globalenv(), mode = "function") else f
  if (!is.function(found)) abort_input(arg, sprintf("must be a function, not %s", describe(f)), call)
  found
}

# cifac: how far from the middle, as a share of the interval, an estimate may lie.
warn_off_centre <- function(x, cifac, call) {
  position <- (x$out - x$ci.lb) / (x$ci.ub - x$ci.lb)
  bad <- which(x$ci.lb < x$ci.ub & abs(position - 0.5) > cifac)
  if (length(bad)) warn_studies("out", bad, "is not near the middle of its interval", call)
}

#' Effects on another scale by the delta method
#'
#' @param yi estimates.
#' @param vi their sampling variances.
#' @param ni total sample sizes; they are kept with the estimates and enter no computation.
#' @param data data frame in which the columns are looked up first.
#' @param include rows to compute: logical or row numbers.
#' @param transf the transformation: a function whose first argument are the estimates.
#' @param var.names names of the columns of estimates and variances; by default those of `data`, or `yi` and `vi`.
#' @param append whether `data` is returned with the columns.
#' @param replace as in [conv.wald()].
#' @param ... further arguments of `transf`.
#' @return A data frame of class `c("metaparity_escalc", "escalc", "data.frame")` with `transf(yi)` and `vi` times
#'   the squared
#'   derivative of `transf`.
#' @details The derivative is taken from central differences by Richardson extrapolation (about 10 digits). Errors
#'   of class
#'   `metaparity_error_input`: `yi`, `vi` or `transf` missing. Infinite or negative variances are set to missing,
#'   with a
#'   warning of class `metaparity_warning_studies`.
#' @section In other software: \pkg{metafor}: the same call; Stata: `nlcom` for one estimate.
#' @references van der Vaart, A. W. (1998). *Asymptotic statistics*. Cambridge University Press.
#' @seealso [deltamethod()]
#' @examples
#' x <- escalc("PR", xi = c(5, 12), ni = c(40, 80))
#' conv.delta(yi, vi, data = x, transf = transf.logit, var.names = c("yi.t", "vi.t"))
#' @export
conv.delta <- function(yi, vi, ni, data, include, transf, var.names, append = TRUE, replace = "ifna", ...) {
  mc <- match.call(expand.dots = FALSE)
  env <- parent.frame()
  if (missing(transf)) abort_input("transf", "must be given", mc)
  if (missing(yi) || missing(vi)) abort_input(if (missing(yi)) "yi" else "vi", "must be given", mc)
  found <- conversion_columns(c("yi", "vi", "ni"), mc, env)
  x <- found$columns
  f <- check_function(transf, "transf", mc)
  further <- lapply(arguments_of(f, mc[["..."]], mc), function(expr) resolve_column(expr, found$data, env, "...", mc))
  yi <- values_for(do.call(f, c(list(x$yi), further)), length(x$yi), "transf", mc)
  vi <- x$vi * slope_of(f, x$yi, further, mc)^2
  form <- list(var.names = effect_names(if (!missing(var.names)) var.names, found$data, mc),
               append = check_flag(append, "append", mc), replace = conversion_replace(replace, mc))
  own <- resolve_column(mc$yi, found$data, env, "yi", mc)
  size <- if (is.null(mc$ni)) effect_notes(own, found$data, call = mc)$ni else x$ni
  place_effects(found, yi, vi, size, c(form, list(measure = "GEN")), mc)
}

# Those of `given` that the function has; a warning names the others.
arguments_of <- function(f, given, call) {
  takes <- names(formals(args(f)))
  if (length(given) == 0L || "..." %in% takes) return(given)
  known <- names(given) %in% c("", takes)
  warn_unknown(names(given)[!known], call)
  given[known]
}

# What a user's function gave for n numbers.
values_for <- function(value, n, arg, call) {
  if (!is.numeric(value) || length(value) != n)
    abort_input(arg, sprintf("must give a number for each of %d values, not %s", n, describe(value)), call)
  as.numeric(value)
}

# Derivative of a vectorised function at each x. Where the step leaves the domain it is made smaller.
slope_of <- function(f, x, further = list(), call = NULL) {
  nodes <- cpp_derivative_nodes()
  values <- function(step) {
    suppressWarnings(vapply(nodes, function(node) {
      values_for(do.call(f, c(list(x + node * step), further)), length(x), "transf", call)
    }, numeric(length(x))))
  }
  derive <- function(step) {
    v <- matrix(values(step), nrow = length(x))
    v[!is.finite(v)] <- NaN
    call_core(cpp_derivative(v, step), call)
  }
  out <- derive(pmax(abs(x), 0.1) * 0.002)
  again <- which(is.na(out) & !is.na(x))
  if (length(again)) out[again] <- derive(pmax(abs(x), 1e-8) * 0.002)[again]
  out
}
