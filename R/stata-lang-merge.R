# merge, append, joinby, cross: rows of two data sets put together. Source: Stata's Data Management manual.
# Rows are two vectors of numbers, of the data in memory and of the file, NA where a row has none of it.

# A data set on disk in a session of its own.
using_session <- function(file, session) {
  inner <- new_session()
  inner$encoding <- session$encoding
  inner$quiet <- 1L
  require_reader("haven", "use")
  load_dta(existing_file(with_extension(file, "dta"), session), inner)
  inner
}

# ---- merge -------------------------------------------------------------------------------------

run_merge <- function(command, session, rows) {
  o <- command_options(command, c(keepusing = "keepus", generate = "gen", nogenerate = "nogen", nolabel = "nol",
                                  nonotes = "nonote", update = "update", replace = "replace", noreport = "norep",
                                  force = "force", assert = "as", keep = "keep", sorted = "sorted", sort = "sort",
                                  unique = "uniq", uniqusing = "uniqus", uniqmaster = "uniqmas", nokeep = "nok"))
  if (is.null(command$using)) abort_stata("using required", 100L)
  if (!is.null(o$replace) && is.null(o$update)) abort_stata("replace requires update", 198L)
  kind <- merge_kind(command$rest, session)
  inner <- using_session(command$using, session)
  check_merge_keys(kind, session, inner)
  made <- if (is.null(o$nogenerate)) check_new_name(c(o$generate, "_merge")[1L], session)
  at <- merge_rows(kind, session, inner)
  vars <- merge_variables(o$keepusing, kind$keys, inner)
  joined <- join_rows(session, inner, at, vars, !is.null(o$update), !is.null(o$replace), !is.null(o$force), TRUE)
  code <- ifelse(is.na(at$using), 1, ifelse(is.na(at$master), 2, 3 + joined$change))
  check_merge_assert(o$assert, code)
  finish_merge(session, joined, code, if (kind$old && !is.null(o$nokeep)) "1 3" else o$keep, made)
  if (is.null(o$noreport) && !kind$old) emit(session, merge_table(code[code %in% kept_codes(o$keep)],
                                                                  !is.null(o$update),
                                                                  made))
}

# list(keys, kind, old): 1:1 id, m:1 id year, 1:1 _n; before Stata 11 the names alone.
merge_kind <- function(tokens, session) {
  head <- paste(utils::head(tokens$text, 3L), collapse = "")
  old <- !head %in% c("1:1", "m:1", "1:m", "m:m", "n:1", "1:n")
  words <- varlist_words(if (old) tokens else tokens[-(1:3), ])
  if (!old && !length(words)) abort_stata("varlist required", 100L)
  by_row <- identical(words, "_n") || old && !length(words)
  keys <- if (by_row) character() else expand_varlist(words, session, 1L)
  list(keys = keys, kind = if (old) "m:m" else gsub("n", "m", head), old = old, by_row = by_row)
}

check_merge_keys <- function(kind, session, inner) {
  for (v in kind$keys) {
    if (!v %in% names(inner$data)) abort_stata(sprintf("variable %s not found in the using data", v), 111L)
    if (is.character(session$data[[v]]) != is.character(inner$data[[v]])) {
      abort_stata(sprintf("key variable %s is str in one data set but numeric in the other", v), 106L)
    }
  }
  if (kind$by_row) return(invisible())
  unique_key <- function(s) !anyDuplicated(key_codes(kind$keys, s, s)[[1L]])
  what <- if (length(kind$keys) == 1L) "variable" else "variables"
  say <- function(where) abort_stata(sprintf("%s %s do%s not uniquely identify observations in the %s data", what,
                                             paste(kind$keys, collapse = " "), if (what == "variable") "es" else "",
                                             where), 459L)
  if (startsWith(kind$kind, "1") && !unique_key(session)) say("master")
  if (endsWith(kind$kind, "1") && !unique_key(inner)) say("using")
}

