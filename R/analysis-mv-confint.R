# Profile-likelihood intervals and profiles of the components of rma.mv(). Source: Hardy & Thompson (1996, Stat Med 15,
# 619).
# Oracle: metafor::confint, profile.

#' Intervals and profiles of the components of multilevel and multivariate models
#'
#' Confidence intervals by the profile likelihood, and the profile likelihood itself, of each variance and correlation
#' of a fit
#' of [rma.mv()].
#'
#' @param object,fitted a fit of [rma.mv()].
#' @param parm not used; a warning says so.
#' @param level confidence level in percent; that of the fit by default.
#' @param fixed whether to give intervals of the coefficients too.
#' @param sigma2,tau2,rho,gamma2,phi number of one component. By default every one that was estimated.
#' @param digits number of decimals printed.
#' @param transf,targs a function applied to coefficients and their limits, and its second argument.
#' @param verbose accepted for compatibility.
#' @param control a list: `vc.min` and `vc.max`, the range in which the ends of the intervals are to lie; other names
#'   have no
#'   effect, as the ends are roots found without tuning.
#' @param ... `xlim`, that range as one vector. An end beyond it stands at its limit, with a sign "<" or ">".
#' @return `confint()`: for one component an object of class `c("metaparity_confint", "confint.rma")` with the matrix
#'   `random`
#'   (a variance has rows for itself and its square root), `ci.null`, `lb.sign` and `ub.sign`; for several a list of
#'   these,
#'   of class `c("metaparity_confint_list", "list.confint.rma")`. `profile()`: an object of class
#'   `c("metaparity_profile",
#'   "profile.rma")` for one component, or a list of these with `comps`, of class `c("metaparity_profile_list",
#'   "profile.rma")`.
#' @details An end is where the log-likelihood, at its maximum over all other components, has fallen by half the
#'   quantile of
#'   chi-squared on 1 degree of freedom. A sign "<" or ">" says that it had not fallen so far at the last value tried.
#'   Errors are of class `metaparity_error_input`: a component that the model does not have or that is fixed.
#' @section In other software: \pkg{metafor}: `confint()`, `profile()`.
#' @references Hardy, R. J. and Thompson, S. G. (1996). A likelihood approach to meta-analysis with random effects.
#'   *Statistics in Medicine*, 15, 619-629.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4), id = 1:7, est = c(0.1, 0.3, -0.2, 0, 0.6, 0.9, 0.4),
#'                 v = c(0.02, 0.03, 0.05, 0.02, 0.04, 0.03, 0.06))
#' fit <- rma.mv(est, v, random = ~ 1 | study/id, data = d)
#' confint(fit)
#' @name rma.mv-intervals
NULL

#' @rdname rma.mv-intervals
#' @export
confint.metaparity_mv <- function(object, parm, level, fixed = FALSE, sigma2, tau2, rho, gamma2, phi, digits, transf,
                                  targs, verbose = FALSE, control, ...) {
  call <- match.call()
  dots <- named_dots(c("random", "xlim", "extint"), call, ...)
  xlim <- searched_range(dots$xlim, if (!missing(control)) control, call)
  if (!missing(parm)) warn_input("parm", "is not used: name components by `sigma2`, `tau2`, `rho`", call)
  level <- if (missing(level)) 1 - object$level else check_level(level)
  asked <- Filter(Negate(is.null), list(
    sigma2 = if (!missing(sigma2)) sigma2, tau2 = if (!missing(tau2)) tau2, rho = if (!missing(rho)) rho,
    gamma2 = if (!missing(gamma2)) gamma2, phi = if (!missing(phi)) phi))
  fixed <- check_flag(fixed, "fixed", call)
  digits <- merge_digits(object, digits)
  coefs <- if (fixed) fixed_interval(object, level, transform_spec(call, transf, targs, object, named = TRUE))
  if (fixed && !length(asked)) return(new_interval(list(fixed = coefs), digits, level))
  at <- if (length(asked)) asked_component(object, asked, call) else which(!mv_fixed(object))
  if (!length(at)) abort_input("object", "has no component that was estimated", call)
  out <- lapply(at, function(j) new_interval(mv_interval(object, j, level, xlim, call), digits, level))
  if (length(out) == 1L) {
    if (fixed) out[[1L]] <- new_interval(c(list(fixed = coefs), unclass(out[[1L]])[c("random", "ci.null", "lb.sign",
                                                                                   "ub.sign")]), digits, level)
    return(out[[1L]])
  }
  structure(c(out, list(digits = digits)), class = c("metaparity_confint_list", "list.confint.rma"))
}

