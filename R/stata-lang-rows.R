# Which rows a command uses: groups of the prefix by, and what if and in keep.

# Rows of each group in their order; the data must be sorted, or sorted by the prefix.
by_groups <- function(by, session) {
  vars <- expand_varlist(by$vars, session, 1L)
  order <- expand_varlist(by$order, session)
  if (by$sort) sort_data(session, c(vars, order))
  else if (!identical(utils::head(session$sorted, length(vars)), vars)) abort_stata("not sorted", 5L)
  keys <- lapply(session$data[vars], comparable)
  change <- Reduce(`|`, lapply(keys, function(k) c(TRUE, k[-1L] != k[-length(k)])))
  groups <- split(seq_len(session$n), cumsum(change))
  names(groups) <- vapply(groups, function(rows) {
    paste(vars, "=", vapply(vars, function(v) shown_value(v, session, rows[1L]), ""), collapse = ", ")
  }, "")
  groups
}

# The rows that if and in keep, among `rows`; `if` is computed with _n and _N of these rows.
selected_rows <- function(command, session, rows = seq_len(session$n)) {
  keep <- rep(TRUE, length(rows))
  if (!is.null(command$`if`)) {
    value <- evaluate_column(command$`if`, session, rows)
    if (is.character(value)) abort_stata("type mismatch", 109L)
    keep <- comparable(value) != 0
  }
  if (!is.null(command[["in"]])) keep <- keep & rows %in% parse_in_range(command[["in"]], session)
  rows[keep]
}
