# Owns the cells of the two tables of GRADE as text in the language that is set: what print, HTML, Markdown, documents
# and figures all show. A cell may have several lines.

# list(title, heads, spans, cells, level, signs, first, notes): heads and spans per column, cells a matrix, `signs` the
# column of the certainty, `level` per row (NA where none), `first` whether a row begins an outcome.
grade_cells <- function(x) with_language(x$lang, if (inherits(x, "metaparity_sof")) sof_cells(x) else profile_cells(x))

# Rows: a row per outcome and assumed risk.
grade_rows <- function(x) {
  n <- vapply(x$outcomes$outcome, function(o) max(1L, sum(x$risks$outcome %in% o)), 0L)
  i <- rep(seq_len(nrow(x$outcomes)), n)
  j <- unlist(lapply(x$outcomes$outcome, function(o) {
    at <- which(x$risks$outcome %in% o)
    if (length(at)) at else NA_integer_
  }))
  list(outcome = i, risk = j, first = !duplicated(i))
}

sof_cells <- function(x) {
  rows <- grade_rows(x)
  notes <- grade_notes(x)
  pick <- function(f) vapply(seq_along(rows$outcome), function(r) {
    f(x$outcomes[rows$outcome[r], ], if (is.na(rows$risk[r])) NULL else x$risks[rows$risk[r], ], rows$first[r])
  }, "")
  once <- function(f) pick(function(o, r, first) if (first) f(o) else "")
  cells <- cbind(once(function(o) o$outcome), pick(function(o, r, first) risk_without(o, r, x$per)),
                 pick(function(o, r, first) risk_with(o, r, x$per, first)),
                 pick(function(o, r, first) if (is.null(r)) "" else format_difference(r, x$per)),
                 once(relative_effect), once(participants_cell), once(function(o) certainty_cell(o, notes)),
                 once(function(o) if (is.na(o$comment)) "" else o$comment))
  heads <- c(translate("Outcomes"), arm_head("Risk with %s", x$comparison, "comparator"),
             arm_head("Risk with %s", x$intervention, "intervention"), translate("Difference"),
             translate("Relative effect"), translate("Participants (studies)"),
             translate("Certainty of the evidence"), translate("Comments"))
  span <- translatef("Anticipated absolute effects (%s)", grade_interval_word(x))
  finish_cells(x, list(heads = heads, spans = c("", rep(span, 3L), rep("", 4L)), cells = cells, signs = 7L,
                       widths = c(15, 12, 14, 15, 12, 11, 11, 16)), rows, notes, "Summary of findings")
}

profile_cells <- function(x) {
  n <- nrow(x$outcomes)
  rows <- list(outcome = seq_len(n), first = rep(TRUE, n))
  notes <- grade_notes(x)
  said <- lapply(x$evidence, evidence_sentences)
  once <- function(f) vapply(seq_len(n), function(i) f(x$outcomes[i, ], i), "")
  domain <- function(name) once(function(o, i) judgement_cell(x, i, name, said[[i]][[name]], notes))
  other <- once(function(o, i) paste(Filter(nzchar, vapply(c("publication_bias", names(grade_up)), function(name) {
    other_cell(x, i, name, said[[i]][[name]], notes)
  }, "")), collapse = "\n"))
  absolute <- once(function(o, i) {
    own <- which(x$risks$outcome %in% o$outcome)
    if (!length(own)) return(mean_effect(o))
    paste(vapply(own, function(r) {
      paste0(risk_name(x$risks[r, ]), format_difference(x$risks[r, ], x$per))
    }, ""), collapse = "\n")
  })
  cells <- cbind(once(function(o, i) o$outcome), once(function(o, i) studies_cell(o)),
                 do.call(cbind, lapply(names(grade_down)[1:4], domain)), other,
                 once(function(o, i) arm_cell(o, "exp")), once(function(o, i) arm_cell(o, "ctrl")),
                 once(function(o, i) relative_effect(o)), absolute, once(function(o, i) certainty_cell(o, notes)),
                 once(function(o, i) if (is.na(o$importance)) "" else translate(o$importance)))
  heads <- c(translate("Outcomes"), translate("Studies"), translate(unname(grade_down[1:4])),
             translate("Other considerations"), arm_head("%s", x$intervention, "Intervention"),
             arm_head("%s", x$comparison, "Comparator"), translate("Relative effect"), translate("Absolute effect"),
             translate("Certainty of the evidence"), translate("Importance"))
  spans <- c("", rep(translate("Certainty assessment"), 6L), rep(translate("Participants"), 2L),
             rep(translatef("Effect (%s)", grade_interval_word(x)), 2L), "", "")
  finish_cells(x, list(heads = heads, spans = spans, cells = unname(cells), signs = 12L,
                       widths = c(12, 9, 11, 13, 9, 15, 12, 8, 8, 10, 12, 11, 9)), rows, notes,
               "GRADE evidence profile")
}

