# Owns what an audit returns: the findings of all checks, the counts of what was checked, the readings, and their print.

# results: lists of new_check(). study, part: names of the rows.
new_audit_report <- function(results, study = character(), part = character(), readings = NULL) {
  results <- Filter(Negate(is.null), results)
  found <- do.call(rbind, lapply(results, `[[`, "findings"))
  found <- if (is.null(found)) no_findings() else {
    at <- function(names) if (length(names)) ifelse(is.na(found$row), "", names[found$row]) else rep("", nrow(found))
    found$part <- ifelse(nzchar(found$part), found$part, at(part))
    cbind(found, data.frame(study = at(study), stringsAsFactors = FALSE))
  }
  found <- found[order(match(found$severity, severities), found$part, is.na(found$row), found$row,
                       order_of_checks(found$check)), ]
  rownames(found) <- NULL
  structure(found, class = c("metaparity_audit_report", "data.frame"), checks = count_checks(results),
            readings = unique(readings))
}

count_checks <- function(results) {
  empty <- data.frame(check = character(), title = character(), checked = integer(), found = integer(),
                      undecided = integer(),
                      because = character(), stringsAsFactors = FALSE)
  if (!length(results)) return(empty)
  code <- vapply(results, `[[`, "", "check")
  total <- function(field) vapply(split(vapply(results, function(r) sum(r[[field]]), 0), factor(code, unique(code))),
                                  sum, 0)
  rows <- vapply(results, function(r) length(unique(r$findings$row)), 0L)
  because <- vapply(split(vapply(results, `[[`, "", "because"), factor(code, unique(code))), function(x) {
    paste(unique(x[nzchar(x)]), collapse = "; ")
  }, "")
  out <- data.frame(check = unique(code), title = unname(audit_checks[unique(code)]),
                    checked = as.integer(total("checked")),
                    found = as.integer(vapply(split(rows, factor(code, unique(code))), sum, 0)),
                    undecided = as.integer(total("undecided")), because = unname(because), stringsAsFactors = FALSE)
  out <- out[order(order_of_checks(out$check)), ]
  rownames(out) <- NULL
  out
}

# Several audits as one; their names are the parts.
bind_audits <- function(reports) {
  names <- names(reports)
  parts <- Map(function(x, name) {
    x$part <- ifelse(nzchar(x$part) & nzchar(name), paste(name, x$part, sep = ": "), paste0(name, x$part))
    x
  }, reports, if (is.null(names)) rep("", length(reports)) else names)
  found <- do.call(rbind, c(list(no_findings()), lapply(parts, as.data.frame)))
  found <- found[order(match(found$severity, severities)), ]
  rownames(found) <- NULL
  counts <- do.call(rbind, lapply(reports, attr, "checks"))
  results <- lapply(seq_len(NROW(counts)), function(i) new_check(counts$check[i], counts$checked[i], NULL,
                                                                 counts$undecided[i], counts$because[i]))
  checks <- count_checks(results)
  if (nrow(checks)) checks$found <- as.integer(tapply(counts$found, factor(counts$check, checks$check), sum))
  structure(found, class = c("metaparity_audit_report", "data.frame"), checks = checks,
            readings = do.call(rbind, lapply(parts, attr, "readings")))
}

#' @export
as.data.frame.metaparity_audit_report <- function(x, ...) {
  attr(x, "checks") <- NULL
  attr(x, "readings") <- NULL
  class(x) <- "data.frame"
  x
}

#' @rdname audit
#' @export
summary.metaparity_audit_report <- function(object, ...) {
  checks <- attr(object, "checks")
  checks$passed <- checks$checked - checks$found
  structure(checks[c("check", "title", "checked", "passed", "found", "undecided", "because")],
            class = c("metaparity_audit_summary", "data.frame"))
}

#' @rdname audit
#' @export
print.metaparity_audit_report <- function(x, most = 40L, lang = NULL, ...) {
  check_number(most, "most", 0, Inf, sys.call())
  with_language(lang, cat(format_report(x, most), sep = "\n"))
  invisible(x)
}

#' @rdname audit
#' @export
print.metaparity_audit_summary <- function(x, lang = NULL, ...) {
  with_language(lang, {
    shown <- as.data.frame(unclass(x), stringsAsFactors = FALSE)
    if (!is.null(shown$title)) shown$title <- translate(shown$title)
    if (!is.null(shown$because)) shown$because <- translate_reasons(shown$because)
    heads <- c(check = "check", title = "what is checked", checked = "checked", passed = "passed", found = "found",
               undecided = "not decidable", because = "because")
    known <- names(shown) %in% names(heads)
    names(shown)[known] <- translate(unname(heads[names(shown)[known]]))
    cat(report_columns(shown), sep = "\n")
  })
  invisible(x)
}

