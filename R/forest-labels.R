# Owns the words of a forest plot: names of effects, headers, labels of pooled rows from the style's
# templates, and the printed form of numbers.

# What Stata's suite calls an effect since version 17: as analysed, and after exp().
suite_effects <- list(OR = c("Log odds-ratio", "Odds ratio"), RR = c("Log risk-ratio", "Risk ratio"), RD = "Risk diff.",
                      PETO = c("Log Peto's OR", "Peto's OR"), SMD = "Hedges's g", MD = "Mean diff.", PR = "Proportion",
                      PFT = "Freeman\u2013Tukey's p", PLO = "Logit proportion", PAS = "Arcsine prop.",
                      GEN = c("Effect size", "exp(ES)"))

# Names of the effect measure: raw (as analysed), natural (after `back`), stata (metan's column), suite and
# suite_natural (meta forestplot's); the null on the scale of analysis. A single proportion has no null.
forest_effect <- function(measure = "GEN") {
  if (is.null(measure) || is.na(measure)) measure <- "GEN"
  info <- measure_info(measure)
  back <- if (nzchar(info$back)) get0(info$back, mode = "function")
  null <- if (info$family == "proportion") NA_real_ else info$null
  suite <- suite_effects[[measure]]
  short <- c(RR = "RR", OR = "OR", RD = "RD", PETO = "OR", MD = "WMD", SMD = "SMD", IRR = "IRR")
  list(raw = info$label, natural = info$natural_label,
       stata = if (measure %in% names(short)) short[[measure]] else "ES",
       suite = if (is.null(suite)) info$label else suite[1L],
       suite_natural = if (length(suite) < 2L) info$natural_label else suite[2L], back = back, null = null)
}

# The words for the effect on the scale that is shown.
shown_effect <- function(rows, style, options) {
  info <- attr(rows, "info")
  names <- forest_effect(info$measure)
  names[names(info$names)] <- info$names
  back <- !is.null(options$transf) || !is.null(options$atransf)
  if (identical(style$header$effect, "stata")) return(translate(names$stata))
  if (identical(style$header$effect, "suite")) return(translate(if (back) names$suite_natural else names$suite))
  effect <- if (back) names$natural else names$raw
  translate(if (effect == "Observed Outcome") "Estimate" else effect)
}

# metafor's headings are short; other languages have the whole name.
heading_effect <- function(rows, style, options) {
  info <- attr(rows, "info")
  effect <- shown_effect(rows, style, options)
  if (!has_metafor_places(style) || !is.null(info$names) || translate("Estimate") != "Estimate") return(effect)
  short <- axis_label(info$measure %||% "GEN", options$transf, options$atransf, short = TRUE)
  if (is.language(short)) short <- markup_of_math(short)
  if (short == "Observed Outcome") "Estimate" else short
}

axis_title <- function(rows, style, options) {
  if (!is.null(options$xlab)) return(options$xlab)
  if (!isTRUE(style$axis$title)) return("")
  effect <- shown_effect(rows, style, options)
  if (effect == translate("Estimate")) return(translate("Observed Outcome"))
  info <- attr(rows, "info")
  if (!is.null(info$names) || style$header$effect %in% c("stata", "suite")) {
    return(if (identical(options$atransf, exp)) translatef("%s (log scale)", effect) else effect)
  }
  translate(axis_label(info$measure %||% "GEN", options$transf, options$atransf))
}

# Texts over the columns and the panel: style, then `header =` of the user.
header_texts <- function(rows, style, options) {
  if (isFALSE(options$header)) return(list(label = "", est = "", weight = "", weight2 = "", panel = NULL))
  info <- attr(rows, "info")
  words <- c(list(measure = heading_effect(rows, style, options),
                  level = format_level(info$level_study %||% info$level)),
             lapply(info$words, translate))
  head <- lapply(translate(Filter(Negate(is.null), style$header[c("label", "est", "weight", "weight2", "panel")])),
                 fill_words, words)
  if (!all(is.na(rows$weight2))) {
    models <- unique(rows$model[rows$type %in% c("summary", "subtotal")])
    head[c("weight", "weight2")] <- sprintf("%s\n(%s)", translate("Weight"), translate(c(models, "", "")[1:2]))
  }
  if (is.character(options$header)) {
    head$label <- options$header[1L]
    if (length(options$header) > 1L) head$est <- options$header[2L]
  }
  head
}

