# tabstat: tables of statistics of variables, also by groups; codebook, ds, lookfor, misstable.
# Source: Stata's Base Reference and Data Management manuals, the entries of these names.

tabstat_names <- c(mean = "mean", count = "N", n = "N", sum = "sum", max = "max", min = "min", range = "range",
                   sd = "sd",
                   variance = "variance", cv = "cv", semean = "se(mean)", skewness = "skewness", kurtosis = "kurtosis",
                   median = "p50", p1 = "p1", p5 = "p5", p10 = "p10", p25 = "p25", p50 = "p50", p75 = "p75",
                   p90 = "p90",
                   p95 = "p95", p99 = "p99", iqr = "iqr", q = "q")
tabstat_least <- c(mean = "me", count = "c", n = "n", sum = "su", max = "ma", min = "mi", range = "r", sd = "sd",
                   variance = "v", cv = "cv", semean = "sem", skewness = "sk", kurtosis = "k", median = "med",
                   p1 = "p1",
                   p5 = "p5", p10 = "p10", p25 = "p25", p50 = "p50", p75 = "p75", p90 = "p90", p95 = "p95", p99 = "p99",
                   iqr = "iqr", q = "q")

run_tabstat <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", statistics = "s", columns = "c", format = "f", save = "save",
                                  nototal = "not",
                                  missing = "m", noseparator = "nosep", longstub = "long", labelwidth = "labelw",
                                  varwidth = "var", casewise = "case", stats = "stats"))
  vars <- expand_varlist(command$rest, session, 1L)
  stats <- tabstat_statistics(c(o$statistics, o$stats, "mean")[1L])
  rows <- selected_rows(command, session, rows)
  by <- if (!is.null(o$by)) find_stata_variable(o$by, session)
  if (!is.null(by) && is.null(o$missing)) rows <- rows[!is_missing(session$data[[by]][rows])]
  if (!length(rows)) abort_stata("no observations", 2000L)
  groups <- if (is.null(by)) list() else groups_of(by, rows, session)
  names(groups) <- if (!is.null(by)) vapply(groups, function(g) shown_value(by, session, g[1L]), "")
  if (is.null(by) || is.null(o$nototal)) groups <- c(groups, list(Total = rows))
  values <- lapply(groups, function(g) tabstat_matrix(vars, stats, g, session))
  across <- startsWith(c(o$columns, if (length(vars) == 1L) "s" else "v")[1L], "s")
  if (!is.null(o$save)) session$r <- saved_tabstat(values, by)
  format <- if (is.null(o$format) || !nzchar(o$format)) "%9.0g" else unquote(o$format)
  emit(session, tabstat_lines(values, vars, stats, by, across, format, !is.null(o$longstub), session))
}

# r(Stat1), r(name1), ... of the groups and r(StatTotal).
saved_tabstat <- function(values, by) {
  total <- "Total" %in% names(values) || is.null(by)
  groups <- if (total) values[-length(values)] else values
  k <- seq_along(groups)
  out <- c(stats::setNames(lapply(groups, as_stata_matrix), paste0("Stat", k)[k]),
           stats::setNames(as.list(names(groups)), paste0("name", k)[k]))
  if (total) out$StatTotal <- as_stata_matrix(values[[length(values)]])
  out
}

tabstat_statistics <- function(text) {
  words <- strsplit(trimws(text), "\\s+")[[1L]]
  out <- vapply(words, function(w) {
    hit <- match_option(tolower(w), tabstat_least)
    if (is.na(hit)) abort_stata(sprintf("unknown statistic: %s", w), 198L)
    hit
  }, "", USE.NAMES = FALSE)
  unlist(lapply(out, function(s) if (s == "q") c("p25", "p50", "p75") else s))
}

tabstat_matrix <- function(vars, stats, rows, session) {
  out <- vapply(vars, function(v) {
    s <- summary_of(session$data[[v]][rows], NULL, NULL, TRUE)
    vapply(stats, function(stat) tabstat_one(stat, s), 0)
  }, numeric(length(stats)))
  matrix(out, length(stats), dimnames = list(tabstat_names[stats], vars))
}

