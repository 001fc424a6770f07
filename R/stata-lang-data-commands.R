# Commands on variables and rows: generate, replace, egen, drop, keep, rename, sort, order, count, assert, encode.
# Source: Stata's Data Management manual; notes are worded as Stata words them.

storage_types <- c("byte", "int", "long", "float", "double")

plural <- function(n, one, many = paste0(one, "s")) {
  paste(if (n < 1000) as.character(n) else format(n, big.mark = ","), if (n == 1) one else many)
}

# [type] name[:labels] = expression
parse_assignment <- function(tokens, typed) {
  type <- NULL
  first <- tokens$text[1L]
  is_type <- first %in% storage_types || isTRUE(startsWith(first, "str")) && grepl("^str([0-9]+|L)?$", first)
  if (typed && nrow(tokens) > 2L && is_type && tokens$text[2L] != "=") {
    type <- tokens$text[1L]
    tokens <- tokens[-1L, ]
  }
  labels <- NULL
  if (typed && nrow(tokens) > 4L && tokens$text[2L] == ":" && tokens$text[4L] == "=") {
    labels <- tokens$text[3L]
    tokens <- tokens[-(2:3), ]
  }
  if (nrow(tokens) < 3L || tokens$text[2L] != "=") abort_stata("invalid syntax: = expected", 198L)
  list(type = type, name = tokens$text[1L], tokens = tokens[-(1:2), ], labels = labels)
}

run_generate <- function(command, session, rows) generate_groups(command, session, list(rows))

generate_groups <- function(command, session, groups) {
  o <- command_options(command, c(before = "b", after = "a"))
  a <- parse_assignment(command$rest, TRUE)
  set <- a$labels
  if (is.null(a$type)) a$type <- if (length(set)) session$type
  check_new_name(a$name, session)
  value <- fill_groups(command, session, groups, a$tokens)
  if (is.character(value) && grepl("^str[0-9]+$", c(a$type, "")[1L])) {
    value <- cut_bytes(value, as.integer(substring(a$type, 4L)))
  }
  type <- if (is.character(value) && identical(a$type, "str")) smallest_type(value) else if (is.character(value))
    declared_string(a$type, value) else if (is.null(a$type)) session$type else a$type
  if (is.character(value) && !is.null(a$type) && !startsWith(a$type, "str")) abort_stata("type mismatch", 109L)
  if (!is.character(value) && !is.null(a$type) && startsWith(a$type, "str")) abort_stata("type mismatch", 109L)
  if (type %in% c("byte", "int", "long")) value <- in_integer_range(value, type)
  store_variable(session, a$name, value, type, labels = set)
  if (length(o)) move_variables(a$name, o, session)
  note_missing(value, session)
}

# before(v) and after(v) of generate and order.
move_variables <- function(names, o, session) {
  others <- setdiff(names(session$data), names)
  place <- if (!is.null(o$before)) match(find_stata_variable(o$before, session), others) - 1L
           else match(find_stata_variable(o$after, session), others)
  if (is.na(place)) abort_stata("the variables themselves are no place to move them to", 198L)
  session$data <- session$data[append(others, names, place)]
}

# str10 cuts longer text; its width stays as it was declared.
cut_bytes <- function(text, width) {
  long <- nchar(text, "bytes") > width
  if (any(long)) text[long] <- sub_string(text[long], 1, width, TRUE)
  text
}

declared_string <- function(type, value) if (grepl("^str", c(type, "")[1L])) type else string_type(value)

in_integer_range <- function(x, type) {
  top <- c(byte = 100, int = 32740, long = 2147483620)[[type]]
  low <- c(byte = -127, int = -32767, long = -2147483647)[[type]]
  out <- trunc(x)
  out[!is.na(out) & (out > top | out < low)] <- NA_real_
  lost <- is.na(x)
  out[lost] <- x[lost]
  out
}

note_missing <- function(value, session) {
  n <- if (is.character(value)) 0L else sum(is.na(value))
  if (n) emit(session, sprintf("(%s generated)", plural(n, "missing value")))
}

