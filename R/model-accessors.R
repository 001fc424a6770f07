# What a fit knows, by the names of base R. Everything is read from the fields; nothing is fitted.

#' Coefficients, likelihood and data of a fit
#'
#' Methods of the usual generics for fits of [rma()], [rma.mh()] and [rma.peto()].
#'
#' @param object,x a fit.
#' @param REML whether the restricted likelihood is wanted; by default it is for fits by REML.
#' @param k penalty per parameter.
#' @param correct whether AIC is corrected for small samples.
#' @param all whether `nobs()` gives every way of counting: studies, rows of the data, those of `subset`, those without
#'   missing values, those that count for the likelihood, and residual degrees of freedom.
#' @param type for `formula()`: `"mods"` or `"yi"`; for `vcov()`: `"fixed"` (or `"beta"`) for the coefficients, `"obs"`
#'   for the estimates under the model, `"fitted"` for the fitted values, `"resid"` for the residuals; these three are k
#'   x k. Of location-scale models `vcov()`, `coef()` and `se()` also take `"alpha"`, of selection models `"delta"`, for
#'   that part alone.
#' @param nsim,seed number of simulated data sets; a seed for R's generator, whose state is put back afterwards.
#' @param olim limits of the simulated estimates, which are moved there when they are beyond.
#' @param asdf whether `model.matrix()` returns a data frame.
#' @param ... for `AIC()` and `BIC()`: further fits, to be compared.
#' @return `coef()`, `se()`: named vectors with an element per coefficient. `vcov()`: their covariance matrix.
#'   `fitted()`: fitted values, named by study. `logLik()`: the log-likelihood with attributes `df` and `nobs`
#'   (k, or k - p for REML). `deviance()`, `AIC()`, `BIC()`: numbers; a data frame for several fits. `nobs()`,
#'   `df.residual()`: k and k - p. `formula()`: the formula given, or `NULL`. `model.matrix()`: the design,
#'   k x p. `terms()`: the terms of the formula. `simulate()`: a data frame with a column of k estimates drawn from the
#'   model for each data set, its attribute `seed` the state of the generator or the seed. `coef()` of a summary: a data
#'   frame with a row per coefficient.
#' @details Comparing fits by REML whose moderators differ gives a warning of class
#'   `metaparity_warning_input`: their restricted likelihoods are not comparable.
#'   Errors are of class `metaparity_error_input`: an unknown `type`, a number of data sets below 1; what a class of
#'   fits does not have is `metaparity_error_unsupported`.
#' @section In other software: \pkg{metafor} has methods of the same names.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
#' coef(fit)
#' se(fit)
#' logLik(fit)
#' @name rma-accessors
#' @importFrom stats coef vcov logLik deviance AIC BIC nobs df.residual formula terms model.matrix fitted
#' @importFrom stats simulate
NULL

named <- function(x, object) {
  x <- as.vector(x)
  if (length(x) == length(object$beta)) stats::setNames(x, rownames(object$beta)) else x
}

# The part of a list of coefficients that `type` names; all of it without one.
pick_part <- function(parts, type, call) {
  if (is.null(type)) parts else parts[[abbreviated(type, names(parts), "type", call)]]
}

#' @rdname rma-accessors
#' @export
coef.metaparity <- function(object, ...) named(object$beta, object)

#' @rdname rma-accessors
#' @export
coef.summary.metaparity <- function(object, ...) {
  coefficient_tables(structure(object, class = setdiff(class(object), "summary.metaparity")))
}

# The table of coefficients of a fit; a list where it has more than one part.
coefficient_tables <- function(x) UseMethod("coefficient_tables")
#' @exportS3Method coefficient_tables default
coefficient_tables.default <- function(x) coef_table(x)

coef_table <- function(object) {
  z <- object$test == "z"
  out <- data.frame(estimate = as.vector(object$beta), se = object$se, zval = object$zval, pval = object$pval,
                    ci.lb = object$ci.lb, ci.ub = object$ci.ub, row.names = rownames(object$beta))
  if (z) return(out)
  names(out)[3L] <- "tval"
  data.frame(out[1:3], df = object$ddf, out[4:6])
}

#' @rdname rma-accessors
#' @export
#' @exportS3Method metafor::se metaparity
se.metaparity <- function(object, ...) named(object$se, object)

