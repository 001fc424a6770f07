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

# `transf = TRUE` stands for exp() with ratio measures, as in metafor.
pooled_transform <- function(mc, x, transf, targs) {
  if (!missing(transf) && isTRUE(transf)) {
    return(list(fun = if (x$measure %in% c("OR", "RR", "IRR", "PETO")) exp))
  }
  transform_spec(mc, transf, targs, x)
}
