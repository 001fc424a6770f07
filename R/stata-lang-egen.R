# egen: functions of whole groups. Source: Stata's Data Management manual, egen.

egen_functions <- list(
  mean = function(x) mean(x, na.rm = TRUE), total = function(x) sum(x, na.rm = TRUE),
  sum = function(x) sum(x, na.rm = TRUE), sd = function(x) stats::sd(x, na.rm = TRUE),
  min = function(x) extreme_value(x, min), max = function(x) extreme_value(x, max),
  median = function(x) stata_percentile(x[!is.na(x)], 50), count = function(x) sum(!is_missing(x)),
  seq = function(x) seq_along(x))
egen_rows <- list(rowmean = rowMeans, rowtotal = rowSums, rowmin = NULL, rowmax = NULL, rowmiss = NULL,
                  rownonmiss = NULL)

extreme_value <- function(x, f) if (all(is.na(x))) NA_real_ else f(x, na.rm = TRUE)

run_egen <- function(command, session, rows) egen_groups(command, session, list(rows))

egen_groups <- function(command, session, groups) {
  o <- command_options(command, c(by = "by", label = "label"))
  a <- parse_assignment(command$rest, TRUE)
  check_new_name(a$name, session)
  f <- a$tokens$text[1L]
  if (nrow(a$tokens) < 3L || a$tokens$text[2L] != "(") abort_stata("egen: function(argument) expected", 198L)
  inner <- a$tokens[seq_len(nrow(a$tokens))[-c(1L, 2L, nrow(a$tokens))], ]
  if (!is.null(o$by)) groups <- rows_by(expand_varlist(tokenize(o$by), session), session)
  kept <- selected_rows(command, session)
  groups <- lapply(groups, intersect, kept)
  value <- if (f == "group") egen_group(inner, session, kept)
  else if (f %in% names(egen_rows)) egen_row(f, inner, session, kept)
  else egen_column(f, inner, session, groups)
  whole <- f %in% c("group", "seq", "count", "rowmiss", "rownonmiss")
  store_variable(session, a$name, value,
                 if (!is.null(a$type)) a$type else if (whole) smallest_type(value) else session$type)
  note_missing(value, session)
}

rows_by <- function(vars, session) {
  unname(split(seq_len(session$n), lapply(session$data[vars], comparable), drop = TRUE))
}

egen_column <- function(f, tokens, session, groups) {
  fun <- egen_functions[[f]]
  if (is.null(fun)) abort_unsupported(sprintf("egen function %s()", f))
  out <- rep(NA_real_, session$n)
  for (rows in groups) {
    x <- if (nrow(tokens)) evaluate_column(tokens, session, rows) else rep(1, length(rows))
    out[rows] <- stata_number(fun(if (f == "count") x else numeric_operand(x)))
  }
  out
}

egen_group <- function(tokens, session, kept) {
  vars <- expand_varlist(tokens, session, 1L)
  whole <- kept[!Reduce(`|`, lapply(session$data[vars], function(x) is_missing(x[kept])))]
  key <- lapply(session$data[vars], function(x) match(x[whole], sort(unique(x[whole]), method = "radix")))
  code <- do.call(paste, c(lapply(key, sprintf, fmt = "%09d"), sep = "."))
  out <- rep(NA_real_, session$n)
  out[whole] <- as.numeric(match(code, sort(unique(code), method = "radix")))
  out
}

egen_row <- function(f, tokens, session, kept) {
  vars <- expand_varlist(tokens, session, 1L)
  x <- vapply(session$data[vars], function(x) numeric_operand(x)[kept], numeric(length(kept)))
  x <- matrix(x, nrow = length(kept))
  value <- switch(f, rowmean = rowMeans(x, na.rm = TRUE), rowtotal = rowSums(x, na.rm = TRUE),
                  rowmiss = rowSums(is.na(x)),
                  rownonmiss = rowSums(!is.na(x)), rowmin = apply(x, 1L, extreme_value, f = min),
                    apply(x, 1L, extreme_value, f = max))
  out <- rep(NA_real_, session$n)
  out[kept] <- stata_number(value)
  out
}
