# collect: results of commands gathered, and laid out as a table of coefficients or of scalars; the last table exported.
# Source: Stata's Customizable Tables manual, collect get, collect layout, collect export. Oracle: e(b), e(V), e() of
# the
# same commands.

# collect [, ...]: command | collect clear | layout (rows) (columns) | preview | export file | style ...
run_collect <- function(text, session, statement) {
  tokens <- tokenize(text)
  colon <- which(tokens$text == ":" & tokens$type == "punct" & token_depth(tokens) == 0L)
  first <- sub("^_r_.*$", "", leading_word(text))
  if (length(colon) && !first %in% c("layout", "export", "style", "label")) {
    inner <- split_prefix(text, "collect")[2L]
    run_command(inner, session, statement)
    return(collect_results(inner, session))
  }
  rest <- trimws(substring(text, nchar(first) + 1L))
  switch(first, clear = , create = , drop = session$collection <- session$collected <- NULL,
         get = collect_results("", session), layout = collect_layout(rest, session),
         preview = emit(session, last_collected(session)),
           export = write_layout(rest, last_collected(session), session),
         style = emit(session, "(collect style changes the looks of a table and has no effect here)"),
         abort_gap(paste("collect", first), "use esttab, table or dtable"))
  invisible()
}

collect_results <- function(line, session) {
  word <- leading_word(line)
  entry <- list(line = trimws(line), cmd = word, r = session$r, e = session$e,
                estimates = !is.null(session$e$b) && (word == "" || !is.null(session$r$table)))
  session$collection <- c(session$collection, list(entry))
  invisible()
}

last_collected <- function(session) {
  if (is.null(session$collected)) abort_stata("no table was laid out", 198L)
  session$collected
}

# (colname) (result), (colname#result) (cmdset), (result) (cmdset): coefficients or scalars of the commands.
collect_layout <- function(text, session) {
  if (!length(session$collection)) abort_stata("no results were collected", 111L)
  parts <- regmatches(text, gregexpr("\\(([^()]*)\\)", text))[[1L]]
  if (length(parts) != 2L) abort_gap("collect layout but (rows) (columns)", "use esttab or table")
  sides <- lapply(parts, function(p) layout_side(gsub("[()]", "", p)))
  keys <- unlist(lapply(sides, names))
  if (any(duplicated(keys)) || !"result" %in% keys) abort_gap("this layout of collect", "use (colname#result) (cmdset)")
  wanted <- sides[[which(vapply(sides, function(s) "result" %in% names(s), NA))[1L]]]$result
  coefs <- any(startsWith(wanted, "_r_"))
  if (coefs != "colname" %in% keys) abort_stata("layout: _r_ results need colname, scalars do not", 198L)
  dims <- list(cmdset = as.character(seq_along(session$collection)), result = wanted,
               colname = if (coefs) collected_names(session))
  for (side in sides) for (key in intersect(names(side), c("cmdset", "colname"))) {
    if (length(side[[key]])) dims[[key]] <- side[[key]]
  }
  if (!"cmdset" %in% keys) dims$cmdset <- utils::tail(dims$cmdset, 1L)
  lines <- layout_lines(lapply(sides, names), dims, session)
  session$collected <- lines
  emit(session, lines)
}

# colname[x z]#result[_r_b _r_se]: dimensions with the levels that are asked for.
layout_side <- function(text) {
  words <- strsplit(gsub("\\s*#\\s*", "#", trimws(text)), "#", fixed = TRUE)[[1L]]
  names <- sub("\\[.*$", "", words)
  for (bad in setdiff(names, c("colname", "result", "cmdset", "command"))) {
    abort_gap(sprintf("collect layout with %s", bad), "use esttab or table")
  }
  names[names == "command"] <- "cmdset"
  levels <- lapply(words, function(w) if (grepl("[", w, fixed = TRUE)) plain_words(gsub("^[^[]*\\[|\\].*$", "", w)))
  levels[names == "result" & lengths(levels) == 0L] <- list("_r_b")
  stats::setNames(levels, names)
}

collected_names <- function(session) {
  all <- unique(unlist(lapply(session$collection, function(c) colnames(c$e$b)[diag(as.matrix(c$e$V)) > 0])))
  c(setdiff(all, "_cons"), intersect(all, "_cons"))
}