tabstat_one <- function(stat, s) {
  if (stat %in% c("count", "n")) return(as.numeric(s$N))
  if (s$N == 0) return(NA_real_)
  switch(stat, variance = s$Var, range = s$max - s$min, cv = s$sd / s$mean, semean = s$sd / sqrt(s$N), median = s$p50,
         iqr = s$p75 - s$p25, as.numeric(s[[stat]]))
}

tabstat_lines <- function(values, vars, stats, by, across, format, long, session) {
  cell <- function(x) justify(trimws(apply_format(x, format)), 10L)
  heads <- if (across) unname(tabstat_names[stats]) else abbreviate_name(vars, 9L)
  k <- length(heads)
  single <- if (across) length(vars) == 1L else length(stats) == 1L
  left <- if (is.null(by)) (if (across) "variable" else "stats") else by
  width <- if (is.null(by) && across) 12L else 8L
  width <- max(width, if (!is.null(by)) min(max(nchar(c(names(values), by))), 16L))
  second <- if (!is.null(by) && long) (if (across) "variable" else "stats")
  wide <- if (is.null(second)) width else width + 2L + 9L
  line <- function(name, x, inner = NULL) {
    lead <- justify(abbreviate_name(name, width), width)
    if (!is.null(second)) lead <- paste0(lead, "  ", justify(abbreviate_name(inner, 9L), 9L))
    paste0(lead, " |", paste(x, collapse = ""))
  }
  bar <- rule(wide + 1L, 10L * k)
  blocks <- lapply(seq_along(values), function(g) {
    m <- if (across) t(values[[g]]) else values[[g]]
    inner <- if (across) vars else rownames(m)
    vapply(seq_len(nrow(m)), function(i) {
      name <- if (is.null(by)) inner[i] else if (i == 1L) names(values)[g] else ""
      line(name, cell(m[i, ]), inner[i])
    }, "")
  })
  many <- !single
  body <- if (is.null(by)) blocks[[1L]] else tabstat_stack(blocks, names(values), bar, many)
  label <- if (!is.null(by)) variable_label(by, session)
  head <- if (!is.null(by)) {
    what <- if (across) paste("Summary for variables:", paste(vars, collapse = " "))
            else paste("Summary statistics:", paste(tabstat_names[stats], collapse = ", "))
    c("", what, sprintf("%sby categories of: %s%s", if (across) "     " else "  ", by,
                        if (nzchar(label)) sprintf(" (%s)", label) else ""))
  }
  c(head, "", line(left, justify(heads, 10L), second), bar, body, strrep("-", wide + 2L + 10L * k))
}

# Groups with several lines are set apart; the total always is.
tabstat_stack <- function(blocks, names, bar, many) {
  n <- length(blocks)
  unlist(lapply(seq_len(n), function(i) {
    c(if (i > 1L && (many || i == n && names[n] == "Total")) bar, blocks[[i]])
  }))
}

# ---- what is in the data -----------------------------------------------------------------------

# ds [varlist] [, has(type string) not(...) alpha varwidth()]: the names go to r(varlist).
run_ds <- function(command, session, rows) {
  o <- command_options(command, c(has = "h", not = "not", alpha = "a", varwidth = "v", detail = "d", skip = "s",
                                  indent = "i"))
  vars <- expand_varlist(command$rest, session)
  all <- names(session$data)
  if (!nrow(command$rest)) vars <- all
  test <- c(o$has, o$not, NA)[1L]
  if (!is.na(test) && nzchar(test)) {
    hit <- vapply(vars, ds_test, NA, test = test, session = session)
    vars <- vars[if (is.null(o$has)) !hit else hit]
  } else if (!is.null(o$not)) vars <- setdiff(all, vars)
  if (!is.null(o$alpha)) vars <- sort(vars, method = "radix")
  session$r <- list(varlist = paste(vars, collapse = " "))
  emit(session, in_columns(vars, session$linesize))
}

