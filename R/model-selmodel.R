# selmodel(): a fit of rma() under a model of selection. Choices of the user to a spec, one call of the core, a fitted
# object with metafor's fields. Sources: those of core/bias/selection_model. Oracle: metafor, exact solutions.

#' Selection models
#'
#' Fits the model of a fit of [rma()] together with a function that gives the relative likelihood of selection (such as
#' publication) of an estimate by its p value, or by its size; by maximum likelihood.
#'
#' @param x a fit of [rma()].
#' @param type the selection function: `"beta"`, `"halfnorm"`, `"negexp"`, `"logistic"`, `"power"`, `"negexppow"`,
#'   `"stepfun"`, `"trunc"` or `"truncest"`; it may be abbreviated.
#' @param alternative the side of the test whose p values count: `"greater"`, `"less"` or `"two.sided"`.
#' @param prec a measure of precision that multiplies delta: `"sei"`, `"vi"`, `"ninv"` or `"sqrtninv"` (1 over the
#'   sample size, its square root), as a share of the largest. For `"halfnorm"`, `"negexp"`, `"logistic"`, `"power"` and
#'   `"negexppow"`.
#' @param subset the studies that were selected, of all rows of the data of `x`: logical or row numbers. The others
#'   enter without selection.
#' @param delta values of the selection parameters that are given, `NA` where they are to be estimated.
#' @param steps p values: the upper ends of the intervals of `"stepfun"` (1 is added), the threshold below which the
#'   weight is 1 for the smooth functions, the two values between which `"beta"` keeps p. For `"trunc"` the estimate
#'   below which (with `alternative = "less"`: above which) the weight is delta; 0 by default.
#' @param decreasing whether the weights of `"stepfun"` must not increase with p.
#' @param verbose kept in the object; without effect.
#' @param digits number of decimals printed.
#' @param control a list: `tau2.max`, `delta.min`, `delta.max`, the bounds; `delta.init`, one more start; `pval.min`,
#'   the
#'   p value below which p counts as this one. Names of \pkg{metafor} that tune its optimizer have no effect.
#' @param ... `scaleprec = FALSE` keeps `prec` on its own scale; `ptable = TRUE` returns the numbers of p values in the
#'   intervals alone. Anything else gives a warning of class `metaparity_warning_unknown`.
#' @return An object of class `c("metaparity_selmodel", "metaparity", "rma.uni.selmodel", "rma.uni", "rma")` with the
#'   fields of [rma()] and of \pkg{metafor}: `delta`, `se.delta`, `zval.delta`, `pval.delta`, `ci.lb.delta`,
#'   `ci.ub.delta`, `vd` (their covariances), `LRT`, `LRTdf`, `LRTp` (no selection), `LRT.tau2`, `LRTp.tau2`, `ll`,
#'   `ll0`, `hessian`, `pvals`, `ptable`, `steps`, `type`, ...; and `maxima`, the log-likelihoods of the different
#'   maxima
#'   found, and `starts`, from how many starts. `coef()` and `vcov()` are lists with `beta` and `delta`.
#' @details The likelihood is maximised from several starts with its exact derivatives, `tau2` and `delta` may lie
#'   exactly
#' at a bound. A parameter at a bound has no standard error (`NA`), nor has the cut of `"truncest"`, where the
#' likelihood
#' jumps.
#'
#' Warnings: `metaparity_warning_boundary` (a delta lies at a bound; fields `parameter`, `value`),
#' `metaparity_warning_multimodal` (a second maximum is within 2 units of the log-likelihood; field `maxima`),
#' `metaparity_warning_not_identified` (the information is singular: no standard errors), and of class
#' `metaparity_warning_input`: an interval without a p value. Errors: `metaparity_error_input`, and
#' `metaparity_error_unsupported` for a fit of another class.
#' @section Formula:
#' With z = y / sqrt(v) and p = P(Z > z) the weights are: beta p^(d1 - 1) (1 - p)^(d2 - 1); halfnorm exp(-d p^2);
#' negexp exp(-d p); logistic 2 exp(-d p) / (1 + exp(-d p)); power (1 - p)^d; negexppow exp(-d1 p^(1 / d2)); stepfun d_j
#' for p in the jth interval, d_1 = 1; trunc d for y up to the cut, else 1; truncest the same with the cut d2.
#' @section In other software: \pkg{metafor}: `selmodel()`; \pkg{weightr}: `weightfunct()` is `"stepfun"`;
#'   \pkg{metasens}: `copas()` is another model. Stata, RevMan: none.
#' @references Vevea, J. L. and Hedges, L. V. (1995). A general linear model for estimating effect size in the presence
#'   of publication bias. *Psychometrika*, 60, 419-435.
#'
#'   Preston, C., Ashby, D. and Smyth, R. (2004). Adjusting for publication bias: Modelling the selection process.
#'   *Journal of Evaluation in Clinical Practice*, 10, 313-322.
#'
#'   Citkowicz, M. and Vevea, J. L. (2017). A parsimonious weight function for modeling publication bias. *Psychological
#'   Methods*, 22, 28-41.
#' @examples
#' set.seed(1)
#' d <- data.frame(yi = rnorm(30, 0.3, 0.3), vi = runif(30, 0.02, 0.1))
#' fit <- rma(yi, vi, data = d)
#' selmodel(fit, type = "stepfun", steps = 0.025)
#' selmodel(fit, type = "halfnorm", prec = "sei")
#' @export
selmodel <- function(x, ...) {
  if (is_foreign(x, "selmodel")) return(foreign_generic("selmodel", x)(x, ...))
  UseMethod("selmodel")
}

