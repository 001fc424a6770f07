# From the text of a do-file to statements: comments, `///`, `#delimit`, and the physical lines for the echo.
# Source: Stata's User's Guide, 16.1 (comments and blank lines) and the entry of #delimit.

# `state` is an environment because every rule moves the same cursor. What a rule asks of the rest of the text (the next
# mark, the end of the line, the line of a place) is known beforehand, so that no rule reads the rest again.
split_statements <- function(text) {
  s <- new_source(unlist(strsplit(paste0(enc2utf8(text), "\n"), "\r\n|\n|\r"), use.names = FALSE))
  while (s$at <= s$size) {
    if (s$fresh && s$plain[s$line]) take_plain_lines(s) else scan_character(s)
  }
  end_statement(s)
  unlist(buffer_items(s$out), recursive = FALSE)
}

new_source <- function(lines) {
  chars <- strsplit(paste0(c(lines, ""), collapse = "\n"), "", fixed = TRUE)[[1L]]
  breaks <- chars == "\n"
  plain <- !grepl("//|/\\*|^\\s*[*#]", lines)
  list2env(list(chars = chars, size = length(chars), at = 1L, line = 1L, first = 1L, text = character(), empty = TRUE,
                delimiter = "\n", out = new_buffer(), lines = lines, quote = 0L, begin = 0L, fresh = TRUE,
                plain = plain, last_plain = next_place(!plain) - 1L, trimmed = trimws(lines),
                first_of = c(1L, which(breaks) + 1L),
                line_of = cumsum(c(1L, breaks)), line_end = next_place(breaks), semicolon = next_place(chars == ";"),
                mark = next_place(chars %in% c("\"", "`", "/", "*", "#", ";", "\n"))))
}

# For each place the next one, itself included, where `hit` holds; behind the last one the length plus one.
next_place <- function(hit) {
  out <- rep(length(hit) + 1L, length(hit))
  at <- which(hit)
  out[at] <- at
  rev(cummin(rev(out)))
}

# Lines without a mark of a comment, at the start of a statement that ends with its line.
take_plain_lines <- function(s) {
  lines <- s$line:s$last_plain[s$line]
  add_item(s$out, Map(function(line, text, raw) list(line = line, text = text, raw = raw), lines, s$trimmed[lines],
                      s$lines[lines], USE.NAMES = FALSE))
  s$line <- s$first <- lines[length(lines)] + 1L
  s$at <- s$first_of[s$line]
}

scan_character <- function(s) {
  s$fresh <- FALSE
  stop_at <- s$mark[s$at]
  if (stop_at > s$at) return(keep_text(s, stop_at - 1L))
  ch <- s$chars[s$at]
  two <- paste(s$chars[s$at + 0:1], collapse = "")
  if (s$quote > 0L && s$delimiter == "\n" && ch == "\n") s$quote <- 0L
  if (scan_quote(s, ch, two)) return(invisible())
  if (s$quote == 0L) {
    if (two == "/*") return(skip_block_comment(s))
    if (is_line_comment(s)) return(skip_line_comment(s))
    if (ch == "*" && s$empty) return(skip_star_comment(s))
    if (ch == "#" && s$empty && take_delimit(s)) return(invisible())
  }
  if (ch == s$delimiter && (ch == "\n" || s$quote == 0L)) {
    if (ch == ";") s$at <- s$at + 1L
    end_statement(s)
    if (ch == "\n") advance(s)
    s$first <- s$line
    s$fresh <- s$delimiter == "\n"
    return(invisible())
  }
  if (ch == "\n") keep_piece(s, " ", s$at + 1L) else keep_text(s, s$at)
}

# The text up to place `to` belongs to the statement.
keep_text <- function(s, to) keep_piece(s, paste(s$chars[s$at:to], collapse = ""), to + 1L)

keep_piece <- function(s, piece, at) {
  if (s$begin == 0L && grepl("[^ \t]", piece)) s$begin <- s$line
  add_text(s, piece)
  move_to(s, at)
}

add_text <- function(s, piece) {
  if (s$empty) s$empty <- !nzchar(trimws(piece))
  s$text <- c(s$text, piece)
}

move_to <- function(s, at) {
  s$at <- at
  s$line <- s$line_of[min(at, s$size + 1L)]
}

advance <- function(s, by = 1L) move_to(s, s$at + by)

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
  add_text(s, two)
  advance(s, 2L)
  TRUE
}

# `//` and `///` count only after a blank or at the start of a line.
is_line_comment <- function(s) {
  if (!identical(s$chars[s$at + 0:1], c("/", "/"))) return(FALSE)
  s$at == 1L || s$chars[s$at - 1L] %in% c(" ", "\t", "\n")
}

to_line_end <- function(s) s$line_end[s$at] - s$at

skip_line_comment <- function(s) {
  joins <- identical(s$chars[s$at + 0:2], c("/", "/", "/"))
  advance(s, to_line_end(s))
  if (joins && s$at <= s$size) keep_piece(s, " ", s$at + 1L)
}

skip_block_comment <- function(s) {
  depth <- 0L
  while (s$at <= s$size) {
    two <- paste(s$chars[s$at + 0:1], collapse = "")
    depth <- depth + (two == "/*") - (two == "*/")
    step <- s$at + if (two %in% c("/*", "*/")) 2L else 1L
    move_to(s, if (depth > 0L && step <= s$size) max(step, s$mark[step]) else step)
    if (depth == 0L) break
  }
  add_text(s, " ")
}

skip_star_comment <- function(s) {
  repeat {
    end <- s$line_end[s$at]
    line <- paste(s$chars[seq(s$at, length.out = end - s$at)], collapse = "")
    if (s$delimiter == ";") end <- s$semicolon[s$at]
    move_to(s, end)
    if (s$delimiter == ";" || !grepl("(^|\\s)///", line) || s$at > s$size) break
    advance(s)
    if (s$at > s$size) break
  }
}

take_delimit <- function(s) {
  end <- to_line_end(s)
  line <- sub(";", " ;", trimws(paste(s$chars[s$at + seq_len(end) - 1L], collapse = "")), fixed = TRUE)
  words <- strsplit(line, "\\s+")[[1L]]
  # The statement `#delimit cr` of a text in semicolons ends with one.
  if (length(words) == 3L && words[2L] == "cr" && words[3L] == ";") words <- words[-3L]
  if (length(words) != 2L || !startsWith("#delimit", words[1L]) || nchar(words[1L]) < 2L) return(FALSE)
  if (!words[2L] %in% c(";", "cr")) return(FALSE)
  advance(s, end)
  s$delimiter <- if (words[2L] == ";") ";" else "\n"
  s$text <- character()
  end_statement(s)
  advance(s)
  s$first <- s$line
  s$fresh <- s$delimiter == "\n"
  TRUE
}

# The echo of a statement is the physical lines it stands on.
end_statement <- function(s) {
  last <- if (s$at > s$size) length(s$lines) else s$line
  text <- trimws(paste(s$text, collapse = ""))
  used <- s$first <= last && s$first <= length(s$lines)
  begin <- if (s$begin > 0L) s$begin else s$first
  s$begin <- 0L
  s$text <- character()
  s$empty <- TRUE
  s$quote <- 0L
  if (!used && !nzchar(text)) return(invisible())
  raw <- s$lines[seq(s$first, min(last, length(s$lines)))]
  add_item(s$out, list(list(line = begin, text = text, raw = raw)))
  if (s$delimiter == ";" && s$at <= s$size) s$first <- last
  invisible()
}
