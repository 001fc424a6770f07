# The fitted selection model: its fields, what it answers to the contract, its coefficients. Oracle: metafor's fields.

new_selmodel <- function(x, found, spec, data, counts, settings, call) {
  out <- unclass(x)
  names <- rownames(x$beta) %||% colnames(x$X)
  beta <- found$beta
  out$b <- out$beta <- matrix(beta$estimate, dimnames = list(names, NULL))
  out[c("se", "zval", "pval", "ci.lb", "ci.ub")] <- beta[c("se", "zval", "pval", "ci.lb", "ci.ub")]
  out$vb <- matrix(found$vb, length(names), dimnames = list(names, names))
  random <- is.na(spec$tau2)
  if (!random && (!x$method %in% common_methods || spec$tau2 > 0)) out$tau2.fix <- TRUE
  out$tau2 <- out$tau2.f <- found$tau2$estimate
  out$se.tau2 <- if (random) found$tau2$se else NA_real_
  for (field in c("I2", "H2", "vt", "QE", "QEp")) out[[field]] <- NA_real_
  out["R2"] <- list(NULL)
  out$QM <- found$QM$stat
  out$QMp <- found$QM$pval
  out$QMdf <- c(length(x$btt), NA)
  out$parms <- found$parms
  out$method <- if (x$method %in% common_methods) x$method else "ML"
  out$model <- "rma.uni.selmodel"
  out$test <- "z"
  out$dfs <- out$ddf <- NA
  out$s2w <- 1
  out$digits <- settings$digits
  out$verbose <- settings$verbose
  out$control <- settings$control
  out$fit.stats <- structure(list(ML = found$stats, REML = rep(NA_real_, 5L)), class = "data.frame",
                             row.names = rma_shape$stat_rows)
  out$call <- call
  reach <- critical_value(spec$level) * out$se.tau2
  out$ci.lb.tau2 <- max(0, out$tau2 - reach)
  out$ci.ub.tau2 <- min(spec$tau2.max, out$tau2 + reach)
  out <- c(out, selection_fields(found, spec, counts, names),
           list(k0 = sum(!data$affected), k1 = sum(data$affected), precspec = !is.null(data$precision),
                prec = settings$prec, precis = settings$precis, selected = data, selection = spec))
  out$spec$method <- out$method
  structure(out, class = c("metaparity_selmodel", "metaparity", "rma.uni.selmodel", "rma.uni", "rma"))
}

selection_fields <- function(found, spec, counts, names) {
  delta <- found$delta
  given <- !is.na(spec$delta)
  delta$se[given] <- NA_real_
  d <- length(spec$delta)
  labels <- c(names, "tau2", if (d == 1L) "delta" else paste0("delta.", seq_len(d)))
  vd <- found$vd
  vd[given, ] <- vd[, given] <- NA_real_
  free <- !is.na(c(found$beta$se, found$tau2$se, delta$se))
  # Without selection the point of an estimated truncation has no meaning: the test is of its weight.
  df <- if (spec$type == "truncest") sum(!given[1L]) else sum(!given)
  list(delta = delta$estimate, vd = vd, se.delta = delta$se, zval.delta = delta$zval, pval.delta = delta$pval,
       ci.lb.delta = pmax(delta$ci.lb, spec$delta.min), ci.ub.delta = pmin(delta$ci.ub, upper_of_delta(spec)),
       deltas = d, delta.fix = given, hessian = matrix(found$hessian, length(labels), dimnames = list(labels, labels)),
       hest = free, ll = found$ll, ll0 = found$ll0, LRT = found$LRT$stat, LRTdf = df,
       LRTp = if (df == sum(!given)) found$LRT$pval else if (df == 0L) NA_real_ else upper_p(found$LRT$stat, df),
       LRT.tau2 = found$LRT.tau2$stat, LRTp.tau2 = found$LRT.tau2$pval, pvals = counts$pvals, type = spec$type,
       steps = shown_steps(spec), decreasing = spec$decreasing, stepsspec = spec$steps.given, pgrp = counts$pgrp,
       ptable = counts$ptable, alternative = spec$alternative, pval.min = spec$pval.min, delta.min = spec$delta.min,
       delta.max = spec$delta.max, tau2.max = spec$tau2.max, maxima = found$maxima, starts = found$starts)
}

upper_of_delta <- function(spec) if (spec$decreasing) pmin(spec$delta.max, 1) else spec$delta.max

shown_steps <- function(spec) {
  switch(spec$type, stepfun = , trunc = spec$steps, truncest = NA,
         beta = if (is.null(spec$steps)) c(0, 1) else spec$steps,
         if (is.null(spec$steps)) 0 else c(spec$steps, 1))
}

delta_names <- function(x) if (length(x$delta) == 1L) "delta" else paste0("delta.", seq_along(x$delta))

warn_selection <- function(x, found, call) {
  upper <- upper_of_delta(x$selection)
  at_bound <- !x$delta.fix & (x$delta <= x$delta.min | x$delta >= upper)
  if (x$type == "truncest") at_bound[2L] <- FALSE
  if (any(at_bound)) {
    shown <- paste0(delta_names(x)[at_bound], " = ", format(x$delta[at_bound], digits = 4L), collapse = ", ")
    warn_fit("boundary", sprintf("Parameters lie at a bound and have no standard error: %s", shown), call,
             parameter = delta_names(x)[at_bound], value = x$delta[at_bound])
  }
  if (found$singular) {
    warn_fit("not_identified", "The information of the parameters is singular: there are no standard errors", call)
  }
  if (length(found$maxima) > 1L) warn_multimodal(found$maxima[1L], found$maxima[2L], call, maxima = found$maxima)
}

