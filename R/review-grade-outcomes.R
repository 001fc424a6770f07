# Owns the rows of an evidence profile: what the user's table says of each outcome, joined with its result.

grade_columns <- list(
  design = c("design", "\u7814\u7a76\u8bbe\u8ba1"), importance = c("importance", "\u91cd\u8981\u6027"),
  n_exp = c("nexp", "nexperimental", "nintervention"), n_ctrl = c("nctrl", "ncontrol", "ncomparison"),
  k = c("nstudies", "k", "studies", "numberofstudies"), assumed_risk = c("assumedrisk", "risk0", "controlrisk"),
  control_mean = c("controlmean", "meancontrol"), units = c("units", "unit", "\u5355\u4f4d"), sd = "sd", mid = "mid",
  start = "start", comment = c("comment", "comments", "\u5907\u6ce8"), certainty = c("certainty", "quality",
                                                                                     "\u8bc1\u636e\u8d28\u91cf"))
grade_numbers <- c("k", "assumed_risk", "control_mean", "sd", "mid")

# One row per outcome, in the order of the user's table, those of results without a row after them.
grade_table <- function(fits, outcomes, design, call) {
  name <- character()
  if (!is.null(outcomes)) {
    check_table(outcomes, "outcomes", call)
    name <- outcome_column(outcomes)
    if (is.null(name)) abort_input("outcomes", "must have a column \"outcome\"", call)
    if (anyNA(name) || anyDuplicated(name)) abort_input("outcomes", "must name each outcome once", call)
  }
  all <- union(name, names(fits))
  if (!length(all)) abort_input("x", "must hold a result, or `outcomes` a row", call)
  out <- data.frame(outcome = all, stringsAsFactors = FALSE)
  for (column in names(grade_columns)) {
    at <- match(grade_columns[[column]], plain_name(names(outcomes)))
    at <- at[!is.na(at)][1L]
    value <- if (is.na(at)) rep(NA, length(name)) else as.character(outcomes[[at]])
    value <- c(value, rep(NA, length(all) - length(name)))
    if (column %in% grade_numbers) value <- number_column(value, column, call)
    out[[column]] <- value
  }
  out$design <- ifelse(is.na(out$design), design, out$design)
  with_table_counts(out, call)
}

number_column <- function(value, column, call) {
  number <- suppressWarnings(as.numeric(value))
  bad <- which(is.na(number) & !is.na(value) & nzchar(trimws(value)))
  if (length(bad)) abort_studies("outcomes", bad, sprintf("must have numbers in the column %s", column), call)
  if (column == "assumed_risk" && any(number < 0 | number > 1, na.rm = TRUE)) {
    abort_studies("outcomes", which(number < 0 | number > 1), "must have assumed risks between 0 and 1", call)
  }
  number
}

# "12/119" has events too.
with_table_counts <- function(out, call) {
  for (arm in c("exp", "ctrl")) {
    text <- trimws(ifelse(is.na(out[[paste0("n_", arm)]]), "", out[[paste0("n_", arm)]]))
    part <- strsplit(text, "/", fixed = TRUE)
    pick <- function(i) suppressWarnings(as.numeric(vapply(part, function(p) {
      if (length(p) == 2L) p[i] else if (length(p) == 1L && i == 2L) p[1L] else NA_character_
    }, "")))
    out[[paste0("n_", arm)]] <- pick(2L)
    out[[paste0("events_", arm)]] <- pick(1L)
    bad <- which(nzchar(text) & is.na(out[[paste0("n_", arm)]]))
    if (length(bad)) abort_studies("outcomes", bad, "must have participants, or events/participants", call)
  }
  out
}

# One outcome: list(row, risks, evidence).
grade_outcome <- function(o, fit, measure, risk, rob, call) {
  o$measure <- NA_character_
  o[c("est", "lb", "ub", "level")] <- NA_real_
  risks <- risk$given
  evidence <- NULL
  if (!is.null(fit)) {
    result <- named_result(grade_result(fit, call), measure, call, o$outcome)
    check_mid(o$mid, result, call)
    o <- with_result(o, result)
    risks <- assumed_risks(risk$given, risk$rule, result)
    evidence <- grade_evidence(result, o, risks, rob_of_outcome(rob, o$outcome, call), call)
  }
  effects <- if (!is.na(o$measure)) absolute_effects(risks, o$measure, o$est, o$lb, o$ub)
  if (!is.null(effects)) effects <- data.frame(outcome = o$outcome, effects, several = nrow(effects) > 1L)
  list(row = o, risks = effects, evidence = evidence)
}

