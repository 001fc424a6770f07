# confint(): intervals for the amount of heterogeneity and for the coefficients.

# In the order of the core's IntervalType.
tau2_interval_types <- c("QP", "PL", "GENQ", "HT", "Wald", "Wald.log", "Wald.sqrt")

#' Confidence intervals for heterogeneity and coefficients
#'
#' Intervals for tau2 and, through the typical sampling variance, for tau, I2 and H2; with
#' `fixed = TRUE` those of the coefficients.
#'
#' @param object a result of [rma()].
#' @param parm not used; a warning says so.
#' @param level confidence level in percent; that of the fit by default.
#' @param fixed,random which intervals to give.
#' @param type `"QP"` (Q-profile, the default), `"PL"` (profile likelihood), `"GENQ"` (generalised Q, the
#'   default for fits by `"GENQ"` and `"GENQM"`), `"HT"` (test-based), `"Wald"`, `"Wald.log"`, `"Wald.sqrt"`.
#' @param digits number of decimals printed.
#' @param transf,targs a function applied to coefficients and their limits, and its second argument, see [transf].
#' @param verbose ignored: the ends are exact roots, nothing has to be tuned.
#' @param control a list whose `tau2.min` is the lower end of the values of tau2; by default that of the fit, or 0.
#'   Other names have no effect.
#' @param ... `xlim`, the range of tau2 in which the ends are to lie: one beyond it stands at its limit, with a sign.
#' @return An object of class `c("metaparity_confint", "confint.rma")`: a list with the matrices `random`
#'   (rows tau^2, tau, I^2(%), H^2; columns estimate, ci.lb, ci.ub) and `fixed`; with `random` also `ci.null`, which is
#'   TRUE when even the smallest tau2 is too large for the data (both ends are then there), `lb.sign`, `ub.sign` and
#'   `tau2.min`.
#' @details The profile likelihood is that of the fit: restricted when the method is `"REML"`, else full, and the ends
#'   lie where it has fallen by half the chi2 quantile from its height at the estimate. When the set of
#'   likely values has gaps, its outermost ends are given. A common-effect fit has intervals of its coefficients alone;
#'   with a given tau2 there is none of tau2, an error of class `metaparity_error_input` unless `random = FALSE`.
#' @section In other software: Stata: `meta summarize`, `metan, ... iv(q)`; \pkg{metafor}: `confint()`.
#' @references Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in meta-analysis.
#'   *Statistics in Medicine*, 26, 37-52.
#'
#'   Jackson, D. (2013). Confidence intervals for the between-study variance in random effects meta-analysis
#'   using generalised Cochran heterogeneity statistics. *Research Synthesis Methods*, 4, 220-229.
#' @examples
#' x <- rma(c(-0.9, -1.6, -1.3, 0.1, -0.2), c(0.33, 0.19, 0.42, 0.02, 0.05))
#' confint(x)
#' @export
confint.metaparity_uni <- function(object, parm, level, fixed = FALSE, random = TRUE, type, digits, transf, targs,
                                   verbose = FALSE, control, ...) {
  call <- sys.call()
  xlim <- named_dots(c("xlim", "extint"), call, ...)$xlim
  if (!is.null(xlim)) xlim <- sort(check_limits(xlim, "xlim", call))
  if (!missing(parm)) warn_input("parm", "is not used: all intervals are given", call)
  level <- if (missing(level)) 1 - object$level else check_level(level)
  random <- check_flag(random, "random", call)
  fixed <- check_flag(fixed, "fixed", call)
  if (object$method %in% common_methods) {
    random <- FALSE
    fixed <- TRUE
  }
  if (!random && !fixed) abort_input("random", "or `fixed` must be TRUE", call)
  type <- if (random) interval_type(object, if (missing(type)) NULL else type, call)
  least <- if (random) interval_start(object, if (missing(control)) list() else control, call)
  out <- list()
  if (fixed) out$fixed <- fixed_interval(object, level, transform_spec(call, transf, targs, object, named = TRUE))
  found <- if (random) random_interval(object, level, type, least)
  ends <- if (random) ends_within(found$random[1L, 2:3], object$tau2, if (!found$empty) xlim, call)
  if (!is.null(xlim) && random) found$random <- tau2_scales(c(object$tau2, ends$ends), object$vt)
  out$random <- found$random
  out$digits <- merge_digits(object, digits)
  if (random) {
    sign <- if (found$empty) "<" else ""
    at_least <- if (least > 0 && found$random[[1L, 2L]] <= least) "<" else sign
    out <- c(out, list(ci.null = found$empty, lb.sign = if (nzchar(ends$lb.sign)) ends$lb.sign else at_least,
                       ub.sign = if (nzchar(ends$ub.sign)) ends$ub.sign else sign, tau2.min = least))
  }
  attr(out, "level") <- 1 - level
  class(out) <- c("metaparity_confint", "confint.rma")
  out
}

interval_type <- function(object, type, call) {
  if (object$tau2.fix) abort_input("object", "has a value of tau2 that was given, not estimated", call)
  if (is.null(type)) return(if (object$method %in% c("GENQ", "GENQM")) "GENQ" else "QP")
  type <- check_choice(type, tau2_interval_types, "type", call)
  if (type == "HT" && !object$int.only) abort_input("type", "\"HT\" is for models without moderators", call)
  type
}

