# Owns tables of a document for tests and diagnostics whose results are single numbers: vif(), fsn(), tes(), hettest(),
# hc().

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_vif <- function(x, options = NULL, ...) knit_result(x, vif_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_fsn <- function(x, options = NULL, ...) knit_result(x, fsn_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_tes <- function(x, options = NULL, ...) knit_result(x, tes_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_hettest <- function(x, options = NULL, ...) knit_result(x, hettest_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_hc <- function(x, options = NULL, ...) knit_result(x, hc_document, options, ...)

vif_document <- function(x) {
  frame <- as.data.frame(x)
  if (inherits(x, "metaparity_vif_parts")) {
    return(list(frame = frame[setdiff(names(frame), c("part", "name", "spec", "coefs", "m"))],
                label = list(Part = frame$part, Coefficients = frame$name), caption = "Collinearity Diagnostics",
                digits = expand_digits(NULL, x$beta$digits), heads = c(prop = "prop")))
  }
  named <- intersect(c("spec", "coefs"), names(frame))
  label <- if (vif_given(x)) frame[[named[length(named)]]] else names(x$vifs)
  frame <- frame[setdiff(names(frame), c(named, if (!vif_given(x)) "m"))]
  list(frame = frame, label = list(Coefficients = label), caption = "Collinearity Diagnostics",
       digits = expand_digits(NULL, x$digits), heads = c(prop = "prop"))
}

# The printed lines as rows of a table: what a number is, and the number.
lines_document <- function(lines, caption, digits) {
  cells <- strsplit(sub("^(.*?)[:\uff1a] *", "\\1\t", trimws(lines[nzchar(lines)]), perl = TRUE), "\t", fixed = TRUE)
  table <- data.frame(vapply(cells, function(cell) as_sentence(cell[2L]), ""), stringsAsFactors = FALSE)
  names(table) <- translate("Value")
  list(table = table, label = list(Quantity = vapply(cells, `[`, "", 1L)), caption = caption, digits = digits)
}

fsn_document <- function(x) {
  digits <- tested_digits(x$digits, x)
  lines <- c(fsn_lines(x, digits), format_labelled("Fail-safe N", paste0(x$ub.sign, format_drawer(x$fsnum))))
  lines_document(gsub(" +-> +", " -> ", lines), sprintf("Fail-safe N Calculation Using the %s Approach", x$type),
                 digits)
}

tes_document <- function(x) {
  out <- lines_document(tes_lines(x, tested_digits(x$digits, x)), "Test of Excess Significance",
                        tested_digits(x$digits, x))
  out$notes <- if (length(x$theta) == 1L) translatef("theta = %s", format_fixed(x$theta, out$digits[["est"]]))
  out
}

hettest_document <- function(x) {
  frame <- data.frame(statistic = x$statistic, df = x$df, pval = x$pval)
  names(frame)[1L] <- if (is.na(x$df)) "zval" else "QM"
  if (is.na(x$df)) frame$df <- NULL
  list(frame = frame, digits = tested_digits(x$digits, x), caption = "Test for Heteroscedastic Heterogeneity",
       heads = c(z = translate("statistic"), QM = if (knitr::is_latex_output()) "$X^2$" else "X^2^"),
       label = list("Test type" = I(translate(het_labels[[x$test]]))), notes = het_notes(x))
}

hc_document <- function(x) {
  frame <- data.frame(estimate = c(x$beta.rma, x$beta), se = c(x$se.rma, x$se), ci.lb = c(x$ci.lb.rma, x$ci.lb),
                      ci.ub = c(x$ci.ub.rma, x$ci.ub), tau2 = c(x$tau2.rma, x$tau2))
  if (is.na(x$se)) frame$se <- NULL
  measure <- list_origin(x, "measure")
  scale <- natural_scale(measure, ni = list_origin(x, "ni"))
  list(frame = add_natural(frame, scale), label = list(method = c(x$method.rma, x$method)),
       digits = expand_digits(NULL, x$digits),
       heads = measure_heads(measure, scale), caption = "Henmi-Copas estimate")
}
