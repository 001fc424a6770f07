# The prefix xi: of old do-files: i.var becomes indicator variables, then the command runs with them.
# Source: Stata's manual of xi (names _Ivar_#, the lowest value is left out).

run_xi <- function(text, session, statement) {
  # xi i.g alone makes the variables; xi: command goes on with them.
  alone <- !startsWith(text, ":")
  text <- trimws(sub("^:", "", text))
  tokens <- tokenize(text)
  words <- unique(varlist_words(tokens[seq_len(min(c(which(tokens$text == ","), nrow(tokens) + 1L)) - 1L), ]))
  words <- words[grepl("^i[.]", words)]
  if (any(grepl("[*|#]", words))) abort_unsupported("interactions of xi")
  drop_variables(session, grep("^_I", names(session$data), value = TRUE))
  for (word in words) {
    made <- xi_indicators(substring(word, 3L), session)
    text <- sub(word, paste(made, collapse = " "), text, fixed = TRUE)
  }
  if (!alone) run_command(text, session, statement)
}

# One variable per value but the lowest; the log says what was made.
xi_indicators <- function(word, session) {
  name <- find_stata_variable(word, session)
  x <- session$data[[name]]
  values <- sort(unique(x[if (is.character(x)) nzchar(x) else !is.na(x)]))
  if (length(values) < 2L) abort_stata(sprintf("%s has fewer than two values", name), 2000L)
  if (length(values) > 500L) abort_stata("too many values", 134L)
  code <- if (is.character(x)) seq_along(values) else values
  stem <- substr(paste0("_I", name), 1L, 26L)
  made <- sprintf("%s_%s", stem, trimws(stata_general(code, 9L)))
  if (any(!grepl("^[[:alnum:]_]+$", made)))
    abort_stata(sprintf("%s must hold whole numbers that are not negative", name), 198L)
  for (i in seq_along(values)[-1L]) {
    value <- ifelse(if (is.character(x)) nzchar(x) else !is.na(x), as.numeric(x == values[i]), NA_real_)
    store_variable(session, made[i], value, "byte", sprintf("%s==%s", name, values[i]))
  }
  omitted <- if (is.character(x)) sprintf("(%s for %s==%s omitted)", made[1L], name, values[1L])
  else sprintf("(naturally coded; %s omitted)", made[1L])
  range <- sprintf("%s_%s-%s", stem, trimws(stata_general(code[1L], 9L)), trimws(stata_general(code[length(code)], 9L)))
  emit(session, paste0(justify(paste0("i.", name), 18L, left = TRUE), justify(range, 20L, left = TRUE), omitted))
  made[-1L]
}
