# confint() and profile() of selection models: profile likelihoods of tau2 and of each delta, made in the core.
# Source: Venzon & Moolgavkar (1988, JRSS C 37, 87). Oracle: metafor.

#' Profile-likelihood intervals and profiles of a selection model
#'
#' @param object,fitted a result of [selmodel()].
#' @param parm not used; a warning says so.
#' @param level confidence level in percent; that of the fit by default.
#' @param fixed also give the intervals of the coefficients?
#' @param tau2 `TRUE` for tau2 (and no delta unless asked for).
#' @param delta numbers of the selection parameters; by default tau2 and all that are not given.
#' @param digits number of decimals printed.
#' @param transf,targs a function applied to coefficients and their limits, and its second argument, see [transf].
#' @param verbose,control without effect: the ends are exact roots.
#' @param xlim range of the values; by default that of a 99% Wald interval within the bounds.
#' @param ylim limits of the y axis.
#' @param steps number of values, or the values themselves.
#' @param lltol how much larger than the fit's a log-likelihood may be before a warning.
#' @param progbar,parallel,ncpus,cl accepted for compatibility.
#' @param plot draw the plots?
#' @param ... not used; for `profile()` arguments of the plot.
#' @return `confint()`: for one parameter an object of class `c("metaparity_confint", "confint.rma")` with the matrix
#'   `random` (rows tau^2 and tau, or the delta; columns estimate, ci.lb, ci.ub), `lb.sign` and `ub.sign`; for several a
#'   list of them of class `c("metaparity_confint_list", "list.confint.rma")`. `profile()`: an object of class
#'   `c("metaparity_profile", "profile.rma")` with the values, `ll`, `beta`, `ci.lb`, `ci.ub`, ..., or a list of them.
#' @details An end at a bound of the parameter space is that bound; `ub.sign` is `">"` where the interval goes on beyond
#' what was searched. Errors are of class `metaparity_error_input`: no such parameter, or one that is given.
#' @section In other software: \pkg{metafor}: `confint()`, `profile()`.
#' @references Venzon, D. J. and Moolgavkar, S. H. (1988). A method for computing profile-likelihood-based confidence
#'   intervals. *Journal of the Royal Statistical Society, Series C*, 37, 87-94.
#' @examples
#' set.seed(1)
#' d <- data.frame(yi = rnorm(30, 0.3, 0.3), vi = runif(30, 0.02, 0.1))
#' fit <- selmodel(rma(yi, vi, data = d), type = "stepfun", steps = 0.025)
#' confint(fit)
#' profile(fit, delta = 2, steps = 5, plot = FALSE)
#' @name selmodel-profile
NULL

#' @rdname selmodel-profile
#' @export
confint.metaparity_selmodel <- function(object, parm, level, fixed = FALSE, tau2, delta, digits, transf, targs,
                                        verbose = FALSE, control, ...) {
  call <- sys.call()
  xlim <- searched_range(named_dots(c("xlim", "extint"), call, ...)$xlim, if (!missing(control)) control, call)
  if (!missing(parm)) warn_input("parm", "is not used: `tau2` and `delta` name parameters", call)
  level <- if (missing(level)) 1 - object$level else check_level(level)
  asked <- !missing(tau2) || !missing(delta)
  fixed <- check_flag(fixed, "fixed", call)
  which <- if (!fixed || asked) {
    selection_parameters(object, if (missing(tau2)) NULL else tau2, if (missing(delta)) NULL else delta, call)
  }
  digits <- merge_digits(object, digits)
  out <- lapply(which, selection_interval, x = object, level = level, digits = digits, xlim = xlim, call = call)
  if (fixed) {
    table <- fixed_interval(object, level, transform_spec(call, transf, targs, object, named = TRUE))
    out <- c(list(new_parameter_confint(list(fixed = table), level, digits)), out)
  }
  as_confint_list(out, digits)
}

