# program define, args, do, run, include, exit and error: code of the user's own that runs with macros of its own.
# Source: Stata's Programming manual, program, args, do, include, exit, error; its limit of 64 nested programs.

# program [define] name [, rclass eclass sclass]; program drop; program list or dir.
run_program <- function(text, session, statement) {
  words <- strsplit(trimws(gsub(",", " , ", text)), "\\s+")[[1L]]
  if (!length(words) || !nzchar(words[1L])) abort_stata("invalid syntax", 198L)
  if (words[1L] == "drop") return(drop_programs(words[-1L], session))
  if (words[1L] %in% c("dir", "list", "l")) return(emit(session, sprintf("%8s %s", "", names(session$programs))))
  if (grepl("^de(f|fi|fin|fine)?$", words[1L])) words <- words[-1L]
  name <- words[1L]
  if (is.null(statement$program)) abort_stata(sprintf("program %s: its lines must stand in the file", name), 198L)
  if (!is.null(session$programs[[name]])) abort_stata(sprintf("%s already defined", name), 110L)
  if (!grepl("^[[:alpha:]_][[:alnum:]_]*$", name)) abort_stata(sprintf("%s invalid name", name), 198L)
  options <- setdiff(words[-1L], ",")
  odd <- grep("^([res](c|cl|cla|clas|class)?|sort|sortpreserve|nclass|properties\\(.*\\))$",
              options, invert = TRUE, value = TRUE)
  if (length(odd)) abort_unsupported(sprintf("option %s of program", odd[1L]))
  class <- c(substr(grep("^[res](cl[a-s]*)?$", options, value = TRUE), 1L, 1L), "n")[1L]
  session$programs[[name]] <- list(body = statement$program, class = class)
  invisible()
}

drop_programs <- function(names, session) {
  if ("_all" %in% names) names <- names(session$programs)
  lost <- setdiff(names, names(session$programs))
  if (length(lost)) abort_stata(sprintf("%s not found", lost[1L]), 111L)
  session$programs[names] <- NULL
}

nesting_limit <- 64L

# Code with its own macros: what `call` runs sees `0', `1', ... and leaves the caller's macros as they were.
with_own_macros <- function(text, session, call) {
  if (session$depth >= nesting_limit) too_deep()
  keep <- mget(c("locals", "depth", "loops", "returning"), envir = session)
  held <- length(session$preserved)
  on.exit({
    list2env(keep, session)
    restore_to(held, session)
  })
  session$depth <- keep$depth + 1L
  session$loops <- 0L
  session$returning <- list()
  session$locals <- positional_macros(text)
  run <- function() tryCatch(call(), metaparity_exit = function(e) if (e$rc) abort_stata(error_text(e$rc), e$rc))
  # The outermost level has room again when R's own stack ended before the 64 levels did.
  if (keep$depth > 0L) run() else tryCatch(run(), stackOverflowError = function(e) too_deep())
  invisible()
}

too_deep <- function() abort_stata("programs and do-files nested deeper than 64", 1000L)

# Data that a program or do-file preserved come back when it ends.
restore_to <- function(held, session) {
  if (length(session$preserved) <= held) return(invisible())
  list2env(session$preserved[[held + 1L]], session)
  session$preserved <- utils::head(session$preserved, held)
}

positional_macros <- function(text) {
  words <- macro_words(text)
  c(list(`0` = text, `*` = text), stats::setNames(as.list(words), seq_along(words)))
}

# A user's program; rclass programs leave what `return` collected in r(). One that fails keeps r() of the caller.
call_program <- function(name, text, session) {
  program <- session$programs[[name]]
  made <- list()
  with_own_macros(text, session, function() {
    on.exit(made <<- session$returning)
    run_statements(program$body, session, depth = 1L)
  })
  if (program$class == "r") session$r <- made
  invisible()
}

