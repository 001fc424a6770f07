# Macros, scalars, settings, preserve and restore, return list, logs. Source: Stata's Programming and User's manuals.

# local x = exp, local x "text", local x : function, local ++i.
run_local <- function(text, session, statement) define_macro(text, session, "locals")

run_global <- function(text, session, statement) define_macro(text, session, "globals")

define_macro <- function(text, session, where) {
  if (substr(text, 1L, 1L) %in% c("+", "-") && grepl("^(\\+\\+|--)\\s*[[:alnum:]_]+$", text)) {
    local_value(gsub("\\s", "", text), session)
    return(invisible())
  }
  head <- cpp_stata_head(text, other_letters(text), TRUE)
  if (!nzchar(head[1L])) abort_stata("invalid macro name", 198L)
  rest <- head[2L]
  value <- switch(substr(rest, 1L, 1L), "=" = macro_text(evaluate_scalar(tokenize(substring(rest, 2L)), session)),
                  ":" = extended_macro(substring(rest, 2L), session), unquote(rest))
  session[[where]][[head[1L]]] <- value
  invisible()
}

run_scalar <- function(text, session, statement) {
  text <- sub("^(de|def|defi|defin|define)\\s+(?=[[:alpha:]_])", "", text, perl = TRUE)
  tokens <- tokenize(text)
  if (nrow(tokens) && tokens$text[1L] %in% c("list", "dir", "li", "l") &&
      (nrow(tokens) == 1L || tokens$text[2L] != "=")) {
    names <- if (nrow(tokens) > 1L) tokens$text[-1L] else names(session$scalars)
    values <- vapply(session$scalars[names], display_number, "", format = "%10.0g")
    return(emit(session, sprintf("%s = %s", justify(names, 10L), values)))
  }
  if (nrow(tokens) > 1L && tokens$text[1L] == "drop" && tokens$text[2L] != "=") {
    session$scalars[if (tokens$text[2L] == "_all") names(session$scalars) else tokens$text[-1L]] <- NULL
    return(invisible())
  }
  a <- parse_assignment(tokens, FALSE)
  session$scalars[[a$name]] <- evaluate_scalar(a$tokens, session)
}

# macro drop a _b, macro list, macro define.
run_macro <- function(text, session, statement) {
  words <- strsplit(trimws(text), "\\s+")[[1L]]
  what <- match_option(c(words, "")[1L], c(drop = "drop", list = "l", dir = "di", define = "de", shift = "shift"))
  if (is.na(what)) abort_unsupported(paste("macro", words[1L]))
  if (what == "shift") return(shift_macros(c(words, "1")[2L], session))
  if (what == "define") return(run_global(trimws(sub("^\\S+", "", text)), session, statement))
  names <- words[-1L]
  if (what == "drop") {
    for (n in names) {
      where <- if (startsWith(n, "_") && n != "_all") "locals" else "globals"
      all <- names(session[[where]])
      hit <- if (n == "_all") all else grep(utils::glob2rx(sub("^_", "", n)), all, value = TRUE)
      session[[where]][hit] <- NULL
    }
    return(invisible())
  }
  shown <- c(session$globals, stats::setNames(session$locals, sprintf("_%s", names(session$locals))))
  if (length(names)) shown <- shown[intersect(names, names(shown))]
  if (length(shown)) emit(session, paste0(justify(paste0(names(shown), ":"), 16L, TRUE), unlist(shown)))
}

# macro shift [#]: `2' becomes `1', and so on.
shift_macros <- function(text, session) {
  by <- number_word(text)
  numbers <- as.numeric(grep("^[1-9][0-9]*$", names(session$locals), value = TRUE))
  if (!length(numbers)) return(invisible())
  n <- max(numbers)
  for (i in seq_len(n)) session$locals[[macro_text(i)]] <- session$locals[[macro_text(i + by)]]
  invisible()
}