finish_cells <- function(x, out, rows, notes, kind) {
  out$cells <- matrix(out$cells, length(rows$outcome))
  level <- x$outcomes$level_of_certainty[rows$outcome]
  out$level <- ifelse(rows$first, level, NA)
  out$first <- rows$first
  out$title <- grade_title(x, kind)
  out$notes <- notes$text
  out
}

grade_title <- function(x, kind) {
  if (!is.null(x$title)) return(x$title)
  if (is.null(x$intervention) || is.null(x$comparison)) return(translate(kind))
  sprintf("%s%s", translate(kind), translatef(": %s compared with %s", own_text(x$intervention),
                                              own_text(x$comparison)))
}

arm_head <- function(format, name, word) {
  translatef(format, own_text(if (is.null(name)) translate(word) else name))
}

grade_interval_word <- function(x) {
  level <- unique(x$outcomes$level[!is.na(x$outcomes$level)])
  translatef("%s%% CI", own_text(if (length(level) == 1L) format(level) else "95"))
}

# ---- cells ----------------------------------------------------------------------------------------

format_risk <- function(risk, digits, per) format_fixed(risk * per, digits)

risk_without <- function(o, r, per) {
  if (is.null(r)) return(mean_without(o))
  digits <- risk_digits(r$risk0, per)
  text <- translatef("%s per %s", format_risk(r$risk0, digits, per), format_count(per))
  paste0(risk_name(r), text)
}

# The name of one of several assumed risks.
risk_name <- function(r) {
  if (!isTRUE(r$several) || r$label %in% c("", "given")) return("")
  paste0(if (r$label %in% c("lowest", "median", "highest")) translate(r$label) else r$label, ": ")
}

risk_with <- function(o, r, per, first) {
  if (is.null(r)) return(if (first) mean_effect(o) else "")
  digits <- risk_digits(r$risk0, per)
  sprintf("%s (%s)", translatef("%s per %s", format_risk(r$risk1, digits, per), format_count(per)),
          between_text(format_risk(r$risk1.lb, digits, per), format_risk(r$risk1.ub, digits, per)))
}

mean_without <- function(o) {
  if (is.na(o$control_mean) || !o$measure %in% c("MD", "SMD")) return("")
  units <- if (is.na(o$units)) "" else paste0(" ", o$units)
  translatef("mean %s%s", format(signif(o$control_mean, 4L)), own_text(units))
}

mean_effect <- function(o) {
  if (!is.na(o$est) && is_value_measure(o$measure)) return(value_cell(o))
  if (!o$measure %in% c("MD", "SMD", "effect") || is.na(o$est)) return("")
  text <- format_mean_difference(o)
  if (o$measure != "SMD" || is.na(o$sd)) return(text)
  scaled <- o
  scaled[c("est", "lb", "ub")] <- o[c("est", "lb", "ub")] * o$sd
  scaled$measure <- "effect"
  paste(text, translatef("that is %s", own_text(format_mean_difference(scaled))), sep = "\n")
}

