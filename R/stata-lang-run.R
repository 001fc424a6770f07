# Runs parsed statements: macros, prefixes, loops, conditions, by groups, capture; adds line and command to errors.

run_statements <- function(statements, session, echo = FALSE, depth = 0L) {
  taken <- NA
  s <- NULL
  fail <- function(e) {
    if (is_time_limit(e)) return(invisible())
    e <- locate_error(e, s)
    if (depth == 0L) e$log <- log_lines(session)
    stop(e)
  }
  withCallingHandlers(for (s in statements) {
    if (isTRUE(s$close)) next
    if (echo && depth == 0L) echo_statement(s, session)
    session$statement <- s
    if (nzchar(s$text)) taken <- run_statement(s, session, taken)
    if (echo && depth == 0L && nzchar(s$text)) emit_blank(session)
  }, error = fail)
}

# The end of the time that setTimeLimit() allows is no error of the do-file: `capture` must not hide it. R gives it no
# class of its own.
is_time_limit <- function(e) {
  texts <- c("reached elapsed time limit", "reached CPU time limit", "reached session elapsed time limit",
             "reached session CPU time limit")
  conditionMessage(e) %in% gettext(texts, domain = "R")
}

emit_blank <- function(session) emit(session, "", always = TRUE)

# TRUE or FALSE for if and else (was the branch taken), NA for anything else.
run_statement <- function(s, session, previous) {
  text <- if (is.null(s$body)) s$text else s$head
  if (!nzchar(text) && is.null(s$body)) return(NA)
  word <- s$word
  if ((word == "if" || word == "else") && !grepl("^(if|else)\\s*=", text))
    return(run_condition(text, s, session, previous))
  if (!is.null(s$body)) {
    run_block(word, text, s, session)
  } else {
    run_command(expand_macros(text, session), session, s)
  }
  NA
}

run_condition <- function(text, s, session, previous) {
  if (startsWith(text, "else")) {
    if (is.na(previous)) abort_stata("else without if", 198L)
    rest <- trimws(substring(text, 5L))
    if (previous) return(TRUE)
    if (startsWith(rest, "if")) return(run_condition(rest, s, session, NA))
    run_branch(rest, s, session)
    return(TRUE)
  }
  rest <- expand_macros(cpp_stata_trim(substring(text, 3L)), session)
  tokens <- tokenize(rest)
  if (is.null(s$body)) {
    split <- condition_end(tokens)
    yes <- is_true(evaluate_scalar(tokens[seq_len(split), ], session))
    if (yes) run_command(token_text(rest, tokens, split + 1L, nrow(tokens)), session, s)
    return(yes)
  }
  yes <- is_true(evaluate_scalar(tokens, session))
  if (yes) run_statements(s$body, session, depth = 1L)
  yes
}

run_branch <- function(rest, s, session) {
  if (is.null(s$body)) run_command(expand_macros(rest, session), session, s)
  else run_statements(s$body, session, depth = 1L)
}

is_true <- function(x) is.numeric(x) && comparable(x) != 0

# `if exp command` on one line: the expression ends where an operand is followed by another.
condition_end <- function(tokens) {
  depth <- token_depth(tokens)
  closes <- tokens$type == "punct" & tokens$text %in% c(")", "]")
  operand <- tokens$type %in% c("name", "number", "string", "missing") | closes
  starts <- tokens$type == "name" & depth == 0L
  for (i in seq_len(nrow(tokens))[-1L]) if (starts[i] && operand[i - 1L] && depth[i - 1L] == 0L &&
                                            tokens$blank[i]) return(i - 1L)
  nrow(tokens)
}

# ---- blocks ------------------------------------------------------------------------------------