# 0 for tau2, else the number of a delta; by default all that were estimated.
selection_parameters <- function(x, tau2, delta, call) {
  if (isTRUE(x$selection$decreasing) && !is.null(delta)) {
    abort_capability("delta", "has no profile under the constraint of a decreasing function: use decreasing = FALSE",
                     call)
  }
  random <- is.na(x$selection$tau2)
  free <- which(!x$delta.fix)
  if (is.null(tau2) && is.null(delta))
    return(c(if (random) 0L, if (!isTRUE(x$selection$decreasing)) free))
  if (!is.null(tau2) && !(is.atomic(tau2) && length(tau2) == 1L && isTRUE(tau2 == 1)))
    abort_input("tau2", sprintf("must be TRUE, not %s", describe(tau2)), call)
  if (!is.null(tau2) && !random) abort_input("tau2", "was not estimated", call)
  if (is.null(delta)) return(0L)
  delta <- if (isTRUE(delta)) free else check_numeric_vector(delta, "delta", call)
  if (!length(delta) || !all(delta %in% seq_along(x$delta)))
    abort_input("delta", sprintf("must be numbers from 1 to %d", length(x$delta)), call)
  if (any(x$delta.fix[delta])) abort_input("delta", "names a parameter that is given, not estimated", call)
  c(if (!is.null(tau2)) 0L, as.integer(delta))
}

selection_estimates <- function(x) list(beta = as.numeric(x$beta), tau2 = x$tau2, delta = x$delta, ll = x$ll)

selection_interval <- function(which, x, level, digits, xlim, call) {
  found <- call_core(cpp_selmodel_interval(x$selected, x$selection, selection_estimates(x), which, level), x$call)
  estimate <- if (which == 0L) x$tau2 else x$delta[which]
  open <- found$above && is.finite(found$ub)
  ends <- ends_within(c(found$lb, found$ub), estimate, xlim, call, c("", if (open) ">" else ""))
  values <- c(estimate, ends$ends)
  table <- if (which == 0L) rbind("tau^2" = values, tau = sqrt(values)) else
    matrix(values, 1L, dimnames = list(delta_names(x)[which], NULL))
  colnames(table) <- interval_columns
  new_parameter_confint(c(list(random = table, ci.null = FALSE), ends[c("lb.sign", "ub.sign")]), level, digits)
}

#' @rdname selmodel-profile
#' @export
profile.metaparity_selmodel <- function(fitted, tau2, delta, xlim = NULL, ylim = NULL, steps = 20, lltol = 1e-03,
                                        progbar = TRUE, parallel = "no", ncpus = 1, cl = NULL, plot = TRUE, ...) {
  call <- match.call()
  which <- selection_parameters(fitted, if (missing(tau2)) NULL else tau2, if (missing(delta)) NULL else delta, call)
  ask <- list(xlim = check_limits(xlim, "xlim", call), ylim = check_limits(ylim, "ylim", call), steps = steps)
  out <- lapply(which, selection_profile, x = fitted, ask = ask, call = call)
  as_profile_list(out, lltol, plot, call, ...)
}

selection_profile <- function(which, x, ask, call) {
  values <- selection_values(which, x, ask, call)
  found <- call_core(cpp_selmodel_profile(x$selected, x$selection, selection_estimates(x), which, values), x$call)
  name <- if (which == 0L) quote(tau^2) else if (length(x$delta) == 1L) quote(delta) else
    substitute(delta[i], list(i = which))
  new_profile(if (which == 0L) "tau2" else "delta", values, found, name, if (which == 0L) x$tau2 else x$delta[which], x,
              ask)
}

selection_values <- function(which, x, ask, call) {
  if (which == 0L) return(profiled_values(x$tau2, x$se.tau2, mean(x$vi), c(0, x$tau2.max), ask, call))
  profiled_values(x$delta[which], x$se.delta[which], 1, c(x$delta.min[which], upper_of_delta(x$selection)[which]), ask,
                  call)
}
