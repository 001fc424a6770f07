# cumul(): the fits of the first 1, 2, ... studies in a given order.

#' Cumulative meta-analysis
#'
#' Repeats the analysis, adding one study at a time.
#'
#' @inheritParams leave1out
#' @param order a variable by which the studies enter (a column of the data or a vector, one element per
#'   row); by default the order of the data.
#' @param collapse whether studies with the same value of `order` enter together.
#' @param ... `decreasing = TRUE` reverses the order.
#' @return An object of class `c("metaparity_cumul", "metaparity_list", "list.rma", "cumul.rma")`: a list with `k`,
#'   `estimate`, `se`, `zval` (or `tval`), `pval`, `ci.lb`, `ci.ub`, `Q`, `Qp`, `tau2` (random effects), `I2`, `H2`,
#'   `slab`, `ids`, `data`, `slab.null`, `order`, `digits`, `transf`, `level`, `test` and `measure`.
#' @details The first row is a single study: its own estimate with a normal test. Rows whose `order` is
#' missing do not enter.
#'
#' Errors are of class `metaparity_error_input` or `metaparity_error_studies`.
#' @section In other software: Stata: `metacum`, `metan, cumulative`, `meta summarize, cumulative()`. RevMan: none.
#'   \pkg{metafor}: `cumul()`.
#' @references Lau, J., Antman, E. M., Jimenez-Silva, J., Kupelnick, B., Mosteller, F. and Chalmers, T. C. (1992).
#'   Cumulative meta-analysis of therapeutic trials for myocardial infarction. *New England Journal of
#'   Medicine*, 327, 248-254.
#' @examples
#' d <- data.frame(est = c(-2.2, 0.22, -14.61, -0.88), se = c(1.45, 2.08, 2.74, 0.31),
#'                 year = c(2003, 2001, 2002, 2004))
#' cumul(rma(est, sei = se, data = d), order = year)
#' @name cumul
#' @export
#' @exportS3Method cumul metaparity
#' @exportS3Method metafor::cumul metaparity
cumul.metaparity <- function(x, order, digits, transf, targs, collapse = FALSE, progbar = FALSE, ...) {
  mc <- match.call()
  dots <- named_dots("decreasing", mc, ...)
  if (!x$int.only) abort_input("x", "must be a model without moderators", mc)
  collapse <- check_flag(collapse, "collapse", mc)
  plan <- entry_plan(x, mc, parent.frame(), collapse, isTRUE(dots$decreasing))
  table <- fits_of_first(x, plan, mc)
  fields <- c("k", "estimate", "se", "zval", "pval", "ci.lb", "ci.ub", "Q", "Qp", "tau2", "I2", "H2")
  finish_cumul(table[intersect(fields, names(table))], x, plan, list_transform(mc, x, transf, targs),
               if (missing(digits)) x$digits else digits)
}

# shown: rows of the data in the order of the result; rows: those that enter a fit; ends: how many
# of them are in each fit.
entry_plan <- function(x, mc, env, collapse, decreasing) {
  if (is.null(mc$order)) {
    by <- seq_along(x$yi.f)
    collapse <- FALSE
  } else {
    if (is.call(mc$order) && identical(mc$order[[1L]], quote(order))) {
      warn_input("order", "should be the variable to order by, not the result of order()", mc)
    }
    by <- as_used_rows(resolve_column(mc$order, x$data, env, "order", mc), x, "order", mc)
  }
  entry <- order(by, decreasing = decreasing, na.last = NA)
  shown <- if (collapse || keeps_missing()) entry else entry[x$not.na[entry]]
  rows <- entry[x$not.na[entry]]
  if (length(rows) == 0L) abort_input("order", "is missing for every study", mc)
  if (!collapse) {
    ends <- seq_along(rows)
    return(list(shown = shown, rows = rows, ends = ends, by = by[shown], labels = x$slab[rows], collapse = FALSE))
  }
  values <- unique(by[rows])
  ends <- length(rows) + 1L - match(values, rev(by[rows]))
  list(shown = rows, rows = rows, ends = ends, by = values, labels = values, collapse = TRUE)
}

finish_cumul <- function(out, x, plan, transform, digits) {
  out <- transform_rows(out, transform)
  if (x$test %in% c("t", "knha", "hksj", "adhoc")) names(out)[names(out) == "zval"] <- "tval"
  if (is.null(x$tau2.fix) || (x$method %in% common_methods && !x$tau2.fix)) out$tau2 <- NULL
  used <- x$not.na[plan$shown]
  if (!plan$collapse && !all(used)) out <- expand_missing(out, used, NULL)
  if (plan$collapse) {
    out$slab <- plan$by
    out$slab.null <- FALSE
  } else {
    out$slab <- x$slab[plan$shown]
    out$ids <- x$ids[plan$shown]
    out$data <- entry_data(x, plan$shown)
    out$slab.null <- x$slab.null
  }
  out$order <- plan$by
  out$digits <- expand_digits(digits)
  out$transf <- is.function(transform$fun)
  out$level <- x$level
  out$test <- x$test
  if (!out$transf) {
    out$measure <- x$measure
    attr(out$estimate, "measure") <- x$measure
  } else {
    attr(out, "label") <- axis_label(x$measure, transform$fun)
  }
  attr(out, "ni") <- x$ni
  attr(out, "model") <- model_stub(x)
  fewer <- x$k - max(out$k, na.rm = TRUE)
  attr(out, "df") <- heterogeneity_df(x) - fewer
  attr(out, "tdf") <- if (!is.null(x$ddf)) x$ddf - fewer
  class(out) <- c("metaparity_cumul", "metaparity_list", "list.rma", "cumul.rma")
  out
}

entry_data <- function(x, shown) {
  data <- x$data
  if (!is.data.frame(data)) return(NULL)
  rows <- if (is.null(x$subset)) shown else which(x$subset)[shown]
  if (nrow(data) < max(rows)) NULL else data[rows, , drop = FALSE]
}

#' @rdname cumul
#' @export
cumul <- function(x, ...) {
  if (is_foreign(x, "cumul")) return(foreign_generic("cumul", x)(x, ...))
  UseMethod("cumul")
}