#' @rdname selmodel
#' @exportS3Method selmodel metaparity_uni
#' @exportS3Method metafor::selmodel metaparity_uni
selmodel.metaparity_uni <- function(x, type, alternative = "greater", prec, subset, delta, steps, decreasing = FALSE,
                                    verbose = FALSE, digits, control, ...) {
  mc <- match.call()
  # Integrals are exact, and delta is its own parameter: `skipintcheck` and `defmap` have nothing to do.
  more <- named_dots(c("scaleprec", "ptable", "tau2", "skiphet", "skipintcheck", "defmap"), mc, ...)
  check_selected_fit(x, mc)
  type <- abbreviated(if (missing(type)) NULL else type, selection_types, "type", mc)
  alternative <- abbreviated(alternative, c("two.sided", "greater", "less"), "alternative", mc)
  spec <- selection_spec(type, alternative, if (missing(steps)) NULL else steps, if (missing(delta)) NULL else delta,
                         decreasing, x, mc)
  if (!is.null(more$tau2)) spec$tau2 <- check_number(more$tau2, "tau2", 0, call = mc)
  spec <- controlled_selection(spec, if (missing(control)) list() else control, mc)
  affected <- if (missing(subset)) rep(TRUE, x$k) else selected_studies(from_data(mc$subset, subset, x, parent.frame()),
                                                                        x, mc)
  precision <- if (!missing(prec)) selection_precision(prec, more$scaleprec, type, x, mc)
  counts <- count_p_values(x, spec, affected, mc)
  if (isTRUE(more$ptable)) return(counts$ptable)
  data <- list(yi = as.numeric(x$yi), vi = x$vi, X = x$X, affected = affected, precision = precision)
  null <- no_selection(type, length(spec$delta), spec)
  found <- call_core(cpp_selmodel(data, spec, null, x$btt), mc)
  settings <- list(digits = if (missing(digits)) x$digits else merge_digits(x, digits), verbose = verbose,
                   control = if (missing(control)) list() else control, precis = precision_summary(precision),
                   prec = if (!missing(prec)) prec)
  out <- new_selmodel(x, found, spec, data, counts, settings, mc)
  warn_selection(out, found, mc)
  if (!is.null(more$skiphet) && check_flag(more$skiphet, "skiphet", mc)) out[c("LRT.tau2", "LRTp.tau2")] <- NA_real_
  out
}

selection_types <- c("beta", "halfnorm", "negexp", "logistic", "power", "negexppow", "stepfun", "trunc", "truncest")
smooth_types <- selection_types[2:6]

check_selected_fit <- function(x, call) {
  if (!is.null(x$weights) || !isTRUE(x$weighted))
    abort_input("x", "must be a fit with the model's own weights", call)
  if (any(x$vi <= 0)) abort_input("x", "must have sampling variances above 0", call)
  if (is_robust(x)) abort_input("x", "must be a fit of rma(), not one with robust standard errors", call)
}