# ---- the contract ----

#' @exportS3Method model_studies metaparity_selmodel
model_studies.metaparity_selmodel <- model_studies.metaparity_uni

#' @exportS3Method model_components metaparity_selmodel
model_components.metaparity_selmodel <- function(x) {
  names <- c("tau^2", delta_names(x))
  random <- is.na(x$selection$tau2)
  new_components(names, c(x$tau2, x$delta), c(x$se.tau2, x$se.delta), c(!random, x$delta.fix), c(0, x$delta.min),
                 c(x$tau2.max, x$delta.max))
}

#' @exportS3Method model_marginal metaparity_selmodel
model_marginal.metaparity_selmodel <- function(x, at = NULL) x$vi + x$tau2

#' @exportS3Method model_predictive metaparity_selmodel
model_predictive.metaparity_selmodel <- model_predictive.metaparity_uni

#' @exportS3Method model_loglik metaparity_selmodel
model_loglik.metaparity_selmodel <- function(x, at) {
  if (all(is.na(at))) return(x$ll)
  spec <- x$selection
  if (!is.na(at[1L])) spec$tau2 <- at[1L]
  given <- !is.na(at[-1L])
  spec$delta[given] <- at[-1L][given]
  call_core(cpp_selmodel(x$selected, spec, spec$delta.min, x$btt), x$call)$ll
}

#' @exportS3Method model_words metaparity_selmodel
model_words.metaparity_selmodel <- function(x = NULL) {
  list(scheme = "IV", effects = if (is_random(x)) "Random" else "Fixed", model_name = "Selection model")
}

# Weights, residuals and deletions rest on a linear model of the estimates, which selection is not.
refuse_selected <- function(x, call) {
  abort_capability("x", "is a selection model, whose estimates have no weights, residuals or deletion diagnostics of a linear model: use those of the fit of rma() that it came from",
                   call)
}
#' @exportS3Method case_statistics metaparity_selmodel
case_statistics.metaparity_selmodel <- function(x, call) refuse_selected(x, call)
#' @exportS3Method case_matrix metaparity_selmodel
case_matrix.metaparity_selmodel <- function(x, which, call) refuse_selected(x, call)
#' @exportS3Method deletion_statistics metaparity_selmodel
deletion_statistics.metaparity_selmodel <- function(x, call) refuse_selected(x, call)

#' @export
residuals.metaparity_selmodel <- function(object, type = "response", ...) {
  check_choice(type, c("response", "rstandard", "rstudent", "pearson", "cholesky"), "type", sys.call())
  if (type != "response") refuse_selected(object, sys.call())
  by_study(as.numeric(object$yi) - values_along(object$X, object), object)
}

# ---- accessors: lists with the coefficients and delta ----

#' @export
coef.metaparity_selmodel <- function(object, type = NULL, ...) {
  pick_part(list(beta = named(object$beta, object), delta = stats::setNames(object$delta, delta_names(object))), type,
            sys.call())
}

#' @exportS3Method se metaparity_selmodel
#' @exportS3Method metafor::se metaparity_selmodel
se.metaparity_selmodel <- function(object, type = NULL, ...) {
  pick_part(list(beta = named(object$se, object), delta = stats::setNames(object$se.delta, delta_names(object))), type,
            sys.call())
}

# Of a summary.
#' @exportS3Method coefficient_tables metaparity_selmodel
coefficient_tables.metaparity_selmodel <- function(x) {
  object <- x
  table <- function(end, names) {
    parts <- c("se", "zval", "pval", "ci.lb", "ci.ub")
    out <- as.data.frame(c(list(estimate = as.numeric(object[[if (nzchar(end)) "delta" else "beta"]])),
                           stats::setNames(unclass(object)[paste0(parts, end)], parts)))
    rownames(out) <- names
    out
  }
  list(beta = table("", rownames(object$beta)), delta = table(".delta", delta_names(object)))
}

#' @export
vcov.metaparity_selmodel <- function(object, type = "fixed", ...) {
  if (identical(type, "fixed")) return(list(beta = object$vb, delta = object$vd))
  switch(if (is.character(type)) type[1L] else "", beta = object$vb, delta = object$vd, NextMethod())
}

#' @rawNamespace S3method(selmodel, metaparity, uni_only_x)
#' @rawNamespace S3method(metafor::selmodel, metaparity, uni_only_x)
#' @rawNamespace S3method(selmodel, metaparity_subgroup, one_fit_only_x)
#' @rawNamespace S3method(funnel, metaparity_selmodel, uni_only_x)
#' @rawNamespace S3method(metafor::funnel, metaparity_selmodel, uni_only_x)
#' @rawNamespace S3method(simulate, metaparity_selmodel, uni_only)
#' @rawNamespace S3method(leave1out, metaparity_selmodel, uni_only_x)
#' @rawNamespace S3method(metafor::leave1out, metaparity_selmodel, uni_only_x)
#' @rawNamespace S3method(cumul, metaparity_selmodel, uni_only_x)
#' @rawNamespace S3method(metafor::cumul, metaparity_selmodel, uni_only_x)
NULL