run_block <- function(word, text, s, session) {
  if (word == "foreach") return(run_foreach(text, s, session))
  if (startsWith(word, "forv")) return(run_forvalues(text, s, session))
  if (word == "while") return(run_while(text, s, session))
  if (word == "frame") return(find_command("frame")$groups(expand_macros(text, session), s, session))
  p <- parse_prefixes(paste0(text, " {"))
  inner <- trimws(sub("\\{$", "", p$text))
  with_prefixes(p, session, function() {
    if (!nzchar(inner) || inner == "{") return(run_statements(s$body, session, depth = 1L))
    s$head <- inner
    s$word <- leading_word(inner)
    if (!s$word %in% block_words) abort_stata("a block in braces follows no command of this kind", 198L)
    run_statement(s, session, NA)
  })
}

run_loop <- function(name, values, s, session) {
  for (value in values) if (!run_pass(name, value, s, session)) break
  session$locals[[name]] <- NULL
}

run_pass <- function(name, value, s, session) {
  session$locals[[name]] <- if (is.numeric(value)) macro_text(value) else value
  run_turn(s, session)
}

# One turn of a loop; FALSE when `continue, break` ends the loop. A body without the word needs no handler.
run_turn <- function(s, session) {
  if (!s$leaves) {
    run_statements(s$body, session, depth = 1L)
    return(TRUE)
  }
  session$loops <- session$loops + 1L
  on.exit(session$loops <- session$loops - 1L)
  tryCatch({
    run_statements(s$body, session, depth = 1L)
    TRUE
  }, metaparity_continue = function(e) !e$leave)
}

# continue [, break]: the rest of the turn is left out, or the loop.
run_continue <- function(command, session, rows) {
  o <- command_options(command, c(`break` = "break"))
  if (nrow(command$rest)) abort_stata("invalid syntax", 198L)
  if (session$loops < 1L) abort_stata("continue is allowed in loops only", 198L)
  signalCondition(structure(class = c("metaparity_continue", "condition"),
                            list(message = "continue", call = NULL, leave = !is.null(o$`break`))))
}

run_foreach <- function(text, s, session) {
  words <- strsplit(text, "\\s+")[[1L]]
  if (length(words) < 3L) abort_stata("invalid syntax", 198L)
  rest <- paste(words[-(1:3)], collapse = " ")
  if (words[3L] == "in") return(run_loop(words[2L], macro_words(expand_macros(rest, session)), s, session))
  if (words[3L] != "of" || length(words) < 4L) abort_stata("invalid syntax", 198L)
  rest <- expand_macros(paste(words[-(1:4)], collapse = " "), session)
  values <- switch(words[4L],
    any = macro_words(rest),
    local = , loc = macro_words(local_get(rest, session)),
    global = , glo = macro_words(global_get(rest, session)),
    varlist = , var = expand_varlist(tokenize(rest), session),
    newlist = , new = macro_words(rest),
    numlist = , num = vapply(parse_numlist(rest), macro_text, ""),
    abort_unsupported(sprintf("foreach of %s", words[4L])))
  run_loop(words[2L], values, s, session)
}

run_forvalues <- function(text, s, session) {
  text <- expand_macros(text, session)
  head <- regmatches(text, regexec("^\\S+\\s+([[:alnum:]_]+)\\s*=\\s*(.+)$", text))[[1L]]
  if (!length(head)) abort_stata("invalid syntax", 198L)
  text <- gsub("\\s*([/()])\\s*", "\\1", trimws(head[3L]))
  range <- if (!grepl("[[:space:],]", text)) range_word(text)
  if (is.null(range)) return(run_loop(head[2L], parse_numlist(text), s, session))
  at <- 0
  while (at < range$size) {
    if (!run_pass(head[2L], range$from + range$step * at, s, session)) break
    at <- at + 1
  }
  session$locals[[head[2L]]] <- NULL
}

run_while <- function(text, s, session) {
  condition <- sub("^while", "", text)
  turns <- 0L
  while (is_true(evaluate_scalar(tokenize(expand_macros(condition, session)), session))) {
    if (!run_turn(s, session)) break
    turns <- turns + 1L
    if (turns > 100000L) abort_stata("while: more than 100000 turns", 198L)
  }
}

# ---- commands ----------------------------------------------------------------------------------