# Text left, numbers right, by their width on the screen.
report_columns <- function(x) {
  cells <- Map(function(values, head) {
    text <- c(head, format(values, trim = TRUE))
    if (is.numeric(values)) pad_left(text) else pad_right(text)
  }, x, names(x))
  sub(" +$", "", do.call(paste, c(unname(cells), sep = "  ")))
}

format_report <- function(x, most) {
  checks <- attr(x, "checks")
  if (is.null(checks)) checks <- count_checks(list())
  count <- table(factor(x$severity, severities))
  head <- if (nrow(x)) {
    translatef("Audit: %s", own_text(paste(count_words(count), collapse = ", ")))
  } else translate("Audit: nothing found")
  undecided <- checks[checks$undecided > 0L, ]
  done <- checks[checks$checked > 0L, ]
  c(head, if (nrow(done)) translatef("Checked: %s", own_text(paste0(done$check, " (", done$checked, ")",
                                                                    collapse = ", "))),
    format_found(utils::head(x, most)),
    if (nrow(x) > most) translatef("and %d more", nrow(x) - as.integer(most)),
    if (nrow(undecided)) {
      c(translate("Not decidable:"), sprintf("  %s (%d): %s", undecided$check, undecided$undecided,
                                             translate_reasons(undecided$because)))
    })
}

count_words <- function(count) {
  words <- c(error = "%d error", warning = "%d warning", note = "%d note")
  many <- c(error = "%d errors", warning = "%d warnings", note = "%d notes")
  vapply(names(count)[count > 0L], function(kind) {
    translatef(if (count[[kind]] == 1L) words[[kind]] else many[[kind]], as.integer(count[[kind]]))
  }, "")
}

format_found <- function(x) {
  if (!nrow(x)) return(NULL)
  places <- vapply(seq_len(nrow(x)), function(i) {
    row <- if (!is.na(x$row[i])) translatef("row %d", x$row[i])
    paste(c(x$part[i][nzchar(x$part[i])], row, x$study[i][nzchar(x$study[i])]), collapse = ", ")
  }, "")
  first <- sprintf("%s [%s] %s%s%s", translate(x$severity), x$check, places, ifelse(nzchar(places), ": ", ""),
                   translate(x$why))
  # What stands in the paper stays as it is.
  stays <- x$check %in% c("C12", "C13")
  labels <- c(printed = "printed %s", expected = "expected %s", reading = "reading: %s",
              suggestion = "smallest change: %s")
  detail <- Map(function(label, text, field) {
    text <- ifelse(stays | field == "printed", text, translate_phrases(text))
    ifelse(nzchar(text), vapply(text, function(one) translatef(label, own_text(one)), ""), "")
  }, labels, x[names(labels)], names(labels))
  second <- apply(matrix(do.call(cbind, detail), nrow(x)), 1L,
                  function(cells) paste(cells[nzchar(cells)], collapse = "; "))
  unlist(Map(function(a, b) c(a, if (nzchar(b)) paste0("    ", b)), first, second), use.names = FALSE)
}

# Phrases of readings and suggestions, each by itself.
translate_phrases <- function(text) {
  if (identical(translate("instead of"), "instead of")) return(text)
  phrases <- c(raw_words, zero_words, pool_models, interval_words, repair_words, scale_words, names(unit_slips),
               "instead of", "exchange",
               "estimate", "lower limit", "upper limit", "arms exchanged",
               "standard errors taken as standard deviations", "standard errors",
               "standard deviations", "I2 from tau2", "Q of all rows less those of the subgroups", "at most", "about",
               "steps down",
               "participants", "studies", grade_levels, "Mantel-Haenszel, fixed effect",
               "Mantel-Haenszel, random effects, DerSimonian-Laird")
  phrases <- unique(phrases[nzchar(phrases)])
  for (phrase in phrases[order(-nchar(phrases))]) text <- gsub(phrase, translate(phrase), text, fixed = TRUE)
  text <- gsub("^row ([0-9]+)$", sub("%d", "\\1", translate("row %d"), fixed = TRUE), text)
  gsub(", or ", " / ", gsub("(?<=[0-9]) (to|and|or) (?=[-0-9])", "~", text, perl = TRUE), fixed = TRUE)
}

# Reasons that were joined.
translate_reasons <- function(text) {
  vapply(strsplit(text, "; ", fixed = TRUE), function(parts) paste(translate(parts), collapse = "; "), "")
}
