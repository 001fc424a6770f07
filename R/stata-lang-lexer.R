# The tokens of one statement: names, numbers, strings, operators, each with its place in the text.
# Source: Stata's User's Guide, 11.3 (names), 13.2 (operators), 18.3.5 (quotes).

# Returns a data frame type, text, start, end, blank (a blank stands before the token). A loop, and the grammar within
# one command, ask for the tokens of the same texts again: they are kept.
tokenize <- function(text) remember(token_memory, text, scan_tokens)

token_memory <- new.env(parent = emptyenv())

# f(text), from `memory` when the text is known. Names of an environment are in the native encoding: other texts are
# not kept; what is kept is forgotten when it is many.
remember <- function(memory, text, f) {
  if (!nzchar(text) || nchar(text, "bytes") > 2000L || Encoding(text) != "unknown") return(f(text))
  known <- memory[[text]]
  if (!is.null(known)) return(known)
  if (length(memory) > 2000L) rm(list = ls(memory, all.names = TRUE, sorted = FALSE), envir = memory)
  value <- f(text)
  assign(text, value, envir = memory)
  value
}

scan_tokens <- function(text) {
  chars <- strsplit(text, "", fixed = TRUE)[[1L]]
  n <- length(chars)
  blank <- chars == " " | chars == "\t"
  simple <- simple_types[chars]
  ends <- name_ends(chars)
  type <- value <- character(n)
  start <- end <- integer(n)
  count <- 0L
  at <- 1L
  while (at <= n) {
    if (!blank[at]) {
      token <- if (!is.na(simple[at])) list(type = simple[[at]], end = at, value = chars[at])
      else if (ends[at] && !chars[at] %in% digit_chars) list(type = "name", end = ends[at])
      else next_token(chars, at, n, ends)
      count <- count + 1L
      start[count] <- at
      type[count] <- token$type
      end[count] <- at <- token$end
      value[count] <- if (is.null(token$value)) substr(text, start[count], at) else token$value
    }
    at <- at + 1L
  }
  i <- seq_len(count)
  new_tokens(type[i], start[i], end[i], c(TRUE, blank)[start[i]], value[i])
}

# Where the run of characters of a name ends that each character stands in; 0 for what cannot be in a name.
name_ends <- function(chars) {
  inside <- is_name_char(chars)
  out <- next_place(!inside) - 1L
  out[!inside] <- 0L
  out
}

# A data frame whose rows are taken without the checks of data frames.
new_tokens <- function(type, start, end, blank, text) {
  structure(list(type = type, start = start, end = end, blank = blank, text = text),
            row.names = .set_row_names(length(type)), class = c("stata_tokens", "data.frame"))
}

#' @export
`[.stata_tokens` <- function(x, i, ...) {
  x <- unclass(x)
  new_tokens(x$type[i], x$start[i], x$end[i], x$blank[i], x$text[i])
}

digit_chars <- c("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

plain_name_chars <- c(letters, LETTERS, digit_chars, "_")

# Characters that are a token wherever they stand outside of strings.
simple_types <- c("*" = "op", "/" = "op", "^" = "op", "&" = "op", "|" = "op", "(" = "punct", ")" = "punct",
                  "[" = "punct", "]" = "punct", "{" = "punct", "}" = "punct", "," = "punct", ":" = "punct",
                  "#" = "punct", "?" = "punct", "@" = "punct", "%" = "punct", "$" = "punct", ";" = "punct",
                  "\\" = "punct")

next_token <- function(chars, at, n, ends) {
  ch <- chars[at]
  after <- if (at < n) chars[at + 1L] else ""
  if (ch == "`" && after == "\"") return(compound_string(chars, at, n))
  if (ch == "\"") return(plain_string(chars, at, n))
  if (is_digit(ch) || (ch == "." && is_digit(after))) return(number_token(chars, at, n, ends))
  if (ch == ".") {
    letter <- at < n && ends[at + 1L] == at + 1L && grepl("^[a-z]$", after)
    return(list(type = "missing", end = if (letter) at + 1L else at))
  }
  if (paste0(ch, after) %in% c("==", "!=", "~=", ">=", "<=", "++", "--")) {
    return(list(type = if (after == "=") "op" else "other", end = at + 1L))
  }
  list(type = if (ch %in% c("+", "-", "!", "~", ">", "<", "=")) "op" else "other", end = at)
}

is_digit <- function(ch) ch %in% digit_chars

is_name_char <- function(ch) {
  out <- ch %in% plain_name_chars
  more <- which(!out)
  out[more] <- grepl("^[[:alnum:]_]$", ch[more])
  out
}

run_end <- function(chars, at, n, test) {
  end <- at
  while (end < n && test(chars[end + 1L])) end <- end + 1L
  end
}

# 12, .5, 1e-3; a name may not begin with a digit, so 12abc is left to fail as a word.
number_token <- function(chars, at, n, ends) {
  end <- ends[at]
  if (end && all(chars[at:end] %in% digit_chars) && !(end < n && chars[end + 1L] == ".")) {
    return(list(type = "number", end = end))
  }
  rest <- paste(chars[at:min(n, at + 40L)], collapse = "")
  size <- attr(regexpr("^([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?", rest), "match.length")
  list(type = "number", end = at + size - 1L)
}

plain_string <- function(chars, at, n) {
  close <- if (at < n) which(chars[(at + 1L):n] == "\"") else integer()
  if (!length(close)) return(list(type = "other", end = at))
  end <- at + close[1L]
  list(type = "string", end = end, value = paste(chars[seq_len(end - at - 1L) + at], collapse = ""))
}

compound_string <- function(chars, at, n) {
  depth <- 0L
  i <- at
  while (i < n) {
    two <- paste0(chars[i], chars[i + 1L])
    depth <- depth + (two == "`\"") - (two == "\"'")
    if (depth == 0L) return(list(type = "string", end = i + 1L,
                                 value = paste(chars[seq_len(i - at - 2L) + at + 1L], collapse = "")))
    i <- i + if (two %in% c("`\"", "\"'")) 2L else 1L
  }
  list(type = "other", end = at)
}

# How deep in round or square brackets each token stands, the brackets themselves at the outer depth.
token_depth <- function(tokens) {
  open <- tokens$type == "punct" & tokens$text %in% c("(", "[")
  close <- tokens$type == "punct" & tokens$text %in% c(")", "]")
  cumsum(open) - cumsum(close) - open
}

# The raw text that tokens i to j cover, as the user wrote it.
token_text <- function(text, tokens, i, j) if (j < i) "" else substr(text, tokens$start[i], tokens$end[j])
