# tidy() and glance() for results other than fits: one row per term or study, in broom's names of columns.

#' Results as tidy tables
#'
#' Methods of `tidy()`, `glance()` and `augment()` (packages \pkg{generics} and \pkg{broom}) for fits of every class,
#'   with the
#' columns that \pkg{broom} gives for metafor's, and for groups, tests of bias, leave-one-out and cumulative tables,
#'   intervals,
#' influence, permutation tests, many meta-analyses.
#'
#' @param x a result.
#' @param conf.int whether limits are given, where the result has some.
#' @param exponentiate whether estimates and limits are shown as `exp()` of themselves.
#' @param ... not used.
#' @return A data frame (a tibble, if that package is installed) with the columns `term`, `estimate`, `std.error`,
#'   `statistic`, `p.value`, `conf.low`, `conf.high` that make sense, and `component` where a model has scale
#'   coefficients or a selection; `glance()` has one row. `augment()`: one row per study used: `.rownames`,
#'   `.observed`, `.fitted`
#'   (the predicted true effect where the class has one, else the mean), `.se.fit`, `.lower`, `.upper`, `.resid`, and
#'   `.hat`, `.std.resid`, `.cooksd`, `.weight` where the class has them.
#' @details Errors are of class `metaparity_error_input`: an argument out of its range.
#' @section In other software: \pkg{broom} for metafor's fits.
#' @examples
#' f <- rma(c(-0.9, -1.6, -1.3, -0.2), c(0.33, 0.19, 0.42, 0.05), by = c("a", "a", "b", "b"))
#' if (requireNamespace("generics", quietly = TRUE)) generics::tidy(f)
#' @name metaparity_tidy
NULL

tidy_table <- function(...) {
  out <- data.frame(..., check.names = FALSE, stringsAsFactors = FALSE)
  rownames(out) <- NULL
  if (requireNamespace("tibble", quietly = TRUE)) tibble::as_tibble(out) else out
}

# A table with our names of columns, in broom's.
tidy_frame <- function(frame, term, conf.int, exponentiate) {
  find <- function(...) frame[[intersect(c(...), names(frame))[1L]]]
  shown <- if (exponentiate) exp else identity
  columns <- list(term = term, estimate = shown(find("estimate")), std.error = find("se"),
                  statistic = find("zval", "tval"), p.value = find("pval"),
                  conf.low = if (conf.int) shown(find("ci.lb")), conf.high = if (conf.int) shown(find("ci.ub")))
  do.call(tidy_table, columns[lengths(columns) > 0L])
}

tidy_choices <- function(conf.int, exponentiate, call) {
  check_flag(conf.int, "conf.int", call)
  check_flag(exponentiate, "exponentiate", call)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_subgroup
tidy.metaparity_subgroup <- function(x, conf.int = FALSE, exponentiate = FALSE, ...) {
  tidy_choices(conf.int, exponentiate, sys.call())
  frame <- as.data.frame(x)
  tidy_frame(frame, frame$group, conf.int, exponentiate)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::glance metaparity_subgroup
glance.metaparity_subgroup <- function(x, ...) {
  tidy_table(nobs = x$k, groups = length(x$groups), cochran.qb = x$between$Q, df.qb = x$between$df,
             p.value.cochran.qb = x$between$pval)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_list
tidy.metaparity_list <- function(x, conf.int = FALSE, exponentiate = FALSE, ...) {
  tidy_choices(conf.int, exponentiate, sys.call())
  frame <- as.data.frame(x)
  if (!"estimate" %in% names(frame)) return(tidy_table(term = rownames(frame), frame))
  tidy_frame(frame, rownames(frame), conf.int, exponentiate)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_regtest
tidy.metaparity_regtest <- function(x, ...) {
  tidy_table(term = paste("asymmetry:", x$predictor), statistic = x$zval, parameter = as.numeric(x$ddf %||% NA),
             p.value = x$pval, method = x$model, limit.estimate = as.numeric(x$est %||% NA))
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_ranktest
tidy.metaparity_ranktest <- function(x, ...) {
  tidy_table(term = "Kendall's tau", estimate = as.numeric(x$tau), p.value = x$pval, exact = x$exact)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_tes
tidy.metaparity_tes <- function(x, ...) {
  tidy_table(term = "excess significance", observed = x$O, expected = x$E, statistic = as.numeric(x$X2),
             p.value = x$pval,
             method = x$test)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_fsn
tidy.metaparity_fsn <- function(x, ...) {
  tidy_table(term = "fail-safe N", estimate = x$fsnum, alpha = x$alpha, p.value = x$pval, method = x$type)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_confint
tidy.metaparity_confint <- function(x, ...) {
  frame <- rbind(x$fixed, x$random)
  tidy_table(term = rownames(frame), estimate = frame[, "estimate"], conf.low = frame[, "ci.lb"],
             conf.high = frame[, "ci.ub"])
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_confint_list
tidy.metaparity_confint_list <- function(x, ...) {
  frame <- as.data.frame(x)
  tidy_table(term = rownames(frame), estimate = frame[, "estimate"], conf.low = frame[, "ci.lb"],
             conf.high = frame[, "ci.ub"])
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_ranef
tidy.metaparity_ranef <- function(x, ...) {
  frame <- as.data.frame(x)
  shown <- list(group = frame$term, level = frame$level, estimate = frame$intrcpt %||% frame$pred, std.error = frame$se,
                conf.low = frame$pi.lb, conf.high = frame$pi.ub)
  do.call(tidy_table, Filter(length, shown))
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_influence
tidy.metaparity_influence <- function(x, ...) {
  frame <- as.data.frame(x)
  frame$inf <- NULL
  tidy_table(term = rownames(frame), frame, influential = x$is.infl)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_permutest
tidy.metaparity_permutest <- function(x, conf.int = FALSE, exponentiate = FALSE, ...) {
  tidy_choices(conf.int, exponentiate, sys.call())
  frame <- data.frame(estimate = as.numeric(x$beta), se = x$se, zval = x$zval, pval = x$pval, ci.lb = x$ci.lb,
                      ci.ub = x$ci.ub)
  tidy_frame(frame, rownames(x$beta), conf.int, exponentiate)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::tidy metaparity_batch
tidy.metaparity_batch <- function(x, conf.int = FALSE, exponentiate = FALSE, ...) {
  tidy_choices(conf.int, exponentiate, sys.call())
  frame <- as.data.frame(x)
  if (!"estimate" %in% names(frame)) return(tidy_table(frame))
  out <- tidy_frame(frame, frame$outcome, conf.int, exponentiate)
  out$adj.p.value <- frame$padj
  out
}
