# A fit as a data frame: its coefficients or its studies.

#' A fit as a data frame
#'
#' @param x a fit of [rma()], [rma.mh()] or [rma.peto()].
#' @param row.names,optional not used.
#' @param what `"coefficients"` or `"studies"`.
#' @param ... not used.
#' @return For coefficients a data frame with a row each: `term`, `estimate`, `se`, `zval`, `pval`, `ci.lb`, `ci.ub`,
#'   and `df` when the tests are t tests. Location-scale models have rows of the scale, selection models rows of the
#'   selection below, and a column `component` that tells them apart. For studies a row each: `slab`, `yi`, `vi`,
#'   `weight` (percent), `fitted`,
#'   `residual`.
#' @details An unknown `what` gives an error of class `metaparity_error_input`.
#' @section In other software: \pkg{broom}: `tidy()`; \pkg{metafor}: `coef(summary())`.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
#' as.data.frame(fit)
#' as.data.frame(fit, what = "studies")
#' @export
as.data.frame.metaparity <- function(x, row.names = NULL, optional = FALSE, what = "coefficients", ...) {
  what <- check_choice(what, c("coefficients", "studies"), "what", sys.call())
  if (what == "studies") return(study_frame(x))
  out <- coefficient_frame(x)
  more <- other_parameters(x)
  if (is.null(more)) return(out)
  rows <- data.frame(term = more$term, estimate = more$estimate, se = more$se, zval = more$zval, pval = more$pval,
                     ci.lb = more$ci.lb, ci.ub = more$ci.ub)
  if ("df" %in% names(out)) rows$df <- more$df
  cbind(rbind(out, rows), component = rep(c(more$main, more$component), c(nrow(out), nrow(rows))))
}

# The coefficients of the mean.
coefficient_frame <- function(x) {
  terms <- if (is.null(rownames(x$beta))) "intrcpt" else rownames(x$beta)
  out <- data.frame(term = terms, estimate = as.vector(x$beta), se = x$se, zval = x$zval, pval = x$pval,
                    ci.lb = x$ci.lb, ci.ub = x$ci.ub)
  if (!all(is.na(x$ddf))) out$df <- x$ddf
  out
}

# Coefficients of the scale, weights of the selection: what such models estimate beside the mean. main, component: what
# the two parts are called.
other_parameters <- function(x) {
  if (inherits(x, "metaparity_ls")) {
    out <- list(main = "location", component = "scale", term = rownames(x$alpha), estimate = as.numeric(x$alpha),
                se = x$se.alpha, zval = x$zval.alpha, pval = x$pval.alpha, ci.lb = x$ci.lb.alpha, ci.ub = x$ci.ub.alpha,
                df = x$ddf.alpha %||% NA, lower = -Inf, upper = Inf)
  } else if (inherits(x, "metaparity_selmodel")) {
    out <- list(main = "effect", component = "selection",
                term = if (x$type == "stepfun") gsub(" +", " ", trimws(rownames(x$ptable))) else delta_names(x),
                estimate = as.numeric(x$delta), se = x$se.delta, zval = x$zval.delta, pval = x$pval.delta,
                ci.lb = x$ci.lb.delta, ci.ub = x$ci.ub.delta, df = NA, lower = x$delta.min,
                upper = upper_of_delta(x$selection))
  } else return(NULL)
  out[c("se", "zval", "pval", "ci.lb", "ci.ub")] <- lapply(out[c("se", "zval", "pval", "ci.lb", "ci.ub")], as.numeric)
  out
}

# Pooled tables without an effect of their own are studies used, with a weight but no estimate.
study_frame <- function(x) {
  data.frame(slab = as.character(used_slab(x)), yi = as.numeric(x$yi.f)[x$not.na], vi = as.numeric(x$vi.f)[x$not.na],
             weight = as.vector(of_used(stats::weights(x))), fitted = as.vector(of_used(stats::fitted(x))),
             residual = as.vector(of_used(stats::residuals(x))))
}