# Codes of the keys that are equal where the rows of the two data sets are, in the order of the keys' values.
key_codes <- function(keys, a, b) {
  n <- a$n
  codes <- lapply(keys, function(v) {
    both <- c(comparable(a$data[[v]]), comparable(b$data[[v]]))
    match(both, sort(unique(both), method = "radix"))
  })
  text <- do.call(paste, c(lapply(codes, sprintf, fmt = "%09d"), sep = "."))
  code <- match(text, sort(unique(text), method = "radix"))
  list(code[seq_len(n)], code[n + seq_len(length(code) - n)])
}

# The data in memory in the order of the keys; rows of the file alone come last.
merge_rows <- function(kind, session, inner) {
  if (kind$by_row) {
    n <- max(session$n, inner$n)
    return(list(master = ifelse(seq_len(n) > session$n, NA, seq_len(n)),
                using = ifelse(seq_len(n) > inner$n, NA, seq_len(n))))
  }
  code <- key_codes(kind$keys, session, inner)
  order_a <- order(code[[1L]])
  of <- split(order(code[[2L]]), sort(code[[2L]]))
  if (kind$kind == "m:m") return(merge_in_turn(code, of))
  hits <- of[as.character(code[[1L]][order_a])]
  none <- lengths(hits) == 0L
  hits[none] <- list(NA_integer_)
  alone <- which(!code[[2L]] %in% code[[1L]])
  alone <- alone[order(code[[2L]][alone])]
  list(master = c(rep(order_a, lengths(hits)), rep(NA_integer_, length(alone))),
       using = c(unlist(hits, use.names = FALSE), alone))
}

# m:m pairs the rows of a key one by one; the shorter side's last row serves for what is left.
merge_in_turn <- function(code, of) {
  own <- split(seq_along(code[[1L]]), code[[1L]])
  pairs <- lapply(union(names(own), names(of))[order(as.numeric(union(names(own), names(of))))], function(k) {
    a <- own[[k]]
    b <- of[[k]]
    n <- max(length(a), length(b))
    at <- function(x) if (length(x)) x[pmin(seq_len(n), length(x))] else rep(NA_integer_, n)
    list(at(a), at(b))
  })
  master <- unlist(lapply(pairs, `[[`, 1L))
  using <- unlist(lapply(pairs, `[[`, 2L))
  last <- order(is.na(master))
  list(master = master[last], using = using[last])
}

merge_variables <- function(keepusing, keys, inner) {
  if (is.null(keepusing)) return(names(inner$data))
  c(keys, expand_varlist(tokenize(keepusing), inner))
}

merge_codes <- function(text, default) {
  if (is.null(text)) return(default)
  known <- list(master = 1, using = 2, match = 3:5, match_update = 4, match_conflict = 5, `1` = 1, `2` = 2, `3` = 3,
                `4` = 4, `5` = 5)
  least <- c(master = "mas", using = "us", match = "mat", match_update = "match_up", match_conflict = "match_con",
             `1` = "1", `2` = "2", `3` = "3", `4` = "4", `5` = "5")
  words <- strsplit(gsub("matched", "match", trimws(gsub(",", " ", text))), "\\s+")[[1L]]
  unlist(lapply(words, function(w) {
    w <- sub("es$", "", w)
    name <- match_option(w, least)
    if (is.na(name)) abort_stata(sprintf("%s is no result of merge", w), 198L)
    known[[name]]
  }))
}

kept_codes <- function(text) merge_codes(text, 1:5)

check_merge_assert <- function(text, code) {
  if (is.null(text)) return(invisible())
  if (all(code %in% merge_codes(text))) return(invisible())
  abort_stata(sprintf("after merge, not all observations %s", paste("are", gsub("\\s+", " or ", trimws(text)))), 9L)
}

