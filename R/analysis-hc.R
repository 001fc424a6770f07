# hc(): the method of Henmi and Copas; the core integrates and finds the root. Oracle: metafor::hc.

#' Estimate and interval of Henmi and Copas
#'
#' The common-effect estimate, which selective publication moves less than that of a random-effects model, with an
#' interval that allows for heterogeneity.
#'
#' @param object a fit of [rma()] without moderators; for `print()`, `x`, a result of `hc()`.
#' @param digits number of decimals printed; those of the fit by default.
#' @param transf,targs a function applied to estimates and limits, and its second argument, see [transf].
#' @param control ignored: the limit is an exact root, nothing has to be tuned.
#' @param ... not used; anything here is an error.
#' @return An object of class `c("metaparity_hc", "hc.rma.uni")`: a list with `beta`, `se`, `ci.lb`, `ci.ub`, `tau2` (of
#'   DerSimonian and Laird), `method`, and those of the fit: `beta.rma`, `se.rma`, `ci.lb.rma`, `ci.ub.rma`, `tau2.rma`,
#'   `method.rma`. Transformed estimates have no standard errors.
#' @details Errors of class `metaparity_error_input`: a model with moderators, fewer than 2 studies.
#' @section Formula: With t such that P(R / sqrt(1 + tau2 W2) > t) = alpha / 2, where R is the standardised estimate, W2
#'   = sum w^2 / sum w, w = 1 / v, and Q given R is gamma: estimate -/+ t sqrt((1 + tau2 W2) / sum w).
#' @section In other software: Stata: `metan, hc`; \pkg{metafor}: `hc()`.
#' @references Henmi M, Copas JB (2010). Confidence intervals for random effects meta-analysis and robustness to
#'   publication bias. *Statistics in Medicine*, 29, 2969-2983.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
#' hc(fit)
#' @name hc
#' @export
hc <- function(object, ...) {
  if (is_foreign(object, "hc")) return(foreign_generic("hc", object)(object, ...))
  UseMethod("hc")
}

#' @rdname hc
#' @exportS3Method hc metaparity_uni
#' @exportS3Method metafor::hc metaparity_uni
hc.metaparity_uni <- function(object, digits, transf, targs, control, ...) {
  call <- match.call()
  named_dots(character(), call, ...)
  if (!object$int.only) abort_input("object", "must be a model without moderators", call)
  if (object$k < 2L) abort_input("object", "must have at least 2 studies", call)
  yi <- as.numeric(object$yi)
  tau2 <- call_core(cpp_tau2(yi, object$vi, object$X, numeric(), model_spec(method = "DL")), call)
  ours <- call_core(cpp_henmi_copas(yi, object$vi, tau2, 1 - object$level), call)
  out <- list(beta = ours$est, se = ours$se, ci.lb = ours$lb, ci.ub = ours$ub,
              beta.rma = object$beta, se.rma = object$se, ci.lb.rma = object$ci.lb, ci.ub.rma = object$ci.ub,
              method = "DL", method.rma = object$method, tau2 = tau2, tau2.rma = object$tau2,
              digits = merge_digits(object, digits))
  transform <- transform_spec(call, transf, targs, object)
  if (is.function(transform$fun)) {
    out <- transform_hc(out, "", transform)
    out <- transform_hc(out, ".rma", transform)
  }
  structure(out, class = c("metaparity_hc", "hc.rma.uni"), level = object$level,
            measure = if (!is.function(transform$fun)) object$measure)
}

transform_hc <- function(out, which, transform) {
  fields <- paste0(c("beta", "se", "ci.lb", "ci.ub"), which)
  row <- transform_rows(list(estimate = as.numeric(out[[fields[1L]]]), se = out[[fields[2L]]],
                             ci.lb = out[[fields[3L]]],
                             ci.ub = out[[fields[4L]]]), transform)
  out[fields] <- row
  out
}

#' @rdname hc
#' @param x a result of `hc()`.
#' @export
print.metaparity_hc <- function(x, digits = x$digits, ...) {
  digits <- expand_digits(digits, x$digits, sys.call())
  rows <- list(rma = c(x$tau2.rma, x$beta.rma, x$se.rma, x$ci.lb.rma, x$ci.ub.rma),
               hc = c(x$tau2, x$beta, x$se, x$ci.lb, x$ci.ub))
  text <- vapply(rows, function(r) format_by(r, digits[c("var", "est", "se", "ci", "ci")]), character(5L))
  table <- data.frame(method = c(x$method.rma, x$method), t(text))
  names(table) <- c("method", "tau2", "estimate", "se", "ci.lb", "ci.ub")
  if (is.na(x$se)) table$se <- NULL
  cat_lines(join_blocks(format_framed(table)))
  invisible(x)
}

format_by <- function(x, digits) vapply(seq_along(x), function(i) format_fixed(x[i], digits[[i]]), "")
