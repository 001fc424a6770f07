# Stata's display formats applied to values, and the command display.
# Source: Stata's User's Guide, 12.5 (formats); stata_number_formats for the rules of %g.

# What a log shows for rows of a variable: the value label, or the number in the variable's format.
shown_value <- function(name, session, rows) {
  x <- session$data[[name]][rows]
  if (is.character(x)) return(x)
  meta <- session$meta[[name]]
  out <- trimws(apply_format(x, meta$format))
  labels <- session$value_labels[[if (is.null(meta$labels)) "" else meta$labels]]
  if (is.null(labels)) return(out)
  at <- match(x, labels)
  ifelse(is.na(at), out, names(labels)[at])
}

# ---- display -----------------------------------------------------------------------------------

# display "text" exp %8.2f exp _n
run_display <- function(text, session, statement) {
  tokens <- tokenize(text)
  depth <- token_depth(tokens)
  out <- character()
  format <- "%10.0g"
  at <- 1L
  while (at <= nrow(tokens)) {
    item <- display_item(text, tokens, depth, at)
    if (item$kind == "directive") abort_unsupported(sprintf("display directive %s", item$text))
    if (item$kind == "format") format <- item$text
    else if (item$kind == "newline") out <- c(out, strrep("\n", item$count))
    else if (item$kind != "style") {
      value <- if (item$kind == "string") item$text else evaluate_scalar(tokens[at:item$end, ], session)
      out <- c(out, if (is.character(value)) value else display_number(value, format))
      format <- "%10.0g"
    }
    at <- item$end + 1L
  }
  emit(session, strsplit(paste0(paste(out, collapse = ""), "\n"), "\n", fixed = TRUE)[[1L]])
}

display_number <- function(x, format) {
  if (format != "%10.0g") return(apply_format(x, format))
  if (is.finite(x) && x == trunc(x) && abs(x) < 1e9) sprintf("%.0f", x) else trimws(apply_format(x, "%10.0g"))
}

display_item <- function(text, tokens, depth, at) {
  type <- tokens$type[at]
  word <- tokens$text[at]
  if (word == "%" && type == "punct") {
    end <- at
    while (end < nrow(tokens) && !tokens$blank[end + 1L]) end <- end + 1L
    return(list(kind = "format", text = token_text(text, tokens, at, end), end = end))
  }
  if (word %in% c("as", "in") && at < nrow(tokens) &&
      tokens$text[at + 1L] %in% c("text", "txt", "result", "res", "error", "err", "input", "inp", "yellow", "green",
                                  "red", "white")) {
    return(list(kind = "style", end = at + 1L))
  }
  if (word %in% c("_skip", "_col", "_column", "_dup", "_continue", "_request")) {
    return(list(kind = "directive", text = word, end = at))
  }
  lines <- newline_directive(tokens, at)
  if (!is.null(lines)) return(lines)
  if (word == "," && type == "punct") return(list(kind = "style", end = at))
  end <- at
  while (end < nrow(tokens) && (depth[end + 1L] > 0L || joins_expression(tokens, end))) end <- end + 1L
  list(kind = if (type == "string" && end == at) "string" else "value", text = word, end = end)
}

# _newline, _n or _n(#); _n before an operator is the number of the row.
newline_directive <- function(tokens, at) {
  word <- tokens$text[at]
  if (tokens$type[at] != "name" || !(word == "_n" || startsWith("_newline", word) && nchar(word) > 3L)) return(NULL)
  after <- seq(at + 1L, length.out = min(3L, nrow(tokens) - at))
  if (length(after) > 2L && tokens$text[after[1L]] == "(" && tokens$text[after[3L]] == ")") {
    count <- suppressWarnings(as.numeric(tokens$text[after[2L]]))
    if (is.na(count) || count < 0 || count > 1000) abort_stata("_newline: a number of lines expected", 198L)
    return(list(kind = "newline", count = count, end = after[3L]))
  }
  if (length(after) && tokens$type[after[1L]] == "punct" && !tokens$text[after[1L]] %in% c("%", ",", "(")) return(NULL)
  list(kind = "newline", count = 1, end = at)
}

# Does the next token continue the expression? Two operands side by side are two items.
joins_expression <- function(tokens, end) {
  operand <- function(i) tokens$type[i] %in% c("name", "number", "string", "missing")
  closes <- operand(end) || tokens$text[end] %in% c(")", "]") && tokens$type[end] == "punct"
  following <- end + 1L
  if (tokens$text[following] == "%" && tokens$type[following] == "punct" || tokens$text[following] == "," &&
      tokens$type[following] == "punct") return(FALSE)
  if (tokens$text[following] %in% c("(", "[") && closes) return(!tokens$blank[following])
  !(closes && operand(following))
}
