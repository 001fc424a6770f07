# Residuals and weights of Mantel-Haenszel and Peto fits: against the pooled estimate of all, or of the other, studies.

#' @rdname rma-residuals
#' @export
rstandard.metaparity_mh <- function(model, digits, type = "marginal", ...) {
  check_choice(type, c("marginal", "conditional"), "type", sys.call())
  resid <- pooled_deviation(model)
  pooled_list(model, resid, sqrt(model$vi.f), digits)
}

#' @rdname rma-residuals
#' @export
rstandard.metaparity_peto <- rstandard.metaparity_mh

#' @rdname rma-residuals
#' @export
rstudent.metaparity_mh <- function(model, digits, progbar = FALSE, ...) {
  named_dots(character(), sys.call(), ...)
  out <- deleted_deviation(model, sys.call())
  pooled_list(model, out$resid, out$se, digits)
}

#' @rdname rma-residuals
#' @export
rstudent.metaparity_peto <- rstudent.metaparity_mh

pooled_deviation <- function(x) as.numeric(x$yi.f) - as.numeric(x$beta)

# Against the estimate without the study, whose variance adds to that of the study; all rows of the data.
deleted_deviation <- function(x, call) {
  used <- which(x$not.na)
  without <- pool_subsets(x, lapply(seq_along(used), function(i) used[-i]), x$slab[used], call)
  estimate <- se <- rep(NA_real_, length(x$not.na))
  estimate[used] <- without$estimate
  se[used] <- without$se
  list(resid = as.numeric(x$yi.f) - estimate, se = sqrt(x$vi.f + se^2))
}

# All rows, or those that have an effect of their own.
pooled_shown <- function(x) {
  has <- x$not.na.yivi
  if (!all(has) && identical(getOption("na.action"), "na.fail")) {
    abort_studies("object", which(!has), "has studies left out, and na.action is \"na.fail\"", sys.call(-2L))
  }
  if (keeps_missing()) seq_along(has) else which(has)
}

pooled_list <- function(x, resid, se, digits) {
  rows <- pooled_shown(x)
  resid <- resid[rows]
  se <- se[rows]
  structure(list(resid = resid, se = se, z = resid / se, slab = x$slab[rows], digits = merge_digits(x, digits)),
            class = c("metaparity_list", "list.rma"))
}

#' @rdname rma-residuals
#' @export
residuals.metaparity_mh <- function(object, type = "response", ...) {
  x <- object
  call <- sys.call()
  refuse_deviance(type, call)
  type <- check_choice(type, c("response", "rstandard", "rstudent", "pearson", "cholesky"), "type", call)
  if (type == "cholesky") abort_input("type", "\"cholesky\" is for fits of rma()", call)
  rows <- pooled_shown(x)
  # Studies that are pooled without an effect of their own have a missing residual.
  if (type == "response" && !keeps_missing()) rows <- which(x$not.na)
  out <- switch(type,
    response = pooled_deviation(x)[rows],
    rstudent = do.call(`/`, unname(lapply(deleted_deviation(x, call), `[`, rows))),
    (pooled_deviation(x) / sqrt(x$vi.f))[rows])
  stats::setNames(out, x$slab[rows])
}

#' @rdname rma-residuals
#' @export
residuals.metaparity_peto <- residuals.metaparity_mh

#' @rdname rma-residuals
#' @export
weights.metaparity_mh <- function(object, type = "diagonal", ...) {
  type <- check_choice(type, c("diagonal", "matrix"), "type", sys.call())
  w <- as.numeric(object$weights)
  if (type == "diagonal") by_study(100 * (w / sum(w)), object) else square(diag(w, nrow = length(w)), object)
}

#' @rdname rma-residuals
#' @export
weights.metaparity_peto <- weights.metaparity_mh

# One core call per subset of rows; the columns of the result in the order of metafor's.
pool_subsets <- function(x, rows, labels, call) {
  rules <- x$spec
  effects <- effect_rules(rules)
  pooling <- pool_rules(rules, rules$level)
  tables <- lapply(x$outdat.f, as.double)
  fits <- lapply(rows, function(keep) {
    raw <- lapply(tables, `[`, keep)
    if (inherits(x, "metaparity_peto")) return(call_core(cpp_peto(raw, effects, pooling)))
    pool <- if (x$measure %in% c("IRR", "IRD")) cpp_mh_rates else cpp_mh
    pool(raw, x$measure, effects, pooling)
  })
  failed <- vapply(fits, inherits, NA, "metaparity_core_error")
  number <- function(name) vapply(fits, function(f) if (is.null(f$numbers)) NA_real_ else f$numbers[[name]], 0)
  failed <- failed | is.na(number("beta"))
  warn_failed(which(failed), labels, call)
  k <- vapply(fits, function(f) if (is.null(f$counts)) NA_integer_ else f$counts$k, 0L)
  list(k = k, estimate = number("beta"), se = number("se"), zval = number("zval"), pval = number("pval"),
       ci.lb = number("ci.lb"), ci.ub = number("ci.ub"), Q = number("QE"), Qp = number("QEp"), I2 = number("I2"),
       H2 = number("H2"))
}

warn_failed <- function(failed, labels, call) {
  if (length(failed) == 0L) return(invisible())
  warn_input("x", sprintf("has no fit without %s: NA is given", paste(labels[failed], collapse = ", ")), call)
}