# The lower end of the parameter space: of `control`, or that of the fit.
interval_start <- function(object, control, call) {
  check_settings(control, "control", call)
  of_fit <- if (is.null(object$spec$bounds)) 0 else object$spec$bounds[[1L]]
  clip_bounds(control_number(control, "tau2.min", of_fit, -Inf, call), object$vi, call)
}

random_interval <- function(object, level, type, least = 0) {
  spec <- object$spec
  spec$level <- level
  spec["bounds"] <- list(if (least != 0) c(least, NA, 1))
  weights <- if (is.null(object$weights)) numeric() else object$weights
  se <- if (is.na(object$se.tau2)) NaN else object$se.tau2
  ci <- call_core(cpp_tau2_interval(as.double(object$yi), object$vi, object$X, weights, spec, object$tau2, se,
                                    match(type, tau2_interval_types)), object$call)
  list(random = tau2_scales(c(object$tau2, ci$lb, ci$ub), object$vt), empty = ci$empty)
}

# One row each for tau2, tau, I2 and H2, from tau2 and the typical sampling variance.
tau2_scales <- function(tau2, vt) {
  out <- rbind(tau2, ifelse(tau2 < 0, NA, sqrt(pmax(tau2, 0))), 100 * tau2 / (vt + tau2), tau2 / vt + 1)
  dimnames(out) <- list(c("tau^2", "tau", "I^2(%)", "H^2"), c("estimate", "ci.lb", "ci.ub"))
  out
}

fixed_interval <- function(object, level, transform) {
  critical <- critical_value(level, object$ddf)
  reach <- critical * object$se
  beta <- as.numeric(object$beta)
  out <- cbind(estimate = beta, ci.lb = beta - reach, ci.ub = beta + reach)
  rownames(out) <- if (is.matrix(object$beta)) rownames(object$beta) else ""
  if (is.null(transform$fun)) return(out)
  out[] <- transform$fun(as.numeric(out))
  flipped <- out[, 2L] > out[, 3L]
  out[flipped, 2:3] <- out[flipped, 3:2]
  out
}

#' @rdname confint.metaparity_uni
#' @export
confint.metaparity <- function(object, parm, level, digits, transf, targs, fixed = FALSE, random = TRUE, ...) {
  call <- sys.call()
  named_dots(character(), call, ...)
  level <- if (missing(level)) 1 - object$level else check_level(level)
  random <- check_flag(random, "random", call)
  components <- if (random) model_components(object)
  components <- which(!components$fixed)
  out <- list()
  if (check_flag(fixed, "fixed", call) || !length(components)) {
    out$fixed <- fixed_interval(object, level, transform_spec(call, transf, targs, object, named = TRUE))
  }
  if (length(components)) {
    out$random <- component_intervals(object, components, level)
    out$lb.sign <- out$ub.sign <- ""
  }
  out$digits <- merge_digits(object, digits)
  attr(out, "level") <- 1 - level
  class(out) <- c("metaparity_confint", "confint.rma")
  out
}

# Profile-likelihood intervals of variance parameters, for every class that answers model_loglik().
component_intervals <- function(x, which, level) {
  table <- model_components(x)
  best <- model_loglik(x, rep(NA_real_, nrow(table)))
  cut <- critical_value(level)^2
  scale <- mean(marginal_diagonal(x))
  rows <- lapply(which, function(j) {
    drop <- function(value) {
      at <- rep(NA_real_, nrow(table))
      at[j] <- value
      2 * (best - model_loglik(x, at)) - cut
    }
    c(table$estimate[j], interval_end(drop, table$estimate[j], table$lower[j], -1, scale),
      interval_end(drop, table$estimate[j], table$upper[j], 1, scale))
  })
  out <- do.call(rbind, rows)
  dimnames(out) <- list(table$name[which], c("estimate", "ci.lb", "ci.ub"))
  out
}

# Where `drop`, below 0 at `from`, crosses 0 on the way to `bound`; the bound itself if it does not.
interval_end <- function(drop, from, bound, side, scale) {
  step <- max(abs(from), 0.1 * scale)
  last <- from
  repeat {
    at <- if (side < 0) max(bound, last - step) else min(bound, last + step)
    value <- drop(at)
    if (!is.finite(value) && is.infinite(bound)) return(NA_real_)
    if (value >= 0) return(stats::uniroot(drop, sort(c(last, at)), tol = 1e-10 * step)$root)
    if (at == bound || abs(at) > 1e12 * scale) return(if (at == bound) bound else side * Inf)
    last <- at
    step <- 2 * step
  }
}

#' @export
print.metaparity_confint <- function(x, digits = x$digits, ...) {
  digits <- expand_digits(digits)
  fixed <- if (!is.null(x$fixed)) format_interval_table(x$fixed, digits[["est"]])
  random <- if (!is.null(x$random)) format_interval_table(x$random, digits[["var"]], c("", x$lb.sign, x$ub.sign))
  cat_lines(c(fixed, if (is.null(fixed)) random else random[-1L]))
  if (isTRUE(x$ci.null)) {
    cat(translatef("The upper and lower CI bounds for tau^2 both fall below %s.", format(x$tau2.min)),
        paste0(translate("The CIs are therefore equal to the null/empty set."), "\n"), sep = "\n")
  }
  invisible(x)
}

#' @export
as.data.frame.metaparity_confint <- function(x, ...) {
  rbind(x$fixed, x$random)
}
