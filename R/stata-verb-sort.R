# sortby() of metan, metaprop and what stands on them: one key or several, also variables that the command makes; the
# order of groups. Source: help pages of metan 3.04, metan 4.08, metaprop. Missing numbers stand last, ties in their
# order.

made_names <- c("_ES", "_seES", "_selogES", "_LCI", "_UCI", "_WT", "_SS", "_NN")

# The rows of `keep` in the order of the user's keys.
sorted_rows <- function(expr, data, env, keep, k, call) {
  if (is.null(expr)) return(keep)
  keys <- lapply(sort_keys(expr, data, env, k, call), function(x) sort_values(x)[keep])
  keep[do.call(order, c(unname(keys), list(method = "radix")))]
}

sort_values <- function(x) {
  if (!is.character(x)) return(as.numeric(x))
  x[is.na(x)] <- ""
  x
}

# c(g, year), list(g, -year), "g year", or anything that gives one value for each observation.
sort_keys <- function(expr, data, env, k, call) {
  parts <- sort_parts(expr, data)
  keys <- lapply(parts, stata_column, data = data, env = env, arg = "sortby", call = call)
  if (length(keys) == k && k > 1L && all(lengths(keys) == 1L)) keys <- list(unlist(keys))
  if (length(keys) == 1L && is.list(keys[[1L]])) keys <- as.list(keys[[1L]])
  for (x in keys) if (length(x) != k || !is.atomic(x)) {
    abort_input("sortby", sprintf("must have one value for each of the %d observations, not %d", k, length(x)), call)
  }
  keys
}

sort_parts <- function(expr, data) {
  if (is.character(expr) && length(expr) == 1L && !expr %in% names(data)) {
    return(lapply(strsplit(trimws(expr), "[ ,]+")[[1L]], as.name))
  }
  if (is.call(expr) && as.character(expr[[1L]])[1L] %in% c("c", "list")) as.list(expr)[-1L] else list(expr)
}

# The commands that do, with the version of metan.
found_order_commands <- c("metaprop", "metan 9")

keeps_found_groups <- function(verb, version)
  paste(c(verb, if (verb == "metan") version), collapse = " ") %in% found_order_commands

# Version 9 and metaprop keep groups of strings and of numbers in the order in which the data name them first; a factor
# keeps that of its levels.
groups_as_found <- function(input, mc, data, env, call) {
  by <- stata_column(mc$by, data, env, "by", call)
  if (is.null(by) || is.factor(by)) return(input)
  found <- unique(format_label_value(by[!is.na(by)]))
  input$by <- factor(as.character(input$by), levels = found[found %in% levels(input$by)])
  input
}

# The words that the log of a cumulative analysis names.
sort_words <- function(expr) {
  if (is.symbol(expr)) return(as.character(expr))
  if (is.character(expr)) return(expr)
  if (is.call(expr) && as.character(expr[[1L]])[1L] %in% c("c", "list")) return(varlist_names(as.list(expr)[-1L]))
  if (is.call(expr)) varlist_names(list(expr))
}

# Does sortby() name a variable that the command makes? Version 4 takes one that stands in the data as it is; the other
# commands have replaced it by the time they sort.
sorts_by_made <- function(expr, data, as_found) {
  if (is.null(expr)) return(FALSE)
  any(sort_names(expr) %in% setdiff(made_names, if (as_found) names(data)))
}

# The names in an expression, also those in its strings.
sort_names <- function(expr) {
  if (!is.language(expr) && !is.vector(expr)) return(character())
  texts <- as.character(Filter(is.character, as.list(expr)))
  c(all.vars(expr), unlist(strsplit(texts, "[ ,]+")))
}

# The data with the variables of a view as the command stores them.
add_made_variables <- function(data, view, k) {
  made <- new_variables(view)
  if (is.null(data)) data <- data.frame(row.names = seq_len(k))
  for (name in intersect(names(made$values), made_names)) {
    value <- rep(NA_real_, k)
    value[made$rows] <- as_single(made$values[[name]])
    data[[name]] <- value
  }
  data
}

# A wrapper's ..1 as its user wrote it, when it stands for columns of the data or for variables that the command makes.
as_written <- function(expr, data, env) {
  if (!is.symbol(expr) || !is_dots_name(as.character(expr))) return(expr)
  written <- written_in_dots(as.character(expr), env)$written
  words <- sort_names(written)
  if (length(words) && all(words %in% c(names(data), made_names))) written else expr
}

# run(mc) is the analysis without its order and without a graph; what it warns of is said by the analysis itself.
data_to_sort <- function(mc, data, env, sizes, as_found, run, call) {
  data <- resolve_data(data, call)
  if (!sorts_by_made(mc$sortby, data, as_found)) return(data)
  k <- length(stata_varlist(mc$..., data, env, sizes, call)[[1L]])
  mc$sortby <- NULL
  add_made_variables(data, quiet_drops(run(mc)), k)
}