collected_value <- function(entry, result, name) {
  if (!startsWith(result, "_r_")) {
    x <- entry$r[[result]] %||% entry$e[[result]]
    if (is.null(x) || length(x) != 1L) return("")
    return(if (is.character(x)) x else trimws(stata_general(as.numeric(x), 9L)))
  }
  if (!isTRUE(entry$estimates) || !name %in% colnames(entry$e$b)) return("")
  j <- match(name, colnames(entry$e$b))
  b <- entry$e$b[1L, j]
  se <- sqrt(entry$e$V[j, j])
  df <- entry$e$df_r %||% NA_real_
  reach <- critical_value(0.95, df) * se
  number <- function(x) trimws(stata_general(x, 9L))
  switch(result, `_r_b` = number(b), `_r_se` = number(se), `_r_z` = number(b / se),
         `_r_p` = sprintf("%.3f", two_sided_p(b / se, df)), `_r_lb` = number(b - reach), `_r_ub` = number(b + reach),
         `_r_ci` = sprintf("%s %s", number(b - reach), number(b + reach)),
         abort_gap(sprintf("collect, result %s", result), "use _r_b, _r_se, _r_p, _r_ci"))
}

result_labels <- c(`_r_b` = "Coefficient", `_r_se` = "Std. error", `_r_z` = "z", `_r_p` = "p-value",
                   `_r_lb` = "Lower limit", `_r_ub` = "Upper limit", `_r_ci` = "95% CI")

layout_lines <- function(sides, dims, session) {
  side <- function(keys) if (length(keys)) do.call(expand.grid, c(rev(dims[keys]), stringsAsFactors = FALSE))[rev(
    seq_along(keys))] else data.frame(x = 1)
  down <- side(sides[[1L]])
  across <- side(sides[[2L]])
  shown <- function(key, value) if (key == "result" &&
                                    value %in% names(result_labels)) result_labels[[value]] else value
  value <- function(i, j) {
    at <- c(unlist(down[i, , drop = FALSE]), unlist(across[j, , drop = FALSE]))
    cmd <- if (is.na(at["cmdset"])) dims$cmdset[1L] else at[["cmdset"]]
    collected_value(session$collection[[as.integer(cmd)]], at[["result"]],
                    if ("colname" %in% names(at)) at[["colname"]])
  }
  cells <- outer(seq_len(nrow(down)), seq_len(nrow(across)), Vectorize(value))
  label <- function(frame, i) vapply(names(frame), function(k) shown(k, frame[[k]][i]), "")
  rows <- lapply(seq_len(nrow(down)), function(i) label(down, i))
  stub <- unlist(lapply(seq_along(rows), function(i) {
    deep <- length(rows[[i]])
    new <- deep > 1L && (i == 1L || !identical(rows[[i]][-deep], rows[[i - 1L]][-deep]))
    list(if (new) list(paste(rows[[i]][-deep], collapse = " "), NULL),
         list(paste0(if (deep > 1L) "  ", rows[[i]][deep]), cells[i, ]))
  }), recursive = FALSE)
  stub <- Filter(Negate(is.null), stub)
  heads <- vapply(seq_len(nrow(across)), function(j) paste(label(across, j), collapse = " "), "")
  wide <- max(display_width(cells), display_width(heads)) + 2L
  left <- max(vapply(stub, function(s) display_width(s[[1L]]), 0L)) + 2L
  line <- function(s) sub("\\s+$", "", paste0(justify(s[[1L]], left, TRUE), "|",
                                              if (!is.null(s[[2L]])) paste(justify(s[[2L]], wide), collapse = "")))
  edge <- strrep("-", left + 1L + wide * length(heads))
  c("", edge, paste0(strrep(" ", left), "|", paste(justify(heads, wide), collapse = "")),
    rule(left, wide * length(heads)),
    vapply(stub, line, ""), edge)
}

# A table to a file of text or Markdown, below the session's folder.
write_layout <- function(text, lines, session) {
  part <- parse_command(paste("export using", sub("^\\s*(using\\s+)?", "", text)))
  file <- part$using %||% abort_stata("filename required", 100L)
  if (!grepl("[.](txt|md|smcl)$", file)) abort_gap("tables exported to this kind of file",
                                                   "use .txt or .md, or esttab using")
  path <- check_kind(session_path(file, session), "table")
  if (file.exists(path) && !"replace" %in% names(part$options)) {
    abort_stata(sprintf("file %s already exists", file), 602L)
  }
  write_lines(if (endsWith(file, ".md")) c("```", lines[-1L], "```") else lines[-1L], path)
  emit(session, sprintf("(collection exported to file %s)", file))
}
