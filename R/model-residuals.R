# Residuals, weights and influence of the studies of a fit; the core computes all of them.

#' Residuals, weights and influence
#'
#' @param object,model a fit of [rma()]; for residuals and weights also of [rma.mh()] or [rma.peto()], where
#'   `"cholesky"` and `"conditional"` do not exist.
#' @param type for `residuals()`: `"response"`, `"rstandard"`, `"rstudent"`, `"pearson"` or `"cholesky"`; for
#'   `weights()`: `"diagonal"` (percent), `"matrix"` or `"rowsum"` (percent); for `hatvalues()`: `"diagonal"` or
#'   `"matrix"`; for `rstandard()`: `"marginal"`, or `"conditional"` for deviations from the predictions of [blup()].
#' @param digits number of decimals printed.
#' @param progbar ignored.
#' @param ... for `influence()` `measure`: `"cooks.distance"`, `"dfbetas"` or `"rstudent"` gives that measure alone.
#' @return `residuals()`, `weights()`, `hatvalues()`, `cooks.distance()`: vectors of length k named by study, or k x k
#'   matrices. `rstandard()`, `rstudent()`: tables with `resid`, `se` and `z`. `dfbetas()`: a table with a column
#'   per coefficient. `influence()`: a list with the table `inf` (`rstudent`, `dffits`, `cook.d`, `cov.r`, `tau2.del`,
#'   `QE.del`, `hat`, `weight`, `inf`), `dfbs` and `is.infl`.
#' @details `rstudent()`, `cooks.distance()`, `dfbetas()` and `influence()` estimate tau2 again without each study: k
#'   fits. Where a fit without a study does not exist the value is `NA`. Only the matrices need memory of order k^2.
#'   Cholesky residuals equal Pearson residuals here, as the studies are independent.
#'
#'   A study is marked as influential when |dffits| > 3 sqrt(p / (k - p)), when the lower tail of a chi-squared
#'   distribution with p degrees of freedom at Cook's distance exceeds one half, when its hat value exceeds 3 p / k,
#'   or when any |dfbetas| > 1.
#'   Errors are of class `metaparity_error_input`: an unknown `type`; what a class of fits does not have is
#'   `metaparity_error_unsupported`.
#' @section In other software: \pkg{metafor}: the same names; Stata: `estat` after `meta regress`, `metainf`.
#' @references Viechtbauer, W. and Cheung, M. W.-L. (2010). Outlier and influence diagnostics for meta-analysis.
#'   *Research Synthesis Methods*, 1, 112-125.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
#' weights(fit)
#' rstudent(fit)
#' influence(fit)$is.infl
#' @name rma-residuals
#' @importFrom stats residuals weights hatvalues rstandard rstudent cooks.distance dfbetas influence
NULL

own_weights <- function(x) if (is.null(x$weights)) numeric() else as.double(x$weights)

core_residuals <- function(x, call) {
  out <- call_core(cpp_residuals(as.double(x$yi), x$vi, x$X, own_weights(x), x$tau2, x$weighted), call)
  # What rounding leaves of a study that the model fits exactly.
  exact <- which(abs(out$resid) < 100 * .Machine$double.eps * max(abs(x$yi)))
  if (length(exact)) for (name in intersect(names(out), c("resid", "z", "pearson"))) out[[name]][exact] <- 0
  out
}

core_influence <- function(x, call) {
  if (x$k == 1L) abort_input("model", "must have at least 2 studies", call)
  call_core(cpp_influence(as.double(x$yi), x$vi, x$X, own_weights(x), x$spec), call)
}

# Values of the studies used, named; those left out are NA, or an error, as the option na.action has it.
by_study <- function(x, object) {
  if (all(object$not.na)) return(stats::setNames(x, object$slab))
  check_na_fail(object)
  if (!keeps_missing()) return(stats::setNames(x, used_slab(object)))
  out <- rep(NA_real_, length(object$not.na))
  out[object$not.na] <- x
  stats::setNames(out, object$slab)
}

# The same for the columns of a table.
rows_by_study <- function(columns, object) {
  check_na_fail(object)
  if (!keeps_missing() || all(object$not.na)) return(c(columns, list(slab = used_slab(object))))
  expand_missing(columns, object$not.na, object$slab)
}