format_level <- function(level) format(level, digits = 4L, trim = TRUE)

fill_words <- function(template, words) {
  for (name in names(words)) template <- gsub(paste0("{", name, "}"), words[[name]], template, fixed = TRUE)
  template
}

# The templates with the numbers of one row in them. Of templates that are named "random" or "fixed" those of the model
# are taken, "ungrouped" ones where there are no subgroups.
fill_label <- function(template, row, style, info) {
  if (is.null(template)) return(NA_character_[0L])
  if (!is.null(names(template))) {
    template <- unname(template[names(template) %in% c("", "always", if (isTRUE(info$random)) "random" else "fixed",
                                                       if (!isTRUE(info$grouped)) "ungrouped")])
  }
  if (!tests_zero(info)) template <- template[!grepl("\\{(z|z_size|pz)\\}", template)]
  words <- label_words(row, style, info)
  vapply(named_test(translate(template), row), fill_words, "", words, USE.NAMES = FALSE)
}

# Is 0, which the tests of rows are against, the value of no effect?
tests_zero <- function(info) isTRUE(forest_effect(info$analysed %||% info$measure)$null == 0)

# Templates name the test z; a t test has its own name and degrees of freedom. RevMan's Z becomes its T.
named_test <- function(template, row) {
  # Models with several components have no I^2: it is not written as missing.
  if (isTRUE(row$Q > 0) && is.na(row$I2)) template <- gsub("[;,]? ?I\\^2 = \\{I2\\}%(, H\\^2 = \\{H2\\})?", "",
                                                           template)
  if (is.null(row$tdf) || is.na(row$tdf)) return(template)
  template <- sub("\\bz( ?= ?)\\{z\\}", "t({tdf})\\1{z}", template)
  sub("\\bZ( ?= ?)\\{z_size\\}", "T\\1{z_size}, df = {tdf}", template)
}

model_titles <- c(RE = "Random-Effects Model", EE = "Equal-Effects Model", FE = "Fixed-Effect Model",
                  CE = "Common-Effect Model")

label_words <- function(row, style, info) {
  f <- style$formats
  number <- function(value, format) {
    if (is.na(value)) f$missing else decimal_mark(sprintf(format, value), style)
  }
  p <- function(value) decimal_mark(format_forest_p(value, f), style)
  words <- c(list(model = translate(row$model), model_long = translate(unname(model_titles[row$model])),
                  group = row$group,
                  level = format_level(info$level),
                  df = number(row$df, "%.0f"), Q = number(row$Q, f$Q), I2 = number(row$I2, f$I2),
                  I2_between = number(row$I2, if (is.null(f$I2_between) || row$I2 %in% 0) f$I2 else f$I2_between),
                  H2 = number(row$H2, f$H2), tau2 = number(row$tau2, f$tau2), z = number(row$z, f$z),
                  tdf = format(row$tdf, digits = 3L),
                  z_size = number(abs(row$z), f$z), p = p(row$p),
                  pz = p(row$pz)), lapply(info$words, translate))
  lapply(words, function(w) if (is.na(w)) "" else w)
}

# "= 0.03" or "< 0.001". The rule of a style may be a function of p.
format_forest_p <- function(p, formats) {
  if (is.na(p)) return(paste("=", formats$missing))
  if (is.function(formats$p)) return(formats$p(p))
  if (p < formats$p_least) return(paste("<", format(formats$p_least)))
  paste("=", sprintf(formats$p, p))
}

# The style's decimal mark in what was printed with a point.
decimal_mark <- function(text, style) {
  mark <- style$formats$decimal
  if (is.null(mark) || mark == ".") mark <- getOption("OutDec")
  if (mark == ".") return(text)
  gsub("([0-9]|\\b)\\.([0-9])", paste0("\\1", mark, "\\2"), text)
}

format_digits <- function(value, digits) {
  out <- sprintf("%.*f", as.integer(digits), value)
  out[is.na(value)] <- ""
  out
}