#' @rdname rma-accessors
#' @export
vcov.metaparity <- function(object, type = "fixed", ...) {
  type <- check_choice(type, c("fixed", "beta", "obs", "marginal", "fitted", "resid"), "type", sys.call())
  if (type %in% c("fixed", "beta")) return(object$vb)
  if (inherits(object, c("rma.mh", "rma.peto")))
    abort_input("type", "must be \"fixed\" for a fit of this class", sys.call())
  out <- switch(type, obs = , marginal = marginal_matrix(object),
                fitted = covariance_along(model_studies(object)$X, object$vb),
                resid = case_matrix(object, "residual_covariance", sys.call()))
  structure(square(out, object), class = c("vcovmat", "metaparity_vcov", "matrix", "array"))
}

marginal_diagonal <- function(x) {
  m <- model_marginal(x)
  if (is.matrix(m)) diag(m) else m
}

marginal_matrix <- function(x) {
  m <- model_marginal(x)
  if (is.matrix(m)) m else diag(m, nrow = length(m))
}

#' @rdname rma-accessors
#' @export
logLik.metaparity <- function(object, REML, ...) {
  restricted <- wants_reml(object, REML)
  nobs <- if (restricted) object$k.eff - object$p.eff else object$k.eff
  structure(object$fit.stats["ll", if (restricted) "REML" else "ML"], nall = object$k.eff, nobs = nobs,
            df = object$parms, class = "logLik")
}

wants_reml <- function(object, REML) {
  if (missing(REML)) object$method %in% "REML" else check_flag(REML, "REML", sys.call(-1L))
}

fit_stat <- function(object, row, REML) {
  object$fit.stats[row, if (wants_reml(object, REML)) "REML" else "ML"]
}

#' @rdname rma-accessors
#' @export
deviance.metaparity <- function(object, REML, ...) fit_stat(object, "dev", REML)

#' @rdname rma-accessors
#' @export
AIC.metaparity <- function(object, ..., k = 2, correct = FALSE) {
  names <- fit_names(match.call(expand.dots = FALSE))
  fits <- list(object, ...)
  if (k == 2) return(compare_fits(fits, if (check_flag(correct, "correct")) "AICc" else "AIC", names, sys.call()))
  values <- vapply(fits, function(fit) {
    ll <- stats::logLik(fit)
    -2 * as.numeric(ll) + k * attr(ll, "df")
  }, 0)
  if (length(fits) == 1L) values else fit_frame(fits, values, "AIC", names)
}

#' @rdname rma-accessors
#' @export
BIC.metaparity <- function(object, ...) {
  compare_fits(list(object, ...), "BIC", fit_names(match.call(expand.dots = FALSE)), sys.call())
}

# One number for one fit; a data frame with a row per fit for several, all by the likelihood of the first one's method.
compare_fits <- function(fits, row, names, call) {
  restricted <- wants_reml(fits[[1L]])
  values <- vapply(fits, fit_stat, 0, row = row, REML = restricted)
  if (length(fits) == 1L) return(values)
  warn_different_moderators(fits, restricted, call)
  fit_frame(fits, values, row, names)
}

fit_frame <- function(fits, values, column, names) {
  out <- data.frame(df = vapply(fits, function(f) as.numeric(f$parms), 0), values, row.names = names)
  names(out)[2L] <- column
  out
}

#' @rdname rma-accessors
#' @export
nobs.metaparity <- function(object, all = FALSE, ...) {
  if (!check_flag(all, "all")) return(object$k.eff)
  c(studies = object$k.f, data = if (is.null(object$data)) object$k.all else nrow(object$data),
    subset = if (is.null(object$subset)) 0L else sum(object$subset), not.na = sum(object$not.na),
    effective = object$k.eff, df.residual = object$k.eff - object$p.eff)
}

#' @rdname rma-accessors
#' @export
df.residual.metaparity <- function(object, ...) object$k.eff - object$p.eff

#' @rdname rma-accessors
#' @export
formula.metaparity <- function(x, type = "mods", ...) {
  switch(check_choice(type, c("mods", "yi"), "type", sys.call()), mods = x$formula.mods, yi = x$formula.yi)
}

#' @rdname rma-accessors
#' @export
terms.metaparity <- function(x, ...) {
  if (is.null(x$formula.mods)) NULL else stats::terms(x$formula.mods, data = x$data)
}