# Settings that change nothing here.
idle_settings <- c("more", "scheme", "matsize", "mem", "memory", "maxvar", "varabbrev", "rmsg", "trace", "graphics",
                   "logtype",
                   "autotabgraphs", "excelxlsxlargefile", "showbaselevels", "showemptycells", "showomitted", "fvlabel",
                   "printcolor", "segmentsize", "niceness", "min_memory", "max_memory", "copycolor", "maxiter",
                   "virtual",
                   "pagesize", "iterlog", "searchdefault", "update_query", "reventries", "dockable", "notifyuser",
                   "tracedepth", "odbcmgr", "locksplashes", "smoothfonts", "doublebuffer", "varlabelpos", "conren",
                     "charset",
                   "httpproxy", "checksum", "textsize", "dp", "cformat", "pformat", "sformat", "rng", "collect_label",
                     "table_style",
                   "etable_style", "dtable_style", "collect_style", "lapack_mkl", "revkeyboard", "scrollbufsize",
                     "emptycells", "coeftabresults", "lstretch", "sortmethod", "doeditbackup")

run_set <- function(text, session, statement) {
  words <- strsplit(sub(",.*$", "", text), "\\s+")[[1L]]
  if (words[1L] == "scheme") return(invisible(session$scheme <- words[2L]))
  if (words[1L] %in% idle_settings || startsWith("matsize", words[1L]) && nchar(words[1L]) > 3L) return(invisible())
  switch(words[1L],
    linesize = , li = session$linesize <- line_width(number_word(words[2L])),
    type = session$type <- if (words[2L] %in% c("float", "double")) words[2L] else abort_unsupported(paste("set type",
                                                                                                           words[2L])),
    level = session$level <- number_word(words[2L]), seed = , se = set_seed(words[2L], session),
    obs = , ob = set_observations(evaluate_scalar(tokenize(sub("^ob[s]?\\s+", "", text)), session), session, TRUE),
    abort_unsupported(paste("set", words[1L])))
  invisible()
}

line_width <- function(n) {
  if (is.na(n) || n < 40 || n > 255 || n != trunc(n)) abort_stata("linesize must be between 40 and 255", 125L)
  as.integer(n)
}

set_observations <- function(n, session, told = FALSE) {
  if (is.na(n) || n != trunc(n)) abort_stata("set obs: a whole number expected", 198L)
  if (n * max(length(session$data), 1L) > 5e8) abort_stata("no room to add more observations", 901L)
  if (n < session$n) abort_stata("number of observations cannot become smaller", 198L)
  more <- n - session$n
  session$data <- lapply(session$data, function(x) c(x, if (is.character(x)) rep("", more) else rep(NA_real_, more)))
  before <- session$n
  session$n <- as.integer(n)
  if (told) emit(session, sprintf("number of observations (_N) was %s, now %s", format(before, big.mark = ","),
                                  format(session$n, big.mark = ",")))
}

snapshot_names <- c("data", "n", "meta", "value_labels", "data_label", "file", "sorted", "meta_data")

run_preserve <- function(command, session, rows) session$preserved <- c(session$preserved,
                                                                        list(mget(snapshot_names, envir = session)))

run_restore <- function(command, session, rows) {
  o <- command_options(command, c(not = "not", preserve = "preserve"))
  last <- length(session$preserved)
  if (!last) abort_stata("nothing to restore", 622L)
  if (is.null(o$not)) list2env(session$preserved[[last]], session)
  if (is.null(o$preserve)) session$preserved <- session$preserved[-last]
}

# snapshot save [, label()], list, restore #, label # "text", erase _all|numlist: copies of the data by number.
run_snapshot <- function(text, session, statement) {
  command <- parse_command(paste("snapshot", text))
  words <- command$rest$text
  what <- match_option(c(words, "")[1L], c(save = "save", list = "list", restore = "restore", erase = "erase",
                                           label = "label"))
  if (is.na(what)) abort_stata("invalid syntax", 198L)
  if (what == "save") return(save_snapshot(command, session))
  number <- function(word) {
    if (!word %in% names(session$snapshots)) abort_stata(sprintf("snapshot %s not found", word), 111L)
    word
  }
  if (what == "list") return(emit(session, snapshot_lines(session)))
  if (what == "erase") {
    all <- identical(words[2L], "_all")
    gone <- if (all) names(session$snapshots) else as.character(parse_numlist(paste(words[-1L], collapse = " ")))
    return(session$snapshots[if (all) gone else vapply(gone, number, "")] <- NULL)
  }
  at <- number(c(words, "")[2L])
  if (what == "label") return(session$snapshots[[at]]$label <- unquote(c(words, "")[3L]))
  list2env(session$snapshots[[at]]$data, session)
  invisible()
}

