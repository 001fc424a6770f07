# predict(): predicted averages with confidence and prediction intervals.

#' Predicted values of a meta-analytic model
#'
#' The average effect, or with moderators the average effects at given values of them, with confidence
#' intervals and, when there is heterogeneity, prediction intervals for the effect in a new study.
#'
#' @param object a result of [rma()], [rma.mh()] or [rma.peto()].
#' @param newmods values of the moderators: a vector (one setting, or for one moderator several), or a
#'   matrix with a column for each moderator. By default those of the studies.
#' @param intercept whether the intercept enters the prediction; by default as in the model.
#' @param addx whether to add the values of the moderators to the result.
#' @param level confidence level in percent; that of the fit by default.
#' @param digits number of decimals printed.
#' @param transf,targs a function applied to predictions and limits, and its further arguments.
#' @param predtype distribution of the prediction interval: `"default"` (normal, or t with k - p degrees of
#'   freedom when the tests use t), `"simple"` (normal, without the uncertainty of the average), `"riley"`
#'   (t with k - p - 1, Stata's rule), `"t"` (t with k - p).
#' @param vcov whether to return the covariance matrix of the predictions too.
#' @param ... not used.
#' @return An object of class `c("metaparity_predict", "metaparity_list", "predict.rma", "list.rma")`: a list with
#'   `pred`, `se`, `ci.lb`, `ci.ub`, `pi.lb`, `pi.ub` and how they were made. With `vcov = TRUE`, a list of it and `vcov`.
#' @section In other software: Stata: `metan, rfdist`, `meta summarize, predinterval` (both
#'   `predtype = "riley"`); \pkg{metafor}: `predict()`.
#' @references Riley, R. D., Higgins, J. P. T. and Deeks, J. J. (2011). Interpretation of random effects
#'   meta-analyses. *BMJ*, 342, d549.
#' @examples
#' x <- rma(c(-0.9, -1.6, -1.3, 0.1, -0.2), c(0.33, 0.19, 0.42, 0.02, 0.05))
#' predict(x, transf = exp)
#' predict(x, predtype = "riley")
#' @export
predict.metaparity <- function(object, newmods, intercept, addx = FALSE, level, digits, transf, targs,
                               predtype = "default", vcov = FALSE, ...) {
  level <- if (missing(level)) 1 - object$level else check_level(level)
  X <- prediction_points(object, if (missing(newmods)) NULL else newmods, if (missing(intercept)) NULL else intercept)
  pi <- prediction_distribution(object, check_choice(predtype, c("default", "simple", "riley", "Riley", "t"), "predtype"))
  ddf <- if (is.null(object$ddf) || is.na(object$ddf)) NaN else object$ddf
  beta <- as.numeric(object$beta)
  fit <- call_core(cpp_predict(X, beta, object$vb, object$tau2, level, ddf, pi$df))
  if (pi$simple) fit <- simple_prediction(fit, object$tau2, cpp_critical_value(level, NaN))
  transf <- if (missing(transf)) NULL else transf
  out <- new_prediction(object, fit, X, pi, transf, if (missing(targs)) NULL else targs,
                        if (missing(digits)) object$digits else expand_digits(digits), check_flag(addx, "addx"))
  if (vcov) list(pred = out, vcov = X %*% object$vb %*% t(X)) else out
}

prediction_points <- function(object, newmods, intercept) {
  p <- length(object$beta)
  if (is.null(newmods)) {
    X <- if (isTRUE(object$int.only) || is.null(object$X)) matrix(1, 1L, 1L) else object$X
    dimnames(X) <- list(NULL, rownames(object$beta))
    return(X)
  }
  if (isTRUE(object$int.only)) abort_input("newmods", "cannot be used: the model has no moderators")
  with_intercept <- if (is.null(intercept)) object$int.incl else check_flag(intercept, "intercept")
  slopes <- p - object$int.incl
  X <- newmods_matrix(newmods, slopes, rownames(object$beta)[seq.int(p - slopes + 1L, p)])
  if (object$int.incl) X <- cbind(as.numeric(with_intercept), X)
  dimnames(X) <- list(NULL, rownames(object$beta))
  X
}

