# as.data.frame() of results that are no table by themselves: tests as one row, curves and resamples as their points.

#' Results as data frames
#'
#' Tests of bias and heterogeneity, permutation tests, profiles, resamples and regressions on correlations as data
#' frames.
#'
#' @param x a result of [regtest()], [ranktest()], [fsn()], [tes()], [hettest()], [hc()], [permutest()],
#'   [deltamethod()],
#'   [gosh()], `profile()` or [matreg()].
#' @param row.names,optional,... not used.
#' @return A data frame: one row for a test, one per coefficient, one per point of a profile, one per subset of
#'   [gosh()].
#'   Columns carry the names of the fields of `x`.
#' @details There are no errors of its own.
#' @section In other software: \pkg{broom}: `tidy()`.
#' @references Wickham H (2014). Tidy data. Journal of Statistical Software 59(10).
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -0.2), c(0.33, 0.19, 0.42, 0.05))
#' as.data.frame(regtest(fit))
#' @name metaparity_as_data_frame
NULL

one_row <- function(...) {
  fields <- Filter(length, lapply(list(...), function(v) if (is.numeric(v)) as.numeric(v)[1L] else v))
  as.data.frame(fields, stringsAsFactors = FALSE)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_regtest <- function(x, row.names = NULL, optional = FALSE, ...) {
  one_row(model = x$model, predictor = x$predictor, zval = x$zval, ddf = x$ddf, pval = x$pval, est = x$est,
          ci.lb = x$ci.lb, ci.ub = x$ci.ub)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_ranktest <- function(x, row.names = NULL, optional = FALSE, ...) {
  one_row(tau = x$tau, pval = x$pval, exact = x$exact, k = x$k, score = x$score)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_fsn <- function(x, row.names = NULL, optional = FALSE, ...) {
  one_row(type = x$type, fsnum = x$fsnum, alpha = x$alpha, pval = x$pval)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_tes <- function(x, row.names = NULL, optional = FALSE, ...) {
  one_row(k = x$k, O = x$O, E = x$E, test = x$test, X2 = x$X2, pval = x$pval)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_hettest <- function(x, row.names = NULL, optional = FALSE, ...) {
  one_row(test = x$test, statistic = x$statistic, df = x$df, pval = x$pval, method = x$method)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_hc <- function(x, row.names = NULL, optional = FALSE, ...) {
  data.frame(method = c(x$method.rma, x$method), estimate = c(x$beta.rma, x$beta), se = c(x$se.rma, x$se),
             ci.lb = c(x$ci.lb.rma, x$ci.lb), ci.ub = c(x$ci.ub.rma, x$ci.ub), tau2 = c(x$tau2.rma, x$tau2),
             stringsAsFactors = FALSE)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_permutest <- function(x, row.names = NULL, optional = FALSE, ...) {
  terms <- if (is.null(rownames(x$beta))) rep("intrcpt", length(x$beta)) else rownames(x$beta)
  data.frame(term = terms, estimate = as.numeric(x$beta), se = x$se, zval = x$zval, pval = as.numeric(x$pval),
             ci.lb = x$ci.lb, ci.ub = x$ci.ub, stringsAsFactors = FALSE)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_deltamethod <- function(x, row.names = NULL, optional = FALSE, ...) {
  data.frame(term = rownames(x$tab), x$tab, row.names = NULL, check.names = FALSE, stringsAsFactors = FALSE)
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_matreg <- as.data.frame.metaparity_deltamethod

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_gosh <- function(x, row.names = NULL, optional = FALSE, ...) x$res

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_profile <- function(x, row.names = NULL, optional = FALSE, ...) {
  points <- unclass(x)[[1L]]
  out <- data.frame(parameter = names(x)[1L], value = as.numeric(points), ll = x$ll, stringsAsFactors = FALSE)
  one <- NCOL(x$beta) == 1L && NROW(x$beta) == nrow(out)
  if (one) out[c("estimate", "ci.lb", "ci.ub")] <- list(x$beta[[1L]], x$ci.lb[[1L]], x$ci.ub[[1L]])
  out
}

#' @rdname metaparity_as_data_frame
#' @export
as.data.frame.metaparity_profile_list <- function(x, row.names = NULL, optional = FALSE, ...) {
  curves <- Filter(function(one) inherits(one, "metaparity_profile"), unclass(x))
  parts <- lapply(seq_along(curves), function(i) {
    part <- as.data.frame(curves[[i]])
    part$parameter <- paste(part$parameter, i)
    part
  })
  do.call(rbind, parts)
}