finish_merge <- function(session, joined, code, keep, made) {
  replace_data(session, joined)
  if (!is.null(made)) {
    session$value_labels[["_merge"]] <- stats::setNames(1:5, c("master only (1)", "using only (2)", "matched (3)",
                                                               "missing updated (4)", "nonmissing conflict (5)"))
    store_variable(session, made, code, "byte", labels = "_merge")
  }
  left <- which(code %in% kept_codes(keep))
  if (length(left) < length(code)) filter_rows(session, left)
}

merge_table <- function(code, update, made) {
  n <- tabulate(code, 5L)
  name <- made
  line <- function(text, count, which = NULL, indent = 4L) {
    lead <- paste0(strrep(" ", indent), text)
    paste0(lead, justify(format(count, big.mark = ","), 45L - nchar(lead)),
           if (!is.null(which) && !is.null(name)) sprintf("  (%s==%d)", name, which))
  }
  apart <- n[1L] + n[2L]
  bar <- paste0("    ", strrep("-", 41L))
  c("", "    Result                           # of obs.", bar, line("not matched", apart),
    if (apart) c(line("from master", n[1L], 1L, 8L), line("from using", n[2L], 2L, 8L), ""),
    if (update) c(line("matched", sum(n[3:5])), line("not updated", n[3L], 3L, 8L),
                  line("missing updated", n[4L], 4L, 8L), line("nonmissing conflict", n[5L], 5L, 8L))
    else line("matched", n[3L], 3L), bar)
}

# ---- rows of two data sets ---------------------------------------------------------------------

rows_or_missing <- function(x, at) {
  out <- x[at]
  if (is.character(out)) out[is.na(at)] <- ""
  out
}

# list(data, meta, n, labels, change): 1 where update filled a missing value, 2 where values disagree.
join_rows <- function(a, b, at, vars, update = FALSE, replace = FALSE, force = FALSE, keyed = FALSE) {
  out <- list(data = list(), meta = a$meta, n = length(at$master), change = numeric(length(at$master)),
              value_labels = a$value_labels)
  both <- !is.na(at$master) & !is.na(at$using)
  for (v in names(a$data)) {
    x <- rows_or_missing(a$data[[v]], at$master)
    if (v %in% vars) {
      y <- rows_or_missing(b$data[[v]], at$using)
      if (is.character(x) != is.character(y)) {
        if (!force) abort_stata(sprintf("variable %s is %s in master but %s in using data", v, a$meta[[v]]$type,
                                        b$meta[[v]]$type), 106L)
        y <- if (is.character(x)) rep("", length(x)) else rep(NA_real_, length(x))
      }
      alone <- is.na(at$master)
      x[alone] <- y[alone]
      if (update) {
        fill <- both & is_missing(x) & !is_missing(y)
        differ <- both & !is_missing(x) & !is_missing(y) & comparable(x) != comparable(y)
        out$change <- pmax(out$change, ifelse(differ, 2, ifelse(fill, 1, 0)))
        x[fill] <- y[fill]
        if (replace) x[differ] <- y[differ]
      }
      out$meta[[v]]$type <- wider_type(a$meta[[v]]$type, b$meta[[v]]$type, x)
    }
    out$data[[v]] <- x
  }
  for (v in setdiff(vars, names(a$data))) {
    out$data[[v]] <- rows_or_missing(b$data[[v]], at$using)
    out$meta[[v]] <- b$meta[[v]]
  }
  sets <- setdiff(names(b$value_labels), names(a$value_labels))
  out$value_labels[sets] <- b$value_labels[sets]
  out$clashes <- intersect(names(b$value_labels), names(a$value_labels))
  out
}

wider_type <- function(a, b, value) {
  if (is.character(value)) return(string_type(value))
  if (startsWith(a, "str") || startsWith(b, "str")) return(if (startsWith(a, "str")) b else a)
  if (setequal(c(a, b), c("long", "float"))) return("double")
  storage_types[max(match(c(a, b), storage_types))]
}

replace_data <- function(session, joined) {
  for (set in joined$clashes) emit(session, sprintf("(label %s already defined)", set))
  session$data <- joined$data
  session$meta <- joined$meta[names(joined$data)]
  session$n <- joined$n
  session$value_labels <- joined$value_labels
  session$sorted <- character()
}

