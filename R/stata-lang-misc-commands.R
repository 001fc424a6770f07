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
  a <- parse_assignment(tokens, FALSE)
  session$scalars[[a$name]] <- evaluate_scalar(a$tokens, session)
}

run_set <- function(text, session, statement) {
  words <- strsplit(text, "\\s+")[[1L]]
  if (words[1L] %in% c("more", "scheme", "matsize", "mem", "memory", "maxvar", "varabbrev", "rmsg", "trace",
                       "graphics", "logtype", "autotabgraphs")) {
    return(invisible())
  }
  switch(words[1L],
    linesize = , li = session$linesize <- line_width(number_word(words[2L])),
    type = session$type <- if (words[2L] %in% c("float", "double")) words[2L] else abort_unsupported(paste("set type",
                                                                                                           words[2L])),
    level = session$level <- number_word(words[2L]),
    obs = set_observations(number_word(words[2L]), session),
    abort_unsupported(paste("set", words[1L])))
  invisible()
}

line_width <- function(n) {
  if (is.na(n) || n < 40 || n > 255 || n != trunc(n)) abort_stata("linesize must be between 40 and 255", 125L)
  as.integer(n)
}

set_observations <- function(n, session) {
  if (is.na(n) || n != trunc(n)) abort_stata("set obs: a whole number expected", 198L)
  if (n * max(length(session$data), 1L) > 5e8) abort_stata("no room to add more observations", 901L)
  if (n < session$n) abort_stata("number of observations cannot become smaller", 198L)
  more <- n - session$n
  session$data <- lapply(session$data, function(x) c(x, if (is.character(x)) rep("", more) else rep(NA_real_, more)))
  session$n <- as.integer(n)
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

run_return <- function(command, session, rows) {
  if (!identical(command$rest$text, "list")) abort_unsupported("return")
  emit(session, format_return_list(session$r))
}

run_clear <- function(command, session, rows) {
  what <- command$rest$text
  if (length(what) && !what[1L] %in% c("all", "_all")) abort_unsupported(paste("clear", what[1L]))
  clear_data(session)
  if (length(what)) session$globals <- session$scalars <- session$matrices <- session$r <- session$e <- list()
}

run_nothing <- function(text, session, statement) invisible()

# What is asked for is here already, or it is refused.
run_install <- function(text, session, statement) {
  words <- strsplit(gsub(",", " ", text), "\\s+")[[1L]]
  package <- if (words[1L] %in% c("install", "inst")) words[2L] else words[1L]
  if (!is.na(package) && package %in% c(command_table$word, "metan9", "sbe16")) return(invisible())
  abort_unsupported(paste("installing", package))
}

run_tempvar <- function(text, session, statement) {
  for (name in strsplit(text, "\\s+")[[1L]]) {
    session$temp <- session$temp + 1L
    session$locals[[name]] <- sprintf("__%06d", session$temp)
  }
}

run_tempfile <- function(text, session, statement) {
  for (name in strsplit(text, "\\s+")[[1L]]) session$locals[[name]] <- tempfile("stata")
}

run_tokenize <- function(text, session, statement) {
  words <- macro_words(unquote(text))
  for (i in seq_along(words)) session$locals[[as.character(i)]] <- words[i]
  session$locals[[as.character(length(words) + 1L)]] <- ""
}

run_levelsof <- function(command, session, rows) {
  o <- command_options(command, c(local = "l", clean = "c", missing = "m"))
  name <- expand_varlist(command$rest, session, 1L, 1L)
  x <- session$data[[name]][selected_rows(command, session, rows)]
  if (is.null(o$missing)) x <- x[!is_missing(x)]
  values <- sort(unique(x), method = "radix")
  text <- if (is.character(values)) paste0("`\"", values, "\"'") else vapply(values, macro_text, "")
  if (!is.null(o$clean) && is.character(values)) text <- values
  if (!is.null(o$local)) session$locals[[o$local]] <- paste(text, collapse = " ")
  emit(session, paste(text, collapse = " "))
}

# ---- log ---------------------------------------------------------------------------------------

run_log <- function(text, session, statement) {
  command <- parse_command(paste("log", text))
  what <- command$rest$text[1L]
  if (identical(what, "close")) return(close_log(session))
  if (isTRUE(what %in% c("off", "on", "query"))) abort_unsupported(paste("log", what))
  if (is.null(command$using)) abort_stata("invalid syntax: log using filename", 198L)
  o <- command_options(command, c(replace = "replace", append = "append", text = "t", smcl = "s", name = "name"))
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

close_log <- function(session) {
  if (!length(session$logs)) abort_stata("no log file open", 606L)
  emit(session, log_banner(session$logs[[1L]], "closed on"))
  session$logs <- list()
}

log_banner <- function(file, what) {
  c(strrep("-", 79L), "      name:  <unnamed>", paste("       log: ", file), "  log type:  text",
    paste0(" ", what, ":  ", format(Sys.time(), "%d %b %Y, %H:%M:%S")), if (what == "closed on") strrep("-", 79L))
}

with_extension <- function(file, extension) if (grepl("[.][[:alnum:]]+$", basename(file))) file else paste0(file, ".",
                                                                                                            extension)

# Paths are relative to the do-file when they are not found from the working folder.
session_path <- function(file, session, read = FALSE) {
  file <- gsub("\\", "/", file, fixed = TRUE)
  if (!read) return(script_path(file, session))
  if (!is_plain_path(file)) abort_stata(sprintf("file %s not found", file), 601L)
  file <- path.expand(file)
  if (file.exists(file) || is.null(session$folder)) return(file)
  beside <- file.path(session$folder, file)
  if (file.exists(beside)) beside else file
}
