# How a subgroup analysis prints: pooled results, heterogeneity, and the test between groups.

#' @rdname metaparity_subgroup
#' @export
print.metaparity_subgroup <- function(x, digits, signif.stars = getOption("show.signif.stars"),
                                      signif.legend = signif.stars, ...) {
  cat_lines(format_subgroup(x, merge_digits(x, digits), isTRUE(signif.stars), isTRUE(signif.legend)))
  invisible(x)
}

#' @rdname metaparity_subgroup
#' @export
summary.metaparity_subgroup <- function(object, digits, ...) {
  if (!missing(digits)) object$digits <- merge_digits(object, digits)
  class(object) <- c("summary.metaparity_subgroup", class(object))
  object
}

#' @rdname metaparity_subgroup
#' @export
print.summary.metaparity_subgroup <- function(x, digits, showfit = TRUE, ...) {
  digits <- merge_digits(x, digits)
  print.metaparity_subgroup(x, digits, ...)
  fits <- all_fits(x)
  for (name in names(fits)) {
    title <- if (name == "overall") "All studies" else sprintf("%s = %s", x$by_name, name)
    cat_lines(c(strrep("-", nchar(title, type = "width")), title))
    print(fits[[name]], digits = digits, showfit = showfit, ...)
  }
  invisible(x)
}

format_subgroup <- function(x, digits, stars, legend) {
  join_blocks(
    c(format_model_title(x$overall), sprintf("Subgroups by %s: %d", x$by_name, length(x$groups))),
    "Heterogeneity:",
    format_group_heterogeneity(x, digits),
    format_between(x$between, digits),
    "Model Results:",
    format_group_results(x, digits, stars),
    if (stars && legend) format_signif_legend())
}

format_between <- function(between, digits) {
  if (is.na(between$Q)) return(c("Test for Subgroup Differences:", "not available: a standard error is 0 or missing"))
  c("Test for Subgroup Differences:",
    sprintf("Q(df = %d) = %s, %s", between$df, format_fixed(between$Q, digits[["test"]]),
            format_p_equation(between$pval, digits[["pval"]])))
}

format_group_results <- function(x, digits, stars) {
  d <- as.data.frame(x)
  out <- cbind(k = d$k, estimate = format_fixed(d$estimate, digits[["est"]]), se = format_fixed(d$se, digits[["se"]]),
               format_fixed(d$zval, digits[["test"]]), pval = format_p_value(d$pval, digits[["pval"]]),
               ci.lb = format_fixed(d$ci.lb, digits[["ci"]]), ci.ub = format_fixed(d$ci.ub, digits[["ci"]]),
               if (stars) format_stars(d$pval))
  colnames(out)[4L] <- if (x$overall$test == "z") "zval" else "tval"
  rownames(out) <- d$group
  format_text_table(out)
}

format_group_heterogeneity <- function(x, digits) {
  d <- as.data.frame(x)
  out <- cbind(k = d$k, "tau^2" = vapply(d$tau2, format_variance, "", digits = digits[["var"]]),
               "I^2" = paste0(format_fixed(d$I2, 2L), "%"), "H^2" = format_fixed(d$H2, 2L),
               Q = format_fixed(d$QE, digits[["test"]]), df = d$k - 1L,
               "p-val" = format_p_value(d$QEp, digits[["pval"]]))
  if (x$method %in% common_methods) out <- out[, colnames(out) != "tau^2", drop = FALSE]
  rownames(out) <- d$group
  format_text_table(out)
}