#' @rdname rma-residuals
#' @export
residuals.metaparity <- function(object, type = "response", ...) {
  call <- sys.call()
  refuse_deviance(type, call)
  type <- check_choice(type, c("response", "rstandard", "rstudent", "pearson", "cholesky"), "type", call)
  out <- switch(type,
    response = case_statistics(object, call)$resid,
    rstandard = case_statistics(object, call)$z,
    rstudent = deletion_statistics(object, call)$z,
    case_statistics(object, call)[[type]])
  out <- by_study(out, object)
  if (type == "response" && fills_missing()) with_unweighted_residuals(out, object) else out
}

refuse_deviance <- function(type, call) {
  if (!identical(type, "deviance")) return(invisible())
  abort_capability(
    "type", "cannot be \"deviance\", which dffits() and the like ask for: influence() has dffits and cov.r", call)
}

# A study without variance takes no part in the fit; its distance from the fitted value is known all the same.
with_unweighted_residuals <- function(out, object) {
  left <- !object$not.na & is.na(out)
  out[left] <- object$yi.f[left] - values_along(object$X.f[left, , drop = FALSE], object)
  out
}

residual_list <- function(columns, object, digits) {
  out <- c(rows_by_study(columns[c("resid", "se", "z")], object), list(digits = merge_digits(object, digits)))
  structure(out, class = c("metaparity_list", "list.rma"))
}

#' @rdname rma-residuals
#' @export
rstandard.metaparity <- function(model, digits, type = "marginal", ...) {
  type <- check_choice(type, c("marginal", "conditional"), "type", sys.call())
  fit <- if (type == "marginal") case_statistics(model, sys.call()) else conditional_residuals(model, sys.call())
  residual_list(fit, model, digits)
}

conditional_residuals <- function(x, call) {
  if (!inherits(x, "metaparity_uni")) {
    abort_capability("type", sprintf('cannot be "conditional" for a fit of class "%s": use type = "marginal"',
                                     class(x)[1L]), call)
  }
  call_core(cpp_conditional_residuals(as.double(x$yi), x$vi, x$X, own_weights(x), x$tau2, x$weighted), call)
}

#' @rdname rma-residuals
#' @export
rstudent.metaparity <- function(model, digits, progbar = FALSE, ...) {
  named_dots(character(), sys.call(), ...)
  residual_list(deletion_statistics(model, sys.call()), model, digits)
}

#' @rdname rma-residuals
#' @export
hatvalues.metaparity <- function(model, type = "diagonal", ...) {
  call <- sys.call()
  if (check_choice(type, c("diagonal", "matrix"), "type", call) == "diagonal") {
    return(by_study(case_statistics(model, call)$hat, model))
  }
  square(case_matrix(model, "hat_matrix", call), model)
}

square <- function(x, object) {
  check_na_fail(object)
  if (keeps_missing() && !all(object$not.na)) {
    at <- match(seq_along(object$not.na), which(object$not.na))
    x <- x[at, at, drop = FALSE]
    dimnames(x) <- list(object$slab, object$slab)
    return(x)
  }
  dimnames(x) <- list(used_slab(object), used_slab(object))
  x
}

#' @rdname rma-residuals
#' @export
cooks.distance.metaparity <- function(model, progbar = FALSE, ...) {
  named_dots(character(), sys.call(), ...)
  by_study(deletion_statistics(model, sys.call())$cook.d, model)
}

#' @rdname rma-residuals
#' @export
dfbetas.metaparity <- function(model, progbar = FALSE, ...) {
  named_dots(character(), sys.call(), ...)
  columns <- as.list(dfbetas_frame(deletion_statistics(model, sys.call())$dfbetas, model))
  structure(c(rows_by_study(columns, model), list(digits = model$digits)), class = c("metaparity_list", "list.rma"))
}

dfbetas_frame <- function(x, model) {
  dimnames(x) <- list(make.unique(as.character(used_slab(model))), make.names(rownames(model$beta), unique = TRUE))
  as.data.frame(x)
}

#' @rdname rma-residuals
#' @export
weights.metaparity <- function(object, type = "diagonal", ...) {
  call <- sys.call()
  type <- check_choice(type, c("diagonal", "matrix", "rowsum"), "type", call)
  if (type == "diagonal" || type == "rowsum" && !is.matrix(model_marginal(object)))
    return(by_study(diagonal_weights(object, call), object))
  w <- case_matrix(object, "weight_matrix", call)
  if (type == "matrix") square(w, object) else by_study(100 * rowSums(w) / sum(w), object)
}

