# How a model of diagnostic accuracy prints: variances between studies, coefficients, summary point, HSROC.

#' @rdname print.metaparity_uni
#' @export
print.metaparity_dta <- function(x, digits, showfit = FALSE, signif.stars = getOption("show.signif.stars"),
                                 signif.legend = signif.stars, ...) {
  named_dots("legend", sys.call(), ...)
  digits <- merge_digits(x, digits)
  stars <- isTRUE(signif.stars)
  cat_lines(join_blocks(
    sprintf("Bivariate Model of Diagnostic Test Accuracy (k = %d; method: ML)", x$k),
    if (check_flag(showfit, "showfit")) format_fit_stats(x, digits),
    format_dta_spread(x, digits),
    format_dta_test(x, digits),
    "Model Results (logit scale):",
    format_text_table(coefficient_cells(x, digits, stars)),
    if (stars && isTRUE(signif.legend)) format_signif_legend(),
    if (!is.null(x$summary)) format_dta_tables(x, digits)))
  invisible(x)
}

format_dta_spread <- function(x, digits) {
  if (x$spec$struct == "NONE") return("Variances between Studies: none")
  d <- digits[["var"]]
  edge <- function(value) if (isTRUE(x$at.edge) && any(abs(value - c(-1, 0, 1)) < 1e-6, na.rm = TRUE)) " (edge)" else ""
  out <- cbind(estim = c(format_fixed(x$tau2, d), paste0(format_fixed(x$rho, d), edge(x$rho))),
               sqrt = c(format_fixed(sqrt(x$tau2), d), ""))
  rownames(out) <- pad_names(c("tau^2.sens", "tau^2.spec", "rho"), 10L)
  c("Variances between Studies:", "", format_text_table(out))
}

# Against the model without heterogeneity, whose parameters lie at an edge: the p-value is a conservative one.
format_dta_test <- function(x, digits) {
  if (x$spec$struct == "NONE") return(NULL)
  df <- c(UN = 3L, DIAG = 2L, SHARED = 1L)[[x$spec$struct]]
  lrt <- max(0, 2 * (x$ll - x$ll.common))
  c("Test for Heterogeneity:", sprintf("LRT(df = %d) = %s, %s", df, format_fixed(lrt, digits[["test"]]),
                                       format_p_equation(upper_p(lrt, df), digits[["pval"]])))
}

format_dta_tables <- function(x, digits) {
  table <- function(rows) {
    part <- x$summary[rows, , drop = FALSE]
    rownames(part) <- pad_names(rows, 7L)
    out <- cbind(estimate = format_fixed(part[, 1L], digits[["est"]]), se = format_fixed(part[, 2L], digits[["se"]]),
                 ci.lb = format_fixed(part[, 3L], digits[["ci"]]), ci.ub = format_fixed(part[, 4L], digits[["ci"]]))
    rownames(out) <- rownames(part)
    format_text_table(out)
  }
  c("Summary Point:", "", table(c("sens", "spec", "DOR", "LR+", "LR-")),
    if (is.finite(x$summary["Lambda", 1L])) {
      c("", "Hierarchical Summary ROC Curve:", "", table(c("Lambda", "Theta", "beta", "s2alpha", "s2theta", "AUC")))
    })
}
