# fitstats(): log-likelihood and information criteria of fits side by side.

#' Fit statistics of one or several fits
#'
#' @param object a fit of [rma()], [rma.mh()] or [rma.peto()].
#' @param ... further fits.
#' @param REML whether the restricted likelihood is wanted; by default it is when `object` was fitted by REML.
#' @return A data frame with a column per fit and the rows `logLik`, `deviance`, `AIC`, `BIC`, `AICc`; for one fit a
#'   matrix whose column is called `ML` or `REML`.
#' @details tau2 and every coefficient count as parameters, also for REML. An object that is no fit is an error of class
#'   `metaparity_error_input`.
#' @section In other software: Stata: `estat ic`; \pkg{metafor}: `fitstats()`.
#' @examples
#' a <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05), method = "ML")
#' fitstats(a)
#' fitstats(a, update(a, method = "EE"))
#' @name fitstats
#' @export
fitstats <- function(object, ...) {
  if (is_foreign(object, "fitstats")) return(foreign_generic("fitstats", object)(object, ...))
  UseMethod("fitstats")
}

#' @rdname fitstats
#' @exportS3Method fitstats metaparity
#' @exportS3Method metafor::fitstats metaparity
fitstats.metaparity <- function(object, ..., REML) {
  fits <- list(object, ...)
  for (fit in fits) if (!inherits(fit, "rma")) abort_input("...", "must hold fits", sys.call())
  restricted <- wants_reml(object, REML)
  values <- vapply(fits, function(fit) fit$fit.stats[[if (restricted) "REML" else "ML"]], numeric(5L))
  rownames(values) <- c("logLik", "deviance", "AIC", "BIC", "AICc")
  if (length(fits) == 1L) {
    colnames(values) <- if (restricted) "REML" else "ML"
    return(values)
  }
  warn_different_moderators(fits, restricted, sys.call())
  out <- as.data.frame(values)
  names(out) <- fit_names(match.call(expand.dots = FALSE))
  out
}

# What the user called the fits.
fit_names <- function(mc) {
  make.unique(vapply(c(list(mc$object), mc$...), function(e) deparse(e, nlines = 1L), ""))
}

warn_different_moderators <- function(fits, restricted, call) {
  same <- vapply(fits, function(f) identical(f$X, fits[[1L]]$X), NA)
  if (restricted && !all(same)) {
    warn_input("...", "holds fits by REML with different moderators, whose likelihoods are not comparable", call)
  }
}
