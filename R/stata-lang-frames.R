# Frames: data sets side by side in memory. Source: Stata's Data Management manual, frames.

frame_fields <- c("data", "n", "meta", "value_labels", "data_label", "file", "sorted", "meta_data", "preserved")

find_frame <- function(name, session) {
  if (name != session$frame && is.null(session$frames[[name]])) abort_stata(sprintf("frame %s not found", name), 111L)
  name
}

frame_names <- function(session) sort(unique(c(session$frame, names(session$frames))))

# The data in memory go to the shelf, those of the frame come out.
switch_frame <- function(name, session) {
  find_frame(name, session)
  if (name == session$frame) return(invisible())
  session$frames[[session$frame]] <- mget(frame_fields, envir = session)
  list2env(session$frames[[name]], session)
  session$frames[[name]] <- NULL
  session$frame <- name
}

reset_frames <- function(session) {
  session$frames <- list()
  session$frame <- "default"
  clear_data(session)
}

# frame create|change|copy|drop|rename|put|dir|pwf|reset; frame name: command; frames dir
run_frame <- function(text, session, statement) {
  colon <- regmatches(text, regexec("^([[:alpha:]_][[:alnum:]_]*)\\s*:\\s*(.*)$", text))[[1L]]
  if (length(colon)) return(in_frame(colon[2L], session, function() run_command(colon[3L], session, statement)))
  word <- leading_word(text)
  rest <- trimws(substring(text, nchar(word) + 1L))
  what <- match_option(word, c(create = "cr", change = "ch", copy = "copy", drop = "drop", rename = "ren", put = "put",
                               dir = "d", pwf = "pwf", reset = "reset", list = "list", prefix = "prefix",
                               post = "post"))
  words <- plain_words(sub(",.*$", "", rest))
  switch(if (is.na(what)) "" else what,
    create = create_frame(rest, session), change = switch_frame(words[1L], session), copy = copy_frame(rest, session),
    drop = drop_frames(words, session), rename = rename_frame(words, session), put = put_frame(rest, session),
    dir = , list = list_frames(session), pwf = emit(session, sprintf("  (current frame is %s)", session$frame)),
    reset = reset_frames(session), post = post_frame(rest, session), abort_unsupported(paste("frame", word)))
  invisible()
}

run_cwf <- function(text, session, statement) switch_frame(trimws(text), session)
run_pwf <- function(text, session, statement) emit(session, sprintf("  (current frame is %s)", session$frame))

in_frame <- function(name, session, run) {
  back <- session$frame
  switch_frame(name, session)
  on.exit(switch_frame(back, session))
  run()
  invisible()
}

# frame name { ... }
run_frame_block <- function(text, s, session) {
  name <- trimws(sub("^frame\\s+", "", text))
  name <- sub("\\s*:$", "", name)
  in_frame(name, session, function() run_statements(s$body, session, depth = 1L))
}

# frame create name [newvars]
create_frame <- function(text, session) {
  tokens <- tokenize(text)
  name <- tokens$text[1L]
  if (!grepl("^[[:alpha:]_][[:alnum:]_]{0,31}$", name)) abort_stata(sprintf("%s invalid name", name), 198L)
  if (name %in% frame_names(session)) abort_stata(sprintf("frame %s already exists", name), 110L)
  inner <- new_session()
  vars <- posted_variables(tokens[-1L, ], session, FALSE)
  for (i in seq_along(vars$names)) {
    string <- startsWith(vars$types[i], "str")
    store_variable(inner, vars$names[i], if (string) character() else numeric(), vars$types[i])
  }
  session$frames[[name]] <- mget(frame_fields, envir = inner)
}

# frame post name (exp) (exp): a row at the end of the frame.
post_frame <- function(text, session) {
  tokens <- tokenize(text)
  name <- find_frame(tokens$text[1L], session)
  values <- list()
  at <- 2L
  while (at <= nrow(tokens)) {
    close <- closing_token(tokens, at)
    values <- c(values, list(evaluate_scalar(tokens[seq(at + 1L, close - 1L), ], session)))
    at <- close + 1L
  }
  in_frame(name, session, function() {
    if (length(values) != length(session$data)) abort_stata("frame post: as many expressions as variables are needed",
                                                            198L)
    for (i in seq_along(values)) session$data[[i]] <- c(session$data[[i]], values[[i]])
    session$n <- session$n + 1L
  })
}

