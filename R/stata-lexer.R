# The tokens of one statement: names, numbers, strings, operators, each with its place in the text.
# Source: Stata's User's Guide, 11.3 (names), 13.2 (operators), 18.3.5 (quotes).

# Returns a data frame type, text, start, end, blank (a blank stands before the token).
tokenize <- function(text) {
  chars <- strsplit(text, "", fixed = TRUE)[[1L]]
  n <- length(chars)
  out <- vector("list", n)
  count <- 0L
  at <- 1L
  while (at <= n) {
    if (chars[at] %in% c(" ", "\t")) {
      at <- at + 1L
      next
    }
    token <- next_token(chars, at, n)
    count <- count + 1L
    out[[count]] <- c(token, start = at, blank = at == 1L || chars[at - 1L] %in% c(" ", "\t"))
    at <- token$end + 1L
  }
  tokens_frame(out[seq_len(count)], chars)
}

tokens_frame <- function(tokens, chars) {
  field <- function(name, type) vapply(tokens, `[[`, type, name)
  quick_frame(type = field("type", ""), start = as.integer(field("start", 0)), end = as.integer(field("end", 0)),
              blank = field("blank", NA), text = vapply(tokens, token_value, "", chars = chars))
}

token_value <- function(t, chars) if (is.null(t$value)) paste(chars[t$start:t$end], collapse = "") else t$value

next_token <- function(chars, at, n) {
  ch <- chars[at]
  after <- if (at < n) chars[at + 1L] else ""
  if (ch == "`" && after == "\"") return(compound_string(chars, at, n))
  if (ch == "\"") return(plain_string(chars, at, n))
  if (is_digit(ch) || (ch == "." && is_digit(after))) return(number_token(chars, at, n))
  if (ch == "." && grepl("^[a-z]$", after) && !(at + 2L <= n && is_name_char(chars[at + 2L]))) {
    return(list(type = "missing", end = at + 1L))
  }
  if (ch == ".") return(list(type = "missing", end = at))
  if (is_name_char(ch)) return(list(type = "name", end = run_end(chars, at, n, is_name_char)))
  if (paste0(ch, after) %in% c("==", "!=", "~=", ">=", "<=", "++", "--")) {
    return(list(type = if (after == "=") "op" else "other", end = at + 1L))
  }
  kind <- if (ch %in% c("+", "-", "*", "/", "^", "&", "|", "!", "~", ">", "<", "=")) "op"
  else if (ch %in% c("(", ")", "[", "]", "{", "}", ",", ":", "#", "?", "@", "%", "$", ";", "\\")) "punct" else "other"
  list(type = kind, end = at)
}

is_digit <- function(ch) ch %in% c("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

is_name_char <- function(ch) grepl("^[[:alnum:]_]$", ch)

run_end <- function(chars, at, n, test) {
  end <- at
  while (end < n && test(chars[end + 1L])) end <- end + 1L
  end
}

# 12, .5, 1e-3; a name may not begin with a digit, so 12abc is left to fail as a word.
number_token <- function(chars, at, n) {
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
