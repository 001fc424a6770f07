# The tokens of one statement: names, numbers, strings, operators, each with its place in the text.
# Source: Stata's User's Guide, 11.3 (names), 13.2 (operators), 18.3.5 (quotes).

# Returns a data frame type, text, start, end, blank (a blank stands before the token).
tokenize <- function(text) cpp_stata_tokens(text, other_letters(text))

# The characters of a text beyond ASCII that may stand in a name.
other_letters <- function(text) {
  if (Encoding(text) == "unknown") return("")
  chars <- unique(strsplit(text, "", fixed = TRUE)[[1L]])
  paste(chars[grepl("^[[:alnum:]]$", chars) & !chars %in% c(letters, LETTERS, 0:9)], collapse = "")
}

# What the core found; a text that is no command or expression is Stata's error.
syntax_result <- function(out) {
  if (!inherits(out, "metaparity_syntax_error")) return(out)
  if (out$unsupported) abort_unsupported(out$message)
  abort_stata(out$message, out$rc)
}

#' @export
`[.stata_tokens` <- function(x, i, ...) {
  x <- unclass(x)
  x <- list(type = x$type[i], start = x$start[i], end = x$end[i], blank = x$blank[i], text = x$text[i])
  attr(x, "row.names") <- .set_row_names(length(x$type))
  class(x) <- c("stata_tokens", "data.frame")
  x
}

# How deep in round or square brackets each token stands, the brackets themselves at the outer depth.
token_depth <- function(tokens) {
  open <- tokens$type == "punct" & tokens$text %in% c("(", "[")
  close <- tokens$type == "punct" & tokens$text %in% c(")", "]")
  cumsum(open) - cumsum(close) - open
}

# The raw text that tokens i to j cover, as the user wrote it.
token_text <- function(text, tokens, i, j) if (j < i) "" else substr(text, tokens$start[i], tokens$end[j])