with_prefixes <- function(p, session, run) {
  quiet <- session$quiet
  on.exit(session$quiet <- quiet)
  if (p$quietly || p$capture) session$quiet <- quiet + 1L
  if (p$noisily) session$quiet <- 0L
  if (!p$capture) {
    run()
    return(invisible())
  }
  session$rc <- 0L
  tryCatch(run(), metaparity_error = function(e) {
    if (inherits(e, "metaparity_error_stata_unsupported")) stop(e)
    session$rc <- if (is.null(e$rc)) 198L else e$rc
    if (p$noisily) emit(session,
                        sub("^line [0-9]+: ", "", strsplit(conditionMessage(e), "\n  command: ",
                                                           fixed = TRUE)[[1L]][1L]))
  })
  invisible()
}

run_command <- function(text, session, statement = NULL) {
  if (!nzchar(text)) return(invisible())
  head <- split_head(text)
  if (length(session$programs) && head[1L] %in% names(session$programs)) {
    return(call_program(head[1L], head[2L], session))
  }
  entry <- if (nzchar(head[1L])) stata_registry$index[[head[1L]]]
  if (!is.null(entry)) return(dispatch(entry, head, list(text = text), session, statement))
  p <- parse_prefixes(text)
  if (!nzchar(p$text)) return(invisible())
  with_prefixes(p, session, function() {
    head <- split_head(p$text)
    if (!nzchar(head[1L])) head <- c(tokenize(p$text)$text[1L], trimws(sub("^\\S[[:alnum:]_]*", "", p$text)))
    if (head[1L] %in% names(session$programs)) {
      if (!is.null(p$by)) abort_unsupported(sprintf("by before the program %s", head[1L]))
      return(call_program(head[1L], head[2L], session))
    }
    dispatch(find_command(head[1L]), head, p, session, statement)
  })
}

# head: the word of the command and what stands behind it; p: the command's text, and the prefix by.
dispatch <- function(entry, head, p, session, statement) {
  if (entry$raw) {
    if (!is.null(p$by)) no_by(head[1L])
    return(entry$run(head[2L], session, statement))
  }
  command <- if (is.null(entry$parse)) parse_command(p$text) else entry$parse(p$text)
  command$statement <- statement
  if (is.null(p$by)) return(entry$run(command, session, seq_len(session$n)))
  groups <- by_groups(p$by, session)
  if (!entry$by) no_by(head[1L])
  if (!is.null(entry$groups)) return(entry$groups(command, session, groups))
  for (i in seq_along(groups)) {
    emit(session, c("", strrep("-", min(session$linesize, 80L) - 1L),
                    group_heading(attr(groups, "vars"), groups[[i]][1L], session)))
    entry$run(command, session, groups[[i]])
  }
}

no_by <- function(word) abort_stata(sprintf("%s may not be combined with by", word), 190L)

# ---- echo --------------------------------------------------------------------------------------

echo_statement <- function(s, session) {
  raw <- if (is.null(s$body) && is.null(s$inner)) s$raw else statement_raw(s)
  if (!length(raw)) return(invisible())
  lead <- c(". ", rep("> ", length(s$raw) - 1L))
  if (!is.null(s$body) || !is.null(s$inner)) {
    more <- length(raw) - length(s$raw)
    lead <- c(lead, sprintf("  %d. ", seq_len(more) + 1L))
  }
  if (!is.null(s$rows)) {
    raw <- s$raw
    lead <- lead[seq_along(raw)]
  }
  emit_echo(session, wrap_echo(paste0(lead, raw), session$linesize), raw)
}

statement_raw <- function(s) {
  c(s$raw, unlist(lapply(s$body, statement_raw)), unlist(lapply(s$inner, `[[`, "raw")))
}

# Lines longer than `set linesize` go on behind "> ".
wrap_echo <- function(lines, width) {
  if (all(nchar(lines) <= width)) return(lines)
  unlist(lapply(lines, function(line) {
    out <- character()
    while (nchar(line) > width) {
      out <- c(out, substr(line, 1L, width))
      line <- paste0("> ", substring(line, width + 1L))
    }
    c(out, line)
  }))
}
