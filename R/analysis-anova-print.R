# The printed tests, line by line as in metafor, and their tables.

#' @rdname anova.metaparity
#' @param x a result of `anova()`.
#' @export
print.metaparity_anova <- function(x, digits = x$digits, ...) {
  digits <- expand_digits(digits, x$digits, sys.call())
  x <- plain_test(x)
  cat_lines(switch(x$type, LRT = format_lrt(x, digits), Wald.Xb = format_combinations(x, digits),
                   format_wald(x, digits)))
  invisible(x)
}

# The names of a test of moderators also for one of a scale part.
plain_test <- function(x) {
  names(x) <- recoded(names(x), scale_test_names, names(scale_test_names))
  if (identical(x$part, "Scale")) x$type <- recoded(x$type, c("Wald.att", "Wald.Za"), c("Wald.btt", "Wald.Xb"))
  x
}

format_wald <- function(x, digits) {
  what <- if (is.null(x$part)) "Moderators" else paste(x$part, "Coefficients")
  join_blocks(c(sprintf("Test of %s (coefficient%s %s):", what, if (x$m == 1L) "" else "s", format_runs(x$btt)),
                format_tested_part(x, digits)))
}

# The statistic of the scale part of a location-scale model is called QS.
format_tested_part <- function(x, digits) {
  out <- format_omnibus(x, digits)
  if (identical(x$part, "Scale")) sub("^QM", "QS", out) else out
}

format_combinations <- function(x, digits) {
  hyp <- utils::capture.output(print(x$hyp))
  table <- as.data.frame(x)[-1L]
  rownames(table) <- rownames(x$hyp)
  join_blocks(
    paste0(c(paste0(translate(if (x$m == 1L) "Hypothesis:" else "Hypotheses:"), hyp[1L]), hyp[-1L]), " "),
    c("Results:", format_framed(format_tested(table, digits))),
    if (!is.na(x$QM)) c(if (x$m == 1L) "Test of Hypothesis:" else "Omnibus Test of Hypotheses:",
                        format_tested_part(x, digits)))
}

# Columns of a table of tests as text, with the marks of significance last.
format_tested <- function(table, digits) {
  kinds <- c(estimate = "est", se = "se", zval = "test", tval = "test", QM = "test", Fval = "test")
  out <- table
  for (name in intersect(names(kinds), names(table)))
    out[[name]] <- format_fixed(table[[name]], digits[[kinds[[name]]]])
  for (name in intersect(c("df", "df1", "df2"), names(table))) out[[name]] <- format(round(table[[name]], 2))
  out$pval <- format_p_value(table$pval, digits[["pval"]])
  if (isTRUE(getOption("show.signif.stars"))) {
    out$stars <- format_stars(table$pval)
    names(out)[length(out)] <- ""
  }
  out
}

# A data frame of text as R prints one, a blank after each line.
format_framed <- function(table) paste0(utils::capture.output(print(table, quote = FALSE, right = TRUE)), " ")

format_lrt <- function(x, digits) {
  table <- as.data.frame(x)
  kinds <- c(AIC = "fit", BIC = "fit", AICc = "fit", logLik = "fit", LRT = "test", QE = "test", `tau^2` = "var")
  for (name in intersect(names(kinds), names(table)))
    table[[name]] <- format_fixed(table[[name]], digits[[kinds[[name]]]])
  table$pval <- format_p_value(table$pval, digits[["pval"]])
  if (!is.null(table[["R^2"]])) table[["R^2"]] <- paste0(format_fixed(table[["R^2"]], digits[["het"]]), "%")
  table[1L, intersect(c("LRT", "pval", "R^2"), names(table))] <- ""
  join_blocks(format_framed(table))
}

#' @rdname anova.metaparity
#' @export
print.metaparity_anova_list <- function(x, digits = x[[1L]]$digits, ...) {
  digits <- expand_digits(digits, x[[1L]]$digits, sys.call())
  cat_lines(join_blocks(format_framed(format_tested(as.data.frame(x), digits))))
  invisible(x)
}

#' @rdname anova.metaparity
#' @export
as.data.frame.metaparity_anova <- function(x, ...) {
  x <- plain_test(x)
  switch(x$type,
    LRT = lrt_table(x),
    Wald.Xb = combination_table(x),
    data.frame(coefs = format_runs(x$btt), wald_columns(list(x))))
}

wald_columns <- function(tests) {
  stat <- vapply(tests, `[[`, 0, "QM")
  df <- vapply(tests, function(t) as.numeric(t$QMdf), numeric(2L))
  p <- vapply(tests, `[[`, 0, "QMp")
  if (is.na(df[2L, 1L])) return(data.frame(QM = stat, df = df[1L, ], pval = p))
  data.frame(Fval = stat, df1 = df[1L, ], df2 = df[2L, ], pval = p)
}

#' @rdname anova.metaparity
#' @export
as.data.frame.metaparity_anova_list <- function(x, ...) {
  x[] <- lapply(x, plain_test)
  coefs <- vapply(x, function(t) format_runs(t$btt), "", USE.NAMES = FALSE)
  out <- data.frame(coefs = coefs, wald_columns(x), row.names = NULL)
  if (all(names(x) == coefs)) out else data.frame(spec = names(x), out)
}

combination_table <- function(x) {
  t <- !is.na(x$ddf[1L])
  out <- data.frame(hyp = x$hyp[[1L]], estimate = as.numeric(x$Xb), se = as.numeric(x$se), zval = x$zval,
                    df = x$ddf, pval = x$pval, row.names = rownames(x$hyp))
  if (t) names(out)[4L] <- "tval" else out$df <- NULL
  out
}

lrt_table <- function(x) {
  pick <- function(name) c(x$fit.stats.f[[name]], x$fit.stats.r[[name]])
  columns <- list(df = c(x$parms.f, x$parms.r), AIC = pick("AIC"), BIC = pick("BIC"), AICc = pick("AICc"),
                  logLik = pick("ll"), LRT = c(NA, x$LRT), pval = c(NA, x$pval), QE = c(x$QE.f, x$QE.r),
                  `tau^2` = c(x$tau2.f, x$tau2.r), `R^2` = c(NA, x$R2))
  # A class of models may have no QE or several variances.
  out <- data.frame(columns[lengths(columns) == 2L], row.names = c("Full", "Reduced"), check.names = FALSE)
  none <- length(x$tau2.f) != 1L || is.na(x$tau2.f)
  if (x$method %in% common_methods || none) out[["tau^2"]] <- NULL
  if (none && isTRUE(is.na(x$R2)) || "rma.ls" %in% x$class.f) out[c("tau^2", "R^2")] <- NULL
  out
}