save_snapshot <- function(command, session) {
  o <- command_options(command, c(label = "l"))
  k <- as.character(max(0, as.integer(names(session$snapshots))) + 1L)
  session$snapshots[[k]] <- list(data = mget(snapshot_names, envir = session), label = unquote(o$label %||% ""),
                                 time = paste(stata_today("%d %b %Y"), format(Sys.time(), "%H:%M")))
  session$r <- list(snapshot = as.numeric(k))
  emit(session, sprintf("snapshot %s (%s) created at %s", k, session$snapshots[[k]]$label, session$snapshots[[k]]$time))
}

snapshot_lines <- function(session) {
  vapply(names(session$snapshots), function(k) {
    sprintf("snapshot %s (%s) created at %s", k, session$snapshots[[k]]$label, session$snapshots[[k]]$time)
  }, "", USE.NAMES = FALSE)
}

# return scalar x = exp, return local x "text", return matrix A = B, return list, add, clear.
run_return <- function(text, session, statement) return_into("returning", "r", text, session)

run_ereturn <- function(text, session, statement) {
  if (grepl("^po(s(t)?)?\\b", text)) return(post_estimates(text, session))
  if (grepl("^di(s|sp|spl|spla|splay)?\\b", text)) return(display_estimates(session))
  return_into("e", "e", text, session)
}

run_sreturn <- function(text, session, statement) return_into("sreturn", "s", text, session)

return_into <- function(where, class, text, session) {
  word <- leading_word(text)
  rest <- trimws(substring(text, nchar(word) + 1L))
  what <- match_option(word, c(list = "li", scalar = "sca", local = "loc", matrix = "mat", add = "add", clear = "clear",
                               hidden = "hid", historical = "hist"))
  switch(if (is.na(what)) "" else what,
    list = return(emit(session, format_return_list(if (class == "r") session$r else session[[where]], class))),
    clear = session[[where]] <- list(),
    add = session[[where]] <- utils::modifyList(session[[where]], session$r),
    scalar = {
      a <- parse_assignment(tokenize(rest), FALSE)
      session[[where]][[a$name]] <- evaluate_scalar(a$tokens, session)
    },
    local = {
      define_macro(rest, session, "returned")
      name <- cpp_stata_head(rest, other_letters(rest), TRUE)[1L]
      session[[where]][[name]] <- session$returned[[name]]
    },
    matrix = {
      tokens <- tokenize(sub(",\\s*copy\\s*$", "", rest))
      if (nrow(tokens) < 3L || tokens$text[2L] != "=") abort_stata("invalid syntax: = expected", 198L)
      session[[where]][[tokens$text[1L]]] <- matrix_value(tokens[-(1:2), ], session)
    }, abort_unsupported(paste(switch(class, r = "return", e = "ereturn", "sreturn"), word)))
  invisible()
}

# ereturn post b V [, obs() dof() depname() esample()]
post_estimates <- function(text, session) {
  command <- parse_command(paste("post", sub("^\\S+\\s*", "", text)))
  o <- command_options(command, c(obs = "o", dof = "d", depname = "dep", esample = "e", properties = "prop"))
  names <- command$rest$text
  b <- find_matrix(names[1L], session)
  if (nrow(b) != 1L) abort_stata("conformability error", 503L)
  V <- if (length(names) > 1L) find_matrix(names[2L], session) else matrix(0, ncol(b), ncol(b))
  if (!identical(dim(V), rep(ncol(b), 2L))) abort_stata("conformability error", 503L)
  dimnames(V) <- rep(list(colnames(b)), 2L)
  session$e <- Filter(Negate(is.null), list(N = if (!is.null(o$obs)) evaluate_scalar(tokenize(o$obs), session),
    df_r = if (!is.null(o$dof)) evaluate_scalar(tokenize(o$dof), session), depvar = o$depname, properties = "b V",
    b = b, V = V))
  if (!is.null(o$esample)) session$sample <- which(session$data[[o$esample]] != 0)
  session$estimates <- session$regression <- NULL
}