#' @rdname rma-accessors
#' @export
model.matrix.metaparity <- function(object, asdf = FALSE, ...) {
  check_na_fail(object)
  whole <- is.null(object$X) || keeps_missing()
  X <- if (whole) object$X.f else object$X
  if (!is.null(colnames(X))) rownames(X) <- if (whole) frame_rows(object) else frame_rows(object)[object$not.na]
  if (check_flag(asdf, "asdf", sys.call())) as.data.frame(X) else X
}

# The names of the rows of data from which a formula made the design; other designs have none.
frame_rows <- function(x) {
  if (is.null(x$formula.mods) && is.null(x$formula.yi)) return(NULL)
  rows <- if (is.data.frame(x$data) && nrow(x$data) == x$k.all) row.names(x$data) else as.character(seq_len(x$k.all))
  if (is.null(x$subset)) rows else rows[x$subset]
}

#' @rdname rma-accessors
#' @export
fitted.metaparity <- function(object, ...) {
  check_na_fail(object)
  if (!keeps_missing() || all(object$not.na)) {
    s <- model_studies(object)
    return(stats::setNames(values_along(s$X, object), s$slab))
  }
  value <- values_along(model_studies(object)$X.f, object)
  if (!fills_missing()) value[!object$not.na] <- NA
  stats::setNames(value, object$slab)
}

#' @rdname rma-accessors
#' @export
simulate.metaparity <- function(object, nsim = 1, seed = NULL, olim, ...) {
  nsim <- round(check_number(nsim, "nsim", 1, floor(1e8 / object$k), sys.call()))
  check_whole(object, "object", sys.call())
  limits <- if (missing(olim)) c(-Inf, Inf) else sort(check_numeric_vector(olim, "olim", sys.call()))
  if (length(limits) != 2L) abort_input("olim", "must be two numbers", sys.call())
  if (!exists(".Random.seed", globalenv(), inherits = FALSE)) stats::runif(1L)
  state <- start <- get(".Random.seed", globalenv())
  if (!is.null(seed)) {
    on.exit(assign(".Random.seed", start, envir = globalenv()))
    set.seed(check_seed(seed))
    state <- structure(seed, kind = as.list(RNGkind()))
  }
  draws <- drawn_estimates(object, nsim)
  out <- as.data.frame(matrix(pmin(pmax(draws, limits[1L]), limits[2L]), object$k))
  names(out) <- paste0("sim_", seq_len(nsim))
  shown <- which(object$not.na)
  if (keeps_missing()) {
    out <- out[match(seq_along(object$not.na), shown), , drop = FALSE]
    shown <- seq_along(object$not.na)
  }
  rownames(out) <- if (object$slab.null) object$ids[shown] else make.unique(as.character(object$slab[shown]))
  attr(out, "seed") <- state
  out
}

# New estimates of the studies used, a column for each data set.
drawn_estimates <- function(x, nsim) {
  s <- model_studies(x)
  m <- model_marginal(x)
  mean <- values_along(s$X, x)
  if (!is.matrix(m)) return(stats::rnorm(nsim * length(mean), mean = mean, sd = sqrt(m)))
  mean + crossprod(chol(m), matrix(stats::rnorm(nsim * length(mean)), length(mean)))
}

# Degrees of freedom of QE. Studies without an estimate of their own enter the pooled tables, but not this test.
heterogeneity_df <- function(x) {
  if (inherits(x, "rma.peto")) return(max(as.integer(x$k.pos) - 1L, 0L))
  if (inherits(x, "rma.mh")) return(max(as.integer(x$k.yi) - 1L, 0L))
  if (inherits(x, "rma.glmm")) return(as.integer(x$QE.df))
  if (inherits(x, "rma.mv")) return(as.integer(x$QEdf))
  as.integer(x$k - x$p)
}

#' @rdname metaparity-generics
#' @export
se <- function(object, ...) {
  if (is_foreign(object, "se")) {
    return(if (inherits(object, "rma")) foreign_generic("se", object)(object, ...) else se_plain(object))
  }
  UseMethod("se")
}

# Standard errors of any fit that has a vcov() method.
se_plain <- function(object) {
  v <- stats::vcov(object)
  out <- sqrt(diag(v))
  if (is.null(names(out))) names(out) <- rownames(v)
  out
}

unclassed_matrix <- function(v) matrix(as.numeric(v), nrow(v))
