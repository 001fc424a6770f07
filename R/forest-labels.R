# Owns the words of a forest plot: names of effects, headers, labels of pooled rows from the style's
# templates, and the printed form of numbers.

# Names of the effect measure: raw (as analysed), natural (after `back`), stata (metan's column); the null on
# the scale of analysis. A single proportion has no null.
forest_effect <- function(measure = "GEN") {
  if (is.null(measure) || is.na(measure)) measure <- "GEN"
  info <- measure_info(measure)
  back <- if (nzchar(info$back)) get0(info$back, mode = "function")
  null <- if (info$family == "proportion") NA_real_ else info$null
  short <- c(RR = "RR", OR = "OR", RD = "RD", PETO = "OR", MD = "WMD", SMD = "SMD", IRR = "IRR")
  list(raw = info$label, natural = info$natural_label,
       stata = if (measure %in% names(short)) short[[measure]] else "ES",
       back = back, null = null)
}

# The words for the effect on the scale that is shown.
shown_effect <- function(rows, style, options) {
  info <- attr(rows, "info")
  names <- forest_effect(info$measure)
  names[names(info$names)] <- info$names
  back <- !is.null(options$transf) || !is.null(options$atransf)
  if (identical(style$header$effect, "stata")) return(translate(names$stata))
  effect <- if (back) names$natural else names$raw
  translate(if (effect == "Observed Outcome") "Estimate" else effect)
}

axis_title <- function(rows, style, options) {
  if (!is.null(options$xlab)) return(options$xlab)
  if (!isTRUE(style$axis$title)) return("")
  effect <- shown_effect(rows, style, options)
  if (effect == translate("Estimate")) return(translate("Observed Outcome"))
  if (identical(options$atransf, exp)) translatef("%s (log scale)", effect) else effect
}

# Texts over the columns: style, then `header =` of the user.
header_texts <- function(rows, style, options) {
  if (isFALSE(options$header)) return(list(label = "", est = "", weight = ""))
  level <- format_level(attr(rows, "info")$level)
  head <- lapply(translate(style$header[c("label", "est", "weight")]), fill_words,
                 list(measure = shown_effect(rows, style, options), level = level))
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

# The template with the numbers of one row in it.
fill_label <- function(template, row, style, level) {
  if (is.null(template)) return(NA_character_)
  f <- style$formats
  number <- function(value, format) if (is.na(value)) f$missing else sprintf(format, value)
  words <- list(model = translate(row$model), group = row$group, level = format_level(level), df = number(row$df, "%.0f"),
                Q = number(row$Q, f$Q), I2 = number(row$I2, f$I2), tau2 = number(row$tau2, f$tau2),
                p = format_forest_p(row$p, f))
  fill_words(translate(template), lapply(words, function(w) if (is.na(w)) "" else w))
}

format_forest_p <- function(p, formats) {
  if (is.na(p)) return(paste("=", formats$missing))
  if (p < formats$p_least) return(paste("<", format(formats$p_least)))
  paste("=", sprintf(formats$p, p))
}

# `f` of the values that are there.
map_present <- function(value, f) {
  if (is.null(f)) return(value)
  out <- value
  some <- !is.na(value)
  out[some] <- if (any(some)) f(value[some]) else numeric()
  out
}

# Rows are on the scale of `transf` already; `atransf` changes only what is printed.
shown_numbers <- function(value, options) map_present(value, options$atransf)

transformed_numbers <- function(value, options) {
  transf <- options$transf
  map_present(value, if (!is.null(transf)) function(x) do.call(transf, c(list(x), options$targs)))
}

format_digits <- function(value, digits) {
  out <- sprintf("%.*f", as.integer(digits), value)
  out[is.na(value)] <- ""
  out
}
