# The command table in its two syntaxes: up to Stata 16 rows, columns and contents(), from 17 on (rows) (columns) and
# statistic(). Source: Stata's Base Reference manual 16 and Customizable Tables manual 17, the entries of table.
# Oracle: tapply() and aggregate() of the same data.

old_table_options <- c(contents = "c", format = "f", row = "row", column = "col", scolumn = "scol", missing = "mi",
                       center = "cen", left = "l", concise = "con", cellwidth = "cellw", csepwidth = "csep",
                       stubwidth = "stub", by = "by", cw = "cw")
new_table_options <- c(statistic = "stat", nformat = "nfor", sformat = "sfor", nototals = "nototal", totals = "totals",
                       missing = "miss", nolabel = "nolab", zerocounts = "zero", name = "name", append = "append",
                       replace = "replace", style = "style", label = "label", showcounts = "showc", hide = "hide")

run_table <- function(text, session, statement) {
  command <- parse_command(paste("table", text))
  asked <- function(known) any(vapply(names(command$options), function(n) isTRUE(match_option(n, known) %in%
    c("statistic", "nformat", "nototals")), NA))
  newer <- grepl("^\\s*\\(", text) || asked(new_table_options) || session$version >= 17 &&
    is.na(match_option(c(names(command$options), "")[1L], old_table_options[c("contents", "row", "column")]))
  if (newer) run_new_table(command, session) else run_old_table(command, session)
}

cell_statistics <- c("freq", "mean", "sd", "semean", "sebinomial", "sepoisson", "sum", "rawsum", "count", "n", "max",
                     "min", "median", "iqr")

# mean x sd x n x: list(stat, source) for each cell.
table_contents <- function(text, session) {
  words <- plain_words(text)
  out <- list()
  at <- 1L
  while (at <= length(words)) {
    stat <- words[at]
    if (startsWith("frequency", stat) && nchar(stat) >= 4L) {
      out <- c(out, list(list(stat = "freq", source = NA_character_)))
    } else {
      if (!stat %in% cell_statistics && !grepl("^p[1-9][0-9]?$", stat)) {
        abort_stata(sprintf("contents(): %s is no statistic", stat), 198L)
      }
      at <- at + 1L
      if (at > length(words)) abort_stata("contents(): variable missing", 198L)
      out <- c(out, list(list(stat = stat, source = find_stata_variable(words[at], session))))
    }
    at <- at + 1L
  }
  if (length(out) > 5L) abort_stata("contents(): at most five statistics", 198L)
  out
}

cell_value <- function(wish, rows, session, weight = NULL, kind = NULL) {
  w <- weight[rows]
  if (is.na(wish$source)) return(if (is.null(w)) as.numeric(length(rows)) else sum(w))
  stat <- switch(wish$stat, n = "count", wish$stat)
  x <- session$data[[wish$source]][rows]
  if (!length(rows)) return(if (stat == "count") 0 else NA_real_)
  as.numeric(group_statistic(stat, x, w, kind))
}

# The levels of a variable among the rows: what is shown, and which rows have each.
table_levels <- function(name, rows, session, missing = FALSE, total = FALSE, labelled = TRUE) {
  x <- session$data[[name]]
  if (!missing) rows <- rows[!is_missing(x[rows])]
  key <- table_key(name, session, rows, labelled)
  out <- split(rows, key)
  if (total) out <- c(out, list(Total = rows))
  out
}