# In percent, of the studies used.
diagonal_weights <- function(x, call) UseMethod("diagonal_weights")

#' @exportS3Method diagonal_weights metaparity
diagonal_weights.metaparity <- function(x, call) {
  w <- case_statistics(x, call)$weight
  100 * w / sum(w)
}

#' @exportS3Method diagonal_weights metaparity_uni
diagonal_weights.metaparity_uni <- function(x, call) {
  call_core(cpp_weights(x$vi, own_weights(x), x$tau2, x$weighted, TRUE), call)
}

#' @rdname rma-residuals
#' @export
influence.metaparity <- function(model, digits, progbar = FALSE, ...) {
  if ("cluster" %in% ...names()) refuse_clusters(model, sys.call())
  measure <- named_dots("measure", sys.call(), ...)$measure
  if (!is.null(measure)) {
    return(switch(check_choice(measure, c("all", "dfbetas", "cooks.distance", "rstudent"), "measure", sys.call()),
                  dfbetas = stats::dfbetas(model), cooks.distance = stats::cooks.distance(model),
                  rstudent = stats::rstudent(model), influence.metaparity(model, digits)))
  }
  found <- deletion_statistics(model, sys.call())
  digits <- merge_digits(model, digits)
  flag <- is_influential(found, model$k, model$p)
  inf <- c(list(rstudent = found$z), found[c("dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat")],
           list(weight = diagonal_weights(model, sys.call()), inf = ifelse(flag %in% TRUE, "*", "")))
  as_list <- function(columns) {
    rows <- rows_by_study(columns, model)
    if (!is.null(rows$inf)) rows$inf[is.na(rows$inf)] <- ""
    structure(c(rows, list(digits = digits)), class = c("metaparity_list", "list.rma"))
  }
  structure(list(inf = as_list(inf), dfbs = as_list(as.list(dfbetas_frame(found$dfbetas, model))), ids = model$ids,
                 not.na = model$not.na, is.infl = flag, tau2 = model$tau2, QE = model$QE, k = model$k, p = model$p,
                 m = model$p, digits = digits), class = c("metaparity_influence", "infl.rma.uni"))
}

refuse_clusters <- function(model, call) {
  abort_capability("cluster",
                   "is not for influence() of this fit: use leave1out() with `cluster`, or a fit of rma.mv()",
                   call)
}

is_influential <- function(found, k, p) {
  abs(found$dffits) > 3 * sqrt(p / (k - p)) | upper_p(found$cook.d, p) < 0.5 | found$hat > 3 * p / k |
    rowSums(abs(found$dfbetas) > 1) > 0
}

#' @rdname rma-residuals
#' @param x an object of `influence()`.
#' @param infonly print influential studies only?
#' @export
print.metaparity_influence <- function(x, digits = x$digits, infonly = FALSE, ...) {
  digits <- expand_digits(digits, x$digits, sys.call())
  shown <- if (check_flag(infonly, "infonly", sys.call())) which(x$is.infl %in% TRUE) else seq_along(x$inf$slab)
  if (length(shown) == 0L) {
    inform("No study is influential.", "empty")
    return(invisible(x))
  }
  if (x$p == 1L) return(invisible(print(influence_rows(influence_table(x), shown), digits = digits)))
  out <- lapply(list(inf = x$inf, dfbs = x$dfbs), influence_rows, rows = shown)
  cat("$inf\n")
  print(out$inf, digits = digits)
  cat("$dfbs\n")
  print(out$dfbs, digits = digits)
  invisible(out)
}

# All measures in one table, that of the coefficient before the mark.
influence_table <- function(x) {
  columns <- list_columns(x$inf)
  out <- c(columns[setdiff(names(columns), "inf")], list(dfbs = x$dfbs[[1L]], inf = columns$inf),
           unclass(x$inf)[c("slab", "digits")])
  structure(out, class = class(x$inf))
}

influence_rows <- function(table, rows) {
  columns <- c(names(list_columns(table)), "slab")
  table[columns] <- lapply(unclass(table)[columns], `[`, rows)
  table
}

#' @rdname rma-residuals
#' @export
as.data.frame.metaparity_influence <- function(x, ...) {
  if (x$p == 1L) return(as.data.frame(influence_table(x)))
  cbind(as.data.frame(x$inf), dfbs = as.data.frame(x$dfbs))
}