newmods_matrix <- function(newmods, slopes, names) {
  if (is.data.frame(newmods)) newmods <- as.matrix(newmods)
  if (!is.numeric(newmods)) abort_input("newmods", sprintf("must be numeric, not %s", describe(newmods)))
  if (!is.matrix(newmods)) newmods <- if (slopes == 1L) cbind(newmods) else rbind(newmods)
  if (ncol(newmods) != slopes) {
    abort_input("newmods", sprintf("must have %d %s, not %d", slopes, if (slopes == 1L) "column" else "columns", ncol(newmods)))
  }
  if (!is.null(colnames(newmods)) && all(names %in% colnames(newmods))) newmods <- newmods[, names, drop = FALSE]
  storage.mode(newmods) <- "double"
  newmods
}

prediction_distribution <- function(object, predtype) {
  with_t <- !is.null(object$test) && object$test != "z"
  df <- switch(predtype,
    default = if (with_t) object$ddf else NaN,
    simple = NaN,
    t = object$k - object$p,
    object$k - object$p - 1)
  list(df = as.double(df), dist = if (is.nan(df)) "norm" else "t", simple = predtype == "simple")
}

simple_prediction <- function(fit, tau2, crit) {
  fit$pi.se <- rep(sqrt(tau2), length(fit$pred))
  fit$pi.lb <- fit$pred - crit * fit$pi.se
  fit$pi.ub <- fit$pred + crit * fit$pi.se
  fit
}

new_prediction <- function(object, fit, X, pi, transf, targs, digits, addx) {
  out <- fit[c("pred", "se", "ci.lb", "ci.ub")]
  random <- object$tau2 > 0 || !object$method %in% c(common_methods, "MH", "PETO")
  if (isTRUE(random)) out <- c(out, fit[c("pi.lb", "pi.ub")])
  if (!is.null(transf)) out <- transform_prediction(out, transf, targs)
  if (isTRUE(random)) out[c("cr.lb", "cr.ub")] <- out[c("pi.lb", "pi.ub")]
  if (addx) out$X <- X
  single <- nrow(X) == 1L
  out$slab <- if (single) "" else if (nrow(X) == object$k && !is.null(object$X) && identical(unname(X), unname(object$X))) {
    used_slab(object)
  } else as.character(seq_len(nrow(X)))
  out <- c(out, list(digits = digits, method = object$method, transf = !is.null(transf), pred.type = "location",
                     pi.dist = pi$dist, pi.ddf = if (!is.nan(pi$df)) pi$df, pi.se = fit$pi.se))
  class(out) <- c("metaparity_predict", "metaparity_list", "predict.rma", "list.rma")
  out
}

transform_prediction <- function(out, transf, targs) {
  for (name in setdiff(names(out), "se")) out[[name]] <- unname(apply_transf(out[[name]], transf, targs))
  out$se <- rep(NA_real_, length(out$pred))
  for (ends in list(c("ci.lb", "ci.ub"), c("pi.lb", "pi.ub"))) {
    if (is.null(out[[ends[1L]]])) next
    lower <- pmin(out[[ends[1L]]], out[[ends[2L]]])
    out[[ends[2L]]] <- pmax(out[[ends[1L]]], out[[ends[2L]]])
    out[[ends[1L]]] <- lower
  }
  out
}

#' @export
print.metaparity_predict <- function(x, digits = x$digits, ...) {
  cat_lines(format_interval_table(prediction_table(x), expand_digits(digits)))
  invisible(x)
}

#' @export
as.data.frame.metaparity_predict <- function(x, ...) as.data.frame(prediction_table(x))

prediction_table <- function(x) {
  shown <- c("pred", if (!isTRUE(x$transf)) "se", "ci.lb", "ci.ub", "pi.lb", "pi.ub")
  out <- do.call(cbind, unclass(x)[intersect(shown, names(x))])
  if (!is.null(x$X)) {
    colnames(x$X) <- paste0("X.", colnames(x$X))
    out <- cbind(out, x$X)
  }
  rownames(out) <- x$slab
  out
}
