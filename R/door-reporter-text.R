# The sections of the report of a meta-analysis (reporter.R), each a character vector of R Markdown.

report_text <- function(x, digits, plots, footnotes, data_file) {
  note <- function(label, text) if (footnotes) sprintf("^[%s: %s]", label, text) else ""
  shown <- function(v, kind = "est") format_fixed(v, digits[[kind]])
  p <- function(v) format_p_document(v, digits[["pval"]], sentence = TRUE)
  c(report_head(data_file), report_model(x, note), report_estimate(x, shown, p, note),
    if (!is_common_effect(x)) report_heterogeneity(x, shown, p, note), report_outliers(x, note),
    report_asymmetry(x, p, note), report_plots(plots), report_software(x))
}

is_common_effect <- function(x) x$method %in% c("FE", "EE", "CE")

report_head <- function(data_file) {
  c("---", 'title: "Report of a meta-analysis"', sprintf('date: "%s"', format(Sys.Date())), "---", "",
    "```{r, include = FALSE}", sprintf("fit <- readRDS(%s)", encodeString(data_file, quote = "\"")), "```", "")
}

report_model <- function(x, note) {
  kind <- if (is_common_effect(x)) "common-effect" else "random-effects"
  estimator <- if (!is_common_effect(x)) {
    sprintf(" The variance of the true effects was estimated by the method %s%s.", x$method,
            note("Heterogeneity", "how much the true effects of the studies differ, beyond sampling error"))
  }
  test <- switch(x$test, z = "normal distribution", knha = , hksj = "t distribution with the Knapp-Hartung variance",
                 adhoc = "t distribution with the Knapp-Hartung variance, not below its model value", "t distribution")
  what <- tolower(measure_info(x$measure)$label)
  c("## Model", "", sprintf("The analysis combines %d studies; the effect is the %s.", as.integer(x$k), what),
    sprintf("A %s model was fitted.%s", kind, paste0(estimator, collapse = "")),
    sprintf("Tests and intervals use the %s.", test), "")
}

report_estimate <- function(x, shown, p, note) {
  level <- format(100 * (1 - x$level))
  yi <- as.numeric(x$yi)
  direction <- sprintf("The effects of the studies lie between %s and %s; %s of them are above 0.", shown(min(yi)),
                       shown(max(yi)), paste0(round(100 * mean(yi > 0)), "%"))
  pooled <- sprintf("The pooled effect is **%s** (%s%% confidence interval %s to %s; %s).", shown(x$beta[[1L]]), level,
                    shown(x$ci.lb, "ci"), shown(x$ci.ub, "ci"), p(x$pval))
  verdict <- if (x$pval < x$level) "It differs from 0 at this level." else "It does not differ from 0 at this level."
  c("## Pooled effect", "", direction, paste(pooled, verdict), "")
}

report_heterogeneity <- function(x, shown, p, note) {
  q <- sprintf("Cochran's Q is %s with %d degrees of freedom (%s).", shown(x$QE, "test"), heterogeneity_df(x), p(x$QEp))
  size <- sprintf("The variance of the true effects is estimated as %s, I^2^%s as %s%%.", shown(x$tau2, "var"),
                  note("I^2^", "the share of the total variability that is due to heterogeneity"), shown(x$I2, "het"))
  interval <- if (x$tau2 > 0) {
    future <- stats::predict(x)
    sprintf("The %s%% prediction interval for the true effect of a study runs from %s to %s%s.",
            format(100 * (1 - x$level)), shown(future$pi.lb, "ci"), shown(future$pi.ub, "ci"),
            if (future$pi.lb * future$pi.ub < 0) ", on both sides of 0" else "")
  }
  c("## Heterogeneity", "", q, size, interval, "")
}

report_outliers <- function(x, note) {
  if (x$k < 3L) return(NULL)
  z <- of_used(rstudent(x))
  limit <- critical_value(1 - x$level / x$k)
  out <- escape_markdown(z$slab)[which(abs(z$z) > limit)]
  influential <- influence(x)
  strong <- escape_markdown(z$slab)[which(influential$is.infl)]
  list_or_none <- function(labels, none) if (length(labels)) paste0(paste(labels, collapse = "; "), ".") else none
  c("## Outliers and influential studies", "",
    sprintf("Studies whose studentised residual%s is beyond %s (Bonferroni): %s",
            note("Studentised residual", "the distance of a study from the other studies' model, in standard errors"),
            format_fixed(limit, 2L), list_or_none(out, "none.")),
    sprintf("Studies that change the results by being there (Cook's distance and related measures): %s",
            list_or_none(strong, "none.")), "")
}

report_asymmetry <- function(x, p, note) {
  if (x$k < 3L) return(NULL)
  head <- c("## Asymmetry of the funnel plot", "")
  if (diff(range(x$vi)) == 0) return(c(head, "All studies have the same standard error: there is nothing to test.", ""))
  rank <- suppressWarnings(ranktest(x))
  line <- suppressWarnings(regtest(x))
  few <- if (x$k < 10L) "With fewer than 10 studies these tests find little." else character()
  c(head, sprintf("Rank correlation test%s: %s. Regression test on the standard errors: %s.",
                  note("Asymmetry", "small studies with other effects than large ones, as with missing null results"),
                  p(rank$pval), p(line$pval)), few, "")
}

report_plots <- function(plots) {
  titles <- c(forest = "Forest plot", funnel = "Funnel plot")
  drawn <- names(plots)[!vapply(plots, is.null, NA)]
  unlist(lapply(drawn, function(name) {
    c(paste("##", titles[[name]]), "", sprintf("```{r, echo = FALSE, fig.width = 8, fig.height = %s}",
                                               if (name == "forest") "2 + 0.25 * fit$k" else "6"),
      plots[[name]], "```", "")
  }))
}

report_software <- function(x) {
  own <- utils::packageVersion("metaparity")
  c("## Software", "", sprintf("R %s with the package metaparity %s.", getRversion(), own), "")
}