ds_test <- function(name, test, session) {
  words <- strsplit(trimws(test), "\\s+")[[1L]]
  m <- session$meta[[name]]
  switch(match_option(words[1L], c(type = "t", format = "f", varlabel = "varl", vallabel = "vall", char = "c")),
    type = any(vapply(words[-1L], function(w) {
      if (w == "string") startsWith(m$type, "str") else if (w == "numeric") !startsWith(m$type, "str")
      else m$type %in% strsplit(w, "/", fixed = TRUE)[[1L]]
    }, NA)),
    format = any(vapply(words[-1L], function(w) grepl(utils::glob2rx(w), m$format), NA)),
    varlabel = if (length(words) > 1L) any(vapply(words[-1L], function(w) grepl(utils::glob2rx(w), m$label),
                                                  NA)) else nzchar(m$label),
    vallabel = !is.null(m$labels), abort_unsupported(sprintf("ds: %s", test)))
}

in_columns <- function(words, width) {
  if (!length(words)) return(character())
  wide <- max(nchar(words)) + 2L
  per <- max(1L, min(width, 79L) %/% wide)
  rows <- ceiling(length(words) / per)
  vapply(seq_len(rows), function(i) {
    sub("\\s+$", "", paste(justify(words[seq(i, length(words), by = rows)], wide, TRUE), collapse = ""))
  }, "")
}

# lookfor text: variables whose name or label holds it.
run_lookfor <- function(text, session, statement) {
  words <- tolower(macro_words(text))
  vars <- names(session$data)
  hit <- vapply(vars, function(v) {
    any(vapply(words, function(w) grepl(w, tolower(paste(v, variable_label(v, session))), fixed = TRUE), NA))
  }, NA)
  session$r <- list(varlist = paste(vars[hit], collapse = " "))
  if (any(hit)) emit(session, describe_table(vars[hit], session))
}

# codebook [varlist] [, compact]
run_codebook <- function(command, session, rows) {
  o <- command_options(command, c(compact = "c", all = "a", header = "h", notes = "n", mv = "m", tabulate = "t",
                                  problems = "p", detail = "d"))
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session)
  if (!is.null(o$compact)) return(emit(session, codebook_compact(vars, rows, session)))
  most <- if (is.null(o$tabulate)) 9 else number_word(o$tabulate)
  for (v in vars) emit(session, codebook_one(v, rows, session, most))
}

codebook_compact <- function(vars, rows, session) {
  wide <- max(nchar(vars), 8L)
  line <- function(v) {
    x <- session$data[[v]][rows]
    n <- sum(!is_missing(x))
    g <- function(f) if (is.character(x) || !n) justify(".", 9L) else stata_general(f(x[!is.na(x)]), 9L)
    paste0(justify(v, wide, TRUE), " ", justify(n, 5L), " ", justify(length(unique(x[!is_missing(x)])), 6L), " ",
           g(mean), " ",
           g(min), " ", g(max), "  ", variable_label(v, session))
  }
  c("", paste0(justify("Variable", wide, TRUE), "   Obs Unique      Mean       Min       Max  Label"), strrep("-", 79L),
    vapply(vars, line, "", USE.NAMES = FALSE), strrep("-", 79L))
}

codebook_one <- function(v, rows, session, most = 9) {
  x <- session$data[[v]][rows]
  m <- session$meta[[v]]
  seen <- x[!is_missing(x)]
  label <- if (nzchar(m$label)) m$label else "(unlabeled)"
  head <- c("", strrep("-", 79L), to_right(v, label, 79L), strrep("-", 79L), "")
  kind <- if (is.character(x)) sprintf("string (%s)", m$type) else sprintf("numeric (%s)", m$type)
  values <- length(unique(comparable(seen)))
  unit <- if (!is.character(x) && length(seen)) codebook_unit(seen, m$type)
  range <- if (!is.null(unit)) {
    codebook_pair("range", sprintf("[%s,%s]", trimws(stata_general(min(seen), 9L)),
                                   trimws(stata_general(max(seen), 9L))), "units", trimws(stata_general(unit, 9L)))
  }
  lost <- sprintf("%d/%d", sum(is_missing(x)), length(x))
  unique_line <- codebook_pair("unique values", values, if (is.character(x)) "missing \"\"" else "missing .", lost)
  body <- if (values <= most) codebook_tabulation(v, x, rows, m, session) else
    if (is.numeric(seen)) codebook_moments(seen)
  c(head, codebook_row("type", kind), if (!is.null(m$labels)) codebook_row("label", m$labels), "", range, unique_line,
    if (length(body)) c("", body))
}

