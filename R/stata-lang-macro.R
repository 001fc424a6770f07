# Macro expansion, which Stata does on the text before anything is parsed: `local', $global, `=exp', `++i'.
# Source: Stata's User's Guide, 18.3.

expand_macros <- function(text, session, depth = 0L) {
  if (!grepl("[`$]", text)) return(text)
  if (depth > 100L) abort_stata("macros nested too deeply", 198L)
  chars <- strsplit(text, "", fixed = TRUE)[[1L]]
  marks <- which(chars %in% c("`", "$", "\\"))
  closes <- closing_quotes(chars)
  out <- character(2L * length(marks))
  from <- 1L
  for (i in seq_along(marks)) {
    if (marks[i] < from) next
    step <- expand_at(chars, marks[i], closes[marks[i]], session, depth)
    out[2L * i - 1:0] <- c(substr(text, from, marks[i] - 1L), step$text)
    from <- step$end + 1L
  }
  paste(c(out, substr(text, from, length(chars))), collapse = "")
}

expand_at <- function(chars, at, close, session, depth) {
  ch <- chars[at]
  after <- if (at < length(chars)) chars[at + 1L] else ""
  if (ch == "\\" && after %in% c("`", "$")) return(list(text = after, end = at + 1L))
  if (ch == "`" && after != "\"") return(expand_local(chars, at, close, session, depth))
  if (ch == "$" && (after == "{" || is_name_char(after))) return(expand_global(chars, at, session, depth))
  list(text = ch, end = at)
}

# For each ` the place of the quote that closes it, counting the macros inside; NA where none does.
closing_quotes <- function(chars) {
  out <- rep(NA_integer_, length(chars))
  step <- (chars == "`") - (chars == "'")
  depth <- cumsum(step)
  lowest <- min(depth, 0L) - 2L
  nearest <- rep(NA_integer_, max(depth, 0L) - lowest)
  for (at in rev(which(step != 0L))) {
    if (step[at] > 0L) out[at] <- nearest[depth[at] - 1L - lowest]
    nearest[depth[at] - lowest] <- at
  }
  out
}

expand_local <- function(chars, at, end, session, depth) {
  if (is.na(end)) return(list(text = chars[at], end = at))
  inner <- expand_macros(paste(chars[seq_len(end - at - 1L) + at], collapse = ""), session, depth + 1L)
  list(text = local_value(inner, session), end = end)
}

local_value <- function(inner, session) {
  if (startsWith(inner, "=")) return(macro_text(evaluate_scalar(tokenize(substring(inner, 2L)), session)))
  if (startsWith(inner, ":")) return(extended_macro(substring(inner, 2L), session))
  step <- if (startsWith(inner, "++")) 1 else if (startsWith(inner, "--")) -1 else 0
  name <- sub("^(\\+\\+|--)", "", inner)
  if (step != 0) session$locals[[name]] <- macro_text(real_value(local_get(name, session)) + step)
  local_get(name, session)
}

local_get <- function(name, session) {
  value <- session$locals[[name]]
  if (is.null(value)) "" else value
}

expand_global <- function(chars, at, session, depth) {
  if (chars[at + 1L] == "{") {
    close <- which(chars == "}" & seq_along(chars) > at)
    if (!length(close)) return(list(text = "$", end = at))
    name <- expand_macros(paste(chars[seq(at + 2L, close[1L] - 1L)], collapse = ""), session, depth + 1L)
    end <- close[1L]
  } else {
    end <- run_end(chars, at + 1L, length(chars), is_name_char)
    name <- paste(chars[(at + 1L):end], collapse = "")
  }
  value <- session$globals[[name]]
  list(text = if (is.null(value)) "" else value, end = end)
}

# How a value looks inside a macro: numbers with up to 16 digits, a leading zero dropped.
macro_text <- function(x) {
  if (is.character(x)) return(x)
  if (is.na(x)) return(if (missing_rank(x) > 0) paste0(".", letters[missing_rank(x)]) else ".")
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
  if (identical(words[1:2], c("variable", "label"))) return(variable_label(find_stata_variable(words[3L], session),
                                                                           session))
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
  text <- trim_blanks(text)
  if (!grepl("\"", text, fixed = TRUE)) return(text)
  if (grepl("^`\".*\"'$", text)) return(substr(text, 3L, nchar(text) - 2L))
  if (grepl("^\".*\"$", text)) return(substr(text, 2L, nchar(text) - 1L))
  text
}
