# The printed form of Mantel-Haenszel and Peto fits, line by line as in metafor.

#' Print a Mantel-Haenszel or Peto fit
#'
#' @param x a result of [rma.mh()] or [rma.peto()].
#' @param digits decimals: one number, or a vector with names.
#' @param showfit are log-likelihood and information criteria shown?
#' @param ... not used.
#' @return `x`, invisibly.
#' @details A wrong `digits` is an error of class `metaparity_error_input`.
#' @section In other software: the layout is that of \pkg{metafor}.
#' @references Mantel N, Haenszel W (1959) Journal of the National Cancer Institute 22:719-748.
#' @examples
#' print(rma.mh(ai = c(4, 6), bi = c(119, 300), ci = c(11, 29), di = c(128, 274)), digits = 2)
#' @name print-mh
NULL

#' @rdname print-mh
#' @export
print.metaparity_mh <- function(x, digits, showfit = FALSE, ...) {
  digits <- expand_digits(if (missing(digits)) NULL else digits, x$digits, sys.call())
  cat(c(format_common_fit(x, digits, showfit), format_mh_tests(x, digits)), sep = "\n")
  invisible(x)
}

#' @rdname print-mh
#' @export
print.metaparity_peto <- function(x, digits, showfit = FALSE, ...) {
  digits <- expand_digits(if (missing(digits)) NULL else digits, x$digits, sys.call())
  cat(format_common_fit(x, digits, showfit), sep = "\n")
  invisible(x)
}

format_common_fit <- function(x, digits, showfit) {
  ratio <- is_log_measure(x$measure)
  scale <- if (x$measure == "PETO") "OR" else x$measure
  c("", sprintf("Equal-Effects Model (k = %d)", x$k), "",
    if (showfit) c(format_fit_line(x$fit.stats, digits), ""),
    format_common_heterogeneity(x, digits),
    if (ratio) "Model Results (log scale):" else "Model Results:", "", format_pooled(x, digits), "",
    if (ratio) c(sprintf("Model Results (%s scale):", scale), "", format_natural(x, digits), ""))
}

fixed <- function(value, digits) {
  out <- formatC(value, digits = digits, format = "f")
  out[is.na(value)] <- "NA"
  out
}

# "< .0001" or "= 0.0123"; zero: keep the 0 before the point of a limit.
p_text <- function(p, digits, zero = FALSE) {
  limit <- 10^-digits
  if (!is.na(p) && p < limit) {
    text <- fixed(limit, digits)
    return(paste("<", if (zero) text else sub("^0", "", text)))
  }
  paste("=", fixed(p, digits))
}

format_common_heterogeneity <- function(x, digits) {
  if (is.na(x$QE)) return(NULL)
  c(sprintf("I^2 (total heterogeneity / total variability):  %s%%", fixed(x$I2, 2)),
    sprintf("H^2 (total variability / sampling variability): %s", fixed(x$H2, 2)), "",
    "Test for Heterogeneity: ",
    sprintf("Q(df = %d) = %s, p-val %s", q_df(x), fixed(x$QE, digits[["test"]]), p_text(x$QEp, digits[["pval"]])), "")
}

q_df <- function(x) {
  k <- if (inherits(x, "metaparity_peto")) x$k.pos else x$k.yi
  max(k - 1L, 0L)
}

table_lines <- function(values) {
  width <- pmax(nchar(names(values)), nchar(values))
  c(paste0(paste(sprintf("%*s", width, names(values)), collapse = "  "), " "),
    paste0(paste(sprintf("%*s", width, values), collapse = "  "), " "))
}

format_pooled <- function(x, digits) {
  p <- fixed(x$pval, digits[["pval"]])
  if (!is.na(x$pval) && x$pval < 10^-digits[["pval"]]) p <- sub("< ", "<", p_text(x$pval, digits[["pval"]]), fixed = TRUE)
  table_lines(c(estimate = fixed(x$beta[[1L]], digits[["est"]]), se = fixed(x$se, digits[["se"]]),
                zval = fixed(x$zval, digits[["test"]]), pval = p, ci.lb = fixed(x$ci.lb, digits[["ci"]]),
                ci.ub = fixed(x$ci.ub, digits[["ci"]])))
}

format_natural <- function(x, digits) {
  table_lines(c(estimate = fixed(exp(x$beta[[1L]]), digits[["est"]]), ci.lb = fixed(exp(x$ci.lb), digits[["ci"]]),
                ci.ub = fixed(exp(x$ci.ub), digits[["ci"]])))
}

format_fit_line <- function(stats, digits) {
  values <- fixed(stats[["ML"]], digits[["fit"]])
  names(values) <- c("logLik", "deviance", "AIC", "BIC", "AICc")
  paste0(table_lines(values), "  ")
}

# The first line is padded by the digits of k.pos itself, not of k.pos - 1.
df_width <- function(x) c(nchar(x$k.pos), 1L) + 1L

format_mh_tests <- function(x, digits) {
  if (x$measure == "IRR") {
    return(c(sprintf("Mantel-Haenszel Test: MH = %s, df = 1, p-val %s", fixed(x$MH, digits[["test"]]),
                     p_text(x$MHp, digits[["pval"]])), ""))
  }
  if (x$measure != "OR") return(NULL)
  stat <- fixed(c(x$MH, x$TA), digits[["test"]])
  df <- paste0(c(1L, x$k.pos - 1L), ",")
  p <- c(p_text(x$MHp, digits[["pval"]], TRUE), p_text(x$TAp, digits[["pval"]], TRUE))
  c(sprintf("%s %s = %s, df = %s p-val %s", c("Cochran-Mantel-Haenszel Test:   ", "Tarone's Test for Heterogeneity:"),
            c("CMH", "X^2"), sprintf("%*s", max(nchar(stat)), stat), sprintf("%-*s", df_width(x), df), p), "")
}
