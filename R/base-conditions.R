# Every error and warning of the package is made here, with a class and the family class
# metaparity_error or metaparity_warning. Messages name the argument in backticks, say what it
# must be, then what it got.

# A message in R's own language, from the catalogue in inst/po (made by tools/po from the texts in the calls of these
# functions). expr: how the caller writes it; only the format of a sprintf() is looked up, its arguments are as they
# are. A message without a translation is English as a whole, its parts too.
translated <- function(expr, message, env) {
  if (is.call(expr) && identical(expr[[1L]], quote(sprintf)) && is.character(expr[[2L]])) {
    format <- gettext(expr[[2L]], domain = "R-metaparity")
    assign("english", identical(format, expr[[2L]]), message_state)
    on.exit(assign("english", FALSE, message_state))
    given <- lapply(as.list(expr)[-(1:2)], eval, env)
    return(do.call(sprintf, c(list(format), lapply(given, function(x) if (is.character(x)) legible(x) else x))))
  }
  gettext(message, domain = "R-metaparity")
}

message_state <- new.env(parent = emptyenv())

# A part of a message. beside: the message that it joins, which is English if it has no other letters.
message_part <- function(text, beside = NULL) {
  english <- if (is.null(beside)) isTRUE(message_state$english) else !grepl("[^ -~]", beside)
  if (english) text else gettext(text, domain = "R-metaparity")
}

abort_input <- function(arg, message, call = NULL) {
  message <- translated(substitute(message), message, parent.frame())
  stop(errorCondition(sprintf("`%s` %s", arg, message), arg = arg,
                      class = c("metaparity_error_input", "metaparity_error"), call = call))
}

abort_studies <- function(arg, rows, message, call = NULL) {
  message <- translated(substitute(message), message, parent.frame())
  stop(errorCondition(sprintf("`%s` %s (%s)", arg, message, format_rows(rows, beside = message)), arg = arg,
                      rows = rows,
                      class = c("metaparity_error_studies", "metaparity_error"), call = call))
}

abort_not_converged <- function(message, call = NULL) {
  message <- translated(substitute(message), message, parent.frame())
  stop(errorCondition(message, class = c("metaparity_error_not_converged", "metaparity_error"), call = call))
}

# The numbers cannot be computed with, or the object they come from was changed by hand.
abort_core <- function(message, call = NULL) {
  stop(errorCondition(gettextf("these values cannot be computed with: %s", message),
                      class = c("metaparity_error_core", "metaparity_error_input", "metaparity_error"), call = call))
}

warn_dropped <- function(rows, reason, call = NULL) {
  told <- translated(substitute(reason), reason, parent.frame())
  frame <- if (length(rows) == 1L) {
    message_part("%d study omitted: %s (%s)", told)
  } else {
    message_part("%d studies omitted: %s (%s)", told)
  }
  warning(warningCondition(sprintf(frame, length(rows), told, format_rows(rows, beside = told)),
                           rows = rows, reason = reason,
                           class = c("metaparity_warning_dropped", "metaparity_warning"), call = call))
}

warn_input <- function(arg, message, call = NULL) {
  message <- translated(substitute(message), message, parent.frame())
  warning(warningCondition(sprintf("`%s` %s", arg, message), arg = arg,
                           class = c("metaparity_warning_input", "metaparity_warning"), call = call))
}

# Further arguments of metafor's functions that tell of iterations, timing or what else is returned: without a meaning
# where all is computed once, in a call of the core.
idle_arguments <- c("time", "verbose", "abbrev", "retopt", "retfit", "retdat", "restart", "skiphes")

# Arguments that a verb does not have, and that may be misspelt ones: `names` as given, "" for one without a name.
warn_unknown <- function(names, call = NULL) {
  names <- names[!names %in% idle_arguments]
  if (length(names) == 0L) return(invisible())
  shown <- if (all(nzchar(names))) names else c(names[nzchar(names)], "...")
  warning(warningCondition(gettextf("%s: disregarded", sprintf(
    ngettext(length(shown), "%s is not an argument of this function", "%s are not arguments of this function"),
    paste0("`", shown, "`", collapse = ", "))), arg = shown,
                           class = c("metaparity_warning_unknown", "metaparity_warning_input", "metaparity_warning"),
                           call = call))
}

format_rows <- function(rows, most = 10L, beside = "") {
  shown <- paste(utils::head(rows, most), collapse = ", ")
  if (length(rows) > most) return(sprintf(message_part("rows %s and %d more", beside), shown, length(rows) - most))
  sprintf(if (length(rows) == 1L) message_part("row %s", beside) else message_part("rows %s", beside), shown)
}

# Rows that were computed all the same, but that the user should look at.
warn_studies <- function(arg, rows, message, call = NULL) {
  message <- translated(substitute(message), message, parent.frame())
  warning(warningCondition(sprintf("`%s` %s (%s)", arg, message, format_rows(rows, beside = message)),
                           arg = arg, rows = rows,
                           class = c("metaparity_warning_studies", "metaparity_warning"), call = call))
}

# Lines of files that have no part in a result. problems: study, line and reason; counts: a row a reason.
warn_lines <- function(counts, reasons, problems, call = NULL) {
  total <- rowSums(counts)
  if (!any(total > 0)) return(invisible())
  at <- which(total > 0)
  first <- match(reasons[at], problems$reason)
  told <- sprintf(gettext("%s: %d (first: %s, line %d)", domain = "R-metaparity"), reasons[at], as.integer(total[at]),
                  printable(problems$study[first]), as.integer(problems$line[first]))
  warning(warningCondition(gettextf("lines without a part in the result: %d; %s; see attr(, \"problems\")",
                                    as.integer(sum(total)), paste(told, collapse = "; "), domain = "R-metaparity"),
                           problems = problems, counts = counts,
                           class = c("metaparity_warning_lines", "metaparity_warning"), call = call))
}

inform <- function(message, type) {
  message(structure(class = c(paste0("metaparity_message_", type), "metaparity_message", "message", "condition"),
                    list(message = paste0(message, "\n"), call = NULL)))
}

# The view reports on its own which studies it leaves out and why.
quiet_drops <- function(expr) {
  withCallingHandlers(expr, metaparity_warning = function(w) invokeRestart("muffleWarning"))
}

# What a user should know of a fit by iterations: kind is "boundary", "multimodal", "separation",
# "not_identified" or "not_converged".
warn_fit <- function(kind, message, call = NULL, ...) {
  message <- translated(substitute(message), message, parent.frame())
  warning(warningCondition(message, ..., class = c(paste0("metaparity_warning_", kind), "metaparity_warning_fit",
                                                   "metaparity_warning"), call = call))
}