# The expression on each group, missing where if and in leave rows out. The condition is computed first: regexs() has
# what its regexm() found.
fill_groups <- function(command, session, groups, tokens) rows_in_groups(command, session, groups, tokens)$value

# value: of all rows, missing where if and in do not keep them; kept: the rows that they do.
rows_in_groups <- function(command, session, groups, tokens) {
  context <- group_context(groups, session)
  keep <- kept_in_groups(command, context)
  value <- evaluate_groups(tokens, context)
  kept <- context$rows[keep]
  out <- if (is.character(value)) rep("", session$n) else rep(NA_real_, session$n)
  out[kept] <- value[keep]
  list(kept = kept, value = out)
}

run_replace <- function(command, session, rows) replace_groups(command, session, list(rows))

replace_groups <- function(command, session, groups) {
  no_options(command, c("nopromote"))
  a <- parse_assignment(command$rest, FALSE)
  name <- find_stata_variable(a$name, session)
  old <- session$data[[name]]
  found <- if (looks_back(name, a$tokens, command$`if`)) replaced_in_turn(name, command, session, groups, a$tokens) else
    rows_in_groups(command, session, groups, a$tokens)
  kept <- found$kept
  value <- found$value
  if (is.character(value) != is.character(old)) abort_stata("type mismatch", 109L)
  new <- old
  new[kept] <- value[kept]
  type <- promoted_type(session$meta[[name]]$type, new)
  if (type == "float") new <- as_single_missing(new)
  session$data[[name]] <- new
  session$meta[[name]]$type <- type
  session$sorted <- session$sorted[cumsum(session$sorted == name) == 0L]
  changed <- comparable(new) != comparable(old)
  lost <- sum(changed & is_missing(new))
  text <- plural(sum(changed), "real change")
  emit(session, sprintf("(%s made%s)", text, if (lost && !is.character(new)) sprintf(", %d to missing", lost) else ""))
}

# x[_n-1] in the new values of x: rows are replaced in turn, each sees what those before it became.
looks_back <- function(name, ...) {
  any(vapply(list(...), function(tokens) {
    if (is.null(tokens) || !nrow(tokens)) return(FALSE)
    any(tokens$text == name & c(tokens$text[-1L], "") == "[")
  }, NA))
}

replaced_in_turn <- function(name, command, session, groups, tokens) {
  old <- session$data[[name]]
  on.exit(session$data[[name]] <- old)
  float <- session$meta[[name]]$type == "float"
  tree <- parse_expression(tokens)
  test <- if (!is.null(command$`if`)) parse_expression(command$`if`)
  within <- if (is.null(command[["in"]])) seq_len(session$n) else parse_in_range(command[["in"]], session)
  kept <- integer()
  for (rows in groups) for (i in seq_along(rows)) if (rows[i] %in% within) {
    context <- list(session = session, rows = rows[i], turn = list(n = i, rows = rows))
    if (!is.null(test) && comparable(evaluate(test, context)) == 0) next
    value <- evaluate(tree, context)[1L]
    if (is.character(value) != is.character(old)) abort_stata("type mismatch", 109L)
    session$data[[name]][rows[i]] <- if (float) as_single_missing(value) else value
    kept <- c(kept, rows[i])
  }
  list(kept = kept, value = session$data[[name]])
}

# Integers grow as the values need it; float stays float.
promoted_type <- function(type, value) {
  if (is.character(value)) return(string_type(value))
  if (type %in% c("float", "double")) return(type)
  order <- storage_types
  needed <- smallest_type(value)
  order[max(match(type, order), match(needed, order))]
}

run_drop <- function(command, session, rows, keep = FALSE) {
  no_options(command)
  if (nrow(command$rest)) {
    if (!is.null(command$`if`) || !is.null(command[["in"]])) abort_stata("invalid syntax", 198L)
    vars <- expand_varlist(command$rest, session)
    drop_variables(session, if (keep) setdiff(names(session$data), vars) else vars)
    return(invisible())
  }
  if (is.null(command$`if`) && is.null(command[["in"]])) abort_stata("varlist or in range required", 100L)
  drop_groups(command, session, list(rows), keep)
}

