# From the text of a do-file to statements: comments, `///`, `#delimit`, and the physical lines for the echo.
# Source: Stata's User's Guide, 16.1 (comments and blank lines) and the entry of #delimit.

# One character at a time; `state` is an environment because every rule moves the same cursor.
split_statements <- function(text) {
  lines <- unlist(strsplit(paste0(enc2utf8(text), "\n"), "\r\n|\n|\r"), use.names = FALSE)
  s <- list2env(list(chars = strsplit(paste0(c(lines, ""), collapse = "\n"), "", fixed = TRUE)[[1L]], at = 1L,
                     line = 1L,
                     first = 1L, text = character(), delimiter = "\n", out = list(), lines = lines, quote = 0L,
                     begin = 0L))
  while (s$at <= length(s$chars)) scan_character(s)
  end_statement(s)
  s$out
}

scan_character <- function(s) {
  ch <- s$chars[s$at]
  two <- paste(s$chars[s$at + 0:1], collapse = "")
  if (s$quote > 0L && s$delimiter == "\n" && ch == "\n") s$quote <- 0L
  if (scan_quote(s, ch, two)) return(invisible())
  if (s$quote == 0L) {
    if (two == "/*") return(skip_block_comment(s))
    if (is_line_comment(s)) return(skip_line_comment(s))
    if (ch == "*" && statement_empty(s)) return(skip_star_comment(s))
    if (ch == "#" && statement_empty(s) && take_delimit(s)) return(invisible())
  }
  if (ch == s$delimiter && (ch == "\n" || s$quote == 0L)) {
    if (ch == ";") s$at <- s$at + 1L
    end_statement(s)
    if (ch == "\n") advance(s)
    s$first <- s$line
    return(invisible())
  }
  keep_character(s, if (ch == "\n") " " else ch)
}

keep_character <- function(s, ch) {
  if (s$begin == 0L && !ch %in% c(" ", "\t")) s$begin <- s$line
  s$text <- c(s$text, ch)
  advance(s)
}

advance <- function(s, by = 1L) {
  s$line <- s$line + sum(s$chars[s$at + seq_len(by) - 1L] == "\n", na.rm = TRUE)
  s$at <- s$at + by
}

# "..." and `"..."'; a compound quote nests.
scan_quote <- function(s, ch, two) {
  if (two == "`\"") {
    s$quote <- s$quote + 2L
  } else if (two == "\"'" && s$quote >= 2L) {
    s$quote <- s$quote - 2L
  } else {
    if (ch == "\"") s$quote <- if (s$quote %% 2L) s$quote - 1L else s$quote + 1L
    return(FALSE)
  }
  s$text <- c(s$text, two)
  advance(s, 2L)
  TRUE
}

statement_empty <- function(s) !nzchar(trimws(paste(s$text, collapse = "")))

# `//` and `///` count only after a blank or at the start of a line.
is_line_comment <- function(s) {
  if (!identical(s$chars[s$at + 0:1], c("/", "/"))) return(FALSE)
  s$at == 1L || s$chars[s$at - 1L] %in% c(" ", "\t", "\n")
}

to_line_end <- function(s) {
  rest <- which(s$chars[s$at:length(s$chars)] == "\n")
  if (length(rest)) rest[1L] - 1L else length(s$chars) - s$at + 1L
}

skip_line_comment <- function(s) {
  joins <- identical(s$chars[s$at + 0:2], c("/", "/", "/"))
  advance(s, to_line_end(s))
  if (joins && s$at <= length(s$chars)) keep_character(s, " ")
}

skip_block_comment <- function(s) {
  depth <- 0L
  while (s$at <= length(s$chars)) {
    two <- paste(s$chars[s$at + 0:1], collapse = "")
    depth <- depth + (two == "/*") - (two == "*/")
    advance(s, if (two %in% c("/*", "*/")) 2L else 1L)
    if (depth == 0L) break
  }
  s$text <- c(s$text, " ")
}

skip_star_comment <- function(s) {
  repeat {
    end <- to_line_end(s)
    line <- paste(s$chars[s$at + seq_len(end) - 1L], collapse = "")
    if (s$delimiter == ";") {
      stop_at <- which(s$chars[s$at:length(s$chars)] == ";")
      end <- if (length(stop_at)) stop_at[1L] - 1L else length(s$chars) - s$at + 1L
    }
    advance(s, end)
    if (s$delimiter == ";" || !grepl("(^|\\s)///", line) || s$at > length(s$chars)) break
    advance(s)
  }
}

take_delimit <- function(s) {
  end <- to_line_end(s)
  words <- strsplit(trimws(paste(s$chars[s$at + seq_len(end) - 1L], collapse = "")), "\\s+")[[1L]]
  if (length(words) != 2L || !startsWith("#delimit", words[1L]) || nchar(words[1L]) < 2L) return(FALSE)
  if (!words[2L] %in% c(";", "cr")) return(FALSE)
  advance(s, end)
  s$delimiter <- if (words[2L] == ";") ";" else "\n"
  s$text <- character()
  end_statement(s)
  advance(s)
  s$first <- s$line
  TRUE
}

# The echo of a statement is the physical lines it stands on.
end_statement <- function(s) {
  last <- if (s$at > length(s$chars)) length(s$lines) else s$line
  text <- trimws(paste(s$text, collapse = ""))
  used <- s$first <= last && s$first <= length(s$lines)
  begin <- if (s$begin > 0L) s$begin else s$first
  s$begin <- 0L
  s$text <- character()
  s$quote <- 0L
  if (!used && !nzchar(text)) return(invisible())
  here <- length(s$out) + 1L
  s$out[[here]] <- list(line = begin, text = text, raw = s$lines[seq(s$first, min(last, length(s$lines)))])
  if (s$delimiter == ";" && s$at <= length(s$chars)) s$first <- last
  invisible()
}
