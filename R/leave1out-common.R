# leave1out() and cumul() of Mantel-Haenszel and Peto fits: each row pools the tables that are left.

#' @rdname leave1out
#' @exportS3Method leave1out metaparity_mh
#' @exportS3Method metafor::leave1out metaparity_mh
leave1out.metaparity_mh <- function(x, cluster, digits, transf, targs, progbar = FALSE, ...) {
  mc <- match.call()
  named_dots(character(), mc, ...)
  if (x$k < 2L) abort_input("x", "must have at least 2 studies", mc)
  groups <- deletion_groups(x, mc, parent.frame())
  used <- which(x$not.na)
  rows <- lapply(seq_along(groups$labels), function(i) used[groups$index != i])
  out <- pool_subsets(x, rows, groups$labels, mc)
  out$k <- NULL
  finish_leave1out(out, x, groups, pooled_transform(mc, x, transf, targs), if (missing(digits)) x$digits else digits)
}

#' @rdname leave1out
#' @exportS3Method leave1out metaparity_peto
#' @exportS3Method metafor::leave1out metaparity_peto
leave1out.metaparity_peto <- leave1out.metaparity_mh

#' @rdname cumul
#' @exportS3Method cumul metaparity_mh
#' @exportS3Method metafor::cumul metaparity_mh
cumul.metaparity_mh <- function(x, order, digits, transf, targs, collapse = FALSE, progbar = FALSE, ...) {
  mc <- match.call()
  dots <- named_dots("decreasing", mc, ...)
  collapse <- check_flag(collapse, "collapse", mc)
  plan <- entry_plan(x, mc, parent.frame(), collapse, isTRUE(dots$decreasing))
  out <- pool_subsets(x, lapply(plan$ends, function(end) plan$rows[seq_len(end)]), plan$labels, mc)
  finish_cumul(out, x, plan, pooled_transform(mc, x, transf, targs), if (missing(digits)) x$digits else digits)
}

#' @rdname cumul
#' @exportS3Method cumul metaparity_peto
#' @exportS3Method metafor::cumul metaparity_peto
cumul.metaparity_peto <- cumul.metaparity_mh

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
  numbers <- vapply(fits, function(f) if (is.null(f$numbers)) rep(NA_real_, 10L) else f$numbers, numeric(10L))
  failed <- failed | is.na(numbers[1L, ])
  warn_failed(which(failed), labels, call)
  k <- vapply(fits, function(f) if (is.null(f$counts)) NA_integer_ else f$counts[1L], 0L)
  list(k = k, estimate = numbers[1L, ], se = numbers[2L, ], zval = numbers[3L, ], pval = numbers[4L, ],
       ci.lb = numbers[5L, ], ci.ub = numbers[6L, ], Q = numbers[9L, ], Qp = numbers[10L, ], I2 = numbers[7L, ],
       H2 = numbers[8L, ])
}

# `transf = TRUE` stands for exp() with ratio measures, as in metafor.
pooled_transform <- function(mc, x, transf, targs) {
  if (!missing(transf) && isTRUE(transf)) {
    return(list(fun = if (x$measure %in% c("OR", "RR", "IRR", "PETO")) exp))
  }
  transform_spec(mc, transf, targs, x)
}
