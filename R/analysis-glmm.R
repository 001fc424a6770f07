# confint(), profile() and ranef() of mixed models of counts. Source: Venzon & Moolgavkar (1988). Oracle: the
# likelihood.

#' Intervals, profiles and random effects of a model of counts
#'
#' @param object,fitted a fit of [rma.glmm()].
#' @param level confidence level in percent; that of the fit by default.
#' @param random,fixed which intervals to give: of tau2 by the profile likelihood, of the coefficients.
#' @inheritParams selmodel-profile
#' @return `confint()`: an object of class `c("metaparity_confint", "confint.rma")` with `random` (rows tau^2 and tau)
#'   and
#'   `fixed`. `profile()`: one of class `c("metaparity_profile", "profile.rma")`. `ranef()`: a table with a row for each
#'   study: `pred`, `se`, `pi.lb`, `pi.ub`, posterior mean and standard deviation of its deviation from the average
#'   effect; for `"UM.RS"` a list with that of the levels too.
#' @details Errors are of class `metaparity_error_input`: a model without heterogeneity has no interval of tau2.
#' @section In other software: \pkg{metafor} has none of these for `rma.glmm()`; \pkg{lme4}: `profile()`, `ranef()`.
#' @examples
#' d <- data.frame(xi = c(11, 29, 3, 30, 2), ni = c(130, 300, 220, 470, 500))
#' fit <- rma.glmm(measure = "PLO", xi = xi, ni = ni, data = d)
#' confint(fit)
#' ranef(fit)
#' @name glmm-profile
NULL

#' @rdname glmm-profile
#' @export
confint.metaparity_glmm <- function(object, parm, level, digits, transf, targs, fixed = FALSE, random = TRUE, ...) {
  call <- sys.call()
  named_dots(character(), call, ...)
  level <- if (missing(level)) 1 - object$level else check_level(level)
  fixed <- check_flag(fixed, "fixed", call)
  random <- check_flag(random, "random", call) && object$spec$random
  out <- list()
  if (fixed || !random)
    out$fixed <- fixed_interval(object, level, transform_spec(call, transf, targs, object, named = TRUE))
  if (random) {
    ends <- call_core(cpp_glmm_interval(object$counts, object$spec, level), call)
    values <- c(object$tau2, ends)
    out$random <- rbind("tau^2" = values, tau = sqrt(values))
    colnames(out$random) <- interval_columns
    out <- c(out, list(ci.null = FALSE, lb.sign = "", ub.sign = ""))
  }
  new_parameter_confint(out, level, merge_digits(object, digits))
}

#' @rdname glmm-profile
#' @export
profile.metaparity_glmm <- function(fitted, xlim = NULL, ylim = NULL, steps = 20, lltol = 1e-03, progbar = TRUE,
                                    parallel = "no", ncpus = 1, cl = NULL, plot = TRUE, ...) {
  call <- match.call()
  if (!fitted$spec$random) abort_input("fitted", "must be a random-effects fit: tau2 is not part of this model", call)
  ask <- list(xlim = check_limits(xlim, "xlim", call), ylim = check_limits(ylim, "ylim", call), steps = steps)
  values <- profiled_values(fitted$tau2, fitted$se.tau2, 0.1, c(0, Inf), ask, call)
  found <- call_core(cpp_glmm_profile(fitted$counts, fitted$spec, values), call)
  as_profile_list(list(new_profile("tau2", values, found, quote(tau^2), fitted$tau2, fitted, ask)), lltol, plot, call,
                  ...)
}

#' @rdname glmm-profile
#' @exportS3Method ranef metaparity_glmm
#' @exportS3Method metafor::ranef metaparity_glmm
ranef.metaparity_glmm <- function(object, level, digits, ...) {
  level <- if (missing(level)) 1 - object$level else check_level(level)
  digits <- merge_digits(object, digits)
  table <- function(part) {
    mean <- if (length(part$mean)) part$mean else rep(0, object$k)
    sd <- if (length(part$sd)) part$sd else rep(0, object$k)
    reach <- critical_value(level) * sd
    structure(c(rows_by_study(list(pred = mean, se = sd, pi.lb = mean - reach, pi.ub = mean + reach), object),
                list(digits = digits)), class = c("metaparity_list", "list.rma"))
  }
  if (is.na(object$sigma2)) return(table(object$effect))
  structure(list(effect = table(object$effect), study = table(object$study)), class = "metaparity_ranef")
}
