# The printed form of Mantel-Haenszel and Peto fits, line by line as in metafor.

#' @rdname print.metaparity_uni
#' @export
print.metaparity_mh <- function(x, digits, showfit = FALSE, ...) {
  cat_lines(format_pooled_fit(x, merge_digits(x, digits), showfit))
  invisible(x)
}

#' @rdname print.metaparity_uni
#' @export
print.metaparity_peto <- print.metaparity_mh

format_pooled_fit <- function(x, digits, showfit = FALSE) {
  ratio <- is_log_measure(x$measure)
  scale <- if (x$measure == "PETO") "OR" else x$measure
  join_blocks(
    sprintf("Equal-Effects Model (k = %d)", x$k),
    if (check_flag(showfit, "showfit")) format_fit_stats(x, digits),
    format_pooled_heterogeneity(x),
    format_pooled_q(x, digits),
    if (ratio) "Model Results (log scale):" else "Model Results:",
    format_pooled_row(x, digits),
    if (ratio) sprintf("Model Results (%s scale):", scale),
    if (ratio) format_natural_row(x, digits),
    format_mh_tests(x, digits))
}

format_pooled_heterogeneity <- function(x) {
  if (is.na(x$QE)) return(NULL)
  format_labelled(c("I^2 (total heterogeneity / total variability)", "H^2 (total variability / sampling variability)"),
                  c(paste0(format_fixed(x$I2, 2L), "%"), format_fixed(x$H2, 2L)))[!is.na(c(x$I2, x$H2))]
}

format_pooled_q <- function(x, digits) {
  if (is.na(x$QE)) return(NULL)
  c("Test for Heterogeneity: ",
    sprintf("Q(df = %d) = %s, %s", heterogeneity_df(x), format_fixed(x$QE, digits[["test"]]),
            format_p_equation(x$QEp, digits[["pval"]])))
}

# A row of text under its names, without row labels.
format_named_row <- function(values) format_text_table(t(values), label = FALSE)

format_pooled_row <- function(x, digits) {
  format_named_row(c(estimate = format_fixed(x$beta[[1L]], digits[["est"]]), se = format_fixed(x$se, digits[["se"]]),
                     zval = format_fixed(x$zval, digits[["test"]]), pval = format_p_value(x$pval, digits[["pval"]]),
                     ci.lb = format_fixed(x$ci.lb, digits[["ci"]]), ci.ub = format_fixed(x$ci.ub, digits[["ci"]])))
}

format_natural_row <- function(x, digits) {
  format_named_row(c(estimate = format_fixed(exp(x$beta[[1L]]), digits[["est"]]),
                     ci.lb = format_fixed(exp(x$ci.lb), digits[["ci"]]),
                     ci.ub = format_fixed(exp(x$ci.ub), digits[["ci"]])))
}

format_mh_tests <- function(x, digits) {
  if (x$measure == "IRR") {
    return(format_labelled("Mantel-Haenszel Test", sprintf("MH = %s, df = 1, %s", format_fixed(x$MH, digits[["test"]]),
                                                           format_p_equation(x$MHp, digits[["pval"]]))))
  }
  if (x$measure != "OR") return(NULL)
  stat <- format_fixed(c(x$MH, x$TA), digits[["test"]])
  df <- paste0(c(1L, x$k.pos - 1L), ",")
  p <- c(format_p_equation(x$MHp, digits[["pval"]], zero = TRUE),
         format_p_equation(x$TAp, digits[["pval"]], zero = TRUE))
  format_labelled(c("Cochran-Mantel-Haenszel Test", "Tarone's Test for Heterogeneity"),
                  sprintf("%s = %s, df = %s %s", c("CMH", "X^2"), sprintf("%*s", max(nchar(stat)), stat),
                          sprintf("%-*s", df_width(x), df), p))
}

# The first line is padded by the digits of k.pos itself, not of k.pos - 1.
df_width <- function(x) c(nchar(x$k.pos), 1L) + 1L