codebook_row <- function(name, text) paste0(justify(paste0(name, ":"), 23L), "  ", text)

codebook_pair <- function(name, text, second, value) {
  line <- codebook_row(name, text)
  paste0(line, justify(paste0(second, ":"), max(60L - display_width(line), 0L)), "  ", value)
}

# The largest power of ten of which all values are multiples.
codebook_unit <- function(x, type) {
  x <- x[x != 0]
  for (unit in 10^(9:-8)) {
    near <- round(x / unit) * unit
    if (identical(type, "float")) near <- as_single(near)
    if (all(abs(near - x) <= 1e-12 * abs(x))) return(if (length(x)) unit else 1)
  }
  1e-9
}

# How often each value stands, missing ones last.
codebook_tabulation <- function(v, x, rows, m, session) {
  key <- table_key(v, session, rows, FALSE)
  n <- justify(tabulate(key, nlevels(key)), 30L)
  if (is.character(x)) {
    return(c(codebook_row("tabulation", "Freq.  Value"), paste0(n, "  \"", levels(key), "\"")))
  }
  if (is.null(m$labels)) return(c(codebook_row("tabulation", "Freq.  Value"), paste0(n, "  ", levels(key))))
  first <- rows[match(levels(key), key)]
  shown <- shown_value(v, session, first)
  shown[shown == levels(key)] <- ""
  c(codebook_row("tabulation", "Freq.   Numeric  Label"),
    sub("\\s+$", "", paste0(n, justify(levels(key), 10L), "  ", shown)))
}

codebook_moments <- function(x) {
  shares <- c(10, 25, 50, 75, 90)
  wide <- c(11L, rep(10L, 4L))
  points <- vapply(shares, function(p) stata_percentile(x, p), 0)
  number <- function(value) justify(trimws(stata_general(value, 8L)), 8L)
  c(codebook_row("mean", number(mean(x))), codebook_row("std. dev", number(stats::sd(x))), "",
    paste0(justify("percentiles:", 23L), paste(justify(paste0(shares, "%"), wide), collapse = "")),
    paste0(strrep(" ", 23L), paste(justify(trimws(stata_general(points, 9L)), wide), collapse = "")))
}

# misstable summarize|patterns [varlist]
run_misstable <- function(command, session, rows) {
  o <- command_options(command, c(all = "all", showzeros = "show", generate = "gen", asis = "asis", freq = "freq",
                                  bypatterns = "bypat", exmiss = "exm", exok = "exok", exmissok = "exmissok",
                                    clear = "clear",
                                  replace = "rep"))
  what <- match_option(command$rest$text[1L], c(summarize = "sum", patterns = "pat", tree = "tree", nested = "nest"))
  if (!what %in% c("summarize", "patterns") || !is.null(o$clear)) abort_unsupported(paste("misstable",
    command$rest$text[1L]))
  vars <- expand_varlist(command$rest[-1L, ], session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session)
  if (what == "patterns") return(emit(session, missing_patterns(vars, rows, o, session)))
  numeric <- vars[!vapply(session$data[vars], is.character, NA)]
  lost <- vapply(numeric, function(v) sum(is.na(session$data[[v]][rows])), 0L)
  if (!is.null(o$generate)) for (v in numeric[lost > 0L]) {
    value <- as.numeric(is.na(session$data[[v]]))
    store_variable(session, check_new_name(paste0(trimws(o$generate), v), session), value, "byte", sprintf("(%s>=.)",
      v))
  }
  shown <- if (is.null(o$all)) numeric[lost > 0L] else numeric
  if (!length(shown)) return(emit(session, "(variables nonmissing or string)"))
  emit(session, c(paste0(strrep(" ", 63L), "Obs<."), paste0(strrep(" ", 48L), "+", strrep("-", 30L)),
                  "               |                                | Unique",
                  "      Variable |     Obs=.     Obs>.     Obs<.  | values        Min         Max",
                  rule(15L, 32L, 30L),
                  vapply(shown, misstable_line, "", rows = rows, session = session), strrep("-", 79L)))
}