new_interval <- function(out, digits, level) {
  out$digits <- digits
  structure(out, level = 1 - level, class = c("metaparity_confint", "confint.rma"))
}

# The number of one component in model_components().
asked_component <- function(x, asked, call) {
  given <- names(asked)
  if (length(given) > 1L) abort_input(given[2L], "cannot be given together with another component", call)
  number <- asked[[given]]
  sizes <- c(sigma2 = if (x$withS) x$sigma2s else 0L, inner_sizes(x, 1L, c("tau2", "rho")),
             inner_sizes(x, 2L, c("gamma2", "phi")))
  have <- sizes[[given]]
  if (have == 0L) abort_input(given, "is no component of the model", call)
  number <- check_number(number, given, 1, have, call)
  at <- sum(sizes[seq_len(match(given, names(sizes)) - 1L)]) + number
  if (mv_fixed(x)[at]) abort_input(given, "was fixed, not estimated", call)
  as.integer(at)
}

inner_sizes <- function(x, i, names) {
  terms <- x$mv$terms$inner
  sizes <- if (length(terms) >= i) c(length(terms[[i]]$core$tau2), length(terms[[i]]$core$rho)) else c(0L, 0L)
  stats::setNames(sizes, names)
}

# The interval of one component: matrix, signs.
mv_interval <- function(x, j, level, xlim = NULL, call = NULL) {
  table <- model_components(x)
  best <- model_loglik(x, rep(NA_real_, nrow(table)))
  cut <- critical_value(level)^2
  held <- mv_held_loglik(x, j)
  drop <- function(value) 2 * (best - held(value)) - cut
  est <- table$estimate[j]
  variance <- grepl("^2", table$name[j], fixed = TRUE)
  limits <- component_limits(x, table, j, variance)
  lower <- profile_end(drop, est, limits[1L], variance)
  upper <- profile_end(drop, est, limits[2L], variance)
  signs <- c(if (lower$open && limits[1L] > table$lower[j]) "<" else "",
             if (upper$open && limits[2L] < table$upper[j]) ">" else "")
  ends <- ends_within(c(lower$end, upper$end), est, xlim, call, signs)
  out <- rbind(c(est, ends$ends))
  if (variance) out <- rbind(out, sqrt(out))
  dimnames(out) <- list(c(table$name[j], if (variance) sub("^2", "", table$name[j], fixed = TRUE)),
                        c("estimate", "ci.lb", "ci.ub"))
  c(list(random = out, ci.null = FALSE), ends[c("lb.sign", "ub.sign")])
}

# How far the search goes: ten times the range of places for a range, a thousand times the larger of estimate and
# variances.
component_limits <- function(x, table, j, variance) {
  if (variance) return(c(0, 1000 * max(table$estimate[j], mean(x$vi), 10 * stats::var(as.numeric(x$yi)))))
  if (is.finite(table$upper[j])) return(c(table$lower[j], table$upper[j]))
  distance <- x$mv$terms$inner[[if (grepl("^phi", table$name[j])) 2L else 1L]]$core$distance
  c(min(table$estimate[j], min(distance[distance > 0])) / 1000, 10 * max(table$estimate[j], distance))
}

# Where `drop` crosses 0 between the estimate and a limit; open: not before the limit.
profile_end <- function(drop, from, limit, variance) {
  if (from == limit) return(list(end = limit, open = FALSE))
  last <- from
  step <- if (variance && limit > from) max(from, 1e-3 * limit / 1000) else abs(limit - from) / 4
  repeat {
    next_at <- if (limit > from) min(limit, last + step) else max(limit, last - step)
    value <- drop(next_at)
    if (is.na(value)) return(list(end = NA_real_, open = FALSE))
    if (value >= 0) break
    if (next_at == limit) return(list(end = limit, open = TRUE))
    last <- next_at
    if (variance || limit > from) step <- 2 * step
  }
  ends <- sort(c(last, next_at))
  # A fit that fails beyond the edge counts as far below.
  finite <- function(v) min(drop(v), 1e6)
  list(end = stats::uniroot(finite, ends, tol = 1e-10 * max(abs(ends), 1e-6), maxiter = 200)$root, open = FALSE)
}

