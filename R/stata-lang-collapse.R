# collapse, contract, statsby: a row for each group. Source: Stata's Data Management manual, collapse, contract,
# statsby.

# collapse (mean) a b (sd) s=a [if] [in] [weight], by(g) cw
run_collapse <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", cw = "cw", fast = "fast"), weights = c("aweight", "fweight", "pweight",
                                                                                  "iweight"))
  wishes <- collapse_wishes(command$rest, session)
  by <- if (is.null(o$by)) character() else expand_varlist(tokenize(o$by), session, 1L)
  rows <- selected_rows(command, session)
  sources <- unique(vapply(wishes, `[[`, "", "source"))
  if (!is.null(o$cw)) rows <- rows[!Reduce(`|`, lapply(session$data[sources], function(x) is_missing(x[rows])))]
  if (!length(rows)) abort_stata("no observations", 2000L)
  weight <- if (!is.null(command$weight)) evaluate_column(command$weight$tokens, session)
  groups <- groups_of(by, rows, session)
  out <- new_session()
  first <- vapply(groups, `[`, 0L, 1L)
  for (v in by) copy_variable(out, v, session, first)
  for (w in wishes) {
    x <- session$data[[w$source]]
    value <- lapply(groups, function(g) group_statistic(w$stat, x[g], weight[g], command$weight$kind))
    m <- session$meta[[w$source]]
    same <- w$stat %in% c("min", "max", "first", "last", "firstnm", "lastnm")
    store_variable(out, w$target, unlist(value), collapse_type(w$stat, m$type), sprintf("(%s) %s", w$stat, w$source),
                   if (w$stat != "count" && !is.character(x)) m$format, if (same) m$labels)
  }
  session$data <- out$data
  session$meta <- out$meta
  session$n <- length(groups)
  session$sorted <- by
}

collapse_statistics <- c("mean", "median", "sd", "semean", "sebinomial", "sepoisson", "sum", "rawsum", "count",
                         "percent", "max", "min", "iqr", "first", "last", "firstnm", "lastnm", paste0("p", 1:99))

# list(stat, target, source) for each variable that is to be made.
collapse_wishes <- function(tokens, session) {
  stat <- "mean"
  out <- list()
  words <- glued_words(tokens)
  at <- 1L
  while (at <= length(words)) {
    w <- words[at]
    if (grepl("^\\(.*\\)$", w)) {
      stat <- gsub("[() ]", "", w)
      if (!stat %in% collapse_statistics) abort_stata(sprintf("(%s) is no statistic of collapse", stat), 198L)
    } else if (identical(words[at + 1L], "=")) {
      out <- c(out, list(list(stat = stat, target = w, source = find_stata_variable(words[at + 2L], session))))
      at <- at + 2L
    } else if (grepl("=", w, fixed = TRUE)) {
      pair <- strsplit(w, "=", fixed = TRUE)[[1L]]
      out <- c(out, list(list(stat = stat, target = pair[1L], source = find_stata_variable(pair[2L], session))))
    } else {
      out <- c(out, lapply(expand_varlist(w, session), function(v) list(stat = stat, target = v, source = v)))
    }
    at <- at + 1L
  }
  if (!length(out)) abort_stata("varlist required", 100L)
  targets <- vapply(out, `[[`, "", "target")
  if (anyDuplicated(targets)) abort_stata(sprintf("%s: name conflict", targets[duplicated(targets)][1L]), 198L)
  out
}

# Words of tokens: what stands in parentheses is one word, also where the next word touches it; r(b) is one word, too.
glued_words <- function(tokens) {
  n <- nrow(tokens)
  if (!n) return(character())
  depth <- token_depth(tokens)
  dash <- tokens$text == "-"
  start <- tokens$blank & depth == 0L & tokens$text != ")" & !dash & !c(FALSE, utils::head(dash, -1L))
  start[1L] <- TRUE
  opens <- which(start & tokens$text == "(")
  for (i in opens) {
    close <- which(seq_len(n) > i & depth == 0L & tokens$text == ")")[1L]
    if (!is.na(close) && close < n) start[close + 1L] <- TRUE
  }
  unname(vapply(split(tokens$text, cumsum(start)), paste, "", collapse = ""))
}

# Rows of each group in the order of the keys; one group without keys.
groups_of <- function(by, rows, session) {
  if (!length(by)) return(list(rows))
  code <- key_codes(by, session, session)[[1L]][rows]
  unname(split(rows, code))
}

copy_variable <- function(out, name, session, rows) {
  out$data[[name]] <- session$data[[name]][rows]
  out$meta[[name]] <- session$meta[[name]]
  out$n <- length(rows)
}