display_estimates <- function(session) {
  if (is.null(session$e$b)) abort_stata("last estimates not found", 301L)
  df <- session$e$df_r %||% NA_real_
  b <- session$e$b[1L, ]
  se <- sqrt(diag(session$e$V))
  reach <- critical_value(session$level / 100, df) * se
  table <- data.frame(name = names(b), b = b, se = se, t = b / se, p = two_sided_p(b / se, df), lo = b - reach,
                      hi = b + reach)
  emit(session, format_coef_table(table, session$e$depvar %||% "", session$level / 100, if (is.na(df)) "z" else "t"))
}

run_clear <- function(command, session, rows) {
  what <- c(command$rest$text, "")[1L]
  if (what == "*") what <- "all"
  wipe <- function(names) for (name in names) session[[name]] <- list()
  switch(what,
    mata = , ado = , rngstream = return(invisible()), matrix = return(wipe("matrices")),
    results = return(wipe(c("r", "e"))),
    programs = , program = return(wipe("programs")), frames = return(reset_frames(session)))
  if (!what %in% c("", "all", "_all")) abort_unsupported(paste("clear", what))
  clear_data(session)
  if (nzchar(what)) {
    wipe(c("scalars", "matrices", "r", "e", "programs", "named_graphs", "stored", "frames"))
    session$frame <- "default"
    session$regression <- session$estimates <- session$sample <- NULL
  }
}

# version #: kept for c(version).
run_version <- function(text, session, statement) {
  number <- real_value(plain_words(paste(text, " "))[1L])
  if (!is.na(number)) session$version <- number
  invisible()
}

run_nothing <- function(text, session, statement) invisible()

# Nothing is installed: a command that is here needs nothing, one that is not is refused where it is used.
run_install <- function(text, session, statement) {
  words <- plain_words(gsub(",", " ", text))
  what <- match_option(c(words, "")[1L], c(install = "inst", uninstall = "uninst", describe = "d", type = "ty",
                                           new = "new",
                                           from = "from", set = "set", cd = "cd", link = "link", search = "search"))
  package <- if (is.na(what)) c(words, "")[1L] else c(words[-1L], "")[1L]
  here <- package %in% c(stata_registry$table$word, "metan9", "sbe16")
  emit(session, sprintf(if (here) "(%s is built in)" else "(%s: nothing is installed here)", package))
}

# which word: where it comes from, or Stata's error.
run_which <- function(text, session, statement) {
  word <- c(plain_words(gsub(",", " ", text)), "")[1L]
  if (!word %in% c(stata_registry$table$word, "metan9", "sbe16", names(session$programs))) {
    abort_stata(sprintf("command %s not found as either built-in or ado-file", word), 111L)
  }
  emit(session, sprintf("built-in command:  %s", word))
}

run_refused <- function(text, session, statement) refuse_command(leading_word(statement_words(statement)))

# What only shows or waits in Stata says so in the log.
run_shown <- function(text, session, statement) {
  word <- leading_word(statement_words(statement))
  emit(session, sprintf("(%s shows a window in Stata and does nothing here)", word))
}