#' @rdname rma.mv-intervals
#' @param x a result of `confint()` or `profile()`.
#' @param xlim,ylim range of the component and of the log-likelihood.
#' @param steps number of values, or the values themselves.
#' @param lltol how much larger than the fit's a log-likelihood may be before a warning.
#' @param progbar,parallel,ncpus,cl accepted for compatibility.
#' @param plot draw the plot?
#' @export
profile.metaparity_mv <- function(fitted, sigma2, tau2, rho, gamma2, phi, xlim = NULL, ylim = NULL, steps = 20,
                                  lltol = 1e-03, progbar = TRUE, parallel = "no", ncpus = 1, cl = NULL, plot = TRUE,
                                    ...) {
  call <- match.call()
  asked <- Filter(Negate(is.null), list(
    sigma2 = if (!missing(sigma2)) sigma2, tau2 = if (!missing(tau2)) tau2, rho = if (!missing(rho)) rho,
    gamma2 = if (!missing(gamma2)) gamma2, phi = if (!missing(phi)) phi))
  at <- if (length(asked)) asked_component(fitted, asked, call) else which(!mv_fixed(fitted))
  if (!length(at)) abort_input("fitted", "has no component that was estimated", call)
  xlim <- check_limits(xlim, "xlim", call)
  ylim <- check_limits(ylim, "ylim", call)
  lltol <- check_number(lltol, "lltol", 0, Inf, call)
  out <- lapply(at, component_profile, x = fitted, xlim = xlim, ylim = ylim, steps = steps, lltol = lltol,
                progbar = check_flag(progbar, "progbar", call), call = call)
  whole <- if (length(out) == 1L) out[[1L]] else
    structure(c(out, list(comps = length(out))), class = c("metaparity_profile_list", "profile.rma"))
  if (check_flag(plot, "plot", call)) plot(whole, ...)
  invisible(whole)
}

component_profile <- function(j, x, xlim, ylim, steps, lltol, progbar, call) {
  table <- model_components(x)
  name <- table$name[j]
  values <- profile_grid(table, j, xlim, steps, call)
  fits <- lapply_progress(values, function(v) {
    found <- tryCatch(mv_refit(x, at = replace(rep(NA_real_, nrow(table)), j, v))$found, metaparity_error = function(e)
      NULL)
    if (!is.null(found)) c(found[c("ML", "REML")], mv_tests(found, x$ddf, x$btt, x$spec, rownames(x$beta)))
  }, progbar)
  kind <- if (x$method == "REML") "REML" else "ML"
  ll <- vapply(fits, function(f) if (is.null(f)) NA_real_ else f[[kind]][1L], 0)
  maxll <- x$fit.stats["ll", kind]
  if (any(ll > maxll + lltol, na.rm = TRUE))
    warn_input("lltol", "is exceeded: some values are more likely than the estimate", call)
  part <- function(field) {
    rows <- lapply(fits, function(f) if (is.null(f)) rep(NA_real_, x$p) else as.numeric(f[[field]]))
    stats::setNames(as.data.frame(do.call(rbind, rows)), rownames(x$beta))
  }
  out <- stats::setNames(list(values), sub("[.].*", "", sub("^2", "2", name, fixed = TRUE)))
  out <- c(out, list(ll = ll, beta = part("beta"), ci.lb = part("ci.lb"), ci.ub = part("ci.ub"), comps = 1,
                     xlim = range(values), ylim = if (is.null(ylim)) range(ll, maxll, finite = TRUE) +
                       c(-0.1, 0.1) else ylim,
                     method = x$method, vc = table$estimate[j], maxll = maxll, xlab = paste(name, "Value"),
                     title = paste("Profile Plot for", name), exp = NULL))
  structure(out, class = c("metaparity_profile", "profile.rma"))
}

# From a quarter of a variance to four times it; half a unit around a correlation.
profile_grid <- function(table, j, xlim, steps, call) {
  steps <- check_numeric_vector(steps, "steps", call)
  if (length(steps) > 1L) return(sort(steps))
  check_number(steps, "steps", 2, most_steps, call)
  est <- table$estimate[j]
  ends <- if (!is.null(xlim)) sort(xlim) else if (table$upper[j] <= 1) c(max(table$lower[j], est - 0.5),
                                                                        min(table$upper[j], est + 0.5)) else
    c(if (est > 0) est / 4 else 0, if (est > 0) est * 4 else 0.1)
  ends <- pmin(pmax(ends, table$lower[j]), table$upper[j])
  seq(ends[1L], ends[2L], length.out = steps)
}