# How often each pattern of missing values stands, the variables with the fewest first.
missing_patterns <- function(vars, rows, o, session) {
  vars <- vars[!vapply(session$data[vars], is.character, NA)]
  lost <- vapply(session$data[vars], function(x) is.na(x[rows]), logical(length(rows)))
  lost <- matrix(lost, length(rows), dimnames = list(NULL, vars))
  n <- colSums(lost)
  lost <- lost[, order(n), drop = FALSE]
  lost <- lost[, sort(n) > 0L, drop = FALSE]
  if (!ncol(lost)) return("(no missing values)")
  key <- apply(lost, 1L, function(r) paste(ifelse(r, "0", "1"), collapse = ""))
  count <- table(key)
  full <- strrep("1", ncol(lost))
  count <- count[order(names(count) != full, -count, method = "radix")]
  session$r <- list(N_complete = sum(key == full), N_incomplete = sum(key != full), K = ncol(lost),
    vars = paste(colnames(lost), collapse = " "))
  freq <- !is.null(o$freq)
  width <- if (freq) 11L else 12L
  shown <- if (freq) format(as.vector(count), big.mark = ",") else ifelse(100 * count / length(key) < 1, "<1",
                                                                          sprintf("%.0f%s", 100 * count / length(key),
                                                                            ""))
  if (!freq) shown[1L] <- paste0(trimws(shown[1L]), "%")
  cells <- vapply(strsplit(names(count), ""), function(b) paste(justify(b, 3L), collapse = ""), "")
  body <- paste0(justify(trimws(shown), width - 2L), "  |", cells)
  if (!freq) body[-1L] <- paste0(justify(trimws(shown[-1L]), width - 3L), "   |", cells[-1L])
  span <- max(3L * ncol(lost), 9L) + 2L
  blank <- paste0(strrep(" ", width), "|")
  k <- seq_along(body)
  variables <- strwrap(paste(sprintf("(%d) %s", seq_len(ncol(lost)), colnames(lost)), collapse = "  "), 70L)
  c("", "           Missing-value patterns", "             (1 means complete)", "",
    sprintf("%s|   Pattern", strrep(" ", width)),
    paste0(justify(if (freq) "Frequency " else "Percent   ", width), "|", paste(justify(seq_len(ncol(lost)), 3L),
      collapse = "")),
    rule(width, span), body[1L], if (length(body) > 1L) c(blank, body[k > 1L]), rule(width, span),
    paste0(justify(if (freq) sprintf("%s  ", format(length(key), big.mark = ",")) else "100%  ", width), "|"), "",
    "  Variables are  ", paste0("  ", variables))
}

misstable_line <- function(v, rows, session) {
  x <- session$data[[v]][rows]
  seen <- x[!is.na(x)]
  plain <- sum(is.na(x) & missing_rank_any(x))
  count <- function(n) justify(if (n) n else "", 10L)
  paste0(justify(abbreviate_name(v, 14L), 14L), " |", count(plain), count(sum(is.na(x)) - plain), count(length(seen)),
         "  |",
         justify(min(length(unique(seen)), 500L), 7L), "  ", stata_general(c(min(seen, Inf)), 9L), "   ",
         stata_general(max(seen, -Inf), 9L))
}