run_old_table <- function(command, session) {
  o <- command_options(command, old_table_options, weights = c("fweight", "aweight", "iweight", "pweight"))
  if (!is.null(o$by)) abort_unsupported("option by of table")
  vars <- expand_varlist(command$rest, session, 1L)
  if (length(vars) > 2L) abort_unsupported("supercolumns of table")
  wishes <- table_contents(if (is.null(o$contents)) "freq" else o$contents, session)
  rows <- selected_rows(command, session)
  missing <- !is.null(o$missing)
  for (v in vars) if (!missing) rows <- rows[!is_missing(session$data[[v]][rows])]
  if (!length(rows)) abort_stata("no observations", 2000L)
  weight <- if (!is.null(command$weight)) evaluate_column(command$weight$tokens, session)
  down <- table_levels(vars[1L], rows, session, missing, !is.null(o$row))
  across <- if (length(vars) == 2L) table_levels(vars[2L], rows, session, missing, !is.null(o$column))
  format <- if (is.null(o$format)) NULL else unquote(o$format)
  cell <- function(wish, rows) {
    value <- cell_value(wish, rows, session, weight, command$weight$kind)
    if (is.na(value) || !length(rows) && wish$stat %in% c("freq", "count", "n")) return("")
    old_table_number(value, wish, format)
  }
  session$r <- list()
  emit(session, if (is.null(across)) old_one_way(vars, down, wishes, cell, session) else
    old_two_way(vars, down, across, wishes, cell, session))
}

old_table_number <- function(value, wish, format) {
  if (wish$stat %in% c("freq", "count", "n") && value == trunc(value)) return(format(value, big.mark = ","))
  trimws(apply_format(value, if (is.null(format)) "%9.0g" else format))
}

stub_lines <- function(name, session, width) {
  label <- variable_label(name, session)
  lines <- strwrap(if (nzchar(label)) label else name, width + 1L)
  unlist(lapply(lines, break_word, width = width))
}

old_one_way <- function(vars, down, wishes, cell, session) {
  names <- vapply(wishes, function(w) if (is.na(w$source)) "Freq." else
    sprintf("%s(%s)", switch(w$stat, n = , count = "N", median = "med", w$stat), w$source), "")
  names <- abbreviate_name(names, 12L)
  wide <- pmax(11L, nchar(names) + 1L) + c(0L, rep(1L, length(names) - 1L))
  stub <- stub_lines(vars[1L], session, 9L)
  span <- sum(wide)
  line <- function(label, cells) paste0(justify(cut_label(label, 9L), 9L), " |", paste(justify(cells, wide),
                                                                                       collapse = ""))
  head <- paste0(justify(stub, 9L, TRUE), " |")
  head[length(head)] <- paste0(head[length(head)], paste(justify(names, wide), collapse = ""))
  body <- vapply(seq_along(down), function(i) {
    line(names(down)[i], vapply(wishes, cell, "", rows = down[[i]]))
  }, "")
  edge <- strrep("-", 11L + span)
  body <- set_total_apart(body, names(down), rule(10L, span))
  c("", edge, head, rule(10L, span), body, edge)
}

# A line stands before the total.
set_total_apart <- function(body, names, bar) {
  n <- length(body)
  if (n > 1L && names[n] == "Total") c(body[-n], paste0(strrep(" ", 10L), "|"), body[n]) else body
}

old_two_way <- function(vars, down, across, wishes, cell, session) {
  n <- length(across)
  wide <- c(9L, rep(10L, n - 1L))
  span <- sum(wide)
  stub <- stub_lines(vars[1L], session, 9L)
  above <- stub_lines(vars[2L], session, max(span - 2L, 8L))
  k <- max(length(stub), length(above) + 1L)
  stub <- c(stub, rep("", k - length(stub)))
  heads <- paste(justify(cut_label(names(across), wide - 1L), wide), collapse = "")
  middle <- vapply(above, centered, "", width = span, USE.NAMES = FALSE)
  right <- c(rep("", k - length(above) - 1L), middle, heads)
  body <- lapply(seq_along(down), function(i) {
    lines <- vapply(wishes, function(w) {
      cells <- vapply(across, function(a) cell(w, intersect(down[[i]], a)), "")
      paste(justify(cells, wide), collapse = "")
    }, "")
    paste0(justify(c(cut_label(names(down)[i], 9L), rep("", length(lines) - 1L)), 9L), " |", lines)
  })
  blank <- paste0(strrep(" ", 10L), "|")
  if (length(wishes) > 1L) body[-1L] <- lapply(body[-1L], function(b) c(blank, b)) else
    if (length(body) > 1L && names(down)[length(down)] == "Total") {
      body[[length(body)]] <- c(blank, body[[length(body)]])
    }
  edge <- strrep("-", 11L + span)
  c("", edge, sub("\\s+$", "", paste0(justify(stub, 9L, TRUE), " |", right)), rule(10L, span),
    sub("\\s+$", "", unlist(body)), edge)
}

