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
  step <- if (startsWith(inner, "++")) 1 else if (startsWith(inner, "--")) -1 else 0
  if (step == 0) return(local_get(inner, session))
  name <- substring(inner, 3L)
  session$locals[[name]] <- macro_text(real_value(local_get(name, session)) + step)
  local_get(name, session)
}

local_get <- function(name, session) {
  value <- session$locals[[name]]
  if (is.null(value)) "" else value
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

extended_macro <- function(text, session) {
  words <- strsplit(trimws(text), "\\s+")[[1L]]
  rest <- function(k) unquote(paste(words[-seq_len(k)], collapse = " "))
  list_of <- function(x) strsplit(trimws(x), "\\s+")[[1L]]
  if (identical(words[1:2], c("word", "count"))) return(as.character(sum(nzchar(list_of(rest(2L))))))
  if (words[1L] == "word" && length(words) > 3L && words[3L] == "of") {
    return(nth_word(rest(3L), as.numeric(words[2L])))
  }
  if (words[1L] == "length") return(as.character(nchar(rest(1L))))
  if (identical(words[1:2], c("variable", "label"))) {
    return(variable_label(find_stata_variable(words[3L], session), session))
  }
  if (identical(words[1:2], c("value", "label"))) {
    set <- session$meta[[find_stata_variable(words[3L], session)]]$labels
    return(if (is.null(set)) "" else set)
  }
  if (words[1L] == "label" && length(words) >= 3L) return(label_of_value(words[2L], words[3L], session))
  abort_unsupported(sprintf("macro function :%s", words[1L]))
}

# : label (var) 2 or : label set 2.
label_of_value <- function(set, value, session) {
  if (startsWith(set, "(")) set <- session$meta[[find_stata_variable(gsub("[()]", "", set), session)]]$labels
  values <- session$value_labels[[set]]
  text <- names(values)[match(as.numeric(value), values)]
  if (length(text) && !is.na(text)) text else value
}

unquote <- function(text) {
  text <- cpp_stata_trim(text)
  if (!grepl("\"", text, fixed = TRUE)) return(text)
  if (grepl("^`\".*\"'$", text)) return(substr(text, 3L, nchar(text) - 2L))
  if (grepl("^\".*\"$", text)) return(substr(text, 2L, nchar(text) - 1L))
  text
}
