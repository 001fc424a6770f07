# Owns the printed forms of GRADE's tables: the console, data frames, and the door to the audit.

# Four signs: as many filled as there are levels. Where a terminal is not in UTF-8 they are plain.
certainty_signs <- function(level, utf8 = l10n_info()[["UTF-8"]]) {
  full <- if (isTRUE(utf8)) "\u2295" else "+"
  open <- if (isTRUE(utf8)) "\u25ef" else "o"
  ifelse(is.na(level), "", paste0(strrep(full, level), strrep(open, 4L - level)))
}

#' @export
print.metaparity_grade <- function(x, ...) {
  with_language(x$lang, cat(format_grade(x), sep = "\n"))
  invisible(x)
}

# One block per outcome: its name and size, effects, and in a profile a line per domain.
format_grade <- function(x) {
  cells <- grade_cells(x)
  rows <- grade_rows(x)
  is_sof <- inherits(x, "metaparity_sof")
  blocks <- lapply(seq_len(nrow(x$outcomes)), function(i) {
    o <- x$outcomes[i, ]
    own <- which(rows$outcome == i)
    line <- if (is_sof) own[1L] else i
    label <- c("Relative effect", rep("Absolute effect", length(own)))
    absolute <- vapply(own, function(r) {
      if (is.na(rows$risk[r])) return(mean_effect(o))
      risk <- x$risks[rows$risk[r], ]
      translatef("%s with comparator, %s with intervention: %s", own_text(risk_without(o, risk, x$per)),
                 own_text(risk_with(o, risk, x$per, TRUE)), own_text(format_difference(risk, x$per)))
    }, "")
    value <- c(relative_effect(o), gsub("\n", "; ", absolute, fixed = TRUE))
    if (!is_sof) {
      said <- gsub("\n", " - ", cells$cells[line, 3:7], fixed = TRUE)
      label <- c(label, unname(grade_down[1:4]), "Other considerations")
      value <- c(value, said)
    }
    label <- c(label, "Certainty")
    value <- c(value, paste(certainty_signs(o$level_of_certainty), cells$cells[line, cells$signs]))
    shown <- nzchar(value) & value != "-"
    n <- o$n_exp + o$n_ctrl
    size <- c(if (!is.na(n)) format_count(n), if (!is.na(o$k)) studies_cell(o))
    importance <- if (is.na(o$importance)) NULL else translate(o$importance)
    head <- paste0(o$outcome, if (length(size)) paste0(" (", paste(c(size, importance), collapse = "; "), ")"))
    c("", head, paste0("  ", format_labelled(label[shown], lapply(value[shown], own_text))))
  })
  c(cells$title, unlist(blocks), if (length(cells$notes)) c("", cells$notes))
}

#' @rdname grade_profile
#' @param row.names,optional not used.
#' @param shape `"numbers"`, or `"printed"`: the numbers as they are printed, as text.
#' @export
as.data.frame.metaparity_grade <- function(x, row.names = NULL, optional = FALSE, shape = "numbers", ...) {
  shape <- check_choice(shape, c("numbers", "printed"), "shape", sys.call())
  rows <- grade_rows(x)
  o <- x$outcomes[rows$outcome, ]
  none <- data.frame(label = NA_character_, risk0 = NA_real_, risk1 = NA_real_, risk1.lb = NA_real_,
                     risk1.ub = NA_real_, diff = NA_real_, diff.lb = NA_real_, diff.ub = NA_real_)
  risks <- if (is.null(x$risks)) none[rep(1L, nrow(o)), ] else x$risks[rows$risk, names(none)]
  out <- data.frame(outcome = o$outcome, design = o$design, importance = o$importance, k = o$k, n = o$n_exp + o$n_ctrl,
                    n_exp = o$n_exp, n_ctrl = o$n_ctrl, events_exp = o$events_exp, events_ctrl = o$events_ctrl,
                    measure = o$measure, est = o$est, lb = o$lb, ub = o$ub, per = x$per, risk = risks$label,
                    stringsAsFactors = FALSE)
  out[names(none)[-1L]] <- risks[-1L] * x$per
  for (domain in names(grade_all)) {
    j <- x$judgements[x$judgements$domain == domain, ]
    at <- match(o$outcome, j$outcome)
    out[[domain]] <- ifelse(j$judged[at], grade_word(j$steps[at], domain), NA)
  }
  out$start <- o$start
  out$certainty <- o$certainty
  rownames(out) <- NULL
  if (shape == "printed") printed_grade(out) else out
}

# As text with the decimals of the table; the risks of a row share theirs.
printed_grade <- function(out) {
  text <- function(v, digits) ifelse(is.na(v), "", mapply(format_fixed, v, digits, USE.NAMES = FALSE))
  digits <- mapply(risk_digits, out$risk0 / out$per, out$per)
  risk <- c("risk0", "risk1", "risk1.lb", "risk1.ub", "diff", "diff.lb", "diff.ub")
  out[risk] <- lapply(out[risk], text, digits = digits)
  out[c("est", "lb", "ub")] <- lapply(out[c("est", "lb", "ub")], text, digits = 2L)
  out[c("k", "n")] <- lapply(out[c("k", "n")], text, digits = 0L)
  out
}

#' @rdname audit
#' @export
audit.metaparity_grade <- function(x, ...) {
  named_dots(character(), sys.call(), ...)
  o <- x$outcomes[!is.na(x$outcomes$est), ]
  results <- data.frame(name = o$outcome, label = o$outcome, est = o$est, lb = o$lb, ub = o$ub, k = o$k,
                        n = o$n_exp + o$n_ctrl, stringsAsFactors = FALSE)
  new_audit_report(sof_checks(as.data.frame(x, shape = "printed"), results))
}