new_statistics <- c(frequency = "freq", percent = "percent", proportion = "prop", mean = "mean", sd = "sd",
                    semean = "sem", variance = "var", cv = "cv", count = "count", median = "med", min = "min",
                    max = "max", range = "range", first = "first", last = "last", sum = "sum", total = "tot",
                    iqr = "iqr", q1 = "q1", q2 = "q2", q3 = "q3", rawtotal = "rawtotal", fvfrequency = "fvfreq",
                    fvpercent = "fvperc")
statistic_labels <- c(frequency = "Frequency", percent = "Percent", proportion = "Proportion", mean = "Mean",
                      sd = "Standard deviation", semean = "Standard error of the mean", variance = "Variance",
                      cv = "Coefficient of variation", count = "Number of nonmissing values", median = "Median",
                      min = "Minimum value", max = "Maximum value", range = "Range", first = "First value",
                      last = "Last value", sum = "Total", total = "Total", rawtotal = "Raw total",
                      iqr = "Interquartile range", q1 = "First quartile", q2 = "Second quartile",
                      q3 = "Third quartile")

run_new_table <- function(command, session) {
  options <- command$options
  wished <- vapply(names(options), function(n) identical(match_option(n, new_table_options), "statistic"), NA)
  formats <- vapply(names(options), function(n) identical(match_option(n, new_table_options), "nformat"), NA)
  texts <- unlist(options[wished])
  number <- number_formats(unlist(options[formats]))
  command$options <- options[!wished & !formats]
  o <- command_options(command, new_table_options, weights = c("fweight", "aweight", "iweight", "pweight"))
  dims <- table_dimensions(command$rest, command$text, session)
  wishes <- unlist(lapply(if (length(texts)) texts else "frequency", new_wishes, session = session), recursive = FALSE)
  rows <- selected_rows(command, session)
  factors <- unlist(dims)
  factors <- factors[!factors %in% c("var", "result", "command")]
  missing <- !is.null(o$missing)
  for (v in factors) if (!missing) rows <- rows[!is_missing(session$data[[v]][rows])]
  if (!length(rows)) abort_stata("no observations", 2000L)
  weight <- if (!is.null(command$weight)) evaluate_column(command$weight$tokens, session)
  totals <- is.null(o$nototals)
  sides <- place_dimensions(dims, wishes)
  down <- table_entries(sides$rows, rows, wishes, session, totals, missing)
  across <- table_entries(sides$columns, rows, wishes, session, totals, missing)
  cell <- function(a, b) new_cell(a, b, wishes, rows, session, weight, command$weight$kind, number)
  session$r <- list(N = length(rows))
  emit(session, new_table_lines(down, across, sides, cell, wishes, session))
}

# nformat(%9.2f mean sd): formats by statistic, _all for the others.
number_formats <- function(texts) {
  out <- list()
  for (text in texts) {
    words <- plain_words(unquote(text))
    keys <- if (length(words) > 1L) words[-1L] else "_all"
    out[keys] <- words[1L]
  }
  out
}

# The variables in the first, second and third pair of parentheses; bare names are rows and columns.
table_dimensions <- function(tokens, text, session) {
  words <- glued_words(tokens)
  bare <- function(w) {
    names <- plain_words(gsub("[()]", "", w))
    unlist(lapply(names, function(n) {
      if (n %in% c("var", "result", "command", "statcmd")) return(n)
      expand_varlist(n, session)
    }))
  }
  grouped <- startsWith(words, "(")
  if (!any(grouped)) {
    out <- lapply(words, bare)
    if (length(out) > 2L) abort_unsupported("tables of three dimensions")
    return(list(rows = unlist(out[1L]), columns = if (length(out) > 1L) out[[2L]]))
  }
  if (length(words) > 2L) abort_unsupported("tables of three dimensions")
  list(rows = bare(words[1L]), columns = if (length(words) > 1L) bare(words[2L]))
}