# What the core is asked for: type, side, steps, given values and bounds of delta, tau2.
selection_spec <- function(type, alternative, steps, delta, decreasing, x, call) {
  check_flag(decreasing, "decreasing", call)
  if (decreasing && type != "stepfun") abort_input("decreasing", "is for `type` \"stepfun\" alone", call)
  if (alternative == "two.sided" && type %in% c("trunc", "truncest"))
    abort_input("alternative", "must be \"greater\" or \"less\" for a cut of the estimates", call)
  given_steps <- selection_steps(type, steps, call)
  n <- if (type == "stepfun") length(given_steps) else if (type %in% c("beta", "negexppow", "truncest")) 2L else 1L
  values <- given_delta(delta, n, type, decreasing, call)
  lower <- rep(if (type == "beta") 1e-5 else 0, n)
  upper <- rep(100, n)
  if (type == "truncest") {
    lower[2L] <- min(x$yi)
    upper[2L] <- max(x$yi)
  }
  common <- x$method %in% common_methods
  list(type = type, alternative = alternative, steps = given_steps, decreasing = decreasing,
       pval.min = if (type %in% c("beta", "power")) 1e-5 else 0, delta = values, delta.min = lower, delta.max = upper,
       delta.init = NULL, tau2 = if (common) 0 else if (isTRUE(x$tau2.fix)) x$tau2 else NA_real_, tau2.max = Inf,
       level = 1 - x$level, steps.given = !is.null(steps))
}

selection_steps <- function(type, steps, call) {
  if (is.null(steps)) {
    if (type == "stepfun") abort_input("steps", "must be given: the upper ends of the intervals of p", call)
    return(if (type == "trunc") 0)
  }
  steps <- check_numeric_vector(steps, "steps", call)
  if (!length(steps) || anyNA(steps) || !all(is.finite(steps))) abort_input("steps", "must hold no missing values",
                                                                            call)
  if (type == "truncest") abort_input("steps", "is not for `type` \"truncest\", which estimates the cut", call)
  if (type == "trunc") {
    if (length(steps) > 1L) abort_input("steps", "must be one value for `type` \"trunc\"", call)
    return(steps)
  }
  if (any(steps < 0 | steps > 1)) abort_input("steps", "must be p values, between 0 and 1", call)
  if (type == "stepfun") {
    steps <- unique(sort(c(steps, 1)))
    return(if (steps[1L] == 0) steps[-1L] else steps)
  }
  steps <- sort(steps)
  if (type == "beta") {
    if (length(steps) != 2L || steps[1L] <= 0 || steps[2L] >= 1 || steps[1L] == steps[2L])
      abort_input("steps", "must be two different values between 0 and 1 for `type` \"beta\"", call)
    return(steps)
  }
  steps <- setdiff(steps, 1)
  if (length(steps) != 1L || steps <= 0)
    abort_input("steps", sprintf("must be one value between 0 and 1 for `type` \"%s\"", type), call)
  steps
}

given_delta <- function(delta, n, type, decreasing, call) {
  first <- type == "stepfun"
  if (is.null(delta)) return(replace(rep(NA_real_, n), if (first) 1L else 0L, 1))
  delta <- check_numeric_vector(delta, "delta", call)
  if (length(delta) != n) abort_input("delta", sprintf("must have %d values here, not %d", n, length(delta)), call)
  if (decreasing && !all(is.na(delta[-1L])))
    abort_input("delta", "cannot be given for a decreasing function", call)
  if (any(delta < 0, na.rm = TRUE) && type != "truncest" || any(is.infinite(delta)))
    abort_input("delta", "must not be negative", call)
  if (first && !delta[1L] %in% c(NA, 1))
    warn_input("delta", "has its first value set to 1, to which the others are relative", call)
  if (first) delta[1L] <- 1
  delta
}

idle_selection_controls <- c("optimizer", "optmethod", "parallel", "cl", "ncpus", "beta.fix", "beta.init", "tau2.init",
                             "tau2tol", "deltatol", "mult", "hesspack", "htransf", "hessianCtrl", "intCtrl", "optCtrl",
                             "scaleX", "check.integrals", "maxit", "iter.max", "eval.max", "rel.tol")

