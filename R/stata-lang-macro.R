# Macro expansion, which Stata does on the text before anything is parsed: `local', $global, `=exp', `++i'.
# Source: Stata's User's Guide, 18.3.

expand_macros <- function(text, session, depth = 0L) {
  pieces <- cpp_stata_macros(text, other_letters(text))
  if (is.null(pieces)) return(text)
  if (depth > 100L) abort_stata("macros nested too deeply", 198L)
  out <- pieces$text
  for (i in which(pieces$kind > 0L)) {
    inner <- expand_macros(out[i], session, depth + 1L)
    out[i] <- if (pieces$kind[i] == 1L) local_value(inner, session) else global_get(inner, session)
  }
  paste(out, collapse = "")
}

local_value <- function(inner, session) {
  if (startsWith(inner, "=")) return(macro_text(evaluate_scalar(tokenize(substring(inner, 2L)), session)))
  if (startsWith(inner, ":")) return(extended_macro(substring(inner, 2L), session))
  # `i++' gives the value before the step.
  if (grepl("^[[:alpha:]_]\\w*([+]{2}|--)$", inner)) {
    name <- substr(inner, 1L, nchar(inner) - 2L)
    before <- local_get(name, session)
    local_value(paste0(substring(inner, nchar(inner) - 1L), name), session)
    return(if (nzchar(before)) before else "0")
  }
  step <- if (startsWith(inner, "++")) 1 else if (startsWith(inner, "--")) -1 else 0
  if (step == 0) {
    if (startsWith(inner, "macval(")) return(local_get(sub("^macval\\((.*)\\)$", "\\1", inner), session))
    if (grepl("^[resc]\\(\\w+\\)$", inner)) return(result_macro(inner, session))
    return(local_get(inner, session))
  }
  name <- substring(inner, 3L)
  session$locals[[name]] <- macro_text((if (nzchar(local_get(name, session))) real_value(local_get(name,
      session)) else 0) + step)
  local_get(name, session)
}

local_get <- function(name, session) {
  value <- session$locals[[name]]
  if (is.null(value)) "" else value
}

# `r(name)': a saved result as text; what no command saved is empty.
result_macro <- function(inner, session) {
  name <- substr(inner, 3L, nchar(inner) - 1L)
  saved <- switch(substr(inner, 1L, 1L), r = session$r, e = session$e, s = session$s)
  if (!startsWith(inner, "c") && is.null(saved[[name]])) return("")
  macro_text(evaluate_scalar(tokenize(inner), session))
}

global_get <- function(name, session) {
  value <- session$globals[[name]]
  if (is.null(value)) "" else value
}

# How a value looks inside a macro: numbers with up to 16 digits, a leading zero dropped.
macro_text <- function(x) {
  if (is.character(x)) return(x)
  if (is.na(x)) return(if (missing_rank(x) > 0) paste0(".", letters[missing_rank(x)]) else ".")
  if (x == trunc(x) && abs(x) < 1e15) return(sprintf("%.0f", x))
  text <- sprintf("%.15g", x)
  if (as.numeric(text) != x) text <- sprintf("%.16g", x)
  sub("^(-?)0[.]", "\\1.", text)
}

# The words of a list; quotes hold several words together.
macro_words <- function(text) {
  tokens <- tokenize(text)
  if (!nrow(tokens)) return(character())
  unname(vapply(split(tokens$text, cumsum(tokens$blank | seq_len(nrow(tokens)) == 1L)), paste, "", collapse = ""))
}