new_wishes <- function(text, session) {
  words <- plain_words(sub(",.*$", "", unquote(text)))
  stat <- match_option(words[1L], new_statistics)
  if (is.na(stat) && grepl("^p[1-9][0-9]?$", words[1L])) stat <- words[1L]
  if (is.na(stat)) abort_stata(sprintf("statistic(): %s is no statistic", words[1L]), 198L)
  if (startsWith(stat, "fv")) abort_unsupported(sprintf("statistic(%s) of table", stat))
  if (stat %in% c("frequency", "percent", "proportion")) return(list(list(stat = stat, source = NA_character_)))
  vars <- expand_varlist(words[-1L], session, 1L)
  lapply(vars, function(v) list(stat = stat, source = v))
}

# Where statistics and variables go that no dimension names: several variables to the rows, statistics to the columns.
place_dimensions <- function(dims, wishes) {
  stats <- unique(vapply(wishes, `[[`, "", "stat"))
  sources <- unique(vapply(wishes, `[[`, "", "source"))
  rows <- dims$rows
  columns <- dims$columns
  named <- c(rows, columns)
  several <- length(sources) > 1L
  if (length(stats) > 1L && !"result" %in% named) {
    if (length(columns)) rows <- c(rows, "result") else columns <- c(columns, "result")
  }
  if (several && !"var" %in% named) {
    if (!length(rows)) rows <- "var" else if (!length(columns)) columns <- c(columns, "var") else rows <- c(rows, "var")
  }
  list(rows = rows, columns = columns)
}

# Every combination of the levels of a side: list(labels, rows, stat, source).
table_entries <- function(vars, rows, wishes, session, totals, missing) {
  out <- list(list(labels = character(), rows = rows, stat = NULL, source = NULL))
  for (v in vars) {
    levels <- dimension_levels(v, rows, wishes, session, totals, missing)
    out <- unlist(lapply(out, function(entry) lapply(levels, function(l) {
      list(labels = c(entry$labels, l$label), rows = if (is.null(l$rows)) entry$rows else intersect(entry$rows, l$rows),
           stat = if (is.null(l$stat)) entry$stat else l$stat,
           source = if (is.null(l$source)) entry$source else l$source)
    })), recursive = FALSE)
  }
  out
}

dimension_levels <- function(v, rows, wishes, session, totals, missing) {
  if (v == "result") {
    stats <- unique(vapply(wishes, `[[`, "", "stat"))
    return(lapply(stats, function(s) list(label = statistic_label(s), stat = s)))
  }
  if (v == "var") {
    sources <- unique(vapply(wishes, `[[`, "", "source"))
    return(lapply(sources[!is.na(sources)], function(s) list(label = series_title(s, session), source = s)))
  }
  levels <- table_levels(v, rows, session, missing, totals)
  lapply(names(levels), function(n) list(label = n, rows = levels[[n]]))
}

statistic_label <- function(stat) {
  if (stat %in% names(statistic_labels)) return(statistic_labels[[stat]])
  sprintf("%sth percentile", substring(stat, 2L))
}

new_cell <- function(a, b, wishes, all_rows, session, weight, kind, number) {
  stat <- c(a$stat, b$stat, wishes[[1L]]$stat)[1L]
  source <- c(a$source, b$source)[1L]
  hit <- Filter(function(w) w$stat == stat && (is.null(source) || is.na(w$source) || w$source == source), wishes)
  if (!length(hit)) return("")
  wish <- hit[[1L]]
  rows <- intersect(a$rows, b$rows)
  if (!length(rows)) return("")
  share <- function() if (is.null(weight)) length(rows) / length(all_rows) else
    sum(weight[rows]) / sum(weight[all_rows])
  value <- switch(stat, percent = 100 * share(), proportion = share(), frequency = cell_value(list(source = NA), rows,
                                                                                             session, weight, kind),
                  new_statistic(stat, wish$source, rows, session, weight, kind))
  if (is.na(value)) return("")
  format <- number[[stat]] %||% number[["_all"]]
  if (!is.null(format)) return(trimws(apply_format(value, format)))
  if (stat %in% c("frequency", "count")) return(format(round(value), big.mark = ","))
  if (stat == "percent") return(sprintf("%.2f", value))
  trimws(stata_general(value, 9L))
}