drop_groups <- function(command, session, groups, keep = FALSE) {
  context <- group_context(groups, session)
  hit <- context$rows[kept_in_groups(command, context)]
  left <- if (keep) sort(hit) else setdiff(seq_len(session$n), hit)
  gone <- session$n - length(left)
  filter_rows(session, left)
  emit(session, sprintf("(%s deleted)", plural(gone, "observation")))
}

run_keep <- function(command, session, rows) run_drop(command, session, rows, keep = TRUE)

keep_groups <- function(command, session, groups) drop_groups(command, session, groups, keep = TRUE)

rename_variables <- function(session, old, new) {
  if (length(old) != length(new)) abort_stata("rename: as many new names as old ones are needed", 198L)
  others <- setdiff(names(session$data), old)
  for (name in c(intersect(new, others), new[duplicated(new)])) {
    abort_stata(sprintf("variable %s already defined", name), 110L)
  }
  bad <- new[!grepl("^[[:alpha:]_][[:alnum:]_]*$", new) | nchar(new) > 32L | new %in% reserved_names]
  if (length(bad)) abort_stata(sprintf("%s invalid name", bad[1L]), 198L)
  at <- match(old, names(session$data))
  names(session$data)[at] <- new
  names(session$meta)[match(old, names(session$meta))] <- new
  session$sorted <- ifelse(session$sorted %in% old, new[match(session$sorted, old)], session$sorted)
}

sort_data <- function(session, vars, down = rep(FALSE, length(vars))) {
  keys <- Map(function(v, d) {
    key <- comparable(session$data[[v]])
    if (is.character(key)) key <- match(key, sort(unique(key), method = "radix"))
    if (d) -key else key
  }, vars, down)
  if (length(keys)) filter_rows(session, do.call(order, unname(keys)))
  session$sorted <- if (any(down)) character() else vars
}

run_sort <- function(command, session, rows) {
  no_options(command, "stable")
  sort_data(session, expand_varlist(command$rest, session, 1L))
}

# gsort -year +id: missing values stay last, also downwards only with mfirst.
run_gsort <- function(command, session, rows) {
  no_options(command)
  words <- strsplit(gsub("([-+])\\s+", "\\1", command$rest_text), "\\s+")[[1L]]
  vars <- vapply(sub("^[-+]", "", words), find_stata_variable, "", session = session)
  down <- startsWith(words, "-")
  keys <- Map(function(v, d) {
    key <- comparable(session$data[[v]])
    if (is.character(key)) key <- match(key, sort(unique(key), method = "radix"))
    if (d) ifelse(is_missing(session$data[[v]]), Inf, -key) else key
  }, vars, down)
  filter_rows(session, do.call(order, unname(keys)))
  session$sorted <- if (any(down)) character() else unname(vars)
}

# order a b [, first last before(v) after(v) alphabetic sequential]
run_order <- function(command, session, rows) {
  o <- command_options(command, c(first = "f", last = "last", before = "b", after = "a", alphabetic = "alpha",
                                  sequential = "seq"))
  vars <- expand_varlist(command$rest, session, 1L)
  if (!is.null(o$alphabetic)) vars <- sort(vars, method = "radix")
  if (!is.null(o$sequential)) vars <- vars[order(sub("[0-9]+$", "", vars), suppressWarnings(as.numeric(
    sub("^.*?([0-9]*)$", "\\1", vars))), na.last = FALSE, method = "radix")]
  if (!is.null(o$before) || !is.null(o$after)) return(move_variables(vars, o, session))
  others <- setdiff(names(session$data), vars)
  session$data <- session$data[if (!is.null(o$last)) c(others, vars) else c(vars, others)]
}

run_aorder <- function(command, session, rows) {
  no_options(command)
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  vars <- sort(vars, method = "radix")
  session$data <- session$data[c(vars, setdiff(names(session$data), vars))]
}

run_count <- function(command, session, rows) {
  no_options(command)
  n <- length(selected_rows(command, session, rows))
  session$r <- list(N = n)
  emit(session, sprintf("  %s", format(n, big.mark = ",")))
}

