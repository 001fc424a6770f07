# Which rows a command uses: groups of the prefix by, and what if and in keep.

# Rows of each group in their order; the data must be sorted, or sorted by the prefix.
by_groups <- function(by, session) {
  vars <- expand_varlist(by$vars, session, 1L)
  order <- expand_varlist(by$order, session)
  if (by$sort) sort_data(session, c(vars, order))
  else if (!identical(utils::head(session$sorted, length(vars)), vars)) abort_stata("not sorted", 5L)
  keys <- lapply(session$data[vars], comparable)
  change <- Reduce(`|`, lapply(keys, function(k) c(TRUE, k[-1L] != k[-length(k)])))
  structure(split(seq_len(session$n), cumsum(change)), vars = vars)
}

# What stands above the output for a group: -> g = 1, h = a
group_heading <- function(vars, row, session) {
  paste("->", paste(vars, "=", vapply(vars, function(v) shown_value(v, session, row), ""), collapse = ", "))
}

# Groups as the context of one evaluation: the rows in their order, where each row's group starts, and its size.
group_context <- function(groups, session) {
  size <- lengths(groups, use.names = FALSE)
  list(session = session, rows = unlist(groups, use.names = FALSE), start = rep(cumsum(size) - size, size),
       size = rep(size, size))
}

# The expression for the rows of all groups, as the context has them.
evaluate_groups <- function(tokens, context) {
  value <- evaluate(parse_expression(tokens), context)
  if (length(value) == 1L) rep(value, length(context$rows)) else value
}

# Which rows of the context if and in keep.
kept_in_groups <- function(command, context) {
  keep <- rep(TRUE, length(context$rows))
  if (!is.null(command$`if`)) {
    value <- evaluate_groups(command$`if`, context)
    if (is.character(value)) abort_stata("type mismatch", 109L)
    keep <- comparable(value) != 0
  }
  if (!is.null(command[["in"]])) keep <- keep & context$rows %in% parse_in_range(command[["in"]], context$session)
  keep
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