collapse_type <- function(stat, type) {
  if (stat == "count") return("long")
  if (stat %in% c("sum", "rawsum")) return("double")
  if (stat %in% c("min", "max", "first", "last", "firstnm",
                  "lastnm")) return(if (startsWith(type, "str")) NULL else type)
  if (type %in% c("double", "long")) "double" else "float"
}

group_statistic <- function(stat, x, w, kind) {
  if (stat %in% c("first", "last", "firstnm", "lastnm")) return(end_value(stat, x))
  if (stat == "count" && is.null(w)) return(sum(!is_missing(x)))
  x <- numeric_operand(x)
  if (!is.null(w)) return(weighted_statistic(stat, x, w, kind))
  x <- x[!is.na(x)]
  n <- length(x)
  if (!n && !stat %in% c("sum", "rawsum", "count")) return(NA_real_)
  switch(stat, mean = mean(x), sd = stats::sd(x), semean = stats::sd(x) / sqrt(n), sum = , rawsum = sum(x), count = n,
         sebinomial = sqrt(mean(x) * (1 - mean(x)) / n), sepoisson = sqrt(mean(x) / n),
         max = max(x), min = min(x), median = stata_percentile(x, 50),
         iqr = stata_percentile(x, 75) - stata_percentile(x, 25),
         percent = abort_unsupported("statistic percent of collapse"),
         stata_percentile(x, as.numeric(substring(stat, 2L))))
}

end_value <- function(stat, x) {
  if (endsWith(stat, "nm")) x <- x[!is_missing(x)]
  if (!length(x)) return(NA_real_)
  if (startsWith(stat, "first")) x[1L] else x[length(x)]
}

# aweights are scaled to the number of observations.
weighted_statistic <- function(stat, x, w, kind) {
  s <- summary_of(x, w, kind, FALSE)
  if (s$N == 0) return(if (stat %in% c("sum", "rawsum", "count")) 0 else NA_real_)
  scale <- if (kind %in% c("aweight", "weight")) s$N / s$sum_w else 1
  switch(stat, mean = s$mean, sd = s$sd, min = s$min, max = s$max, sum = s$sum * scale,
         rawsum = sum(x[!is.na(x) & w > 0]), count = if (kind %in% c("fweight", "iweight", "pweight")) s$sum_w else s$N,
         median = , abort_unsupported(sprintf("statistic %s of collapse with weights", stat)))
}

# contract a b [, freq() percent() cfreq() cpercent() zero nomiss]
run_contract <- function(command, session, rows) {
  o <- command_options(command, c(freq = "f", percent = "p", cfreq = "cf", cpercent = "cp", nomiss = "nomiss"))
  vars <- expand_varlist(command$rest, session, 1L)
  rows <- selected_rows(command, session)
  if (!is.null(o$nomiss)) rows <- rows[!Reduce(`|`, lapply(session$data[vars], function(x) is_missing(x[rows])))]
  if (!length(rows)) abort_stata("no observations", 2000L)
  groups <- groups_of(vars, rows, session)
  out <- new_session()
  for (v in vars) copy_variable(out, v, session, vapply(groups, `[`, 0L, 1L))
  n <- lengths(groups)
  store_variable(out, c(o$freq, "_freq")[1L], n, NULL, "Frequency")
  if (!is.null(o$percent)) store_variable(out, o$percent, 100 * n / sum(n), "float", "Percent")
  if (!is.null(o$cfreq)) store_variable(out, o$cfreq, cumsum(n), NULL, "Cumulative frequency")
  if (!is.null(o$cpercent)) store_variable(out, o$cpercent, 100 * cumsum(n) / sum(n), "float", "Cumulative percent")
  session$data <- out$data
  session$meta <- out$meta
  session$n <- length(groups)
  session$sorted <- vars
}

# ---- results of a command by groups or by repetitions --------------------------------------------

# statsby [name=exp ...], by(g) clear: command
run_statsby <- function(text, session, statement) {
  part <- split_prefix(text, "statsby")
  command <- parse_command(paste("statsby", part[1L]))
  o <- command_options(command, c(by = "by", clear = "clear", nodots = "nodots", saving = "sa", total = "total",
                                  subsets = "subsets", replace = "replace"), required = "by")
  if (!is.null(o$total) || !is.null(o$subsets)) abort_unsupported("options total and subsets of statsby")
  by <- expand_varlist(tokenize(o$by), session, 1L)
  groups <- groups_of(by, seq_len(session$n), session)
  wishes <- saved_wishes(command$rest_text)
  whole <- mget(snapshot_names, envir = session)
  value <- tryCatch(lapply(groups, function(g) {
    list2env(whole, session)
    filter_rows(session, g)
    run_hidden(part[2L], session, statement)
    saved_values(wishes, session)
  }), finally = list2env(whole, session))
  out <- new_session()
  for (v in by) copy_variable(out, v, session, vapply(groups, `[`, 0L, 1L))
  store_saved(out, value, session)
  if (finish_saved(out, o, session)) list2env(mget(c("data", "meta", "n", "sorted"), envir = out), session)
}

