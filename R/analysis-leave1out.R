# leave1out(): the fit without each study, or each cluster of studies, in turn.

#' Leave-one-out analysis
#'
#' Repeats the analysis without each study (or each cluster of studies) in turn.
#'
#' @param x a result of [rma()], [rma.mh()] or [rma.peto()].
#' @param cluster groups of studies to be left out together, one element per row of the data.
#' @param digits number of decimals printed.
#' @param transf a function applied to estimates and interval ends, such as `exp`.
#' @param targs second argument of `transf`, see [transf].
#' @param progbar accepted for compatibility; the work is done before a bar could be drawn.
#' @param ... not used; anything here is an error.
#' @return An object of class `c("metaparity_leave1out", "metaparity_list", "list.rma")`: a list with `estimate`,
#'   `se`, `zval` (or `tval`), `pval`, `ci.lb`, `ci.ub`, `Q`, `Qp`, `tau2` (random effects), `I2`, `H2`, `slab`,
#'   `digits` and `transf`, one element per study left out. For a model with moderators, `estimate` to `ci.ub` are
#'   matrices with one column per coefficient.
#' @details Common-effect and DerSimonian-Laird analyses are updated in closed form; all others are
#' refitted, those of [rma.mh()] and [rma.peto()] by pooling the tables that are left; for them
#' `transf = TRUE` stands for `exp`. A fit that does not exist without a study (collinear moderators) gives a row of
#' `NA`, with a warning of class `metaparity_warning_input`.
#'
#' Errors are of class `metaparity_error_input` or `metaparity_error_studies`.
#' @section In other software: Stata: `metainf`, `metaninf`, `metan, influence`, `meta summarize, leaveoneout`.
#'   RevMan: by hand. \pkg{metafor}: `leave1out()`, for models without moderators.
#' @examples
#' d <- data.frame(est = c(-2.2, 0.22, -14.61, -0.88), se = c(1.45, 2.08, 2.74, 0.31))
#' leave1out(rma(est, sei = se, data = d))
#' @name leave1out
#' @export
#' @exportS3Method leave1out metaparity
#' @exportS3Method metafor::leave1out metaparity
leave1out.metaparity <- function(x, cluster, digits, transf, targs, progbar = FALSE, ...) {
  mc <- match.call()
  named_dots(character(), mc, ...)
  if (x$k < 2L) abort_input("x", "must have at least 2 studies", mc)
  groups <- deletion_groups(x, mc, parent.frame())
  table <- fits_without(x, groups, mc)
  out <- table[intersect(c("estimate", "se", "zval", "pval", "ci.lb", "ci.ub", "Q", "Qp", "tau2", "I2", "H2"),
                         names(table))]
  if (x$p > 1L) out[1:6] <- lapply(out[1:6], `colnames<-`, rownames(x$beta))
  finish_leave1out(out, x, groups, list_transform(mc, x, transf, targs), if (missing(digits)) x$digits else digits)
}

# `transf = TRUE` stands for exp() with ratio measures of pooled tables, as in metafor.
list_transform <- function(mc, x, transf, targs) {
  if (!missing(transf) && isTRUE(transf) && !inherits(x, "rma.uni")) {
    return(list(fun = if (x$measure %in% c("OR", "RR", "IRR", "PETO")) exp))
  }
  transform_spec(mc, transf, targs, x)
}

# index: number of the fit that leaves a used study out; labels: what it leaves out.
deletion_groups <- function(x, mc, env) {
  if (is.null(mc$cluster)) return(list(index = seq_len(sum(x$not.na)), labels = used_slab(x), single = TRUE))
  cluster <- as_used_rows(resolve_column(mc$cluster, x$data, env, "cluster", mc), x, "cluster", mc)
  if (anyNA(cluster)) abort_studies("cluster", which(is.na(cluster)), "must not be missing", mc)
  labels <- sort(unique(cluster[x$not.na]))
  if (length(labels) < 2L) abort_input("cluster", "must have at least 2 different values", mc)
  list(index = match(cluster[x$not.na], labels), labels = labels, single = FALSE, name = column_word(mc$cluster))
}

# The name of a column as it was given, bare or as part of a data frame; "" for what has none.
column_word <- function(given) {
  if (is.call(given) && identical(given[[1L]], as.name("$"))) given <- given[[3L]]
  if (is.name(given) || (is.character(given) && length(given) == 1L)) as.character(given) else ""
}

# A variable given for the rows of the data, brought to the rows that `subset` kept.
as_used_rows <- function(value, x, arg, call) {
  n <- length(x$not.na)
  if (!is.null(x$subset) && length(value) == length(x$subset)) return(value[x$subset])
  if (length(value) != n) {
    abort_input(arg, sprintf("must have one element for each of the %d rows, not %d", n, length(value)), call)
  }
  value
}

finish_leave1out <- function(out, x, groups, transform, digits) {
  out <- transform_rows(out, transform)
  if (x$test %in% c("t", "knha", "hksj", "adhoc")) names(out)[names(out) == "zval"] <- "tval"
  if (is.null(x$tau2.fix) || (x$method %in% common_methods && !x$tau2.fix)) out$tau2 <- NULL
  out$slab <- paste0("-", groups$labels)
  if (groups$single && keeps_missing() && !all(x$not.na)) out <- expand_missing(out, x$not.na, paste0("-", x$slab))
  out$digits <- expand_digits(digits)
  out$transf <- is.function(transform$fun)
  attr(out, "level") <- x$level
  attr(out, "measure") <- if (!out$transf) x$measure
  attr(out, "ni") <- x$ni
  attr(out, "left.out") <- groups$name
  if (out$transf) attr(out, "label") <- axis_label(x$measure, transform$fun)
  attr(out, "model") <- model_stub(x)
  attr(out, "unnamed") <- groups$single && isTRUE(x$slab.null)
  if (x$p == 1L) attr(out, "all") <- transform_rows(all_studies(x), transform)
  class(out) <- c("metaparity_leave1out", "metaparity_list", "list.rma")
  out
}

# The result with all studies, beside which a plot puts the others.
all_studies <- function(x) {
  list(estimate = as.numeric(x$beta), se = x$se, zval = x$zval, pval = x$pval, ci.lb = as.numeric(x$ci.lb),
       ci.ub = as.numeric(x$ci.ub), Q = x$QE, Qp = x$QEp, tau2 = if (is_random(x)) x$tau2, I2 = x$I2, H2 = x$H2,
       df = heterogeneity_df(x), tdf = x$ddf)
}

# What names the model of a result: a fit without its numbers.
model_stub <- function(x) {
  structure(list(method = x$method, measure = x$measure, tau2 = x$tau2),
            class = intersect(class(x), c("metaparity", "rma.uni", "rma.mh", "rma.peto", "rma")))
}

# Transformed estimates have no standard error; a falling function swaps the interval's ends.
transform_rows <- function(out, transform) {
  fun <- transform$fun
  if (is.null(fun)) return(out)
  for (name in c("estimate", "ci.lb", "ci.ub")) out[[name]][] <- fun(as.numeric(out[[name]]))
  out$se[] <- NA_real_
  lower <- pmin(out$ci.lb, out$ci.ub)
  out$ci.ub[] <- pmax(out$ci.lb, out$ci.ub)
  out$ci.lb[] <- lower
  out
}

#' @rdname leave1out
#' @export
leave1out <- function(x, ...) {
  if (is_foreign(x, "leave1out")) return(foreign_generic("leave1out", x)(x, ...))
  UseMethod("leave1out")
}
