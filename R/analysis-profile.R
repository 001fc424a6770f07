# Owns profile(): the (restricted) log-likelihood as a function of tau2, and its plot. The core fits the model at each
# value. Source: Harville (1977). Oracle: metafor.

#' Profile likelihood of tau^2
#'
#' Fixes tau^2 at a series of values, fits the rest of the model, and plots the log-likelihood. It should have one peak,
#' at the ML or REML estimate.
#'
#' @param fitted a random-effects fit of [rma()].
#' @param xlim range of tau^2; by default its confidence interval.
#' @param ylim limits of the y axis.
#' @param steps number of values, or the values themselves.
#' @param lltol how much larger than the fit's a log-likelihood may be before a warning.
#' @param progbar,parallel,ncpus,cl accepted for compatibility; the work is done before a bar could be drawn.
#' @param plot draw the plot?
#' @param ... arguments of the plot, among them `log = "x"`: the parameter on a logarithmic axis.
#' @return An object of class `c("metaparity_profile", "profile.rma")`, invisibly: `tau2`, `ll`, `beta`, `ci.lb`,
#'   `ci.ub` (data frames, a column per coefficient), `comps`, `xlim`, `ylim`, `method`, `vc` (the estimate), `maxll`,
#'   `xlab`, `title`, `exp`, `sqrt`, `I2`, `H2`. `plot()` returns the figure.
#' @details The likelihood is restricted for `method = "REML"`, else full. Errors of class `metaparity_error_input`: a
#' common-effect model; negative values. A warning of class `metaparity_warning_input`: a value is more likely than the
#' estimate by more than `lltol`, as happens with estimators other than ML and REML.
#' @section In other software: \pkg{metafor}: `profile()`.
#' @references Harville DA (1977). Maximum likelihood approaches to variance component estimation and to related
#'   problems. *Journal of the American Statistical Association*, 72, 320-338.
#' @examples
#' profile(rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05)))
#' @name profile.metaparity
#' @importFrom stats profile
NULL

#' @rdname profile.metaparity
#' @export
profile.metaparity_uni <- function(fitted, xlim = NULL, ylim = NULL, steps = 20, lltol = 1e-03, progbar = TRUE,
                                   parallel = "no", ncpus = 1, cl = NULL, plot = TRUE, ...) {
  call <- match.call()
  if (fitted$method %in% common_methods)
    abort_input("fitted", "must be a random-effects fit: tau2 is not part of this model", call)
  check_whole(fitted, "fitted", call)
  values <- profile_values(fitted, check_limits(xlim, "xlim", call), steps, call)
  kind <- if (fitted$method == "REML") "REML" else "ML"
  fits <- lapply_progress(values, function(v) fixed_tau2_fit(v, fitted = fitted), progbar)
  part <- function(field) {
    out <- as.data.frame(do.call(rbind, lapply(fits, function(f) as.numeric(f[[field]]))))
    stats::setNames(out, rownames(fitted$beta))
  }
  number <- function(of) vapply(fits, of, 0)
  ll <- number(function(f) f$fit.stats["ll", kind])
  maxll <- fitted$fit.stats["ll", kind]
  if (any(ll > maxll + check_number(lltol, "lltol", 0, Inf, call), na.rm = TRUE)) {
    warn_input("lltol", "is exceeded: some values of tau2 are more likely than the estimate", call)
  }
  out <- list(tau2 = values, ll = ll, beta = part("beta"), ci.lb = part("ci.lb"), ci.ub = part("ci.ub"), comps = 1,
              xlim = if (is.null(xlim)) range(values) else sort(xlim),
              ylim = if (is.null(ylim)) range(ll[is.finite(ll)], maxll) + c(-0.1, 0.1) else
                check_limits(ylim, "ylim", call),
              method = fitted$method, vc = fitted$tau2, maxll = maxll, xlab = expression(paste(tau^2, " Value")),
              title = expression(paste("Profile Plot for ", tau^2)), exp = NULL, sqrt = NULL,
              I2 = number(function(f) f$I2), H2 = number(function(f) f$H2))
  class(out) <- c("metaparity_profile", "profile.rma")
  if (check_flag(plot, "plot", call)) plot(out, ...)
  invisible(out)
}

