# A fit as a data frame: its coefficients or its studies.

#' A fit as a data frame
#'
#' @param x a fit of [rma()], [rma.mh()] or [rma.peto()].
#' @param row.names,optional not used.
#' @param what `"coefficients"` or `"studies"`.
#' @param ... not used.
#' @return For coefficients a data frame with a row each: `term`, `estimate`, `se`, `zval`, `pval`, `ci.lb`, `ci.ub`,
#'   and `df` when the tests are t tests. For studies a row each: `slab`, `yi`, `vi`, `weight` (percent), `fitted`,
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
  terms <- if (is.null(rownames(x$beta))) "intrcpt" else rownames(x$beta)
  out <- data.frame(term = terms, estimate = as.vector(x$beta), se = x$se, zval = x$zval, pval = x$pval,
                    ci.lb = x$ci.lb, ci.ub = x$ci.ub)
  if (!all(is.na(x$ddf))) out$df <- x$ddf
  out
}

# Pooled tables without an effect of their own are studies used, with a weight but no estimate.
study_frame <- function(x) {
  data.frame(slab = as.character(used_slab(x)), yi = as.numeric(x$yi.f)[x$not.na], vi = as.numeric(x$vi.f)[x$not.na],
             weight = as.vector(of_used(stats::weights(x))), fitted = as.vector(of_used(stats::fitted(x))),
             residual = as.vector(of_used(stats::residuals(x))))
}