new_statistic <- function(stat, source, rows, session, weight, kind) {
  x <- session$data[[source]][rows]
  one <- function(s) as.numeric(group_statistic(s, x, weight[rows], kind))
  switch(stat, variance = one("sd")^2, cv = one("sd") / one("mean"), range = one("max") - one("min"),
    total = one("sum"),
         rawtotal = one("rawsum"), q1 = one("p25"), q2 = one("p50"), q3 = one("p75"), one(stat))
}

new_table_lines <- function(down, across, sides, cell, wishes, session) {
  cells <- matrix(unlist(lapply(across, function(b) vapply(down, cell, "", b = b))), length(down))
  kept <- rowSums(matrix(nzchar(cells), nrow(cells))) > 0L
  cells <- cells[kept, , drop = FALSE]
  down <- down[kept]
  title <- if (length(sides$columns)) lapply(across, `[[`, "labels") else list(only_label(wishes))
  last <- vapply(title, function(l) l[length(l)], "")
  width <- max(display_width(last), display_width(cells), 5L) + 2L
  stub <- stub_of(down, sides$rows, session)
  left <- max(display_width(stub$label), 8L) + 2L
  span <- width * length(last) + 1L
  heads <- column_heads(title, width, sides$columns, session)
  body <- character()
  at <- 0L
  for (i in seq_along(stub$label)) {
    if (stub$heading[i]) {
      body <- c(body, paste0(justify(stub$label[i], left, TRUE), "|"))
    } else {
      at <- at + 1L
      body <- c(body, paste0(justify(stub$label[i], left, TRUE), "|", paste(justify(cells[at, ], width),
        collapse = "")))
    }
  }
  edge <- strrep("-", left + 1L + span)
  c("", edge, sub("\\s+$", "", paste0(strrep(" ", left), "|", heads)), rule(left, span), sub("\\s+$", "", body), edge)
}

only_label <- function(wishes) {
  w <- wishes[[1L]]
  statistic_label(w$stat)
}

# Labels of the rows under the names of their variables, two columns in for each of them.
stub_of <- function(down, vars, session) {
  label <- character()
  heading <- logical()
  put <- function(text, head) {
    label <<- c(label, text)
    heading <<- c(heading, head)
  }
  named <- vars[!vars %in% c("var", "result")]
  if (length(named)) put(series_title(vars[1L], session), TRUE)
  indent <- if (length(named)) 2L else 0L
  seen <- character()
  for (entry in down) {
    n <- length(entry$labels)
    for (k in seq_len(max(n - 1L, 0L))) {
      if (!identical(entry$labels[seq_len(k)], seen[seq_len(min(k, length(seen)))])) {
        put(paste0(strrep(" ", indent + 2L * (k - 1L)), entry$labels[k]), TRUE)
      }
    }
    put(paste0(strrep(" ", indent + 2L * max(n - 1L, 0L)), if (n) entry$labels[n] else ""), FALSE)
    seen <- entry$labels
  }
  list(label = label, heading = heading)
}

column_heads <- function(title, width, columns, session) {
  depth <- max(lengths(title))
  named <- columns[!columns %in% c("var", "result")]
  first <- if (length(named)) centered(series_title(named[1L], session), width * length(title))
  more <- if (depth > 1L) lapply(seq_len(depth - 1L), function(k) {
    text <- vapply(title, `[`, "", k)
    runs <- rle(text)
    paste(mapply(function(t, n) centered(cut_label(t, n * width - 1L), n * width), runs$values, runs$lengths),
          collapse = "")
  })
  c(first, unlist(more), paste(justify(vapply(title, function(l) l[length(l)], ""), width), collapse = ""))
}