# On the scale that is read: a ratio is positive and not 1, a difference not 0.
check_mid <- function(mid, result, call) {
  if (is.na(mid)) return(invisible())
  if (result$ratio && (mid <= 0 || mid == 1)) {
    abort_input("mid", sprintf("must be a positive ratio, not 1, not %s", format(mid)), call)
  }
  if (mid == 0) abort_input("mid", "must be a difference that matters, not 0", call)
}

# Plain effects take the measure that the user says.
named_result <- function(result, measure, call, outcome = "") {
  if (is.na(measure)) return(result)
  word <- grade_measure_of(measure)
  if (word == "effect") abort_input("measure", sprintf("must be one of %s, not %s",
                                                       paste(unique(grade_measures), collapse = ", "),
                                                       describe(measure)), call)
  if (!result$measure %in% c("effect", "ratio", word)) {
    abort_input("measure", sprintf("must name plain effects only: it is \"%s\", but the result of \"%s\" is \"%s\"",
                                   word, outcome, result$measure), call)
  }
  if (word %in% grade_ratios && !result$ratio) result <- as_ratio_result(result)
  if (!word %in% grade_ratios && result$ratio) {
    abort_input("measure", sprintf("is \"%s\", but the result is a ratio", word), call)
  }
  result$measure <- word
  result
}

# Counts of the table go before those of the result.
with_result <- function(o, result) {
  own <- grade_counts(result)
  for (name in names(own)) if (is.na(o[[name]])) o[[name]] <- own[[name]]
  o[c("measure", "est", "lb", "ub", "level")] <- result[c("measure", "est", "lb", "ub", "level")]
  o$k <- result$k
  if (is.na(o$control_mean)) {
    values <- control_values(result)
    if (identical(values$kind, "means") && length(values$value)) o$control_mean <- stats::median(values$value)
  }
  o
}

bind_grade <- function(parts, judged, call) {
  rows <- do.call(rbind, lapply(parts, `[[`, "row"))
  start <- grade_start(rows$design)
  stated <- match(tolower(trimws(rows$start)), grade_levels)
  start[!is.na(stated)] <- stated[!is.na(stated)]
  sum_of <- function(domains) vapply(rows$outcome, function(o) {
    sum(judged$steps[judged$outcome == o & judged$domain %in% domains])
  }, 0L)
  rows$start <- grade_levels[start]
  level <- grade_certainty(start, sum_of(names(grade_down)), sum_of(names(grade_up)))
  said <- rows$certainty
  rows$certainty <- grade_levels[level]
  rows$level_of_certainty <- level
  rows$stated <- said
  warn_certainty(rows, call)
  unjudged <- setdiff(rows$outcome, judged$outcome[judged$judged])
  if (length(unjudged)) {
    inform(sprintf("No judgement of %s: the certainty shown is where the design starts.",
                   some_of(dQuote(unjudged, FALSE), 4L)), "unjudged")
  }
  risks <- do.call(rbind, lapply(parts, `[[`, "risks"))
  list(outcomes = rows, risks = risks, judgements = judged,
       evidence = stats::setNames(lapply(parts, `[[`, "evidence"), rows$outcome))
}

grade_words_of_levels <- list("very low" = c("very low", "\u6781\u4f4e"), low = c("low", "\u4f4e"),
                              moderate = c("moderate", "\u4e2d", "\u4e2d\u7b49"), high = c("high", "\u9ad8"))

# In R's language, as messages are.
level_words <- function() {
  c(gettext("very low", domain = "R-metaparity"), gettext("low", domain = "R-metaparity"),
    gettext("moderate", domain = "R-metaparity"), gettext("high", domain = "R-metaparity"))
}

warn_certainty <- function(rows, call) {
  said <- trimws(tolower(rows$stated))
  level <- vapply(said, function(word) {
    at <- which(vapply(grade_words_of_levels, function(own) word %in% own, NA))
    if (length(at)) at[[1L]] else NA_integer_
  }, 0L)
  off <- which(!is.na(level) & level != rows$level_of_certainty)
  if (!length(off)) return(invisible())
  words <- level_words()
  told <- gettextf("%s: %s stated, %s follows", dQuote(rows$outcome[off], FALSE), words[level[off]],
                   words[rows$level_of_certainty[off]], domain = "R-metaparity")
  warn_input("outcomes", sprintf("states a certainty that the judgements do not leave: %s", some_of(told, 4L)), call)
}