controlled_selection <- function(spec, control, call) {
  check_settings(control, "control", call)
  unknown <- setdiff(names(control), c(idle_selection_controls, "tau2.max", "delta.min", "delta.max", "delta.init",
                                       "pval.min"))
  if (length(unknown)) {
    warn_input("control", sprintf("has names without meaning: %s", paste(unknown, collapse = ", ")), call)
  }
  spec$tau2.max <- control_number(control, "tau2.max", Inf, 0, call)
  spec$pval.min <- control_number(control, "pval.min", spec$pval.min, 0, call)
  if (spec$pval.min >= 0.5) abort_input("control$pval.min", "must be below 0.5", call)
  for (name in c("delta.min", "delta.max", "delta.init")) {
    if (is.null(control[[name]])) next
    value <- check_numeric_vector(control[[name]], paste0("control$", name), call)
    if (!length(value) %in% c(1L, length(spec$delta)) || anyNA(value) || any(value < 0) && spec$type != "truncest")
      abort_input(paste0("control$", name), sprintf("must be 1 or %d numbers", length(spec$delta)), call)
    spec[[name]] <- rep_len(value, length(spec$delta))
  }
  if (any(spec$delta.min > spec$delta.max)) abort_input("control$delta.max", "must not be below `delta.min`", call)
  spec
}

# The studies used to which the selection applies.
selected_studies <- function(subset, x, call) {
  kept <- which(x$not.na)
  rows <- if (is.null(x$subset)) seq_along(x$not.na) else which(x$subset)
  chosen <- kept_logical(check_subset(subset, x$k.all, call), x$k.all)
  if (is.null(chosen)) return(rep(TRUE, x$k))
  out <- chosen[rows][kept]
  if (!any(out)) abort_input("subset", "keeps no study", call)
  out
}

selection_precision <- function(prec, scaled, type, x, call) {
  prec <- check_choice(prec, c("sei", "vi", "ninv", "sqrtninv"), "prec", call)
  if (!type %in% smooth_types)
    abort_input("prec", sprintf("is for the types %s", paste0('"', smooth_types, '"', collapse = ", ")), call)
  if (prec %in% c("ninv", "sqrtninv") && (is.null(x$ni) || anyNA(x$ni) || any(x$ni <= 0)))
    abort_input("prec", "needs sample sizes, which the fit does not have", call)
  out <- switch(prec, sei = sqrt(x$vi), vi = x$vi, ninv = 1 / x$ni, 1 / sqrt(x$ni))
  if (isFALSE(scaled)) out else out / max(out)
}

precision_summary <- function(precision) {
  if (is.null(precision)) return(c(min = 1, max = 1, mean = 1, median = 1))
  c(min = min(precision), max = max(precision), mean = mean(precision), median = stats::median(precision))
}

# What delta is without selection.
no_selection <- function(type, n, spec) {
  if (type %in% c("beta", "stepfun", "trunc")) return(rep(1, n))
  if (type == "truncest") c(1, 0) else rep(0, n)
}

# How many p values of selected studies fall into each interval.
count_p_values <- function(x, spec, affected, call) {
  p <- call_core(cpp_selmodel_p_values(list(yi = as.numeric(x$yi), vi = x$vi), spec), call)
  p[p > 1] <- 1
  has_steps <- spec$steps.given && spec$type != "trunc"
  if (!has_steps) return(list(pvals = p, pgrp = NA, ptable = NA))
  ends <- if (spec$type == "beta") spec$steps else unique(c(spec$steps, 1))
  group <- findInterval(p, c(0, ends), left.open = TRUE, all.inside = FALSE)
  group <- pmin(pmax(group, 1L), length(ends) + (spec$type == "beta"))
  counts <- tabulate(group[affected], length(ends))
  to <- as.character(ends)
  from <- c("0", to[-length(to)])
  size <- nchar(from)
  rows <- paste0(from, strrep(" ", max(size) - size), " < p <= ", to)
  table <- structure(list(k = counts), class = "data.frame", row.names = rows)
  if (any(counts == 0L) && spec$type != "beta")
    warn_input("steps", "has intervals without an observed p value", call)
  list(pvals = p, pgrp = group, ptable = table)
}