# ---- append, joinby, cross ---------------------------------------------------------------------

# append using file [file ...] [, generate() keep() force nolabel nonotes]
run_append <- function(command, session, rows) {
  o <- command_options(command, c(generate = "gen", keep = "keep", force = "force", nolabel = "nol",
                                  nonotes = "nonote"))
  if (is.null(command$using)) abort_stata("using required", 100L)
  files <- if (grepl("\"", command$text, fixed = TRUE)) quoted_files(command) else
    strsplit(trimws(command$using), "\\s+")[[1L]]
  made <- if (!is.null(o$generate)) check_new_name(o$generate, session)
  source <- rep(0, session$n)
  for (i in seq_along(files)) {
    inner <- using_session(files[i], session)
    vars <- if (is.null(o$keep)) names(inner$data) else expand_varlist(tokenize(o$keep), inner)
    at <- list(master = c(seq_len(session$n), rep(NA_integer_, inner$n)),
               using = c(rep(NA_integer_, session$n), seq_len(inner$n)))
    replace_data(session, join_rows(session, inner, at, vars, force = !is.null(o$force)))
    source <- c(source, rep(i, inner$n))
  }
  if (!is.null(made)) store_variable(session, made, source, "byte")
}

quoted_files <- function(command) {
  tokens <- tokenize(command$text)
  from <- match("using", tokens$text)
  to <- c(which(tokens$text == "," & tokens$type == "punct" & token_depth(tokens) == 0L), nrow(tokens) + 1L)[1L] - 1L
  macro_words(token_text(command$text, tokens, from + 1L, to))
}

# All pairs of rows with equal keys.
run_joinby <- function(command, session, rows) {
  o <- command_options(command, c(unmatched = "unm", `_merge` = "_merge", update = "update", replace = "replace",
                                  nolabel = "nol"))
  if (is.null(command$using)) abort_stata("using required", 100L)
  inner <- using_session(command$using, session)
  keys <- expand_varlist(command$rest, session)
  if (!length(keys)) keys <- intersect(names(session$data), names(inner$data))
  check_merge_keys(list(keys = keys, kind = "m:m", by_row = FALSE), session, inner)
  code <- key_codes(keys, session, inner)
  of <- split(seq_along(code[[2L]]), code[[2L]])
  hits <- of[as.character(code[[1L]])]
  at <- list(master = rep(seq_along(hits), lengths(hits)), using = as.integer(unlist(hits, use.names = FALSE)))
  wish <- match_option(c(o$unmatched, "none")[1L], c(none = "n", both = "b", master = "m", using = "u"))
  if (wish %in% c("both", "master")) {
    alone <- which(!code[[1L]] %in% code[[2L]])
    at <- list(master = c(at$master, alone), using = c(at$using, rep(NA_integer_, length(alone))))
  }
  if (wish %in% c("both", "using")) {
    alone <- which(!code[[2L]] %in% code[[1L]])
    at <- list(master = c(at$master, rep(NA_integer_, length(alone))), using = c(at$using, alone))
  }
  joined <- join_rows(session, inner, at, names(inner$data), !is.null(o$update), !is.null(o$replace))
  replace_data(session, joined)
  if (wish != "none") {
    store_variable(session, c(o$`_merge`, "_merge")[1L],
                   ifelse(is.na(at$using), 1, ifelse(is.na(at$master), 2, 3)), "byte")
  }
  sort_data(session, keys)
}

run_cross <- function(command, session, rows) {
  no_options(command)
  if (is.null(command$using)) abort_stata("using required", 100L)
  inner <- using_session(command$using, session)
  if (session$n * inner$n > 5e7) abort_stata("no room to add more observations", 901L)
  at <- list(master = rep(seq_len(session$n), each = inner$n), using = rep(seq_len(inner$n), session$n))
  replace_data(session, join_rows(session, inner, at, names(inner$data)))
}