# timer on 1, off, list, clear: seconds of each timer.
run_timer <- function(text, session, statement) {
  words <- strsplit(trimws(text), "\\s+")[[1L]]
  id <- c(words[-1L], "all")[1L]
  now <- as.numeric(proc.time()[["elapsed"]])
  timer <- session$timers[[id]]
  switch(words[1L],
    on = session$timers[[id]] <- list(total = c(timer$total, 0)[1L], since = now),
    off = session$timers[[id]] <- list(total = c(timer$total, 0)[1L] + now - c(timer$since, now)[1L]),
    clear = session$timers <- if (id == "all") list() else session$timers[setdiff(names(session$timers), id)],
    list = {
      ids <- if (id == "all") names(session$timers) else id
      for (i in ids) session$r[[paste0("t", i)]] <- session$timers[[i]]$total
      emit(session, sprintf("%4s: %s /        1 = %s", ids, stata_fixed(unlist(session$r[paste0("t", ids)]), 9L, 2L),
                            stata_fixed(unlist(session$r[paste0("t", ids)]), 12L, 4L)))
    }, abort_unsupported(paste("timer", words[1L])))
  invisible()
}

run_levelsof <- function(command, session, rows) {
  o <- command_options(command, c(local = "l", clean = "c", missing = "m", separate = "s", hexadecimal = "hex"))
  name <- expand_varlist(command$rest, session, 1L, 1L)
  x <- session$data[[name]][selected_rows(command, session, rows)]
  if (is.null(o$missing)) x <- x[!is_missing(x)]
  values <- unique(x)
  values <- values[order(comparable(values), method = "radix")]
  text <- if (is.character(values)) paste0("`\"", values, "\"'") else vapply(values, macro_text, "")
  if (!is.null(o$clean) && is.character(values)) text <- values
  text <- paste(text, collapse = if (is.null(o$separate)) " " else unquote(o$separate))
  if (!is.null(o$local)) session$locals[[trimws(o$local)]] <- text
  session$r <- list(levels = text, N = length(x), r = length(values))
  emit(session, text)
}

# ---- log ---------------------------------------------------------------------------------------

run_log <- function(text, session, statement) {
  command <- parse_command(paste("log", text))
  what <- command$rest$text[1L]
  if (identical(what, "close")) return(close_log(session))
  if (isTRUE(what %in% c("off", "on"))) return(pause_log(what, session))
  if (is.null(command$using) && (is.null(what) || is.na(what) || what %in% c("query", "q"))) {
    return(emit(session, if (length(session$logs)) paste("       log: ", session$logs[[1L]]) else "      (no log)"))
  }
  if (is.null(command$using)) abort_stata("invalid syntax: log using filename", 198L)
  o <- command_options(command, c(replace = "replace", append = "append", text = "t", smcl = "s", name = "name",
                                  nomsg = "nom"))
  file <- session_path(with_extension(command$using, if (is.null(o$text)) "smcl" else "log"), session)
  check_kind(file, "log")
  if (length(session$logs)) abort_stata("log file already open", 604L)
  if (file.exists(file) && is.null(o$replace) &&
      is.null(o$append)) abort_stata(sprintf("file %s already exists", file), 602L)
  if ((is.null(o$append) || !file.exists(file)) && !suppressWarnings(file.create(file))) {
    abort_stata(sprintf("file %s could not be opened", file), 603L)
  }
  banner <- log_banner(file, "opened on")
  if (session$quiet > 0L) append_log(file, banner)
  session$logs <- list(file)
  emit(session, banner)
}

pause_log <- function(what, session) {
  if (what == "off") {
    if (!length(session$logs)) abort_stata("no log file open", 606L)
    session$paused_logs <- session$logs
    session$logs <- list()
  } else {
    session$logs <- session$paused_logs
    session$paused_logs <- NULL
  }
  invisible()
}

# cmdlog using: the commands are the do-file itself.
run_cmdlog <- function(text, session, statement) emit(session, "(cmdlog writes no file here)")

close_log <- function(session) {
  if (!length(session$logs)) abort_stata("no log file open", 606L)
  emit(session, log_banner(session$logs[[1L]], "closed on"))
  session$logs <- list()
}

log_banner <- function(file, what) {
  c(strrep("-", 79L), "      name:  <unnamed>", paste("       log: ", file), "  log type:  text",
    paste0(" ", what, ":  ", format(Sys.time(), "%d %b %Y, %H:%M:%S")), if (what == "closed on") strrep("-", 79L))
}