# args a b c: names for `1', `2', `3'.
run_args <- function(text, session, statement) {
  names <- strsplit(trimws(text), "\\s+")[[1L]]
  for (i in seq_along(names)) session$locals[[names[i]]] <- local_get(as.character(i), session)
}

# ---- do-files ----------------------------------------------------------------------------------

run_do <- function(text, session, statement) do_file_of(text, session, quiet = FALSE, own = TRUE)
run_run <- function(text, session, statement) do_file_of(text, session, quiet = TRUE, own = TRUE)
run_include <- function(text, session, statement) do_file_of(text, session, quiet = FALSE, own = FALSE)

do_file_of <- function(text, session, quiet, own) {
  first <- tokenize(text)
  if (!nrow(first)) abort_stata("invalid file specification", 198L)
  glued <- which(first$blank & seq_len(nrow(first)) > 1L)
  last <- if (length(glued)) glued[1L] - 1L else nrow(first)
  file <- existing_file(with_extension(unquote(token_text(text, first, 1L, last)), "do"), session)
  rest <- trimws(sub(",\\s*nostop\\s*$", "", substring(text, first$end[last] + 1L)))
  statements <- parse_blocks(split_statements(read_text_lines(file)))
  hush <- session$quiet
  on.exit(session$quiet <- hush)
  if (quiet) session$quiet <- hush + 1L
  echo <- isTRUE(session$echo) && session$quiet == 0L
  go <- function() run_statements(statements, session, echo = echo)
  if (own) with_own_macros(rest, session, go) else include_statements(session, go)
  if (echo) emit(session, c("", "end of do-file"))
  invisible()
}

include_statements <- function(session, go) {
  if (session$depth >= nesting_limit) too_deep()
  session$depth <- session$depth + 1L
  on.exit(session$depth <- session$depth - 1L)
  run <- function() until_exit(go)
  if (session$depth > 1L) run() else tryCatch(run(), stackOverflowError = function(e) too_deep())
}

# ---- exit and error ----------------------------------------------------------------------------

# exit [#] [, clear STATA]: ends the program or the do-file.
run_exit <- function(command, session, rows) {
  o <- command_options(command, c(clear = "clear", STATA = "STATA"))
  rc <- if (nrow(command$rest)) evaluate_scalar(command$rest, session) else 0
  signalCondition(structure(class = c("metaparity_exit", "condition"),
                            list(message = "exit", call = NULL, rc = as.integer(rc))))
  abort_stata("exit outside a do-file", 198L)
}

# The end of the text that runs is the end of it.
until_exit <- function(run) {
  tryCatch(run(), metaparity_exit = function(e) if (e$rc) abort_stata(error_text(e$rc), e$rc))
}

run_error <- function(command, session, rows) {
  rc <- evaluate_scalar(command$rest, session)
  if (!is.numeric(rc) || is.na(rc)) abort_stata("invalid syntax", 198L)
  if (rc) abort_stata(error_text(rc), as.integer(rc))
}

# Stata's words for the commonest return codes.
error_texts <- c("4" = "no; data in memory would be lost", "5" = "not sorted",
                 "7" = "'' found where something expected",
                 "9" = "assertion is false", "100" = "varlist required", "101" = "varlist not allowed",
                 "102" = "too few variables specified", "103" = "too many variables specified",
                 "107" = "not possible with numeric variable", "108" = "not possible with string variable",
                 "109" = "type mismatch", "110" = "already defined", "111" = "not found",
                 "119" = "statement out of context",
                 "121" = "invalid numlist", "198" = "invalid syntax", "199" = "unrecognized command",
                 "301" = "last estimates not found",
                 "322" = "something that should be true of your estimation results is not",
                 "459" = "something that should be true of your data is not", "601" = "file not found",
                 "602" = "file already exists", "604" = "log file already open", "606" = "no log file open",
                 "2000" = "no observations", "2001" = "insufficient observations")

error_text <- function(rc) {
  text <- error_texts[as.character(rc)]
  if (is.na(text)) sprintf("r(%d)", as.integer(rc)) else unname(text)
}