run_assert <- function(command, session, rows) {
  no_options(command, c("fast", "rc0", "null"))
  value <- evaluate_column(command$rest, session, rows)
  bad <- sum(comparable(value[rows %in% selected_rows(command, session, rows)]) == 0)
  if (bad) abort_stata(sprintf("%s in %d observations: assertion is false", plural(bad, "contradiction"),
                               length(rows)), 9L)
}

# encode s, generate(n): codes in the alphabetical order of the strings, which become the labels.
run_encode <- function(command, session, rows) {
  o <- command_options(command, c(generate = "gen", label = "l", noextend = "noe"), required = "generate")
  name <- expand_varlist(command$rest, session, 1L, 1L)
  check_new_name(o$generate, session)
  x <- session$data[[name]]
  if (!is.character(x)) abort_stata("not possible with numeric variable", 107L)
  x[setdiff(seq_along(x), selected_rows(command, session))] <- ""
  set <- c(o$label, o$generate)[1L]
  old <- if (is.null(o$label)) NULL else session$value_labels[[set]]
  levels <- setdiff(sort(unique(x[nzchar(x)]), method = "radix"), names(old))
  if (length(levels) && !is.null(o$noextend)) abort_stata(sprintf("%s: value not in label %s", levels[1L], set), 180L)
  codes <- c(old, stats::setNames(max(0, old) + seq_along(levels), levels))
  session$value_labels[[set]] <- codes
  value <- ifelse(nzchar(x), unname(codes[match(x, names(codes))]), NA_real_)
  store_variable(session, o$generate, value, "long", variable_label(name, session), labels = set)
}

run_decode <- function(command, session, rows) {
  o <- command_options(command, c(generate = "gen", maxlength = "maxl"), required = "generate")
  name <- expand_varlist(command$rest, session, 1L, 1L)
  check_new_name(o$generate, session)
  if (is.null(session$meta[[name]]$labels)) abort_stata(sprintf("%s not labeled", name), 182L)
  value <- ifelse(is.na(session$data[[name]]), "", shown_value(name, session, seq_len(session$n)))
  store_variable(session, o$generate, value, NULL, variable_label(name, session))
}

run_destring <- function(command, session, rows) {
  o <- command_options(command, c(generate = "gen", replace = "replace", force = "force", ignore = "i",
                                  percent = "percent",
                                  dpcomma = "dpcomma", float = "float"))
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  if (is.null(o$replace) && is.null(o$generate)) abort_stata("must specify either generate or replace option", 198L)
  new <- if (is.null(o$generate)) vars else strsplit(o$generate, "\\s+")[[1L]]
  for (i in seq_along(vars)) destring_one(vars[i], new[i], o, session)
}

destring_one <- function(name, new, o, session) {
  x <- session$data[[name]]
  what <- if (is.null(o$generate)) "replace" else "generate"
  if (!is.character(x)) return(emit(session, sprintf("%s already numeric; no %s", name, what)))
  if (!is.null(o$dpcomma)) x <- gsub(",", ".", x, fixed = TRUE)
  if (!is.null(o$percent)) x <- gsub("%", "", x, fixed = TRUE)
  for (ch in strsplit(unquote(if (is.null(o$ignore)) "" else o$ignore), "")[[1L]]) x <- gsub(ch, "", x, fixed = TRUE)
  value <- real_value(x)
  letter <- grepl("^\\s*[.][a-z]\\s*$", x)
  value[letter] <- vapply(substring(trimws(x[letter]), 2L), missing_value, 0)
  odd <- is.na(value) & !trimws(x) %in% c("", ".") & !letter
  if (any(odd) && is.null(o$force)) {
    return(emit(session, sprintf("%s: contains nonnumeric characters; no %s", name, what)))
  }
  if (!is.null(o$percent)) value <- value / 100
  store_variable(session, new, value, NULL, variable_label(name, session))
  done <- if (new == name) "replaced" else paste(new, "generated")
  kind <- if (any(odd)) "contains nonnumeric characters" else "all characters numeric"
  if (!is.null(o$ignore) && !any(odd)) kind <- "characters removed"
  emit(session, sprintf("%s: %s; %s as %s", name, kind, done, session$meta[[new]]$type))
  lost <- sum(is.na(value))
  if (lost) emit(session, sprintf("(%s generated)", plural(lost, "missing value")))
}
