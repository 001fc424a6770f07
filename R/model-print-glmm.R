# How a mixed model of counts prints. Oracle: what metafor prints.

#' @rdname print.metaparity_uni
#' @export
print.metaparity_glmm <- function(x, digits, showfit = FALSE, signif.stars = getOption("show.signif.stars"),
                                  signif.legend = signif.stars, ...) {
  dots <- named_dots(c("legend", "num"), sys.call(), ...)
  digits <- merge_digits(x, digits)
  if (isTRUE(dots$num)) x <- numbered(x)
  stars <- isTRUE(signif.stars)
  shown <- x
  if (!x$spec$random) shown$I2 <- shown$H2 <- NA_real_
  # The layout has a standard error of tau2 for the exact conditional likelihood alone; the object has one always.
  if (x$model != "CM.EL" || x$measure != "OR") shown$se.tau2 <- NA_real_
  cat_lines(join_blocks(
    c(format_model_title(x), if (x$measure %in% c("OR", "IRR")) paste("Model Type:", glmm_titles[[x$model]])),
    if (check_flag(showfit, "showfit")) format_fit_stats(x, digits),
    format_heterogeneity(shown, digits),
    format_level_variance(x, digits),
    format_glmm_tests(x, digits),
    format_moderator_test(x, digits),
    "Model Results:",
    format_coefficients(x, digits, stars),
    if (stars && isTRUE(signif.legend)) format_signif_legend()))
  invisible(x)
}

glmm_titles <- c(UM.FS = "Unconditional Model with Fixed Study Effects",
                 UM.RS = "Unconditional Model with Random Study Effects",
                 CM.AL = "Conditional Model with Approximate Likelihood",
                 CM.EL = "Conditional Model with Exact Likelihood")

format_level_variance <- function(x, digits) {
  if (is.na(x$sigma2)) return(NULL)
  labels <- c("sigma^2 (estimated amount of study level variability)", "sigma (square root of estimated sigma^2 value)")
  values <- c(x$sigma2, sqrt(x$sigma2))
  format_labelled(labels, vapply(values, format_variance, "", digits = digits[["var"]]))
}

format_glmm_tests <- function(x, digits) {
  if (is.na(x$QE.Wld) && is.na(x$QE.LRT)) return(NULL)
  line <- function(name, stat, p) {
    sprintf("%s(df = %d) = %s, %s", name, as.integer(x$QE.df), format_fixed(stat, digits[["test"]]),
            format_p_equation(p, digits[["pval"]]))
  }
  c(if (x$int.only) "Tests for Heterogeneity:" else "Tests for Residual Heterogeneity:",
    line("Wld", x$QE.Wld, x$QEp.Wld), line("LRT", x$QE.LRT, x$QEp.LRT))
}
