# The sections of the report of a meta-analysis (reporter.R), each a character vector of R Markdown. Paragraphs are
# those of
# methods_text() and results_text(), called by the document, so that the numbers are those of the fit.

report_text <- function(x, digits, plots, footnotes, files) {
  note <- function(term) if (footnotes) sprintf("^[%s]", translate(term)) else ""
  c(report_head(files), report_model(x), report_results(x, digits, note), report_outliers(x, note),
    report_asymmetry(x, note),
    report_plots(plots), if (length(files$keys)) c(paste("##", translate("References")), ""))
}

is_common_effect <- function(x) x$method %in% c("FE", "EE", "CE")

# files: data, the file of the fit, and references; keys, what of these is cited.
report_head <- function(files) {
  lang <- getOption("metaparity.lang", "en")
  c("---", sprintf('title: "%s"', translate("Report of a meta-analysis")), sprintf('date: "%s"', format(Sys.Date())),
    if (lang == "zh") c("header-includes:", "  - \\usepackage{xeCJK}"),
    if (length(files$references)) sprintf("bibliography: %s", encodeString(files$references, quote = "\"")), "---", "",
    "```{=html}", '<style>th[align="right"] { text-align: right; }</style>', "```", "",
    "```{r, include = FALSE}", sprintf("fit <- readRDS(%s)", encodeString(files$data, quote = "\"")),
    sprintf("options(metaparity.lang = \"%s\")", lang), "```", "")
}

report_model <- function(x) c(paste("##", translate("Methods")), "", "`r metaparity::methods_text(fit)`", "")

report_results <- function(x, digits, note) {
  terms <- if (has_prediction(x)) note("Prediction interval: where the true effect of a new study may lie")
  shared <- if (!is.null(x$I2)) note("I^2^: the share of the total variability that is due to heterogeneity")
  c(paste("##", translate("Results")), "",
    paste0(sprintf("`r metaparity::results_text(fit, digits = %d)`", as.integer(digits)),
           paste(c(shared, terms), collapse = "")), "",
    "```{r, echo = FALSE}", sprintf("metaparity::results_table(%s = fit, digits = %d)",
                                    encodeString(translate("Analysis"), quote = "`"), as.integer(digits)), "```", "")
}

has_prediction <- function(x) isTRUE(x$int.only) && length(x$tau2) == 1L && !is_common_effect(x) && x$k > 2L

# What the diagnostics below are made for: one effect per study, nothing else in the model.
is_plain_fit <- function(x) {
  inherits(x, "metaparity_uni") && isTRUE(x$int.only) && !inherits(x, c("metaparity_selmodel", "metaparity_ls")) &&
    x$k > 2L
}

report_outliers <- function(x, note) {
  if (!is_plain_fit(x)) return(NULL)
  z <- of_used(rstudent(x))
  limit <- critical_value(1 - x$level / x$k)
  out <- which(abs(z$z) > limit)
  term <- note("Studentised residual: the distance of a study from the other studies' model, in standard errors")
  sentence <- if (length(out)) translatef("Studies whose studentised residual is beyond %s (Bonferroni): %s.",
                                          format_fixed(limit, 2L),
                                          text_list(z$slab[out])) else
    translatef("No studentised residual is beyond %s (Bonferroni).", format_fixed(limit, 2L))
  c(paste("##", translate("Outliers and influential studies")), "", paste0(sentence, term), "",
    "`r metaparity::results_text(influence(fit))`", "")
}

report_asymmetry <- function(x, note) {
  if (!is_plain_fit(x)) return(NULL)
  head <- c(paste("##", translate("Asymmetry of the funnel plot")), "")
  if (diff(range(x$vi)) == 0) return(c(head,
                                       translate("All studies have the same standard error: there is nothing to test."),
                                         ""))
  term <- note("Asymmetry: small studies with other effects than large ones, as with missing null results")
  few <- if (x$k < 10L) c(translate("With fewer than 10 studies these tests find little."), "")
  c(head, paste0("`r suppressWarnings(metaparity::results_text(metaparity::ranktest(fit)))`", term),
    "`r suppressWarnings(metaparity::results_text(metaparity::regtest(fit)))`", "", few)
}

report_plots <- function(plots) {
  titles <- c(forest = "Forest plot", funnel = "Funnel plot")
  drawn <- names(plots)[!vapply(plots, is.null, NA)]
  unlist(lapply(drawn, function(name) {
    size <- if (name == "funnel") ", fig.width = 6.5, fig.height = 5.5" else ""
    c(paste("##", translate(titles[[name]])), "", sprintf("```{r, echo = FALSE%s}", size), plots[[name]], "```", "")
  }))
}
