# blup() and ranef(): predictions of the effects of the studies, and of their deviations from the model's average.

#' Best linear unbiased predictions
#'
#' `blup()` predicts the true effects of the studies, shrunken towards the average of the model; `ranef()` their
#' deviations from it.
#'
#' @param x,object a fit of [rma()].
#' @param level confidence level in percent; that of the fit by default.
#' @param digits number of decimals printed.
#' @param transf,targs a function applied to predictions and limits, and its second argument, see [transf].
#' @param ... for fits of [rma.mv()] `vcov = TRUE`: a list of the predictions, `pred`, and of the covariance matrices of
#'   their
#'   errors, `vcov`.
#' @return An object of class `c("metaparity_list", "list.rma")` with `pred`, `se`, `pi.lb`, `pi.ub`, `slab`, `digits`
#'   and `transf`, one element per study. Studies left out are `NA` when `na.action` is `"na.pass"` or `"na.exclude"`.
#' @details Common-effect models have no random effects: `blup()` gives the fitted values, `ranef()` zeros. Limits use
#'   the t distribution with k - p degrees of freedom when the tests of the fit do. Errors are of class
#'   `metaparity_error_input`.
#' @section Formula: u = lambda (y - Xb), lambda = tau2 / (tau2 + v), with variance lambda v + lambda^2 x V x'; for the
#'   effects Xb + u, lambda v + (1 - lambda)^2 x V x'.
#' @section In other software: Stata: `predict, reffects` and `predict, fitted`; \pkg{metafor}: `blup()`, `ranef()`.
#' @references Raudenbush SW, Bryk AS (1985). Empirical Bayes meta-analysis. *Journal of Educational Statistics*, 10,
#'   75-98.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
#' blup(fit)
#' ranef(fit)
#' @name blup
#' @export
blup <- function(x, ...) {
  if (is_foreign(x, "blup")) return(foreign_generic("blup", x)(x, ...))
  UseMethod("blup")
}

#' @rdname blup
#' @exportS3Method blup metaparity_uni
#' @exportS3Method metafor::blup metaparity_uni
blup.metaparity_uni <- function(x, level, digits, transf, targs, ...) {
  call <- match.call()
  named_dots(character(), call, ...)
  predicted_effects(x, if (missing(level)) NULL else level, merge_digits(x, digits),
                    transform_spec(call, transf, targs, x),
                    FALSE, call)
}

#' @rdname blup
#' @export
ranef <- function(object, ...) {
  if (is_foreign(object, "ranef")) return(foreign_generic("ranef", object)(object, ...))
  UseMethod("ranef")
}

#' @rdname blup
#' @exportS3Method ranef metaparity_uni
#' @exportS3Method metafor::ranef metaparity_uni
ranef.metaparity_uni <- function(object, level, digits, transf, targs, ...) {
  call <- match.call()
  named_dots(character(), call, ...)
  predicted_effects(object, if (missing(level)) NULL else level, merge_digits(object, digits),
                    transform_spec(call, transf, targs, object), TRUE, call)
}

predicted_effects <- function(x, level, digits, transform, random_only, call) {
  level <- if (is.null(level)) 1 - x$level else check_level(level, call = call)
  ddf <- if (x$test == "z" || is.na(x$ddf[1L])) NaN else as.numeric(x$ddf[1L])
  fit <- list(yi = as.numeric(x$yi), vi = x$vi, X = x$X, beta = as.numeric(x$beta), vb = unclassed_matrix(x$vb),
              tau2 = x$tau2, ddf = ddf)
  out <- call_core(cpp_blup(fit, level, random_only), call)
  out <- transform_columns(out, "pred", c("pi.lb", "pi.ub"), transform)
  out$slab <- used_slab(x)
  if (keeps_missing() && !all(x$not.na)) out <- expand_missing(out[c("pred", "se", "pi.lb", "pi.ub")], x$not.na, x$slab)
  out$digits <- digits
  out$transf <- is.function(transform$fun)
  if (random_only) attr(out, "deviations") <- if (out$transf) "GEN" else x$measure
  if (!random_only && !out$transf) attr(out, "measure") <- x$measure
  structure(out, ni = x$ni, class = c("metaparity_list", "list.rma"))
}

# transform_rows() for columns of other names.
transform_columns <- function(out, estimate, ends, transform) {
  row <- transform_rows(list(estimate = out[[estimate]], se = out$se, ci.lb = out[[ends[1L]]], ci.ub = out[[ends[2L]]]),
                        transform)
  out[c(estimate, "se", ends)] <- row
  out
}
