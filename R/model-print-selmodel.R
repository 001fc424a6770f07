# How a selection model prints: the blocks of the model, and those of the selection. Oracle: what metafor prints.

#' @rdname print.metaparity_uni
#' @export
print.metaparity_selmodel <- function(x, digits, showfit = FALSE, signif.stars = getOption("show.signif.stars"),
                                      signif.legend = signif.stars, ...) {
  dots <- named_dots(c("legend", "num"), sys.call(), ...)
  digits <- merge_digits(x, digits)
  if (isTRUE(dots$num)) x <- numbered(x)
  stars <- isTRUE(signif.stars)
  cat_lines(join_blocks(
    format_model_title(x),
    if (check_flag(showfit, "showfit")) format_fit_stats(x, digits),
    format_heterogeneity(x, digits),
    format_heterogeneity_lrt(x, digits),
    format_moderator_test(x, digits),
    "Model Results:",
    format_coefficients(x, digits, stars),
    if (!is.na(x$LRT)) c("Test for Selection Model Parameters:", sprintf(
      "LRT(df = %d) = %s, %s", x$LRTdf, format_fixed(x$LRT, digits[["test"]]),
      format_p_equation(x$LRTp, digits[["pval"]]))),
    if (x$k0 > 0L) sprintf("Selection Model Results (k_subset = %d):", x$k1) else "Selection Model Results:",
    format_delta(x, digits, stars),
    if (stars && isTRUE(signif.legend)) format_signif_legend()))
  invisible(x)
}

format_heterogeneity_lrt <- function(x, digits) {
  if (is.na(x$LRT.tau2)) return(NULL)
  c(if (x$int.only) "Test for Heterogeneity:" else "Test for Residual Heterogeneity:",
    sprintf("LRT(df = 1) = %s, %s", format_fixed(x$LRT.tau2, digits[["test"]]),
            format_p_equation(x$LRTp.tau2, digits[["pval"]])))
}

format_delta <- function(x, digits, stars) {
  out <- cbind(k = if (x$type == "stepfun") as.character(x$ptable$k),
               estimate = format_fixed(x$delta, digits[["est"]]), se = format_fixed(x$se.delta, digits[["se"]]),
               zval = format_fixed(x$zval.delta, digits[["test"]]),
                 pval = format_p_value(x$pval.delta, digits[["pval"]]),
               ci.lb = format_fixed(x$ci.lb.delta, digits[["ci"]]), ci.ub = format_fixed(x$ci.ub.delta, digits[["ci"]]),
               if (stars) format_stars(x$pval.delta))
  if (stars) out[is.na(x$pval.delta), ncol(out)] <- ""
  out[x$delta.fix, c("se", "zval", "pval", "ci.lb", "ci.ub")] <- "---"
  rownames(out) <- if (x$type == "stepfun") rownames(x$ptable) else delta_names(x)
  format_text_table(out, label = nrow(out) > 1L)
}