# "Proportion 0.21 (0.15 to 0.29)": a value of one group, or a correlation.
value_cell <- function(o) {
  info <- measure_info(o$measure)
  word <- if (is.character(info$natural_short)) info$natural_short else info$label
  sprintf("%s %s (%s)", translate(word), format_fixed(o$est, 2L),
          between_text(format_fixed(o$lb, 2L), format_fixed(o$ub, 2L)))
}

relative_effect <- function(o) {
  if (is.na(o$est)) return(if (is.na(o$k) || o$k > 0) translate("not pooled") else "")
  if (!o$measure %in% c(grade_ratios, "RD", "ratio")) return("-")
  sprintf("%s %s (%s)", if (o$measure == "ratio") translate("Ratio") else o$measure, format_fixed(o$est, 2L),
          between_text(format_fixed(o$lb, 2L), format_fixed(o$ub, 2L)))
}

participants_cell <- function(o) {
  n <- o$n_exp + o$n_ctrl
  studies <- if (is.na(o$k)) "" else studies_cell(o)
  if (is.na(n)) return(studies)
  if (nzchar(studies)) sprintf("%s (%s)", format_count(n), studies) else format_count(n)
}

studies_cell <- function(o) {
  if (is.na(o$k)) return(translate(o$design))
  one <- o$k == 1
  word <- if (o$design == "randomised trials" && one) "randomised trial" else o$design
  paste(format_count(o$k), translate(word))
}

arm_cell <- function(o, arm) {
  n <- o[[paste0("n_", arm)]]
  events <- o[[paste0("events_", arm)]]
  if (is.na(n)) "" else if (is.na(events)) format_count(n) else paste(format_count(events), format_count(n), sep = "/")
}

certainty_cell <- function(o, notes) {
  letters <- notes$of[[o$outcome]]
  word <- translate(grade_levels_shown[o$level_of_certainty])
  paste0(word, if (length(letters)) paste0(" [", paste(letters, collapse = ","), "]"))
}

judgement_cell <- function(x, i, domain, said, notes) {
  row <- x$judgements$outcome == x$outcomes$outcome[i] & x$judgements$domain == domain
  letter <- notes$letter[row]
  word <- if (x$judgements$judged[row]) grade_word(x$judgements$steps[row], domain) else "not judged"
  word <- paste0(translate(word), if (nzchar(letter)) paste0(" [", letter, "]"))
  paste(c(word, if (nzchar(said)) said), collapse = "\n")
}

# Only what counts, and the evidence on publication bias.
other_cell <- function(x, i, domain, said, notes) {
  row <- x$judgements$outcome == x$outcomes$outcome[i] & x$judgements$domain == domain
  if (x$judgements$steps[row] == 0L && domain != "publication_bias" && !nzchar(said)) return("")
  paste0(translate(unname(grade_all[domain])), ": ", judgement_cell(x, i, domain, said, notes))
}

# ---- footnotes ------------------------------------------------------------------------------------

# letter: of each judgement, "" where none; text: one per note; of: letters of what changes the certainty of each
# outcome. The same reason for the same domain and level is one note. A summary has only what changes the certainty.
grade_notes <- function(x) {
  j <- x$judgements
  told <- j$steps > 0L | nzchar(j$reason) & !inherits(x, "metaparity_sof")
  key <- ifelse(told, paste(j$domain, j$steps, j$reason, sep = "\r"), NA)
  known <- unique(key[told])
  sign <- c(letters, as.vector(t(outer(letters, letters, paste0))))[seq_along(known)]
  letter <- ifelse(told, sign[match(key, known)], "")
  first <- match(known, key)
  text <- vapply(seq_along(known), function(n) {
    own <- j[first[n], ]
    word <- sprintf("%s (%s)", translate(unname(grade_all[own$domain])),
                    translate(grade_word(own$steps, own$domain)))
    paste0(sign[n], ". ", word, if (nzchar(own$reason)) paste0(": ", own$reason))
  }, "")
  of <- lapply(stats::setNames(x$outcomes$outcome, x$outcomes$outcome), function(o) {
    unique(letter[j$steps > 0L & j$outcome == o])
  })
  list(letter = letter, text = text, of = of)
}