# simulate name=exp ..., reps(#) [seed(#) nodots saving()]: command
run_simulate <- function(text, session, statement) {
  part <- split_prefix(text, "simulate")
  command <- parse_command(paste("simulate", part[1L]))
  o <- command_options(command, c(reps = "r", seed = "se", nodots = "nodots", dots = "dots", saving = "sa",
                                  double = "dou",
                                  nolegend = "nol", noisily = "noi", verbose = "verb"), required = "reps")
  if (!is.null(o$seed)) set_seed(o$seed, session)
  reps <- number_word(o$reps)
  if (is.na(reps) || reps < 1 || reps > 1e6) abort_stata("reps() must be between 1 and 1000000", 198L)
  wishes <- saved_wishes(command$rest_text)
  whole <- mget(snapshot_names, envir = session)
  value <- lapply(seq_len(reps), function(i) {
    list2env(whole, session)
    run_hidden(part[2L], session, statement)
    saved_values(wishes, session)
  })
  out <- new_session()
  store_saved(out, value, session)
  list2env(whole, session)
  if (finish_saved(out, o, session)) list2env(mget(snapshot_names, envir = out), session)
}

# c(prefix, command) of "words: command".
split_prefix <- function(text, word) {
  tokens <- tokenize(text)
  colon <- which(tokens$text == ":" & tokens$type == "punct" & token_depth(tokens) == 0L)
  if (!length(colon)) abort_stata(sprintf("%s: the prefix lacks its colon", word), 198L)
  c(substr(text, 1L, tokens$start[colon[1L]] - 1L), trimws(substring(text, tokens$end[colon[1L]] + 1L)))
}

run_hidden <- function(text, session, statement) {
  quiet <- session$quiet
  on.exit(session$quiet <- quiet)
  session$quiet <- quiet + 1L
  run_command(text, session, statement)
}

# name=exp, name=(exp) or exp alone; none stands for what the command left: _b.
saved_wishes <- function(text) {
  words <- glued_words(tokenize(gsub("\\s*=\\s*", "=", text)))
  out <- lapply(seq_along(words), function(i) {
    hit <- regmatches(words[i], regexec("^([[:alpha:]_][[:alnum:]_]*)=(.*)$", words[i]))[[1L]]
    if (length(hit)) list(name = hit[2L], exp = hit[3L]) else list(name = paste0("_stat_", i), exp = words[i])
  })
  # name=(exp): the parentheses are a word of their own.
  merged <- list()
  for (w in out) {
    last <- length(merged)
    if (last && !nzchar(merged[[last]]$exp)) merged[[last]]$exp <- w$exp else merged <- c(merged, list(w))
  }
  merged
}

saved_values <- function(wishes, session) {
  if (!length(wishes)) wishes <- list(list(exp = "_b"))
  out <- list()
  for (w in wishes) {
    own <- if (w$exp %in% c("_b", "_se")) coefficient_values(w$exp, session) else
      stats::setNames(list(evaluate_scalar(tokenize(w$exp), session)), w$name)
    # What has no name of a variable is named by its place among the statistics.
    unnamed <- !nzchar(names(own)) | startsWith(names(own), "_stat_")
    names(own)[unnamed] <- sprintf("_stat_%d", (length(out) + seq_along(own))[unnamed])
    out <- c(out, own)
  }
  out
}

# All coefficients or their errors: _b_x, _se_x, a.eq_b_x; terms of factors have no such name.
coefficient_values <- function(what, session) {
  b <- session$e$b
  if (is.null(b)) abort_stata("last estimates not found", 301L)
  pattern <- "^(?:([[:alpha:]_][[:alnum:]_]*):)?_?([[:alpha:]][[:alnum:]_]*)$"
  part <- regmatches(colnames(b), regexec(pattern, colnames(b)))
  names <- vapply(part, function(p) if (length(p)) paste0(p[2L], what, "_", p[3L]) else "", "")
  stats::setNames(as.list(if (what == "_b") b[1L, ] else sqrt(diag(session$e$V))), names)
}

store_saved <- function(out, value, session) {
  for (name in names(value[[1L]])) store_variable(out, name, unlist(lapply(value, `[[`, name)), session$type)
}

# TRUE when the results are to replace the data; saving() writes them to a file.
finish_saved <- function(out, o, session) {
  if (is.null(o$saving)) return(TRUE)
  words <- strsplit(o$saving, ",", fixed = TRUE)[[1L]]
  save_session(out, unquote(words[1L]), any(grepl("replace", words)), session)
  FALSE
}
