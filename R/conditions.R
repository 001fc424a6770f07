# Every error and warning of the package is made here, with a class and the family class
# metaparity_error or metaparity_warning. Messages name the argument in backticks, say what it
# must be, then what it got.

abort_input <- function(arg, message, call = NULL) {
  stop(errorCondition(sprintf("`%s` %s", arg, message), arg = arg,
                      class = c("metaparity_error_input", "metaparity_error"), call = call))
}

abort_studies <- function(arg, rows, message, call = NULL) {
  stop(errorCondition(sprintf("`%s` %s (%s)", arg, message, format_rows(rows)), arg = arg, rows = rows,
                      class = c("metaparity_error_studies", "metaparity_error"), call = call))
}

abort_not_converged <- function(message, call = NULL) {
  stop(errorCondition(message, class = c("metaparity_error_not_converged", "metaparity_error"), call = call))
}

# The numbers cannot be computed with, or the object they come from was changed by hand.
abort_core <- function(message, call = NULL) {
  stop(errorCondition(sprintf("these values cannot be computed with: %s", message),
                      class = c("metaparity_error_core", "metaparity_error_input", "metaparity_error"), call = call))
}

warn_dropped <- function(rows, reason, call = NULL) {
  warning(warningCondition(sprintf("%d %s omitted: %s (%s)", length(rows),
                                   if (length(rows) == 1L) "study" else "studies", reason, format_rows(rows)),
                           rows = rows, reason = reason,
                           class = c("metaparity_warning_dropped", "metaparity_warning"), call = call))
}

warn_input <- function(arg, message, call = NULL) {
  warning(warningCondition(sprintf("`%s` %s", arg, message), arg = arg,
                           class = c("metaparity_warning_input", "metaparity_warning"), call = call))
}

# Arguments that a verb does not have, and that may be misspelt ones: `names` as given, "" for one without a name.
warn_unknown <- function(names, call = NULL) {
  if (length(names) == 0L) return(invisible())
  shown <- if (all(nzchar(names))) names else c(names[nzchar(names)], "...")
  warning(warningCondition(sprintf("%s: disregarded", sprintf(
    ngettext(length(shown), "%s is not an argument of this function", "%s are not arguments of this function"),
    paste0("`", shown, "`", collapse = ", "))), arg = shown,
                           class = c("metaparity_warning_unknown", "metaparity_warning_input", "metaparity_warning"),
                           call = call))
}

format_rows <- function(rows, most = 10L) {
  shown <- paste(utils::head(rows, most), collapse = ", ")
  more <- if (length(rows) > most) sprintf(" and %d more", length(rows) - most) else ""
  paste0(if (length(rows) == 1L) "row " else "rows ", shown, more)
}

# Rows that were computed all the same, but that the user should look at.
warn_studies <- function(arg, rows, message, call = NULL) {
  warning(warningCondition(sprintf("`%s` %s (%s)", arg, message, format_rows(rows)), arg = arg, rows = rows,
                           class = c("metaparity_warning_studies", "metaparity_warning"), call = call))
}