#' @rdname profile.metaparity
#' @param comp which variance parameter, by number or name, for models with several.
#' @export
profile.metaparity <- function(fitted, xlim = NULL, ylim = NULL, steps = 20, lltol = 1e-03, progbar = TRUE, comp = 1,
                               plot = TRUE, ...) {
  call <- match.call()
  table <- model_components(fitted)
  if (!nrow(table)) abort_input("fitted", "has no variance parameters", call)
  at <- if (is.character(comp)) match(comp, table$name) else comp
  check_number(at, "comp", 1, nrow(table), call)
  interval <- component_intervals(fitted, at, 1 - fitted$level)
  ends <- if (is.null(xlim)) interval[1L, 2:3] else check_limits(xlim, "xlim", call)
  values <- if (length(steps) > 1L) steps else
    seq(ends[1L], ends[2L], length.out = check_number(steps, "steps", 2, most_steps, call))
  point <- rep(NA_real_, nrow(table))
  ll <- as.numeric(unlist(lapply_progress(values, function(v) model_loglik(fitted, replace(point, at, v)), progbar)))
  maxll <- model_loglik(fitted, point)
  if (any(ll > maxll + check_number(lltol, "lltol", 0, Inf, call), na.rm = TRUE)) {
    warn_input("lltol", "is exceeded: some values are more likely than the estimate", call)
  }
  out <- list(tau2 = values, ll = ll, comps = 1, xlim = sort(ends),
              ylim = if (is.null(ylim)) range(ll[is.finite(ll)], maxll) + c(-0.1, 0.1) else
                check_limits(ylim, "ylim", call),
              method = fitted$method, vc = table$estimate[at], maxll = maxll, xlab = paste(table$name[at], "Value"),
              title = paste("Profile Plot for", table$name[at]), exp = NULL, sqrt = NULL)
  class(out) <- c("metaparity_profile", "profile.rma")
  if (check_flag(plot, "plot", call)) plot(out, ...)
  invisible(out)
}

most_steps <- 10000L

profile_values <- function(fitted, xlim, steps, call) {
  steps <- check_numeric_vector(steps, "steps", call)
  if (length(steps) > 1L) {
    if (length(steps) > most_steps)
      abort_input("steps", sprintf("must be at most %d values, not %d", most_steps, length(steps)), call)
    if (anyNA(steps) || any(steps < 0)) abort_input("steps", "must be values of tau2 that are not negative", call)
    return(sort(steps))
  }
  check_number(steps, "steps", 2, most_steps, call)
  if (is.null(xlim)) xlim <- profile_limits(fitted)
  least <- interval_start(fitted, list(), call)
  if (min(xlim) < least) {
    warn_input("xlim", sprintf("is raised to %s, where the values of tau2 start", format(least)), call)
    xlim <- pmax(xlim, least)
  }
  seq(min(xlim), max(xlim), length.out = steps)
}

# The confidence interval of tau2; where it has no end, what is large against estimate and variances.
profile_limits <- function(fitted) {
  found <- tryCatch(suppressWarnings(as.numeric(stats::confint(fitted)$random[1L, 2:3])), error = function(e) c(NA, NA))
  lower <- if (is.finite(found[1L])) found[1L] else 0
  upper <- if (is.finite(found[2L]) && found[2L] > lower) found[2L] else
    max(4 * fitted$tau2, 10 * stats::median(fitted$vi))
  c(lower, upper)
}

fixed_tau2_fit <- function(tau2, fitted) {
  spec <- fitted$spec
  spec$tau2 <- tau2
  suppressWarnings(fit_uni(fitted$input, spec, list(digits = fitted$digits), fitted$call))
}

#' @rdname profile.metaparity
#' @export
print.metaparity_profile <- function(x, ...) {
  print(as.data.frame(unclass(x)[1:2]))
  invisible(x)
}
