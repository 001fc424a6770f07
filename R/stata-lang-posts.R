# postfile, post, postclose; file open, write, read, close: results written row by row.
# Source: Stata's Programming manual, postfile, file.

# postfile name str10 a double(b c) d using file [, replace every()]
run_postfile <- function(text, session, statement) {
  command <- parse_command(paste("postfile", text))
  o <- command_options(command, c(replace = "replace", every = "e", double = "d"))
  if (is.null(command$using)) abort_stata("using required", 100L)
  tokens <- command$rest
  handle <- tokens$text[1L]
  if (!is.null(session$posts[[handle]])) abort_stata(sprintf("post %s already exists", handle), 110L)
  file <- session_path(with_extension(command$using, "dta"), session)
  if (file.exists(file) && is.null(o$replace)) abort_stata(sprintf("file %s already exists", command$using), 602L)
  session$posts[[handle]] <- c(posted_variables(tokens[-1L, ], session, !is.null(o$double)),
                               list(rows = new_buffer(), file = command$using, replace = !is.null(o$replace)))
  invisible()
}

posted_variables <- function(tokens, session, double) {
  type <- if (double) "double" else session$type
  within <- FALSE
  names <- types <- character()
  now <- type
  for (i in seq_len(nrow(tokens))) {
    word <- tokens$text[i]
    if (word %in% storage_types || grepl("^str([0-9]+|L)$", word)) now <- word
    else if (word == "(") within <- TRUE
    else if (word == ")") {
      within <- FALSE
      now <- type
    } else {
      names <- c(names, word)
      types <- c(types, now)
      if (!within) now <- type
    }
  }
  list(names = names, types = types)
}

# post name (exp) (exp) ...
run_post <- function(text, session, statement) {
  tokens <- tokenize(text)
  post <- session$posts[[tokens$text[1L]]]
  if (is.null(post)) abort_stata(sprintf("post %s not found", tokens$text[1L]), 111L)
  values <- list()
  at <- 2L
  while (at <= nrow(tokens)) {
    if (tokens$text[at] != "(") abort_stata("post: each expression stands in parentheses", 198L)
    close <- closing_token(tokens, at)
    values <- c(values, list(evaluate_scalar(tokens[seq(at + 1L, close - 1L), ], session)))
    at <- close + 1L
  }
  if (length(values) != length(post$names)) {
    abort_stata(sprintf("post: %d expressions for %d variables", length(values), length(post$names)), 198L)
  }
  string <- startsWith(post$types, "str")
  if (any(vapply(values, is.character, NA) != string)) abort_stata("type mismatch", 109L)
  add_item(post$rows, values)
  invisible()
}

run_postclose <- function(text, session, statement) {
  name <- trimws(text)
  post <- session$posts[[name]]
  if (is.null(post)) abort_stata(sprintf("post %s not found", name), 111L)
  rows <- buffer_items(post$rows)
  out <- new_session()
  for (j in seq_along(post$names)) {
    string <- startsWith(post$types[j], "str")
    value <- if (length(rows)) unlist(lapply(rows, `[[`, j)) else if (string) character() else numeric()
    if (string && post$types[j] != "strL") value <- cut_bytes(value, as.integer(sub("str", "", post$types[j])))
    store_variable(out, post$names[j], value, if (string) NULL else post$types[j])
  }
  session$posts[[name]] <- NULL
  save_session(out, post$file, post$replace, session, told = FALSE)
}

# A data set of its own written as .dta.
save_session <- function(out, file, replace, session, told = TRUE) {
  shown <- with_extension(file, "dta")
  path <- check_kind(session_path(shown, session), "dta")
  if (file.exists(path) && !replace) abort_stata(sprintf("file %s already exists", shown), 602L)
  require_reader("haven", "save")
  write_dta_whole(out, path)
  if (told) emit(session, sprintf("file %s saved", shown))
}

# ---- text files --------------------------------------------------------------------------------

# file open h using name, write|read [replace append text]; file write h ...; file read h local; file close h
run_file <- function(text, session, statement) {
  word <- leading_word(text)
  rest <- trimws(substring(text, nchar(word) + 1L))
  what <- match_option(word, c(open = "open", write = "write", read = "read", close = "close", query = "q",
                               seek = "seek",
                               set = "set"))
  switch(if (is.na(what)) "" else what, open = open_text_file(rest, session), write = write_text_file(rest, session),
         read = read_text_file(rest, session), close = close_text_file(rest, session),
         abort_unsupported(paste("file", word)))
  invisible()
}

open_text_file <- function(text, session) {
  command <- parse_command(paste("file", text))
  o <- command_options(command, c(write = "w", read = "r", replace = "replace", append = "append", text = "t",
                                  all = "all"))
  handle <- command$rest$text[1L]
  if (is.null(command$using)) abort_stata("using required", 100L)
  if (!is.null(session$files[[handle]])) abort_stata(sprintf("file handle %s already exists", handle), 110L)
  if (!is.null(o$read)) {
    session$files[[handle]] <- list(mode = "read", lines = read_text_lines(existing_file(command$using, session)),
                                    at = 0L)
    return(invisible())
  }
  file <- check_kind(session_path(with_extension(command$using, "txt"), session), "text")
  if (file.exists(file) && is.null(o$replace) && is.null(o$append)) {
    abort_stata(sprintf("file %s already exists", command$using), 602L)
  }
  check_writable(file)
  session$files[[handle]] <- list(mode = "write", file = file, append = !is.null(o$append), text = new_buffer())
}

# Pieces as display has them; _n ends a line, _tab is a tabulator. What was written stands on disk once the file is
# closed.
write_text_file <- function(text, session) {
  handle <- leading_word(text)
  f <- session$files[[handle]]
  if (is.null(f) || f$mode != "write") abort_stata(sprintf("file handle %s not found", handle), 111L)
  rest <- trimws(substring(text, nchar(handle) + 1L))
  add_item(f$text, display_pieces(file_items(rest), session)$text)
}

# file write puts a format before an expression in parentheses: %9.2f (x).
file_items <- function(text) gsub("(%-?[0-9]+(\\.[0-9]+)?[a-z]+)\\(", "\\1 (", text)

read_text_file <- function(text, session) {
  words <- plain_words(text)
  f <- session$files[[words[1L]]]
  if (is.null(f) || f$mode != "read") abort_stata(sprintf("file handle %s not found", words[1L]), 111L)
  f$at <- f$at + 1L
  end <- f$at > length(f$lines)
  session$locals[[words[2L]]] <- if (end) "" else f$lines[f$at]
  session$r <- list(eof = as.numeric(end), status = if (end) "eof" else "lf")
  session$files[[words[1L]]] <- f
}

close_text_file <- function(text, session) {
  handles <- if (trimws(text) == "_all") names(session$files) else trimws(text)
  for (h in handles) {
    f <- session$files[[h]]
    if (is.null(f)) abort_stata(sprintf("file handle %s not found", h), 111L)
    if (f$mode == "write") {
      con <- file(f$file, if (f$append) "ab" else "wb")
      writeBin(charToRaw(enc2utf8(paste(unlist(buffer_items(f$text)), collapse = ""))), con)
      close(con)
    }
    session$files[[h]] <- NULL
  }
}