copy_frame <- function(text, session) {
  words <- plain_words(sub(",.*$", "", text))
  find_frame(words[1L], session)
  if (words[2L] %in% frame_names(session) && !grepl(",\\s*replace", text)) {
    abort_stata(sprintf("frame %s already exists", words[2L]), 110L)
  }
  from <- if (words[1L] == session$frame) mget(frame_fields, envir = session) else session$frames[[words[1L]]]
  session$frames[[words[2L]]] <- from
}

drop_frames <- function(names, session) {
  for (name in names) {
    find_frame(name, session)
    if (name == session$frame) abort_stata(sprintf("cannot drop the current frame %s", name), 198L)
    session$frames[[name]] <- NULL
  }
}

rename_frame <- function(words, session) {
  find_frame(words[1L], session)
  if (words[2L] %in% frame_names(session)) abort_stata(sprintf("frame %s already exists", words[2L]), 110L)
  if (words[1L] == session$frame) session$frame <- words[2L]
  else names(session$frames)[names(session$frames) == words[1L]] <- words[2L]
}

# frame put varlist | if exp, into(name)
put_frame <- function(text, session) {
  command <- parse_command(paste("put", text))
  o <- command_options(command, c(into = "into"), required = "into")
  if (o$into %in% frame_names(session)) abort_stata(sprintf("frame %s already exists", o$into), 110L)
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session)
  inner <- new_session()
  for (v in vars) copy_variable(inner, v, session, rows)
  inner$value_labels <- session$value_labels
  inner$n <- length(rows)
  session$frames[[o$into]] <- mget(frame_fields, envir = inner)
}

list_frames <- function(session) {
  for (name in frame_names(session)) {
    f <- if (name == session$frame) mget(c("data", "n"), envir = session) else session$frames[[name]]
    emit(session, sprintf("  %s %s  %d x %d", if (name == session$frame) "*" else " ", justify(name, 12L, TRUE), f$n,
                          length(f$data)))
  }
}

# frlink 1:1|m:1 keys, frame(name [keys]) [generate()]: the row of the other frame; frget copies variables by it.
run_frlink <- function(command, session, rows) {
  o <- command_options(command, c(frame = "f", generate = "g"), required = "frame")
  words <- plain_words(o$frame)
  name <- find_frame(words[1L], session)
  keys <- expand_varlist(command$rest[-(1:3), ], session, 1L)
  kind <- paste(command$rest$text[1:3], collapse = "")
  if (!kind %in% c("1:1", "m:1")) abort_stata("frlink 1:1 or m:1 expected", 198L)
  inner <- list2env(session$frames[[name]], new_session())
  other <- if (length(words) > 1L) words[-1L] else keys
  for (i in seq_along(keys)) names(inner$data)[match(other[i], names(inner$data))] <- keys[i]
  check_merge_keys(list(keys = keys, kind = kind, by_row = FALSE), session, inner)
  code <- key_codes(keys, session, inner)
  at <- match(code[[1L]], code[[2L]])
  made <- check_new_name(c(o$generate, name)[1L], session)
  store_variable(session, made, as.numeric(at), NULL)
  session$meta[[made]]$link <- name
  lost <- sum(is.na(at))
  emit(session, if (lost) sprintf("(%s in frame %s unmatched)", plural(lost, "observation"), session$frame)
       else paste0("(all observations in frame ", session$frame, " matched)"))
}

# frget a b | new=old, from(link)
run_frget <- function(command, session, rows) {
  o <- command_options(command, c(from = "f", prefix = "p", suffix = "s"), required = "from")
  link <- find_stata_variable(o$from, session)
  name <- session$meta[[link]]$link
  if (is.null(name)) abort_stata(sprintf("%s is no link to a frame", link), 111L)
  other <- list2env(session$frames[[find_frame(name, session)]], new_session())
  words <- varlist_words(tokenize(gsub("\\s*=\\s*", "=", command$rest_text)))
  for (w in words) {
    pair <- strsplit(w, "=", fixed = TRUE)[[1L]]
    for (old in expand_varlist(pair[length(pair)], other)) {
      new <- if (length(pair) > 1L) pair[1L] else paste0(c(o$prefix, "")[1L], old, c(o$suffix, "")[1L])
      m <- other$meta[[old]]
      store_variable(session, check_new_name(new, session), rows_or_missing(other$data[[old]], session$data[[link]]),
      m$type, m$label,
                     m$format, m$labels)
      set <- m$labels
      if (!is.null(set) &&
          is.null(session$value_labels[[set]])) session$value_labels[[set]] <- other$value_labels[[set]]
    }
  }
  emit(session, sprintf("(%s copied from linked frame)", plural(length(words), "variable")))
}
